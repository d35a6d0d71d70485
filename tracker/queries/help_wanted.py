"""Who needs a hand in a branch: for those who keep it, and for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Member, Record, Status, Unit
from tracker.queries.boards import unit_amounts
from tracker.queries.contributions import contributions
from tracker.queries.figures import Standing
from tracker.rules.campaigns import Figure, Goal, Kind, Scope
from tracker.rules.figures import RosterRow, forecast
from tracker.rules.goals import needed_by
from tracker.rules.tallies import question_of

CLOSE = dt.timedelta(days=10)  # so near before the due day that a bad week would make it late


@dataclass(frozen=True, slots=True)
class NeedsHand:
    """One member for whom somebody should ask what is in the way. Amounts are in the goal's unit.

    behind:      how much is missing to the needed pace; not above 0 for those who only arrive late.
    missing:     how much is missing to the target.
    waiting:     what they entered and nobody has verified yet; None where it cannot be added up.
    forecast_on: when they arrive at their pace so far; None without a pace.
    early:       days between that and the due day; negative is late.
    """

    member: Member
    group: str | None
    verified: Fraction
    behind: Fraction
    missing: Fraction
    waiting: Fraction | None
    forecast_on: dt.date | None
    early: int | None


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """One goal that is taken member by member, and who needs a hand with it.

    are_behind: True if they are below the needed pace; False if nobody is, and they only arrive late.
    others:     how many more are asked and need none.
    """

    goal: Goal
    position: int
    kind: Kind
    are_behind: bool
    people: tuple[NeedsHand, ...]
    others: int


def help_wanted(campaign: Campaign, standing: Standing, unit: Unit) -> list[HelpWanted]:
    """Who needs a hand in a branch, for each goal of which every member has a part.

    Those below the needed pace, the farthest from it first; if there are none, those who arrive in the last
    ten days before the due day. The exempt are left out. The caller makes sure that the reader keeps the
    branch: names of those behind are for themselves and their own secretary.
    """
    here = {
        row.member_id: row
        for row in standing.roster.members
        if row.branch_id == unit.id and not row.is_exempt
    }
    found = []
    for position, goal in enumerate(standing.spec.goals, 1):
        figure = standing.figure_of(goal)
        if figure.kind is None or figure.scope is not Scope.MEMBER:
            continue
        if figure.unit != goal.unit:  # what is reported cannot be held against the target
            continue
        amounts = {id_: n for id_, n in unit_amounts(standing, figure, unit.id).items() if id_ in here}
        if not amounts:
            continue
        drafts = _who(goal, amounts, standing.day)
        people = _named(campaign, standing, figure, drafts, here)
        found.append(
            HelpWanted(
                goal,
                position,
                standing.spec.kind(figure.kind),
                any(draft.behind > 0 for draft in drafts),
                people,
                len(amounts) - len(people),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    """One member before anybody is named."""

    member_id: int
    verified: Fraction
    behind: Fraction
    missing: Fraction
    forecast_on: dt.date | None
    early: int | None


def _who(goal: Goal, amounts: dict[int, Fraction], day: dt.date) -> list[_Draft]:
    """Those behind, else those who arrive late, in the order of their distance to the needed pace."""
    needed = needed_by(goal, day)
    open_ = []
    for member_id, amount in amounts.items():
        if amount >= goal.target:
            continue
        on = forecast(amount, Fraction(goal.target), goal.starts_on, day)
        early = (goal.due_on - on).days if on else None
        open_.append(_Draft(member_id, amount, needed - amount, goal.target - amount, on, early))
    behind = [draft for draft in open_ if draft.behind > 0]
    late = [draft for draft in open_ if draft.early is not None and draft.early <= CLOSE.days]
    return sorted(behind or late, key=lambda draft: (-draft.behind, draft.member_id))


def _named(
    campaign: Campaign, standing: Standing, figure: Figure, drafts: list[_Draft], here: dict[int, RosterRow]
) -> tuple[NeedsHand, ...]:
    if not drafts:
        return ()
    ids = [draft.member_id for draft in drafts]
    members = {member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(ids)))}
    groups = {unit.id: unit.name for unit in standing.roster.at_level("group")}
    waiting = _waiting(campaign, standing, figure, ids)
    return tuple(
        NeedsHand(
            members[draft.member_id],
            groups.get(here[draft.member_id].group_id or 0),
            draft.verified,
            draft.behind,
            draft.missing,
            waiting.get(draft.member_id, Fraction(0)) if waiting is not None else None,
            draft.forecast_on,
            draft.early,
        )
        for draft in drafts
    )


def _waiting(
    campaign: Campaign, standing: Standing, figure: Figure, member_ids: Collection[int]
) -> dict[int, Fraction] | None:
    """What waits, by member, in the figure's unit; None where things are counted once and do not add up."""
    question = question_of(figure)
    if question is None or question.is_distinct:
        return None
    kind_id = next(kind.id for kind in campaign.kinds if kind.code == question.kind)
    rows = contributions(question, standing.spec.kind(question.kind), kind_id, counted=False)
    found = db.session.execute(
        select(rows.c.place_id, func.sum(rows.c.value))
        .join(Record, Record.id == rows.c.record_id)
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.SUBMITTED,
            rows.c.day <= standing.day,
            rows.c.place_id.in_(member_ids),
        )
        .group_by(rows.c.place_id)
    )
    return {place: Fraction(int(value), figure.divide_by) for place, value in found}
