"""What the office can choose from when it makes a figure, and what is proposed to it."""

from __future__ import annotations

from tracker.rules.campaign_counts import CLASS_HOURS, HOURS, OWNERS, TIME_MEASURES
from tracker.rules.campaigns import DISTINCT_MEASURES, ROSTER_MEASURES, Column, Kind, Measure, Reduce, Scope
from tracker.rules.tallies import PEOPLE_MEASURES

EACH = "each"  # of a form: all are listed, and added up where that is right
MINUTES, PER_CENT, TIMES, DAY = "分钟", "%", "人次", "日"
WITH_TARGET = (Reduce.COUNT_REACHED, Reduce.SHARE_REACHED, Reduce.FORECAST_DATE)
UNITS: dict[Measure, str] = {
    Measure.RECORDS: "条", Measure.MINUTES: HOURS, Measure.PERSON_MINUTES: HOURS, Measure.QUANTITY: "个",
    Measure.PEOPLE_SERVED: TIMES, Measure.PARTICIPATIONS: TIMES, Measure.PERSONS: "人",
    Measure.SUBJECTS: "名",
    Measure.CATEGORIES: "类", Measure.COMMUNITIES: "个", Measure.BRANCHES: "个", Measure.STORIES: "个",
    Measure.MEMBERS: "名", Measure.UNITS: "个",
}  # fmt: skip


def has_people(kind: Kind) -> bool:
    """Whether its rows say who was there, or how many."""
    return "member" in kind.owners or _has(kind, "people", "member_name") or kind.allows_headcount


def _has(kind: Kind, *fields: str) -> bool:
    found: list[Column | None] = [kind.column(field) for field in fields]
    return any(found)


def measures_of(kind: Kind | None) -> list[Measure]:
    """What can be counted of a kind; None: of the roster."""
    if kind is None:
        return list(ROSTER_MEASURES)
    asked = {
        Measure.MINUTES: _has(kind, "minutes"),
        Measure.PERSON_MINUTES: _has(kind, "minutes") and has_people(kind),
        Measure.QUANTITY: _has(kind, "quantity"),
        Measure.PEOPLE_SERVED: _has(kind, "people_served"),
        Measure.PARTICIPATIONS: has_people(kind),
        Measure.PERSONS: has_people(kind),
        Measure.SUBJECTS: _has(kind, "subject"),
        Measure.CATEGORIES: _has(kind, "category"),
        Measure.COMMUNITIES: _has(kind, "community"),
        Measure.STORIES: _has(kind, "stories"),
    }
    return [one for one in Measure if one not in ROSTER_MEASURES and asked.get(one, True)]


def scopes_of(kind: Kind, measure: Measure) -> list[Scope]:
    """Over whom a measure can be taken one by one, the whole bureau first."""
    found = [Scope.BUREAU]
    if measure is Measure.BRANCHES:  # of one branch there is one
        return found
    if has_people(kind):
        found.append(Scope.MEMBER)
    found += [Scope.GROUP, Scope.BRANCH]
    if "section" in kind.owners or (measure in PEOPLE_MEASURES and has_people(kind)):
        found.append(Scope.SECTION)
    return found


def reduces_of(kind: Kind, measure: Measure, scope: Scope) -> list[str]:
    """How the values of a scope can become one.

    The most that a single member has is told of nobody, and each one's part is not listed where few stand
    behind it and names are hidden.
    """
    if scope is Scope.BUREAU:
        return [Reduce.SUM, Reduce.FORECAST_DATE]
    found: list[str] = [] if measure in DISTINCT_MEASURES else [Reduce.SUM]
    if scope is Scope.BRANCH or (scope is not Scope.MEMBER and not kind.hides_names):
        found.append(EACH)
    found += [
        one for one in (Reduce.MIN, Reduce.MAX, Reduce.MEAN) if (one, scope) != (Reduce.MAX, Scope.MEMBER)
    ]
    return [*found, *WITH_TARGET]


def offers_of(kind: Kind) -> dict[str, dict[str, list[str]]]:
    """Everything that goes together: measure → scope → how its values can become one."""
    return {
        measure: {scope: reduces_of(kind, measure, scope) for scope in scopes_of(kind, measure)}
        for measure in measures_of(kind)
    }


def filters_of(kind: Kind) -> list[str]:
    """The keys of where and where_not that its rows can answer."""
    asked = {"owner_type": len(kind.owners) > 1, "stage": bool(kind.stages), "source": _has(kind, "source")}
    asked |= {"type": bool(kind.types)} | {
        name: _has(kind, name) for name in ("category", "community", "place")
    }
    asked["title"] = _has(kind, "title")
    order = ("type", "category", "source", "stage", "community", "owner_type", "place", "title")
    return [name for name in order if asked[name]]


def known_words(kind: Kind, key: str) -> list[str] | None:
    """The words that a filter may hold; None where any will do."""
    lists = {
        "type": [one.name for one in kind.types],
        "stage": [one.name for one in kind.stages],
        "owner_type": [owner for owner in OWNERS if owner in kind.owners],
    }
    return lists.get(key)


def unit_for(measure: Measure, reduce: str, scope: Scope) -> str:
    """The unit that is proposed."""
    if reduce == Reduce.FORECAST_DATE:
        return DAY
    if reduce == Reduce.SHARE_REACHED:
        return PER_CENT
    if reduce == Reduce.COUNT_REACHED:
        return "人" if scope is Scope.MEMBER else "个"
    return UNITS[measure]


def divisor_for(measure: Measure, unit: str, kind: Kind | None) -> int:
    """By what the amount is divided unless something else is said: time is told in hours."""
    if measure not in TIME_MEASURES or unit == MINUTES:
        return 1
    return (kind.class_hour or 60) if kind and unit == CLASS_HOURS else 60
