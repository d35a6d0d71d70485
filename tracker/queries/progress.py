"""One member's progress: own goals, the standing of own group and branch in shared ones, phases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import String, func, literal, select, union_all

from tracker.db import db
from tracker.models import Campaign, Exemption, Member, Participation, Record, Status
from tracker.queries.boards import unit_amounts, unit_value
from tracker.queries.contributions import contributions
from tracker.queries.figures import Standing, standing_near
from tracker.queries.rosters import holds_on
from tracker.queries.statements import Reporting, reporting_on
from tracker.rules.campaigns import Figure, Goal, Measure, Phase, Scope
from tracker.rules.figures import Roster, RosterRow, UnitRow, reduce_value, takes
from tracker.rules.goals import GoalStanding, needed_by, stand
from tracker.rules.progress import (
    Entities,
    Pace,
    Ring,
    amount,
    amount_waiting,
    is_one_by_one,
    pace_of,
    ring_of,
    stand_alone,
)
from tracker.rules.statements import NOTHING_DUE, Told
from tracker.rules.tallies import Question, question_of

WAITING = (Status.SUBMITTED,)
COUNTED = (Status.VERIFIED,)


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A goal that is each member's own.

    verified, waiting: in the goal's unit; what waits is not in what is verified.
    needed:   what an even pace would have come to.
    standing: None where the goal does not ask this member (exempt, or on no roster that day).
    """

    goal: Goal
    position: int
    figure: Figure
    verified: Fraction
    waiting: Fraction
    pace: Pace
    ring: Ring
    needed: Fraction
    standing: GoalStanding | None


@dataclass(frozen=True, slots=True)
class SharedGoal:
    """A goal that a unit or the whole bureau reaches together.

    state:    'unit' (the own group, branch or section has a standing), 'share' (of the bureau's value) or
              'not_asked' (there is no such unit, or it is not asked).
    unit:     the own unit that is meant.
    value:    what that unit comes to, or adds.
    standing: of that unit, or of the whole bureau for a share.
    own:      the member's own part; None where the kind names nobody.
    told:     what the due months of the own branch come to.
    """

    goal: Goal
    position: int
    figure: Figure
    state: str
    unit: UnitRow | None
    value: Fraction | None
    standing: GoalStanding | None
    own: Fraction | None
    told: Told = NOTHING_DUE

    @property
    def is_silent(self) -> bool:
        """Whether the unit's zero is none: the own branch has said nothing of some due month."""
        return bool(self.told.silent) and not self.value


@dataclass(frozen=True, slots=True)
class PhasePart:
    """The topics or the set books of a phase. what: 'topics' or 'books'; titles in the file's order."""

    what: str
    done: Fraction
    waiting: Fraction
    titles: tuple[str, ...]

    @property
    def of(self) -> int:
        return len(self.titles)


@dataclass(frozen=True, slots=True)
class Progress:
    """One member on one day. place: None if on no roster that day; exempt_why: None if not exempt."""

    place: RosterRow | None
    units: tuple[UnitRow, ...]
    exempt_why: str | None
    goals: tuple[OwnGoal, ...]
    shared: tuple[SharedGoal, ...]
    phases: tuple[tuple[Phase, tuple[PhasePart, ...]], ...]
    standing: Standing


def own_folds(
    campaign: Campaign,
    standing: Standing,
    questions: Iterable[Question],
    member_id: int,
    statuses: tuple[Status, ...],
) -> dict[str, dict[str, int]]:
    """code of a question -> entity -> what the member's own rows of these states come to. One statement.

    questions: asked of each member (Scope.MEMBER). The rows are counted as those of every figure are.
    """
    asked = {question.code: question for question in questions}
    kind_ids = {kind.code: kind.id for kind in campaign.kinds}
    parts = []
    for code, question in asked.items():
        rows = contributions(
            question, standing.spec.kind(question.kind), kind_ids[question.kind], statuses=statuses
        )
        parts.append(
            select(literal(code, String(64)), rows.c.entity, func.sum(rows.c.value))
            .where(rows.c.place_id == member_id, rows.c.day <= standing.day)
            .group_by(rows.c.entity)
        )
    found: dict[str, dict[str, int]] = {}
    if parts:
        for code, entity, value in db.session.execute(union_all(*parts)):
            found.setdefault(code, {})[entity] = int(value)
    return found


def progress_of(campaign: Campaign, member: Member, day: dt.date) -> Progress:
    """Everything that the member's first page shows of figures, as of `day`."""
    standing = standing_near(campaign, day, _with_units(member.id))
    spec, roster = standing.spec, standing.roster
    place = next((row for row in roster.members if row.member_id == member.id), None)
    theirs = {place.branch_id, place.group_id, place.section_id} if place else set()
    units = tuple(unit for unit in roster.units if unit.id in theirs)
    goals = [(position, goal, standing.figure_of(goal)) for position, goal in enumerate(spec.goals, 1)]
    parts = [
        (phase, what, spec.figure(figure_id or ""))
        for phase in spec.phases
        if phase.starts_on <= day
        for what, figure_id in (("topics", phase.topics_figure), ("books", phase.books_figure))
    ]
    asked = [figure for _, _, figure in goals] + [figure for _, _, figure in parts if figure]
    own = _Own(campaign, standing, member.id, asked)
    reporting = reporting_on(campaign, day, [place.branch_id] if place else [])
    return Progress(
        place,
        units,
        exempt_why(member, day) if place and place.is_exempt else None,
        tuple(_own_goal(own, *one, place) for one in goals if is_one_by_one(one[2])),
        tuple(_shared_goal(own, *one, units, reporting) for one in goals if not is_one_by_one(one[2])),
        _phases(own, parts),
        standing,
    )


def _with_units(member_id: int) -> Callable[[Roster], set[int]]:
    """For `standing_near`: a member and the units they are in."""

    def near(roster: Roster) -> set[int]:
        place = next((row for row in roster.members if row.member_id == member_id), None)
        units = {place.branch_id, place.group_id, place.section_id} if place else set()
        return {member_id} | {unit_id for unit_id in units if unit_id is not None}

    return near


class _Own:
    """The member's own cells for every question of the page, verified and waiting."""

    def __init__(
        self, campaign: Campaign, standing: Standing, member_id: int, figures: Sequence[Figure]
    ) -> None:
        self.standing, self.member_id = standing, member_id
        wanted = [one for figure in figures if (one := question_of(figure, Scope.MEMBER))]
        held = _kinds_of(campaign, member_id)
        waits = [one for one in wanted if (one.kind, Status.SUBMITTED) in held]
        self.waiting = own_folds(campaign, standing, waits, member_id, WAITING)
        folded = {question_of(figure) for figure in standing.spec.figures if figure.scope is Scope.MEMBER}
        missing = [one for one in wanted if one not in folded and (one.kind, Status.VERIFIED) in held]
        self.counted = own_folds(campaign, standing, missing, member_id, COUNTED)

    def cells(self, figure: Figure) -> tuple[Entities, Entities]:
        """(what counts, what waits). What is folded for each member anyhow is taken from the fold."""
        question = question_of(figure, Scope.MEMBER)
        if question is None:
            return {}, {}
        folded = self.standing.fold(question).get(self.member_id)
        return folded or self.counted.get(question.code, {}), self.waiting.get(question.code, {})

    def amounts(self, figure: Figure) -> tuple[Fraction, Fraction]:
        counted, waiting = self.cells(figure)
        return amount(figure, counted), amount_waiting(figure, counted, waiting)


def _kinds_of(campaign: Campaign, member_id: int) -> set[tuple[str, Status]]:
    """Of which kinds the member has rows that count, and that wait: the others need not be asked for."""
    codes = {kind.id: kind.code for kind in campaign.kinds}
    rows = db.session.execute(
        select(Record.kind_id, Record.status)
        .join(Participation, Participation.record_id == Record.id)
        .where(
            Participation.member_id == member_id,
            Record.campaign_id == campaign.id,
            Record.status.in_(WAITING + COUNTED),
        )
        .distinct()
    )
    return {(codes[kind_id], status) for kind_id, status in rows}


def exempt_why(member: Member, day: dt.date) -> str | None:
    """The reason for which the member is exempt on `day`."""
    return db.session.scalar(
        select(Exemption.reason)
        .where(Exemption.member_id == member.id, holds_on(Exemption.starts_on, Exemption.ends_on, day))
        .order_by(Exemption.id)
        .limit(1)
    )


def _own_goal(own: _Own, position: int, goal: Goal, figure: Figure, place: RosterRow | None) -> OwnGoal:
    spec, day = own.standing.spec, own.standing.day
    verified, waiting = own.amounts(figure)
    kind = spec.kind(figure.kind) if figure.kind else None
    is_asked = place is not None and takes(place, figure.over)
    return OwnGoal(
        goal,
        position,
        figure,
        verified,
        waiting,
        pace_of(goal, verified, day),
        ring_of(goal, verified, waiting, day),
        needed_by(goal, day),
        stand_alone(goal, figure, spec, kind, own.member_id, verified, day) if is_asked else None,
    )


def _shared_goal(
    own: _Own,
    position: int,
    goal: Goal,
    figure: Figure,
    units: tuple[UnitRow, ...],
    reporting: Reporting,
) -> SharedGoal:
    standing = own.standing
    spec, day = standing.spec, standing.day
    kind = spec.kind(figure.kind) if figure.kind else None
    level = str(figure.scope) if figure.scope in (Scope.GROUP, Scope.SECTION) else "branch"
    unit = next((unit for unit in units if unit.level == level), None)
    branch = next((unit for unit in units if unit.level == "branch"), None)
    names_people = kind is not None and ("member" in kind.owners or kind.column("people") is not None)
    mine = own.amounts(figure)[0] if names_people and figure.measure is not Measure.BRANCHES else None
    told = reporting.told(figure.kind, branch.id, goal.starts_on) if branch else NOTHING_DUE
    if figure.scope in (Scope.BUREAU, Scope.MEMBER):
        whole = stand(goal, standing.value(figure), kind, day)
        value = unit_value(standing, figure, unit.id, "branch") if unit else None
        is_asked = not (branch and branch.category in goal.not_for and not value)
        return SharedGoal(
            goal, position, figure, "share", unit, value if is_asked else None, whole, mine, told
        )
    amounts = unit_amounts(standing, figure, unit.id, level) if unit else {}
    if unit is None or not amounts or (branch and branch.category in goal.not_for):
        return SharedGoal(goal, position, figure, "not_asked", unit, None, None, mine)
    theirs = stand(goal, reduce_value(figure, spec, amounts, day), kind, day)
    return SharedGoal(goal, position, figure, "unit", unit, theirs.value, theirs, mine, told)


def _phases(
    own: _Own, parts: Sequence[tuple[Phase, str, Figure | None]]
) -> tuple[tuple[Phase, tuple[PhasePart, ...]], ...]:
    found: dict[str, tuple[Phase, list[PhasePart]]] = {}
    for phase, what, figure in parts:
        titles = phase.topics if what == "topics" else phase.books
        if figure is not None and titles:
            counted, waiting = own.amounts(figure)
            entry = found.setdefault(phase.code, (phase, []))
            entry[1].append(PhasePart(what, counted, waiting, titles))
    return tuple((phase, tuple(ticks)) for phase, ticks in found.values())
