"""Keeps what is being written, exactly as it was typed, until it is sent or thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete, update

from tracker.db import db
from tracker.models import Draft, User
from tracker.queries.drafts import TAB, draft_count, draft_of_tab
from tracker.rules.refusal import N_, Refused
from tracker.services.records import CHANGED

LONGEST_DRAFT = 200_000  # characters of all fields together; four times the longest essay
MOST_DRAFTS = 60


def keep_draft(
    user: User,
    *,
    kind_id: int,
    fields: Mapping[str, str],
    at: dt.datetime,
    record_id: int | None = None,
    seen: tuple[Draft, int] | None = None,
    tab: str = "",
    is_rescue: bool = False,
) -> Draft:
    """Keep a form as it was typed: as a new draft, or in place of what one holds.

    fields:    name of the field -> text, to the letter.
    record_id: the record that the form puts right.
    seen:      a draft of `user` with the version from which was written on; None for a new one.
    tab:       of the page that writes. Its own last saving is no stranger's, whose answer got lost.
    is_rescue: what was sent after a session had ended would be lost otherwise: beyond MOST_DRAFTS too.
    Raises Refused if another page wrote the draft meanwhile (CHANGED; nothing is written), or for too much.
    """
    if sum(len(name) + len(text) for name, text in fields.items()) > LONGEST_DRAFT:
        raise Refused(N_("This is too long to be kept as a draft: at most %(most)d characters."), "text",
                      most=LONGEST_DRAFT)  # fmt: skip
    kept = dict(fields) | ({TAB: tab} if tab else {})
    if seen is None and (own := draft_of_tab(user, tab)) is not None:
        seen = own, own.version
    if seen is None:
        if draft_count(user) >= MOST_DRAFTS and not is_rescue:
            raise Refused(N_("You have %(most)d drafts. Send or throw away some of them."), most=MOST_DRAFTS)
        draft = Draft(
            user_id=user.id, kind_id=kind_id, record_id=record_id, fields=kept, version=1, saved_at=at
        )
        db.session.add(draft)
        db.session.flush()
        return draft
    draft, version = seen
    if draft.user_id != user.id:
        raise Refused(CHANGED)
    if tab and draft.fields.get(TAB) == tab:
        version = draft.version
    changed = db.session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.version == version)
        .values(fields=kept, version=version + 1, saved_at=at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(draft)
    return draft


def drop_sent(draft: Draft, *, version: int, tab: str = "") -> None:
    """Throw a draft away because what it held was sent. One that another page wrote meanwhile stays."""
    if tab and draft.fields.get(TAB) == tab:
        version = draft.version
    db.session.execute(delete(Draft).where(Draft.id == draft.id, Draft.version == version))


def discard_draft(draft: Draft) -> None:
    """Throw a draft away because its writer wants so."""
    db.session.delete(draft)
