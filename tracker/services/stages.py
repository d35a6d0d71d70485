"""Takes a verified record on to its next stage: by a record that follows it and is verified in its turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import case, exists, select, update
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import (
    AuditEvent,
    Campaign,
    CoOrganiser,
    Participation,
    Record,
    Share,
    Status,
    Story,
    User,
)
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.rules.confirmations import Answers, check_answers
from tracker.rules.ledger_entries import Entry, content_digest
from tracker.rules.pairings import check_stage_note
from tracker.rules.reach import check_may_enter, check_stage
from tracker.rules.refusal import N_, Refused
from tracker.rules.stages import LONGEST_NOTE, check_stage_day
from tracker.services.audit import record_event
from tracker.services.confirmations import add_confirmation
from tracker.services.ledger_writing import FIELDS, stories_of_entry, told_of
from tracker.services.records import CHANGED
from tracker.services.works import keep_text

WAITING = (Status.SUBMITTED, Status.RETURNED)
NOTHING_SAID = Answers()
UNDER_WAY = N_("A next stage of this record waits to be verified already.")


def carry_on(
    record: Record,
    *,
    to: str,
    on: dt.date | None,
    note: str,
    said: Answers = NOTHING_SAID,
    version: int,
    by: User,
    at: dt.datetime,
    last: dt.date,
) -> Record:
    """The record that says the next stage. It waits; verified, it counts in place of the one it follows.

    to, on:  the stage and the day on which it was reached. note: a few words, '' for none; of a
    distinction, why it is given.
    said:    what the stage asks for.
    version: of `record` as it was seen.
    Raises Refused if `record` changed or does not count, if another next stage waits, if the stage or the day
    will not do, or if it is not theirs to enter.
    """  # fmt: skip
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    locked = db.session.scalars(
        select(Record.id)
        .where(Record.id == record.id, Record.version == version, Record.status == Status.VERIFIED)
        .with_for_update()
    ).first()
    if locked is None:
        raise Refused(CHANGED)
    if db.session.scalar(select(exists().where(Record.follows_id == record.id, Record.status.in_(WAITING)))):
        raise Refused(UNDER_WAY)
    since = record.since_on or record.happened_on
    stage, day = check_stage_day(kind, record.stage, to, on, since=since, last=last)
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Refused(N_("Write at most %(most)d characters."), "note", most=LONGEST_NOTE)
    if stage.bureau_only and not note:
        raise Refused(N_("Say why it is chosen: everybody who sees the record reads it."), "note")
    said = check_answers(kind, stage, said, since=day, last=last)
    check_stage_note(kind, stage.name, note)
    entry = _entry_of(record, stage.name, day if stage.before or stage.name == kind.ended_stage else None)
    reach = reach_of(by)
    check_may_enter(entry, reach)
    check_stage(entry, kind, reach)
    values = {name: getattr(entry, name) for name in FIELDS if name != "identity"}
    following = Record(
        campaign_id=record.campaign_id, kind_id=record.kind_id, status=Status.SUBMITTED,
        entered_by_id=by.id, entered_at=at, follows_id=record.id, since_on=day, note=note or None,
        before_note=said.before or None, after_note=said.after or None, **values,
    )  # fmt: skip
    following.participations = [
        Participation(
            member_id=row.member_id, minutes=row.minutes, branch_id=row.branch_id, group_id=row.group_id,
            section_id=row.section_id, reversed_at=row.reversed_at, reversed_by_id=row.reversed_by_id,
            reversed_why=row.reversed_why,
        )
        for row in record.participations
    ]  # fmt: skip
    following.co_organisers = [CoOrganiser(unit_id=one.unit_id) for one in record.co_organisers]
    db.session.add(following)
    db.session.flush()
    db.session.add_all(Story(**row) for row in stories_of_entry(entry, following.id))
    if record.work is not None:
        keep_text(following, record.work.text)
    record_event(by, "record:carry_on", following, at, follows_id=record.id)
    if said.word is not None:
        add_confirmation(following, said.word, by=by, at=at)
    return following


def _entry_of(record: Record, stage: str, ended_on: dt.date | None) -> Entry:
    """What the record says, at another stage."""
    facts = {name: getattr(record, name) for name in FIELDS if name not in ("identity", "content")}
    entry = Entry(kind=record.kind.code, sheet="", row=0, **facts)
    entry.people = tuple(row.member_id for row in record.participations)
    entry.co_organisers = tuple(one.unit_id for one in record.co_organisers)
    entry.stories = told_of(record)
    entry.stage, entry.ended_on = stage, ended_on or record.ended_on
    entry.content = content_digest(entry)
    return entry


def followed_by(ids: Iterable[int]) -> list[int]:
    """The records that these follow: they are locked with them, and counted anew with them."""
    statement = select(Record.follows_id).where(Record.id.in_(list(ids)), Record.follows_id.is_not(None))
    return sorted(id_ for id_ in db.session.scalars(statement) if id_ is not None)


def take_over(ids: Sequence[int], *, by: User, at: dt.datetime) -> list[int]:
    """Let these verified records count in place of those that they follow, whose identity they take.

    Returns the ids of those that count no more. They are locked already (`followed_by`).
    """
    return _hand(ids, Status.VERIFIED, Status.CONTINUED, "record:continue", by=by, at=at)


def give_back(ids: Sequence[int], *, by: User, at: dt.datetime) -> list[int]:
    """The opposite of `take_over`, when a verification is undone: those that they follow count again."""
    return _hand(ids, Status.CONTINUED, Status.VERIFIED, "record:undo_continue", by=by, at=at)


def _hand(
    ids: Sequence[int], was: Status, becomes: Status, action: str, *, by: User, at: dt.datetime
) -> list[int]:
    before = aliased(Record)
    pairs = db.session.execute(
        select(Record.id, Record.identity, before.id, before.identity)
        .join(before, before.id == Record.follows_id)
        .where(Record.id.in_(list(ids)), before.status == was)
        .order_by(before.id)
    ).all()
    if not pairs:
        return []
    # Nobody holds an identity twice, so both let go of it before either takes it.
    identities: dict[int, str | None] = {}
    for id_, own, before_id, theirs in pairs:
        identities[id_], identities[before_id] = (
            (theirs, None) if becomes is Status.CONTINUED else (None, own)
        )
    chosen = update(Record).execution_options(synchronize_session=False)
    db.session.execute(chosen.where(Record.id.in_(identities)).values(identity=None))
    held = {id_: identity for id_, identity in identities.items() if identity is not None}
    if held:
        db.session.execute(chosen.where(Record.id.in_(held)).values(identity=case(held, value=Record.id)))
    earlier = [before_id for _, _, before_id, _ in pairs]
    moves = {before_id: id_ for id_, _, before_id, _ in pairs}
    if becomes is Status.VERIFIED:
        moves = {id_: before_id for before_id, id_ in moves.items()}
    # Whoever reads the fact goes on reading it.
    shares = update(Share).execution_options(synchronize_session=False)
    db.session.execute(
        shares.where(Share.record_id.in_(moves), Share.ended_at.is_(None)).values(
            record_id=case(moves, value=Share.record_id)
        )
    )
    db.session.execute(
        chosen.where(Record.id.in_(earlier)).values(status=becomes, version=Record.version + 1)
    )
    db.session.add_all(
        AuditEvent(at=at, actor_id=by.id, action=action, subject_type="record", subject_id=before_id,
                   detail={"record_id": id_})
        for id_, _, before_id, _ in pairs
    )  # fmt: skip
    return earlier
