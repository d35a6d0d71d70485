"""What lies ahead of the goals, and how past forecasts of them did: from folded cells, week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction

from sqlalchemy import case, func, select

from tracker.db import db
from tracker.models import Tally, TallyCell
from tracker.queries.boards import Board, GoalCard
from tracker.queries.figures import Standing
from tracker.queries.rosters import roster_changes, rosters_on
from tracker.rules.back_tests import BackTest, Track, held, track
from tracker.rules.campaigns import Figure, Goal, Reduce, Scope
from tracker.rules.figures import Roster, fold_value, places_of
from tracker.rules.forecasts import STILL_DAYS, Level, Outlook, look_ahead, week_days
from tracker.rules.goals import GoalState
from tracker.rules.tallies import question_of

Cells = list[tuple[int, str, int]]  # place, entity, what it adds
Levels = dict[str, dict[dt.date, Level]]  # code of the goal → day → level


def outlooks_on(
    board: Board, cards: Sequence[GoalCard] | None = None
) -> list[tuple[Outlook | None, dict[dt.date, Level]]]:
    """What lies ahead of each goal as of the board's day, with the weeks that it was learnt from.

    cards: of which goals, in this order; all of the board if None. One statement for all of them; five where
           people came or went meanwhile.
    """
    standings = [card.standing for card in (board.cards if cards is None else cards)]
    goals = [one.goal for one in standings if one.state not in (GoalState.NOT_REPORTED, GoalState.NO_DATA)]
    levels = levels_of(board.standing, goals, board.day)
    kinds = {kind.code: kind for kind in board.standing.spec.kinds}
    return [
        (
            look_ahead(
                one, board.day, kinds.get(one.figure.figure.kind or ""), levels.get(one.goal.code, {})
            ),
            levels.get(one.goal.code, {}),
        )
        for one in standings
    ]


def back_test_of(outlook: Outlook, levels: Mapping[dt.date, Level], standing: Standing) -> BackTest | None:
    """How past forecasts of a goal did, week by week, by what today's rows say of each of those weeks.

    levels: as `outlooks_on` gives them. None before there is a week to look back on.
    At most one further statement: the day on which a goal was reached is looked for within its week.
    """
    goal, day = outlook.goal, outlook.day
    weeks = [levels[one] for one in week_days(goal, day)]
    if len(weeks) < 2:
        return None
    days = sorted({one for value in (_slowest, _whole) for one in _last_steps(weeks, goal, value)})
    fine = levels_on(standing, [goal], days)[goal.code] if days else {}
    inside, of = held([(week.day, week.whole) for week in weeks], goal)
    tracks = [
        track([(week.day, value(week)) for week in weeks], goal, _came_on(weeks, fine, goal, value))
        for value in (_slowest, _whole)
    ]
    return BackTest(day, tracks[0], tracks[1], inside, of)


def slowest_so_far(outlook: Outlook, levels: Mapping[dt.date, Level]) -> Track | None:
    """Past forecasts of the slowest of a goal that is not reached, without a further statement; None where it
    is, or where there is no week to look back on."""
    days = week_days(outlook.goal, outlook.day)
    if outlook.slowest.is_reached or len(days) < 2:
        return None
    return track([(day, levels[day].slowest) for day in days], outlook.goal)


def _slowest(level: Level) -> Fraction:
    return level.slowest


def _whole(level: Level) -> Fraction:
    return level.whole


def _last_steps(weeks: Sequence[Level], goal: Goal, value: Callable[[Level], Fraction]) -> list[dt.date]:
    """The days within the week in which the target was reached for good; none if it is not reached."""
    below = [n for n, week in enumerate(weeks) if value(week) < goal.target]
    if below and below[-1] == len(weeks) - 1:
        return []
    first = weeks[below[-1]].day + dt.timedelta(days=1) if below else goal.starts_on
    last = weeks[below[-1] + 1 if below else 0].day
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _came_on(
    weeks: Sequence[Level],
    fine: Mapping[dt.date, Level],
    goal: Goal,
    value: Callable[[Level], Fraction],
) -> dt.date | None:
    """The first of those days from which on the target is reached."""
    came = None
    for day in reversed(_last_steps(weeks, goal, value)):
        if value(fine[day]) < goal.target:
            break
        came = day
    return came


def levels_of(standing: Standing, goals: Sequence[Goal], day: dt.date) -> Levels:
    """The goals on `day` and on the same weekday of every week before it, and on their due days if they are
    over; with the amount of each place where `look_ahead` asks for it."""
    days = {one for goal in goals for one in week_days(goal, day)}
    due = {goal.due_on for goal in goals if goal.due_on < day}
    return levels_on(standing, goals, sorted(days | due), {day - dt.timedelta(days=STILL_DAYS)} | due)


def levels_on(
    standing: Standing, goals: Sequence[Goal], days: Sequence[dt.date], kept: Collection[dt.date] = ()
) -> Levels:
    """The goals on some days, each over those who were there on it.

    days: ascending, none after the standing's; kept: those of which the amount of each place is wanted.
    The database adds up what lies between two of the days: one statement, and up to four for the rosters.
    """
    figures = {goal.code: standing.figure_of(goal) for goal in goals}
    if not days or not figures:
        return {}
    cells = _cells(standing, list(figures.values()), days)
    rosters = _rosters(standing, list(figures.values()), days)
    return {code: _levels(figure, cells, rosters, days, kept) for code, figure in figures.items()}


def _cells(
    standing: Standing, figures: Sequence[Figure], days: Sequence[dt.date]
) -> dict[tuple[str, int], Cells]:
    """(code of the question, position of the day) → what was added since the day before it."""
    codes = {question.code for figure in figures if (question := question_of(figure))}
    step = case(*((TallyCell.day <= day, n) for n, day in enumerate(days))).label("step")
    found = (
        select(Tally.code, step, TallyCell.place_id, TallyCell.entity, TallyCell.value)
        .join(Tally, Tally.id == TallyCell.tally_id)
        .where(Tally.campaign_id == standing.campaign.id, Tally.code.in_(codes), TallyCell.day <= days[-1])
        .subquery()
    )
    keys = (found.c.code, found.c.step, found.c.place_id, found.c.entity)
    cells: dict[tuple[str, int], Cells] = {}
    for code, at, place, entity, value in db.session.execute(
        select(*keys, func.sum(found.c.value)).group_by(*keys)
    ):
        cells.setdefault((code, int(at)), []).append((place, entity, int(value)))
    return cells


def _rosters(standing: Standing, figures: Sequence[Figure], days: Sequence[dt.date]) -> list[Roster]:
    """Who was there on each of the days."""
    if all(figure.scope is Scope.BUREAU for figure in figures):
        return [standing.roster] * len(days)
    changes = roster_changes(days[0], standing.day)
    if not changes:
        return [standing.roster] * len(days)
    since = [max(one for one in (days[0], *changes) if one <= day) for day in days]
    found = rosters_on(sorted(set(since)))
    return [found[day] for day in since]


def _levels(
    figure: Figure,
    cells: Mapping[tuple[str, int], Cells],
    rosters: Sequence[Roster],
    days: Sequence[dt.date],
    kept: Collection[dt.date],
) -> dict[dt.date, Level]:
    question = question_of(figure)
    fold: dict[int, dict[str, int]] = {}
    amounts: dict[int, int] = {}  # in the measure's own unit: whole numbers are quick to compare
    places: list[int] = []
    found: dict[dt.date, Level] = {}
    for n, day in enumerate(days):
        touched = set()
        for place, entity, value in cells.get((question.code, n), ()) if question else ():
            entities = fold.setdefault(place, {})
            entities[entity] = entities.get(entity, 0) + value
            touched.add(place)
        for place in touched:
            amounts[place] = fold_value(figure.measure, bool(question and question.is_distinct), fold[place])[
                0
            ]
        if n == 0 or rosters[n] is not rosters[n - 1]:
            places = places_of(figure.scope, figure.over, rosters[n])
        values = [amounts.get(place, 0) for place in places] or [0]
        whole = Fraction(sum(values), figure.divide_by)
        if figure.scope is not Scope.BUREAU and figure.reduce is not Reduce.SUM:
            whole /= len(values)
        by = None
        if day in kept:
            by = {place: Fraction(amounts.get(place, 0), figure.divide_by) for place in places}
        found[day] = Level(day, Fraction(min(values), figure.divide_by), whole, by)
    return found
