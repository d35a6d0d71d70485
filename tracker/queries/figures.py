"""The figures of a campaign as of a day: folded cells in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Tally, TallyCell, Unit, UnitLevel
from tracker.queries.campaigns import spec_of
from tracker.queries.folds import NearFolds, folds_of, versions_of
from tracker.queries.rosters import roster_as_of, rosters_on
from tracker.queries.worked_out import Version
from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Reduce, Scope
from tracker.rules.figures import FigureValue, Fold, Roster, evaluate, places_of
from tracker.rules.tallies import Question, question_of

BUREAU = 0  # the place of what the whole bureau comes to
MOST_NEAR = 1_000  # places that are read by themselves


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that figures of one day are evaluated from. Four statements fetch it, or fewer."""

    campaign: Campaign
    spec: CampaignSpec
    day: dt.date
    roster: Roster
    folds: Mapping[str, Fold]  # code of the question → fold
    # Of the tallies that these are of; none where not all of a fold was read.
    versions: Mapping[str, Version] = field(default_factory=dict, compare=False)
    # What was worked out once: a page asks for the same figure in each of its rows.
    _values: dict[str, FigureValue] = field(default_factory=dict, compare=False, repr=False)
    _places: dict[str, set[int]] = field(default_factory=dict, compare=False, repr=False)
    _members: dict[tuple[str, int], set[int]] = field(default_factory=dict, compare=False, repr=False)

    def fold(self, question: Question | None) -> Fold:
        return self.folds.get(question.code, {}) if question else {}

    def value(self, figure: Figure) -> FigureValue:
        """The figure's value on this day."""
        if figure.id not in self._values:
            self._values[figure.id] = self._evaluated(figure)
        return self._values[figure.id]

    def _evaluated(self, figure: Figure) -> FigureValue:
        question = question_of(figure)
        distinct = bool(question and question.is_distinct)
        return evaluate(figure, self.spec, self.fold(question), self.roster, self.day, distinct)

    def places(self, figure: Figure) -> set[int]:
        """The members or units that the figure is taken over, by id."""
        if figure.id not in self._places:
            self._places[figure.id] = set(places_of(figure.scope, figure.over, self.roster))
        return self._places[figure.id]

    def members_in(self, level: str, unit_id: int) -> set[int]:
        """The members of one branch, group or section, by id."""
        if not self._members:
            for row in self.roster.members:
                for key in (("branch", row.branch_id), ("group", row.group_id), ("section", row.section_id)):
                    if key[1] is not None:
                        self._members.setdefault((key[0], key[1]), set()).add(row.member_id)
        return self._members.get((level, unit_id), set())

    def figure_of(self, goal: Goal) -> Figure:
        """The figure by which the goal is shown on this day (see `rules.goals.value_shown`)."""
        own, instead = self.spec.figure(goal.figure), self.spec.figure(goal.until_reported or "")
        assert own is not None  # the campaign file was checked: every goal has its figure
        return instead if instead is not None and not self.value(own).value else own

    def values(self) -> Mapping[str, FigureValue]:
        """Every figure of the campaign by id, in the order of the file."""
        return Values(self)


class Values(Mapping[str, FigureValue]):
    """The figures of a standing by id, each worked out when it is asked for: a page shows a third of them."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def __getitem__(self, name: str) -> FigureValue:
        figure = self._standing.spec.figure(name)
        if figure is None:
            raise KeyError(name)
        return self._standing.value(figure)

    def __iter__(self) -> Iterator[str]:
        return (figure.id for figure in self._standing.spec.figures)

    def __len__(self) -> int:
        return len(self._standing.spec.figures)


def standing_on(campaign: Campaign, day: dt.date) -> Standing:
    """Cells up to `day` (that day included), roster and units as of `day`."""
    return standings_on(campaign, [day])[0]


def standing_near(campaign: Campaign, day: dt.date, near: Callable[[Roster], Collection[int]]) -> Standing:
    """`standing_on` for a page about a few: it says the same of everybody, and reads them first.

    near: gives the members and units that the page is about, by id. Their cells and the bureau's are read at
          once; a question's others only when somebody else is asked for, by a statement of their own.
    """
    roster = roster_as_of(day)
    places = frozenset({BUREAU, *near(roster)})
    if len(places) > MOST_NEAR:
        return standing_on(campaign, day)
    return Standing(campaign, spec_of(campaign), day, roster, NearFolds(campaign, day, places))


def inside(unit_id: int) -> Callable[[Roster], set[int]]:
    """For `standing_near`: a branch, section or group, the groups in it and its members."""

    def near(roster: Roster) -> set[int]:
        groups = {unit.id for unit in roster.units if unit.parent_id == unit_id}
        here = {row.member_id for row in roster.members if unit_id in (row.branch_id, row.group_id)}
        return {unit_id} | groups | here

    return near


def standings_on(campaign: Campaign, days: Sequence[dt.date]) -> list[Standing]:
    """`standing_on` of each of some days, from one reading of the cells: of those that were replaced since
    this process read them last. Four statements; five of many."""
    versions = versions_of(campaign)
    folds = folds_of(campaign, days, versions)
    rosters = rosters_on(days) if len(days) > 1 else {days[0]: roster_as_of(days[0])}
    spec = spec_of(campaign)
    return [
        Standing(campaign, spec, day, rosters[day], dict(fold), versions)
        for day, fold in zip(days, folds, strict=True)
    ]


def figure_values(campaign: Campaign, day: dt.date) -> dict[str, FigureValue]:
    """Every figure of the campaign as of `day`, by id, in the order of the file."""
    return dict(standing_on(campaign, day).values())


def reached_on(campaign: Campaign, figure: Figure, places: Sequence[int], day: dt.date) -> dt.date | None:
    """The day on which the last of `places` reached the figure's target; None if one has not by `day`."""
    question = question_of(figure)
    if question is None or figure.target is None:
        return None
    rows = db.session.execute(
        select(TallyCell.place_id, TallyCell.day, func.sum(TallyCell.value))
        .join(Tally, Tally.id == TallyCell.tally_id)
        .where(Tally.campaign_id == campaign.id, Tally.code == question.code, TallyCell.day <= day)
        .group_by(TallyCell.place_id, TallyCell.day)
        .order_by(TallyCell.day, TallyCell.place_id)
    )
    missing, sums = set(places), dict.fromkeys(places, 0)
    last = None
    for place, on, value in rows:
        if place in missing:
            sums[place] += int(value)
            if sums[place] >= figure.target * figure.divide_by:
                missing.discard(place)
                last = on
    return None if missing else last


def bureau_name() -> str | None:
    """The name of the root committee; None on an empty installation."""
    return db.session.scalar(
        select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE).order_by(Unit.id).limit(1)
    )


def as_number(value: Fraction | None) -> int | float | None:
    """A figure's value for JSON: whole numbers without a point where the unit is a count."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def figures_json(campaign: Campaign, day: dt.date) -> dict[str, Any]:
    """{"as_of", "bureau", "figures": {id: value}} as `flask figures --json` prints it.

    Values: counts as whole numbers, means and hours as numbers, dates as text, `by` figures as {name: value};
    where names are missing {"low", "high"}; null where there is nothing to count over.
    """
    standing = standing_on(campaign, day)
    names = {unit.id: unit.name for unit in standing.roster.units}
    figures: dict[str, Any] = {"bureau": bureau_name()}
    for figure in standing.spec.figures:
        figures[figure.id] = _json(campaign, standing.value(figure), names, day)
    return {"as_of": day.isoformat(), "bureau": bureau_name(), "campaign": campaign.code, "figures": figures}


def _json(campaign: Campaign, value: FigureValue, names: dict[int, str], day: dt.date) -> Any:
    if value.figure.by is not None and value.figure.scope is not Scope.MEMBER:
        return {names.get(place, str(place)): as_number(amount) for place, amount in value.by.items()}
    if value.figure.reduce is Reduce.FORECAST_DATE:
        date = value.date
        if value.is_reached:
            date = reached_on(campaign, value.figure, list(value.by) or [0], day)
        return date.isoformat() if date else None
    if value.is_interval:
        return {"low": as_number(value.low), "high": as_number(value.high)}
    return as_number(value.value)
