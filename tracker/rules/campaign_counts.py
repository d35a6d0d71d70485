"""The part of a campaign file that counts: figures, and the goals that hold them against a target."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from tracker.rules.campaign_tables import CODE, Table
from tracker.rules.campaigns import (
    DISTINCT_MEASURES,
    ROSTER_MEASURES,
    Figure,
    Filter,
    Goal,
    Kind,
    Measure,
    Over,
    Reduce,
    Scope,
)

OWN = "own."  # what the ids of figures begin with that the office makes in the browser
FILTER_KEYS = ("type", "category", "source", "stage", "community", "place", "owner_type", "title")
OWNERS = ("member", "group", "branch", "section", "bureau")
TIME_MEASURES = (Measure.MINUTES, Measure.PERSON_MINUTES)
HOURS, CLASS_HOURS = "小时", "学时"  # units whose length is checked
COUNTERPART = re.compile(f"{CODE.pattern}:{CODE.pattern}")
UNIT_LEVELS = ("branch", "group", "section")
BRANCH_CATEGORIES = ("serving", "retired", "joint", "temporary")
REDUCE_WITH_TARGET = (Reduce.COUNT_REACHED, Reduce.SHARE_REACHED, Reduce.FORECAST_DATE)


def _filter(table: Table, name: str, kind: Kind | None) -> Filter:
    data = table.get(name, dict, {})
    inner = Table(table.reading, table.path(name), data)
    values = {key: inner.words(key) for key in FILTER_KEYS if key in data}
    for key in FILTER_KEYS:
        inner.asked.add(key)
    inner.end()
    known: dict[str, Iterable[str]] = {"owner_type": OWNERS}
    if kind:
        known |= {"type": [c.name for c in kind.types], "stage": [s.name for s in kind.stages]}
    for key, words in values.items():
        for word in words:
            if key in known and word not in known[key]:
                names = ", ".join(known[key]) or "(nothing)"
                table.reading.fault(inner.path(key), f"{word!r} is none of {names}.")
    return Filter(values)


def _over(table: Table) -> Over:
    inner = Table(table.reading, table.path("over"), table.get("over", dict, {}))
    over = Over(
        eligible=inner.get("eligible", bool, False),
        category=inner.words("category"),
        standing=inner.words("standing"),
        level=inner.one_of("level", UNIT_LEVELS, UNIT_LEVELS[0]) if "level" in inner.data else None,
    )
    inner.end()
    return over


def read_figure(table: Table, kinds: tuple[Kind, ...], *, is_own: bool = False) -> Figure:
    """One [[figures]] table; faults go to the table's reading. is_own: it is not from a file."""
    measure = Measure(table.one_of("measure", list(Measure)) or Measure.RECORDS)
    code = table.text("kind") or None
    kind = next((kind for kind in kinds if kind.code == code), None)
    by = table.one_of("by", list(Scope), Scope.BRANCH) if "by" in table.data else None
    figure = Figure(
        id=table.code("id"),
        title=table.text("title", required=True),
        unit=table.text("unit", required=True, most=20),
        measure=measure,
        kind=code,
        where=_filter(table, "where", kind),
        where_not=_filter(table, "where_not", kind),
        scope=Scope(table.one_of("scope", list(Scope), Scope.BUREAU) or Scope.BUREAU),
        over=_over(table),
        reduce=Reduce(table.one_of("reduce", list(Reduce), Reduce.SUM) or Reduce.SUM),
        by=Scope(by) if by else None,
        divide_by=table.positive("divide_by", 1) or 1,
        target=table.positive("target"),
        starts_on=table.day("starts_on"),
        sentence=table.text("sentence", most=400),
        words=table.words("words"),
        compares_with=table.text("compares_with") or None,
    )
    if figure.id.startswith(OWN) and not is_own:
        fault = f"must not begin with {OWN!r}: those are the figures that the office makes in the browser."
        table.reading.fault(table.path("id"), fault)
    if figure.compares_with and not COUNTERPART.fullmatch(figure.compares_with):
        table.reading.fault(
            table.path("compares_with"), "must be 'campaign:figure', the code and the id of both."
        )
    table.asked.add("by")
    table.end()
    _check_figure(table, figure, kind)
    if measure is Measure.STORIES and kind and kind.column("stories") is None:
        fault = "counts stories, but the kind has no column with field = 'stories'."
        table.reading.fault(table.path("measure"), fault)
    return figure


def _check_figure(table: Table, figure: Figure, kind: Kind | None) -> None:
    """What must hold between the keys of one figure."""
    fault, path = table.reading.fault, table.path
    if figure.measure in ROSTER_MEASURES:
        if figure.kind or figure.scope is not Scope.BUREAU or figure.reduce is not Reduce.SUM or figure.by:
            fault(
                path("measure"), f"{figure.measure} counts the roster; take out kind, scope, by and reduce."
            )
        if (figure.measure is Measure.UNITS) != (figure.over.level is not None):
            fault(path("over"), "level belongs to measure = 'units', and only there.")
        return
    if kind is None:
        fault(path("kind"), f"{figure.kind!r} is not one of the kinds; name the code of one of them.")
    if figure.over.level:
        fault(path("over.level"), "belongs to measure = 'units'; take it out.")
    if figure.scope is Scope.BUREAU and figure.reduce in (Reduce.MIN, Reduce.MAX, Reduce.MEAN):
        fault(path("reduce"), "needs a scope below the bureau, such as scope = 'member'.")
    if figure.reduce in REDUCE_WITH_TARGET and figure.target is None:
        fault(path("target"), f"is missing; {figure.reduce} needs to know what is to be reached.")
    _check_unit(table, figure, kind)
    if figure.by and figure.by is not figure.scope:
        fault(path("by"), "must be the same as scope.")
    adds_up = figure.scope is not Scope.BUREAU and figure.reduce is Reduce.SUM and not figure.by
    if adds_up and figure.measure in DISTINCT_MEASURES:
        fault(path("scope"), "distinct things do not add up; leave scope out, or give by to list them.")


def _check_unit(table: Table, figure: Figure, kind: Kind | None) -> None:
    """Time is divided by what the unit is long: 60 for hours, the kind's own rule for 学时."""
    if figure.measure not in TIME_MEASURES:
        return
    fault, path = table.reading.fault, table.path
    if figure.unit == CLASS_HOURS and (kind is None or kind.class_hour is None):
        fault(path("unit"), f"is {CLASS_HOURS}; say in the kind how long one is: class_hour_minutes = …")
    long = {HOURS: 60, CLASS_HOURS: kind.class_hour if kind else None}.get(figure.unit)
    if long and figure.divide_by != long:
        fault(path("divide_by"), f"must be {long}: so many minutes are one {figure.unit}.")


def read_goal(table: Table, starts_on: dt.date, ends_on: dt.date, figures: tuple[Figure, ...]) -> Goal:
    """One [[goals]] table; its days default to those of the campaign."""
    due_on = table.day("due_on")
    ids = {figure.id for figure in figures}
    goal = Goal(
        code=table.code(),
        name=table.text("name", required=True),
        short_name=table.text("short_name") or table.text("name"),
        icon=table.text("icon", "flag-3"),
        figure=table.text("figure", required=True),
        target=table.positive("target", required=True) or 1,
        unit=table.text("unit", required=True, most=20),
        starts_on=table.day("starts_on") or starts_on,
        due_on=due_on or ends_on,
        is_due_stated=due_on is not None,
        scope_note=table.text("scope_note"),
        show=table.words("show"),
        reached=table.text("reached") or None,
        until_reported=table.text("until_reported") or None,
        not_for=table.words("not_for"),
    )
    table.end()
    named = [
        ("figure", goal.figure), ("reached", goal.reached), ("until_reported", goal.until_reported),
        *(("show", item) for item in goal.show),
    ]  # fmt: skip
    for name, figure_id in named:
        if figure_id and figure_id not in ids:
            table.reading.fault(table.path(name), f"{figure_id!r} is not the id of a figure.")
    other = next((figure for figure in figures if figure.id == goal.until_reported), None)
    if other is not None and other.unit == goal.unit:
        table.reading.fault(table.path("until_reported"), "must have another unit than the goal.")
    for category in goal.not_for:
        if category not in BRANCH_CATEGORIES:
            names = ", ".join(BRANCH_CATEGORIES)
            table.reading.fault(table.path("not_for"), f"{category!r} is none of {names}.")
    if goal.due_on <= goal.starts_on:
        table.reading.fault(table.path("due_on"), "must be later than the goal's start.")
    return goal
