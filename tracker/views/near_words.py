"""Near copies in words: to the writer before anybody else sees the text, then to whoever verifies it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask_login import current_user

from tracker.forms.jots import JotForm
from tracker.models import Campaign, Record
from tracker.queries.access import record_for
from tracker.queries.near_copies import Near, near_copies


@dataclass(frozen=True, slots=True)
class NearNote:
    """One near text, as the reader may know of it. link_id: None where the record is not theirs to see."""

    alike: int
    share: int
    is_same_member: bool
    link_id: int | None


def near_notes(text: str, campaign: Campaign, record: Record | None, member_id: int | None) -> list[NearNote]:
    """The near texts of a record's text, the nearest first. record: the one that has the text already."""
    but = {record.id, record.follows_id} - {None} if record else set()
    return [_note(near, member_id) for near in near_copies(text, campaign, [id_ for id_ in but if id_])]


def _note(near: Near, member_id: int | None) -> NearNote:
    is_theirs = record_for(current_user, near.record_id) is not None
    is_same = member_id is not None and near.member_id == member_id
    return NearNote(near.alike, round(100 * near.share), is_same, near.record_id if is_theirs else None)


def is_advised(form: JotForm, text: str, campaign: Campaign, record: Record | None) -> bool:
    """Whether the text may be handed in: it is near to none, or its writer was shown that it is.

    Otherwise `form.near` holds what to show, and the next button hands the same text in.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    if form.advised.data == digest:
        return True
    notes = near_notes(text, campaign, record, current_user.member_id)
    form.near = notes  # type: ignore[attr-defined]  # for the template
    form.advised.data = digest if notes else ""
    return not notes
