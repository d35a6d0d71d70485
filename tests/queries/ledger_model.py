"""The ledger once more, in plain Python: what the figures should be, worked out row by row.

Nothing here is shared with the tracker but the figures' definitions, so that both can be wrong only apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tracker.rules.campaigns import Figure

DATED = {"完成": "在办"}  # a stage that begins on ended_on, and the one before it


@dataclass
class Stay:
    """A member somewhere, from a day to before another."""

    member: int
    branch: int
    group: int | None
    section: int | None
    category: str
    since: dt.date | None
    until: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass
class Fact:
    """One row of the ledger."""

    day: dt.date
    owner_type: str
    stage: str
    values: dict[str, Any]
    branch: int | None = None
    group: int | None = None
    section: int | None = None
    ended: dt.date | None = None
    minutes: int | None = None
    quantity: int | None = None
    people_served: int | None = None
    headcount: int | None = None
    others: tuple[int, ...] = ()
    stories: tuple[str, ...] = ()
    people: list[tuple[int, int | None, int | None, int | None]] = field(
        default_factory=list
    )  # member, places
    counts: bool = True
    gone: set[int] = field(default_factory=set)  # members whose attendance was reversed

    def stage_on(self, day: dt.date) -> str:
        if self.stage in DATED and self.ended is not None and day < self.ended:
            return DATED[self.stage]
        return self.stage


@dataclass
class World:
    """Everything there is."""

    starts_on: dt.date
    stays: list[Stay]
    free: list[tuple[int, dt.date | None, dt.date | None]]  # exempt: member, since, until
    branches: list[int]
    groups: dict[int, int]  # group → branch
    sections: list[int]
    facts: list[Fact]

    def people_on(self, day: dt.date) -> list[Stay]:
        return [stay for stay in self.stays if stay.holds(day)]

    def is_free(self, member: int, day: dt.date) -> bool:
        return any(
            who == member and (since is None or since <= day) and (until is None or day < until)
            for who, since, until in self.free
        )


def rows_of(world: World, figure: Figure, day: dt.date) -> list[Fact]:
    """The facts that a figure takes as of a day."""
    found = []
    for fact in world.facts:
        if not fact.counts or fact.day > day or (figure.starts_on and fact.day < figure.starts_on):
            continue
        seen = {**fact.values, "stage": fact.stage_on(day), "owner_type": fact.owner_type}
        if all(seen.get(key) in values for key, values in figure.where.values.items()) and not any(
            seen.get(key) in values for key, values in figure.where_not.values.items()
        ):
            found.append(fact)
    return found


def members_over(world: World, figure: Figure, day: dt.date) -> list[Stay]:
    over = figure.over
    return [
        stay
        for stay in world.people_on(day)
        if not (over.eligible and world.is_free(stay.member, day))
        and (not over.category or stay.category in over.category)
    ]


def amounts(world: World, figure: Figure, day: dt.date) -> dict[int, Fraction]:
    """place → amount, for a scope below the bureau; place 0 for the bureau."""
    facts = rows_of(world, figure, day)
    stays = members_over(world, figure, day)
    branches = {stay.branch for stay in stays}
    all_units = not (figure.over.eligible or figure.over.category or figure.over.standing)
    match figure.scope:
        case "member":
            places = [stay.member for stay in stays]
        case "group":
            places = [g for g, b in world.groups.items() if all_units or b in branches]
        case "branch":
            places = [b for b in world.branches if all_units or b in branches]
        case "section":
            places = [s for s in world.sections if all_units or s in {stay.section for stay in stays}]
        case _:
            places = [0]
    return {place: Fraction(amount(facts, figure, place), figure.divide_by) for place in places}


def amount(facts: list[Fact], figure: Figure, place: int) -> int:
    total, seen = 0, set()
    heads: list[int] = []
    for fact in facts:
        people = [person for person in fact.people if person[0] not in fact.gone]
        index = {"member": 0, "branch": 1, "group": 2, "section": 3}.get(figure.scope)
        inside = people if index is None else [person for person in people if person[index] == place]
        own = {
            "bureau": True,
            "branch": place in ({fact.branch} | set(fact.others)),
            "group": fact.group == place,
            "section": fact.owner_type == "section" and fact.section == place,
            "member": bool(inside),
        }[figure.scope]
        head_here = {"branch": fact.branch == place}.get(figure.scope, own)
        heads_here = fact.headcount if fact.headcount and head_here and figure.scope != "member" else None
        match figure.measure:
            case "participations":
                total += len(inside) + (heads_here or 0)
            case "person_minutes":
                total += (fact.minutes or 0) * (len(inside) + (heads_here or 0))
            case "persons":
                seen |= {person[0] for person in inside}
                heads += [heads_here] if heads_here else []
            case "records":
                total += int(own)
            case "minutes" | "quantity" | "people_served":
                total += (getattr(fact, figure.measure) or 0) * int(own)
            case "branches":
                if own and figure.scope == "member":
                    seen |= {person[1] for person in inside}
                elif own and figure.scope == "branch":
                    seen |= {place}
                elif own:
                    seen |= {fact.branch, *fact.others}
            case "stories":
                seen |= set(fact.stories) if own else set()
            case "subjects" | "categories" | "communities":
                if own:
                    key = {"subjects": "subject", "categories": "category", "communities": "community"}
                    seen.add(fact.values[key[figure.measure]])
    seen.discard(None)
    return max([len(seen), *heads]) if heads else total + len(seen)


def value(world: World, figure: Figure, day: dt.date) -> Any:
    """What the figure should be: a Fraction, a day or None; {place: Fraction} for a figure by places."""
    stays = members_over(world, figure, day)
    if figure.measure == "members":
        return Fraction(len(stays))
    if figure.measure == "units":
        branches = {stay.branch for stay in stays}
        everyone = not (figure.over.eligible or figure.over.category)
        units = {"branch": {b: b for b in world.branches}, "group": world.groups}[
            figure.over.level or "branch"
        ]
        return Fraction(sum(1 for branch in units.values() if everyone or branch in branches))
    found = amounts(world, figure, day)
    if figure.by:
        return found
    values = list(found.values())
    if not values:
        return None
    reached = sum(1 for item in values if figure.target is not None and item >= figure.target)
    match figure.reduce:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "mean":
            return sum(values) / Fraction(len(values))
        case "count_reached":
            return Fraction(reached)
        case "share_reached":
            return Fraction(100 * reached, len(values))
        case "forecast_date":
            return foretold(min(values), figure, world.starts_on, day)
        case _:
            return sum(values, Fraction(0))


def foretold(least: Fraction, figure: Figure, starts_on: dt.date, day: dt.date) -> dt.date | None:
    """Day by day: the first on which the pace so far has carried the slowest to the target."""
    start = figure.starts_on or starts_on
    if least <= 0 or least >= (figure.target or 0) or day <= start:
        return None
    pace = least / (day - start).days
    ahead = 0
    while least + pace * ahead < (figure.target or 0):
        ahead += 1
        if ahead > 100_000:
            return None
    return day + dt.timedelta(days=ahead)
