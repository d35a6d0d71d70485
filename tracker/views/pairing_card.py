"""What the page of a record shows of a pairing, and what the reader may note there."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import today
from tracker.forms.pairings import NoteForm
from tracker.models import PairingNote, Record
from tracker.queries.access import reach_of, sees_bureau
from tracker.queries.pairings import due_for, notes_of
from tracker.rules.campaigns import Kind
from tracker.rules.pairings import Due, is_pairing, may_open
from tracker.services.pairings import may_note


@dataclass(frozen=True, slots=True)
class PairingCard:
    """What the card shows.

    form:            None where the reader may note nothing.
    has_sealed_page: whether what is sealed has a page for them.
    waits:           it is the reader's own to seal as soon as it counts.
    """

    notes: list[PairingNote]
    due: Due | None
    every_days: int | None
    form: NoteForm | None
    has_sealed_page: bool
    waits: bool


def pairing_card(record: Record, kind: Kind, form: NoteForm | None = None) -> PairingCard | None:
    """The card for a record that pairs, None for any other. form: one that came back with an error."""
    if not is_pairing(kind) or not record.subject:
        return None
    if form is None and may(Permission.RECORD_WRITE) and may_note(record, current_user):
        form = NoteForm(formdata=None, on=today().isoformat())
    has_page = may_see_sealed(record, kind)
    own = record.member_id is not None and record.member_id == current_user.member_id
    return PairingCard(
        notes_of(record), due_for(record, kind, today()), kind.visit_every_days, form, has_page,
        waits=kind.sealed_subject and own and record.status in ("submitted", "returned"),
    )  # fmt: skip


def may_see_sealed(record: Record, kind: Kind) -> bool:
    """Whether the reader may know that something is sealed, until when, and who opened it."""
    if not kind.sealed_subject or not may(Permission.SEALED_SEE):
        return False
    return sees_bureau(current_user) or may_open(record, kind, reach_of(current_user))
