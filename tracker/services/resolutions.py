"""Keeps a session's agenda and its resolutions, and when these were done."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from tracker.db import db
from tracker.models import AgendaItem, Record, Resolution, User
from tracker.queries.resolutions import STANDS, agenda_of, owners_offered
from tracker.rules.refusal import N_, Refused
from tracker.rules.resolutions import check_resolution, digest_of, parse_agenda
from tracker.services.audit import record_event
from tracker.services.records import CHANGED


def set_agenda(record: Record, typed: str, *, seen: str, by: User, at: dt.datetime) -> None:
    """Make `typed` the agenda of a session.

    seen: digest of the items that the form had shown. Raises Refused if somebody changed them meanwhile.
    """
    points = parse_agenda(typed)
    _hold(record)
    before = agenda_of(record)
    if digest_of(before) != seen:
        raise Refused(CHANGED)
    if points == before:
        return
    db.session.execute(delete(AgendaItem).where(AgendaItem.record_id == record.id))
    db.session.add_all(
        AgendaItem(record_id=record.id, ordinal=ordinal, **point._asdict())
        for ordinal, point in enumerate(points, start=1)
    )
    record_event(by, "record:set_agenda", record, at)


def add_resolution(
    record: Record, *, text: str, owner: str, due_on: str, by: User, at: dt.datetime, today: dt.date
) -> Resolution:
    """Note something that a session resolved.

    owner: unit:ID or member:ID, of those that `owners_offered` names. Raises Refused at the field at fault.
    """
    words, day = check_resolution(text, due_on, since=record.happened_on)
    if owner not in {one.key for one in owners_offered(record, by, today)}:
        raise Refused(N_("Choose who takes care of it."), "owner")
    _hold(record)
    sort, _, id_ = owner.partition(":")
    resolution = Resolution(
        record_id=record.id, text=words, due_on=day, noted_by_id=by.id, noted_at=at,
        **{f"{sort}_id": int(id_)},
    )  # fmt: skip
    db.session.add(resolution)
    db.session.flush()  # the event names it
    record_event(by, "record:add_resolution", record, at, resolution_id=resolution.id)
    return resolution


def finish_resolution(resolution: Resolution, *, on: dt.date, by: User, at: dt.datetime) -> None:
    """Say that it is done. Raises Refused if somebody said so before."""
    _mark(resolution, was_done=False, done_on=on, done_by_id=by.id)
    record_event(by, "record:finish_resolution", resolution.record, at, resolution_id=resolution.id)


def reopen_resolution(resolution: Resolution, *, by: User, at: dt.datetime) -> None:
    """Say that it is not done after all. Raises Refused if it is open already."""
    _mark(resolution, was_done=True, done_on=None, done_by_id=None)
    record_event(by, "record:reopen_resolution", resolution.record, at, resolution_id=resolution.id)


def drop_resolution(resolution: Resolution, *, by: User, at: dt.datetime) -> None:
    """Take one out that was noted by mistake. Raises Refused if it is done, or gone already."""
    gone = db.session.execute(
        delete(Resolution).where(Resolution.id == resolution.id, Resolution.done_on.is_(None))
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "record:drop_resolution", resolution.record, at, resolution_id=resolution.id)


def _hold(record: Record) -> None:
    """Let nobody else change what hangs on this record meanwhile. Raises Refused if it stands no more."""
    held = select(Record.id).where(Record.id == record.id, Record.status.in_(STANDS)).with_for_update()
    if db.session.scalar(held) is None:
        raise Refused(CHANGED)


def _mark(resolution: Resolution, *, was_done: bool, **values: object) -> None:
    is_as_seen = Resolution.done_on.is_not(None) if was_done else Resolution.done_on.is_(None)
    changed = db.session.execute(
        update(Resolution).where(Resolution.id == resolution.id, is_as_seen).values(**values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
