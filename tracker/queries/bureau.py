"""What the bureau's page shows beside its board: what is missing, what to look at, the latest imports."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Batch, BatchState, Campaign, Membership, Record, Status
from tracker.queries.boards import MONTH, Board, GoalCard
from tracker.rules.campaigns import Scope
from tracker.rules.goals import GoalState


class Missing(enum.StrEnum):
    """What has to be there before a figure can mean anything."""

    ROSTER = "roster"
    LEDGER = "ledger"


class Reason(enum.StrEnum):
    """Why a goal is worth a look; the order is that of the list."""

    OUT_OF_REACH = "out_of_reach"
    LATE = "late"
    NOT_REPORTED = "not_reported"
    STILL = "still"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Notice:
    """One goal worth a look, and why. Nobody is named: only goals and branches.

    silent: branches that have reported nothing though they are asked.
    """

    card: GoalCard
    reasons: tuple[Reason, ...]
    silent: tuple[str, ...] = ()


def missing_of(campaign: Campaign) -> Missing | None:
    """What comes next on a new installation; None once there are members and verified rows."""
    if db.session.scalar(select(Membership.id).limit(1)) is None:
        return Missing.ROSTER
    rows = select(Record.id).where(Record.campaign_id == campaign.id, Record.status == Status.VERIFIED)
    return Missing.LEDGER if db.session.scalar(rows.limit(1)) is None else None


def latest_batches(most: int = 4) -> list[Batch]:
    """The imports that were looked at last, discarded ones left out."""
    return list(
        db.session.scalars(
            select(Batch)
            .where(Batch.state != BatchState.DISCARDED)
            .options(joinedload(Batch.uploaded_by))
            .order_by(Batch.id.desc())
            .limit(most)
        )
    )


def notices_of(board: Board) -> list[Notice]:
    """Goals worth a look, from standings only: no praise, no person, worst reasons first."""
    found = []
    for n, card in enumerate(board.cards):
        silent = tuple(
            row.name for row in board.rows if row.level == "branch" and row.cells[n].state == "silent"
        )
        reasons = _reasons(card, board.day, bool(silent))
        if reasons:
            found.append(Notice(card, reasons, silent))
    order = list(Reason)
    return sorted(found, key=lambda notice: order.index(notice.reasons[0]))


def _reasons(card: GoalCard, day: dt.date, is_silent: bool) -> tuple[Reason, ...]:
    standing = card.standing
    found = []
    if standing.state is GoalState.IMPOSSIBLE:
        found.append(Reason.OUT_OF_REACH)
    if standing.state in (GoalState.LATE, GoalState.NO_FORECAST):
        found.append(Reason.LATE)
    if standing.state is GoalState.NOT_REPORTED:
        found.append(Reason.NOT_REPORTED)
    has_run = day - standing.goal.starts_on >= MONTH
    if has_run and standing.change == 0 and standing.state is not GoalState.REACHED:
        found.append(Reason.STILL)
    if is_silent:
        found.append(Reason.SILENT)
    return tuple(found)


def complete_branches(board: Board) -> tuple[int, int]:
    """How many branches are silent in no due month of a goal asked of them, and how many there are."""
    branches = [row for row in board.rows if row.level == "branch"]
    complete = [
        row for row in branches if not any(cell.state == "silent" or cell.told.silent for cell in row.cells)
    ]
    return len(complete), len(branches)


def own_goals(board: Board) -> list[str]:
    """Short names of the goals in which a branch's cell is its own standing, not its share of the whole."""
    return [
        card.standing.goal.short_name
        for card in board.cards
        if card.standing.figure.figure.scope is not Scope.BUREAU
    ]
