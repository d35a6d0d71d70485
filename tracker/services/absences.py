"""Keeps why somebody was not at a session, and how they made it up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete, select

from tracker.db import db
from tracker.models import Absence, Participation, Record, Status, User
from tracker.queries.absences import attendance_of
from tracker.rules.absences import TypedAbsence, check_absence
from tracker.rules.campaigns import Kind
from tracker.rules.refusal import Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

NOTED_AT = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)  # states of a record that stands


def keep_absences(
    record: Record,
    kind: Kind,
    typed: Mapping[int, TypedAbsence],
    *,
    seen: str,
    by: User,
    at: dt.datetime,
    last: dt.date,
) -> int:
    """Keep what was chosen for those who were not there; whoever is not named keeps nothing.

    typed: member id → what was chosen; of others than the absent of the user's branches nothing is taken.
    seen:  the digest of what the form had shown.
    Returns for how many a reason is kept now. Raises Refused if somebody changed it meanwhile, if the record
    stands no more, or if what was chosen will not do.
    """
    locked = select(Record.status).where(Record.id == record.id).with_for_update()
    status = db.session.scalar(locked)
    there = attendance_of(record, kind, by)
    if there is None or not there.may_note or status not in NOTED_AT or there.seen != seen:
        raise Refused(CHANGED)
    absent = {line.id: line.word for line in there.absent}
    words = {
        id_: check_absence(kind, typed.get(id_, TypedAbsence()), since=record.happened_on, last=last)
        for id_ in absent
    }
    changed = [id_ for id_ in absent if words[id_] != absent[id_]]
    if changed:
        gone = delete(Absence).where(Absence.record_id == record.id, Absence.member_id.in_(changed))
        db.session.execute(gone)
        db.session.add_all(
            Absence(record_id=record.id, member_id=id_, noted_by_id=by.id, noted_at=at, **word._asdict())
            for id_ in changed
            if (word := words[id_]) is not None
        )
        record_event(by, "record:note_absences", record, at, people=len(changed))
    return sum(word is not None for word in words.values())


def drop_overtaken(record: Record) -> None:
    """After a correction: who turned out to have been there was not absent."""
    there = select(Participation.member_id).where(Participation.record_id == record.id)
    db.session.execute(
        delete(Absence)
        .where(Absence.record_id == record.id, Absence.member_id.in_(there))
        .execution_options(synchronize_session=False)
    )
