"""Remarks on a record. They change nothing of it and stay with it."""

from __future__ import annotations

import datetime as dt

from tracker.db import db
from tracker.models import Comment, Record, User
from tracker.queries.pairings import kind_of
from tracker.rules.pairings import check_plain, is_pairing
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

LONGEST = 400


def add_comment(record: Record, text: str, *, by: User, at: dt.datetime) -> Comment:
    """Say something about a record. Whether it is theirs to see is for the caller to know.

    Raises Refused if nothing is said, or too much.
    """
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip()
    if not text:
        raise Refused(N_("Write something first."), "text")
    if len(text) > LONGEST:
        raise Refused(N_("Write at most %(most)d characters."), "text", most=LONGEST)
    if is_pairing(kind_of(record)):
        check_plain(text, "text")
    comment = Comment(record_id=record.id, by_id=by.id, at=at, text=text)
    db.session.add(comment)
    db.session.flush()  # the event needs the id
    record_event(by, "comment:add", comment, at, record_id=record.id)
    return comment
