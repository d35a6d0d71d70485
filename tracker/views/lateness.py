"""Late entries (补记): forms ask why only where something belongs to a closed period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g, request
from flask_login import current_user

from tracker.clock import now, today
from tracker.models import Campaign, Record
from tracker.rules.campaigns import Kind
from tracker.rules.closes import LATE, LONGEST_REASON, VERIFIED_LATE
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.refusal import Problem, Refused
from tracker.services.entries import Row, check_entries

FIELD = "late_why"


@dataclass(frozen=True, slots=True)
class Late:
    """What a form shows: whether it asks, and what was typed."""

    is_asked: bool
    why: str


def late_why() -> str:
    """Why what is sent comes late; '' if nothing was said."""
    return request.form.get(FIELD, "")[:LONGEST_REASON]


def ask_why() -> None:
    """Let the form of this answer ask why something comes late."""
    g.asks_late = True


def note_late(told: Iterable[Problem] | Refused) -> None:
    """Let the form ask if something was refused because nobody said why it comes late."""
    if isinstance(told, Refused):
        if told.msgid == VERIFIED_LATE:
            ask_why()
    elif any(problem.msgid == LATE for problem in told):
        ask_why()


def checked_entries(
    campaign: Campaign, kind: Kind, rows: Sequence[Row], correcting: Record | None = None
) -> LedgerPlan:
    """What the rows of a form would write and all that is wrong with them; see services.entries."""
    plan = check_entries(
        campaign, kind, rows, by=current_user, today=today(), at=now(), correcting=correcting,
        late_why=late_why(),
    )  # fmt: skip
    note_late(plan.problems)
    return plan


def late_of_form() -> Late:
    """For the frame: what forms of this answer show."""
    why = late_why() if request.method == "POST" else ""
    return Late(bool(why) or g.get("asks_late", False), why)
