"""The days on which sessions were held, as weekdays × weeks."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker import charts
from tracker.filters import short_day
from tracker.forms.series import WEEKDAYS
from tracker.queries.session_days import session_days
from tracker.rules.campaigns import Kind
from tracker.views.asof import AsOf
from tracker.views.drawn import month_names
from tracker.views.drawn_tables import Further, about_words

DAYS = 7
SHADES = 4


def days_name(kind: Kind) -> str:
    """What the calendar of a kind is called."""
    return gettext("Days of %(kind)s", kind=kind.name)


def draw_days(kind: Kind, code: str, asof: AsOf) -> Further:
    """Weekdays down, weeks across, in each cell how many verified sessions there were."""
    held = dict(session_days(asof.campaign, kind, asof.day))
    first, last = asof.campaign.starts_on, asof.day
    monday = first - dt.timedelta(days=first.weekday())
    weeks = [monday + dt.timedelta(days=DAYS * n) for n in range((last - monday).days // DAYS + 1)]
    most = max(held.values(), default=0)
    names = [weekday_word(day) for day in range(DAYS)]
    cells = []
    for weekday in range(DAYS):
        line = []
        for week in weeks:
            day = week + dt.timedelta(days=weekday)
            count = held.get(day, 0)
            if not first <= day <= last:
                line.append(charts.HeatCell(None, "", ""))
                continue
            hover = gettext(
                "%(day)s %(weekday)s: %(count)s sessions",
                day=short_day(day),
                weekday=names[weekday],
                count=count,
            )  # fmt: skip
            shade = -(-count * SHADES // most) if count else 0
            line.append(charts.HeatCell(shade, str(count) if count else "", hover))
        cells.append(line)
    title = _finding(kind, held, most, (last - first).days + 1)
    ticks = {
        next(week for week in reversed(weeks) if week <= start).isoformat(): name
        for start, name in month_names(first, last).items()
    }
    figure = charts.heat_figure(title, [week.isoformat() for week in weeks], names, cells, ticks, left=52)
    return Further(
        code,
        days_name(kind),
        title,
        charts.as_json(figure) if held else "",
        (gettext("Day"), gettext("Weekday"), gettext("Sessions")),
        [[day, weekday_word(day.weekday()), count] for day, count in sorted(held.items())],
        gettext("A joint session is one. Rows without a day of their own are left out."),
        gettext("Sessions"),
        charted=0,
        is_tall=True,
        about=about_words(days_name(kind), gettext("sessions"), asof.day),
    )


def _finding(kind: Kind, held: dict[dt.date, int], most: int, days: int) -> str:
    if not held:
        return gettext("%(name)s: nothing verified yet", name=days_name(kind))
    return gettext(
        "%(kind)s: %(count)s sessions on %(held)s of %(days)s days, at most %(most)s on one",
        kind=kind.name, count=sum(held.values()), held=len(held), days=days, most=most,
    )  # fmt: skip


def weekday_word(weekday: int) -> str:
    """周一 for 0."""
    return gettext(WEEKDAYS[weekday])
