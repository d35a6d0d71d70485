"""What may be the same fact as a record, as far as the reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user

from tracker.access import Permission, may
from tracker.forms.twins import ApartForm
from tracker.models import Record, ToldApart
from tracker.queries.access import reach_of, record_for
from tracker.queries.twins import twins_of
from tracker.queries.verifications import may_decide
from tracker.rules.campaigns import Kind
from tracker.rules.reach import may_enter


@dataclass(frozen=True, slots=True)
class TwinNote:
    """One that may be the same.

    seen: None where it is not the reader's to see; then only its owner's sort is told.
    form: with which the reader says that it is another; None where that was said, or is not theirs to say.
    """

    id: int
    seen: Record | None
    owner_type: str
    apart: ToldApart | None
    form: ApartForm | None


def judges(record: Record) -> bool:
    """Whether the reader enters such a record or verifies it: then what may be the same is pointed out."""
    enters = may(Permission.RECORD_WRITE) and may_enter(record, reach_of(current_user))
    return enters or (may(Permission.RECORD_VERIFY) and may_decide(record, current_user) is not None)


def twin_notes(record: Record, kind: Kind, wrong: tuple[int, ApartForm] | None = None) -> list[TwinNote]:
    """What may be the same as a record, for those who judge it.

    wrong: the id of one, and its form that came back with an error.
    """
    if not kind.compares_titles or not judges(record):
        return []
    found = []
    for twin in twins_of(record, kind):
        seen = record_for(current_user, twin.record.id)
        form = None if twin.apart else ApartForm(formdata=None, twin=twin.record.id)
        if wrong is not None and wrong[0] == twin.record.id:
            form = wrong[1]
        found.append(TwinNote(twin.record.id, seen, twin.record.owner_type, twin.apart, form))
    return found
