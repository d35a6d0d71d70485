"""Past forecasts of a goal, week by week: as a chart and as the table of all weeks."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker import charts
from tracker.files.chart_sheet import Value
from tracker.filters import short_day
from tracker.language import choose_language
from tracker.rules.back_tests import BackTest, Track
from tracker.rules.campaigns import Goal
from tracker.rules.forecasts import Outlook
from tracker.rules.numbers import number
from tracker.views.drawn import SCRIPT_DATE
from tracker.views.drawn_tables import Further, about_words
from tracker.views.forecast_words import day_words_near, lag_words, slowest_word, whole_word


def draw_said(
    goal: Goal, position: int, outlook: Outlook | None, test: BackTest | None, code: str, day: dt.date
) -> Further:
    """The forecast's day over the day on which it was made, with the due day; the slowest before the mean."""
    name = gettext("%(goal)s: forecasts so far", goal=goal.short_name)
    tracks = _tracks(outlook, test)
    drawn = [
        (
            word,
            [charts.SaidPoint(one.on, one.reaches_on) for one in reversed(track.says) if one.reaches_on]
            + ([charts.SaidPoint(outlook.day, now)] if outlook and now else []),
        )
        for word, track, now in tracks
    ]
    title = _finding(goal, outlook, test)
    words = {
        "date": SCRIPT_DATE[choose_language()],
        "due": gettext("Due %(day)s", day=short_day(goal.due_on)),
        "on": gettext("as of"),
        "day": gettext("forecast day"),
    }
    has_any = any(points for _, points in drawn)
    figure = charts.said_figure(title, position, goal.due_on, drawn, words) if has_any else None
    unit = goal.unit
    headings = [gettext("as of")]
    for word, _, _ in tracks:
        headings += [
            gettext("%(what)s: amount (%(unit)s)", what=word, unit=unit),
            gettext("%(what)s: forecast", what=word),
            gettext("%(what)s: off by", what=word),
        ]
    days = sorted({one.on for _, track, _ in tracks for one in track.says}, reverse=True)
    rows: list[list[Value]] = []
    for made in days:
        row: list[Value] = [made]
        for _, track, _ in tracks:
            said = next((one for one in track.says if one.on == made), None)
            row += [said.amount, said.reaches_on or "—", lag_words(said.lag)] if said else ["—", "—", "—"]
        rows.append(row)
    return Further(
        code,
        name,
        title,
        charts.as_json(figure) if figure else "",
        tuple(headings),
        rows,
        gettext(
            "Each week's forecast, made again from what today's rows say of that week."
            " What lies more than 240 days beyond the due day is not in the picture."
        ),
        charted=0,
        about=about_words(name, gettext("day"), day, goal.scope_note),
    )


def _tracks(outlook: Outlook | None, test: BackTest | None) -> list[tuple[str, Track, dt.date | None]]:
    """(what it is of, its forecasts, today's): one for the whole bureau, else the slowest and the mean."""
    if outlook is None or test is None:
        return []
    if outlook.is_one:
        return [(whole_word(outlook), test.whole, outlook.whole.reaches_on)]
    return [
        (slowest_word(outlook), test.slowest, outlook.slowest.reaches_on),
        (whole_word(outlook), test.whole, outlook.whole.reaches_on),
    ]


def _finding(goal: Goal, outlook: Outlook | None, test: BackTest | None) -> str:
    """By how much the forecast that matters moved, or how far off it was."""
    if outlook is None or test is None or not test.slowest.tested:
        return gettext("%(goal)s: no forecast to look back on", goal=goal.short_name)
    params = {
        "goal": goal.short_name,
        "count": len(test.slowest.tested),
        "days": number(test.slowest.mean_error),
    }
    if test.slowest.came_on is not None:
        came = day_words_near(test.slowest.came_on, goal.due_on)
        return gettext(
            "%(goal)s: it came on %(came)s; %(count)s forecasts were off by %(days)s days on average",
            came=came,
            **params,
        )
    said = test.slowest.ago(4, test.day)
    now = outlook.slowest.reaches_on
    if said is None or said.reaches_on is None or now is None:
        return gettext("%(goal)s: %(count)s forecasts were off by %(days)s days on average", **params)
    moved = (now - said.reaches_on).days
    params |= {"moved": abs(moved), "day": day_words_near(now, goal.due_on)}
    if moved > 0:
        return gettext(
            "%(goal)s: within four weeks the forecast moved back by %(moved)s days, to %(day)s", **params
        )
    if moved < 0:
        return gettext(
            "%(goal)s: within four weeks the forecast moved forward by %(moved)s days, to %(day)s", **params
        )
    return gettext("%(goal)s: the forecast has stood on %(day)s for four weeks", **params)
