"""The rule of a figure in words, so that a reader can dispute the rule and not the code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.rules.campaigns import ROSTER_MEASURES, CampaignSpec, Figure, Kind, Measure, Over, Reduce, Scope
from tracker.rules.refusal import N_

Param = str | int | dt.date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as an English msgid with its values; a tuple of words is joined at the edge.

    words: names of parameters whose words are msgids themselves; all others are the campaign's own words.
    """

    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)
    words: tuple[str, ...] = ()


MEASURES: dict[Measure, str] = {
    Measure.RECORDS: N_("Counts the verified rows of “%(kind)s”."),
    Measure.MINUTES: N_("Adds up the time in the verified rows of “%(kind)s”, in whole minutes."),
    Measure.PERSON_MINUTES: N_("Adds up each person's time in the verified rows of “%(kind)s”."),
    Measure.QUANTITY: N_("Adds up the quantities in the verified rows of “%(kind)s”."),
    Measure.PEOPLE_SERVED: N_("Adds up the people served in the verified rows of “%(kind)s”."),
    Measure.PARTICIPATIONS: N_(
        "Counts attendances in the verified rows of “%(kind)s”: who came three times counts three times."
    ),
    Measure.PERSONS: N_("Counts the people in the verified rows of “%(kind)s”, each once."),
    Measure.SUBJECTS: N_("Counts the subjects of the verified rows of “%(kind)s”, each code once."),
    Measure.CATEGORIES: N_("Counts the different categories in the verified rows of “%(kind)s”."),
    Measure.COMMUNITIES: N_("Counts the different communities in the verified rows of “%(kind)s”."),
    Measure.BRANCHES: N_("Counts the different branches in the verified rows of “%(kind)s”."),
    Measure.STORIES: N_(
        "Counts the stories told in the verified rows of “%(kind)s”; one that was told again counts once."
    ),
    Measure.MEMBERS: N_("Counts the members on the roster of the day."),
    Measure.UNITS: N_("Counts the %(level)s there are on the day."),
}  # fmt: skip
ONLY: dict[str, str] = {
    "type": N_("Only rows of type %(values)s."),
    "category": N_("Only rows of category %(values)s."),
    "source": N_("Only rows from %(values)s."),
    "stage": N_("Only rows that were at stage %(values)s on the day."),
    "community": N_("Only rows of community %(values)s."),
    "place": N_("Only rows with place %(values)s."),
    "title": N_("Only rows with title %(values)s."),
    "owner_type": N_("Only rows of %(values)s."),
}
WITHOUT: dict[str, str] = {
    "type": N_("Without rows of type %(values)s."),
    "category": N_("Without rows of category %(values)s."),
    "source": N_("Without rows from %(values)s."),
    "stage": N_("Without rows that were at stage %(values)s on the day."),
    "community": N_("Without rows of community %(values)s."),
    "place": N_("Without rows with place %(values)s."),
    "title": N_("Without rows with title %(values)s."),
    "owner_type": N_("Without rows of %(values)s."),
}
OWNERS: dict[str, str] = {
    "member": N_("members"),
    "group": N_("party groups"),
    "branch": N_("branches"),
    "section": N_("sections"),
    "bureau": N_("the bureau itself"),
}
EACH: dict[Scope, str] = {
    Scope.MEMBER: N_("Taken for each member of the day's roster; a member without rows counts as 0."),
    Scope.GROUP: N_("Taken for each party group; a group without rows counts as 0."),
    Scope.BRANCH: N_("Taken for each branch; a branch without rows counts as 0."),
    Scope.SECTION: N_("Taken for each section; a section without rows counts as 0."),
}
REDUCED: dict[Reduce, str] = {
    Reduce.SUM: N_("These are added up."),
    Reduce.MIN: N_("The smallest of them is shown."),
    Reduce.MAX: N_("The largest of them is shown."),
    Reduce.MEAN: N_("Their mean is shown."),
    Reduce.COUNT_REACHED: N_("Shown is how many of them have reached %(target)s."),
    Reduce.SHARE_REACHED: N_("Shown is what per cent of them have reached %(target)s."),
    Reduce.FORECAST_DATE: N_(
        "Shown is the day on which the slowest comes to %(target)s at the pace kept since %(day)s."
    ),
}  # fmt: skip


def rule_in_words(figure: Figure, spec: CampaignSpec) -> list[Sentence]:
    """How `figure` is counted, sentence by sentence, in the order in which it is done."""
    kind = spec.kind(figure.kind) if figure.kind else None
    said = [_measured(figure, kind)]
    said += _filtered(figure)
    said += _joint(figure, kind)
    said += _over(figure.over, figure.scope)
    if figure.scope in EACH and figure.measure not in ROSTER_MEASURES:
        said.append(Sentence(EACH[figure.scope]))
    said += _converted(figure)
    said += _reduced(figure, spec)
    return said


def _measured(figure: Figure, kind: Kind | None) -> Sentence:
    if figure.measure is Measure.UNITS:
        level = OWNERS.get(figure.over.level or "branch", OWNERS["branch"])
        return Sentence(MEASURES[Measure.UNITS], {"level": (level,)}, ("level",))
    return Sentence(MEASURES[figure.measure], {"kind": kind.name} if kind else {})


def _filtered(figure: Figure) -> list[Sentence]:
    found = []
    for table, chosen in ((ONLY, figure.where), (WITHOUT, figure.where_not)):
        for key, values in chosen.values.items():
            if key == "owner_type":
                owners = tuple(OWNERS[value] for value in values)
                found.append(Sentence(table[key], {"values": owners}, ("values",)))
            else:
                found.append(Sentence(table[key], {"values": tuple(values)}))
    if figure.starts_on:
        found.append(Sentence(N_("Only rows from %(day)s on."), {"day": figure.starts_on}))
    return found


def _joint(figure: Figure, kind: Kind | None) -> list[Sentence]:
    """What is easily asked: joint sessions, and rows that tell how many came but not who."""
    found = []
    if kind and figure.measure is Measure.RECORDS and kind.column("organiser"):
        found.append(Sentence(N_("What several branches held together counts once.")))
    if kind and figure.measure is Measure.PERSONS and kind.allows_headcount:
        found.append(
            Sentence(N_("Where only a headcount was handed in, the number of people is an interval."))
        )
    return found


def _over(over: Over, scope: Scope) -> list[Sentence]:
    found = []
    if over.eligible:
        found.append(Sentence(N_("Members with an exemption are left out.")))
    if over.category:
        words = N_("Only members of category %(values)s, and units that have such members.")
        found.append(Sentence(words, {"values": over.category}))
    if over.standing:
        found.append(Sentence(N_("Only members of standing %(values)s."), {"values": over.standing}))
    return found


def _converted(figure: Figure) -> list[Sentence]:
    if figure.divide_by == 1:
        return []
    if figure.divide_by == 60 and figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES):
        return [Sentence(N_("Minutes ÷ 60 are hours."))]
    if figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES):
        one = N_("%(number)s minutes are one %(unit)s.")
        return [Sentence(one, {"number": figure.divide_by, "unit": figure.unit})]
    return [Sentence(N_("Divided by %(number)s."), {"number": figure.divide_by})]


def _reduced(figure: Figure, spec: CampaignSpec) -> list[Sentence]:
    if figure.scope is Scope.BUREAU or figure.measure in ROSTER_MEASURES:
        return []
    if figure.by is not None and figure.reduce is Reduce.SUM:
        return [Sentence(N_("Each of them is shown, and their sum."))]
    if figure.target is None:
        return [Sentence(REDUCED[figure.reduce])]
    params: dict[str, Param] = {"target": f"{figure.target}{target_unit(figure, spec)}"}
    if figure.reduce is Reduce.FORECAST_DATE:
        params["day"] = figure.starts_on or spec.starts_on
    return [Sentence(REDUCED[figure.reduce], params)]


def target_unit(figure: Figure, spec: CampaignSpec) -> str:
    """The unit of a figure's target: that of its goal, or of a figure that asks the same without a target."""
    for goal in spec.goals:
        held = spec.figure(goal.figure)
        if goal.reached == figure.id or (held and _asks_alike(held, figure)):
            return goal.unit
    plain = next(
        (other for other in spec.figures if other.target is None and _asks_alike(other, figure)), None
    )
    return plain.unit if plain else ""


def _asks_alike(one: Figure, other: Figure) -> bool:
    return (one.kind, one.measure, one.scope, one.divide_by, one.where) == (
        other.kind, other.measure, other.scope, other.divide_by, other.where
    )  # fmt: skip
