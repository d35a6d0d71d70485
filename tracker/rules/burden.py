"""What a campaign asks of a branch in a week, fields and minutes, as far as its goals tell.

Every number here comes from assumptions that pages show beside it: see `need_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Kind, Measure, Reduce, Scope


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many there are of each, as of a day."""

    branches: int
    groups: int
    sections: int
    members: int

    def of(self, scope: Scope) -> int:
        """Over how many a figure of that scope is taken."""
        return {
            Scope.MEMBER: self.members,
            Scope.GROUP: self.groups,
            Scope.BRANCH: self.branches,
            Scope.SECTION: self.sections,
            Scope.BUREAU: 1,
        }[scope]


@dataclass(frozen=True, slots=True)
class KindBurden:
    """What one kind asks. required, optional: fields of a record.

    seconds:  for the required fields of one record.
    records:  of one branch in one week that the goals counting it need at most; None where none says.
    goals:    those goals.
    is_part:  one of them counts only records of certain stages: those that never come there are needed too.
    """

    kind: Kind
    required: int
    optional: int
    seconds: int
    records: Fraction | None
    goals: tuple[Goal, ...]
    is_part: bool = False

    @property
    def fields_a_week(self) -> Fraction | None:
        return None if self.records is None else self.records * self.required

    @property
    def minutes_a_week(self) -> Fraction | None:
        return None if self.records is None else self.records * self.seconds / 60


@dataclass(frozen=True, slots=True)
class Burden:
    """What a campaign asks of a branch in a week, kind by kind and together."""

    kinds: tuple[KindBurden, ...]

    @property
    def records(self) -> Fraction:
        return sum((one.records or Fraction(0) for one in self.kinds), Fraction(0))

    @property
    def fields(self) -> Fraction:
        return sum((one.fields_a_week or Fraction(0) for one in self.kinds), Fraction(0))

    @property
    def minutes(self) -> Fraction:
        return sum((one.minutes_a_week or Fraction(0) for one in self.kinds), Fraction(0))


def burden_of(spec: CampaignSpec, sizes: Sizes) -> Burden:
    """The burden of a campaign over units and members of these sizes."""
    return Burden(tuple(_kind(kind, spec, sizes) for kind in spec.kinds))


def _kind(kind: Kind, spec: CampaignSpec, sizes: Sizes) -> KindBurden:
    """A record may feed several goals, so the goal that needs most of them says how many there are."""
    required = sum(column.required for column in kind.columns)
    needs: Mapping[Goal, Fraction] = {
        goal: records
        for goal in spec.goals
        if (figure := spec.figure(goal.figure)) is not None and figure.kind == kind.code
        if (records := need_of(goal, figure, spec, sizes)) is not None
    }
    return KindBurden(
        kind,
        required,
        len(kind.columns) - required,
        required * spec.burden.seconds_per_field,
        max(needs.values(), default=None),
        tuple(needs),
        any((figure := spec.figure(goal.figure)) and "stage" in figure.where.values for goal in needs),
    )


def need_of(goal: Goal, figure: Figure, spec: CampaignSpec, sizes: Sizes) -> Fraction | None:
    """How many records of one branch in one week a goal needs at most; None where nothing can be said.

    The target is spread evenly over the branches and over the weeks from the goal's start to its due day. A
    record holds `minutes_per_record` minutes; of everything else it gives one, though it may give more.
    """
    if figure.unit != goal.unit or not sizes.branches:
        return None
    match figure.reduce:
        case Reduce.SUM:
            amount = goal.target * figure.divide_by
        case Reduce.MIN | Reduce.MEAN:
            amount = goal.target * figure.divide_by * sizes.of(figure.scope)
        case Reduce.COUNT_REACHED:
            amount = goal.target * (figure.target or 0) * figure.divide_by
        case _:
            return None
    is_time = figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES)
    records = Fraction(amount, spec.burden.minutes_per_record if is_time else 1)
    weeks = Fraction((goal.due_on - goal.starts_on).days + 1, 7)
    return records / sizes.branches / weeks


def rounded_up(value: Fraction) -> Fraction:
    """To tenths, upwards: a bound still holds then."""
    return Fraction(-(-value * 10 // 1), 10)
