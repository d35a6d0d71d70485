"""What is known of pairings: what is sealed and who opened it, the notes, and which visits are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    Campaign,
    Kind,
    Member,
    NoteSort,
    PairingNote,
    Record,
    SealedOpening,
    SealedPerson,
    Status,
    Unit,
    User,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.pairings import Due, due_of, is_ended

MOST_NOTES = 200
MOST_OPENINGS = 100
MOST_DUE = 100


@dataclass(frozen=True, slots=True)
class DuePairing:
    """A pairing that goes on, and when its next visit is due."""

    record: Record
    due: Due


def kind_of(record: Record) -> KindSpec:
    """What the campaign file says of the record's kind."""
    return spec_of(db.session.get_one(Campaign, record.campaign_id)).kind(record.kind.code)


def _same_person(record: Record) -> ColumnElement[bool]:
    return and_(
        SealedPerson.campaign_id == record.campaign_id,
        SealedPerson.branch_id == record.branch_id,
        SealedPerson.subject == record.subject,
    )


def sealed_of(record: Record) -> SealedPerson | None:
    """The sealed person behind the record's code in its branch; None if there is none, or no more."""
    return db.session.scalar(
        select(SealedPerson).where(_same_person(record), SealedPerson.deleted_at.is_(None))
    )


def last_deleted_of(record: Record) -> SealedPerson | None:
    """What was sealed behind the record's code and was deleted last."""
    return db.session.scalar(
        select(SealedPerson)
        .where(_same_person(record), SealedPerson.deleted_at.is_not(None))
        .order_by(SealedPerson.deleted_at.desc(), SealedPerson.id.desc())
        .limit(1)
    )


def openings_of(record: Record) -> list[SealedOpening]:
    """Who opened what is, or was, sealed behind the record's code, latest first; at most MOST_OPENINGS."""
    return list(
        db.session.scalars(
            select(SealedOpening)
            .where(SealedOpening.sealed_person_id.in_(select(SealedPerson.id).where(_same_person(record))))
            .order_by(SealedOpening.at.desc(), SealedOpening.id.desc())
            .limit(MOST_OPENINGS)
            .options(joinedload(SealedOpening.by))
        )
    )


def behind_codes_of(member_id: int) -> Select[int]:
    """What is, or was, sealed behind the codes of a member's records."""
    theirs = exists().where(
        Record.campaign_id == SealedPerson.campaign_id,
        Record.branch_id == SealedPerson.branch_id,
        Record.subject == SealedPerson.subject,
        Record.member_id == member_id,
        Record.status.in_((Status.VERIFIED, Status.CONTINUED)),
    )
    return select(SealedPerson.id).where(theirs)


def openings_about(member: Member) -> list[SealedOpening]:
    """Who opened what is, or was, sealed behind the codes of a member's records, the latest first."""
    return list(
        db.session.scalars(
            select(SealedOpening)
            .where(SealedOpening.sealed_person_id.in_(behind_codes_of(member.id)))
            .order_by(SealedOpening.at.desc(), SealedOpening.id.desc())
            .limit(MOST_OPENINGS)
            .options(joinedload(SealedOpening.by).selectinload(User.grants), joinedload(SealedOpening.person))
        )
    )


def _same_pairing(record: Record) -> ColumnElement[bool]:
    return and_(
        PairingNote.campaign_id == record.campaign_id,
        PairingNote.member_id == record.member_id,
        PairingNote.subject == record.subject,
    )


def notes_of(record: Record) -> list[PairingNote]:
    """Visits, needs and measures of the pairing that the record says, latest first; at most MOST_NOTES."""
    return list(
        db.session.scalars(
            select(PairingNote)
            .where(_same_pairing(record))
            .order_by(PairingNote.happened_on.desc(), PairingNote.id.desc())
            .limit(MOST_NOTES)
        )
    )


def note_of(record: Record, note_id: int) -> PairingNote | None:
    """One note of the pairing that the record says."""
    return db.session.scalar(select(PairingNote).where(_same_pairing(record), PairingNote.id == note_id))


def due_for(record: Record, kind: KindSpec, today: dt.date) -> Due | None:
    """When the next visit is due; None where none is asked for, the record does not count, or all is over."""
    campaign = db.session.get_one(Campaign, record.campaign_id)
    is_on = record.status is Status.VERIFIED and not is_ended(kind, record, today)
    if kind.visit_every_days is None or not is_on or today > campaign.ends_on:
        return None
    last = db.session.scalar(
        select(func.max(PairingNote.happened_on)).where(
            _same_pairing(record), PairingNote.sort == NoteSort.VISIT
        )
    )
    return due_of(record.happened_on, last, kind.visit_every_days, today)


def own_pairings(campaign: Campaign, member: Member, today: dt.date) -> list[DuePairing]:
    """A member's pairings that go on and ask for visits, what is due first coming first; at most MOST_DUE."""
    return _going_on(campaign, today, [Record.member_id == member.id])[0]


def members_with_visits_due(campaign: Campaign, member_ids: Collection[int], today: dt.date) -> set[int]:
    """Which of these members have a pairing whose visit is due. One statement for each kind with visits."""
    found: set[int] = set()
    for kind in _visited_kinds(campaign, today):
        since, here = _of_kind(campaign, kind, today)[1:]
        is_due = since <= today - dt.timedelta(days=kind.visit_every_days or 0)
        ids = select(Record.member_id).where(*here, is_due, Record.member_id.in_(member_ids))
        found |= {id_ for id_ in db.session.scalars(ids) if id_ is not None}
    return found


def due_visits(campaign: Campaign, unit: Unit, today: dt.date) -> tuple[list[DuePairing], int]:
    """Pairings of a branch whose visit is due, the longest due first: at most MOST_DUE; how many in all."""
    return _going_on(campaign, today, [Record.branch_id == unit.id], only_due=True)


def _going_on(
    campaign: Campaign, today: dt.date, where: Sequence[ColumnElement[bool]], *, only_due: bool = False
) -> tuple[list[DuePairing], int]:
    """One statement for each kind with visits, two where there are many. After the campaign none is due."""
    found: list[DuePairing] = []
    total = 0
    for kind in _visited_kinds(campaign, today):
        every = kind.visit_every_days or 0
        last, since, here = _of_kind(campaign, kind, today)
        here += where
        if only_due:
            here.append(since <= today - dt.timedelta(days=every))
        rows = db.session.execute(
            select(Record, last).where(*here).order_by(since, Record.id).limit(MOST_DUE)
        ).all()
        is_cut = len(rows) == MOST_DUE
        counted = db.session.scalar(select(func.count()).select_from(Record).where(*here)) if is_cut else None
        total += counted or len(rows)
        found += [
            DuePairing(record, due_of(record.happened_on, visited, every, today)) for record, visited in rows
        ]
    found.sort(key=lambda one: (one.due.due_on, one.record.id))
    return found[:MOST_DUE], total


def _visited_kinds(campaign: Campaign, today: dt.date) -> list[KindSpec]:
    """The kinds that ask for visits; after the campaign none does."""
    kinds = () if today > campaign.ends_on else spec_of(campaign).kinds
    return [kind for kind in kinds if kind.visit_every_days is not None]


def _of_kind(
    campaign: Campaign, kind: KindSpec, today: dt.date
) -> tuple[ScalarSelect[dt.date], ColumnElement[dt.date], list[ColumnElement[bool]]]:
    """Of a pairing of the kind: its last visit, the day from which the next one counts; which go on."""
    last = (
        select(func.max(PairingNote.happened_on))
        .where(
            PairingNote.campaign_id == Record.campaign_id,
            PairingNote.member_id == Record.member_id,
            PairingNote.subject == Record.subject,
            PairingNote.sort == NoteSort.VISIT,
        )
        .scalar_subquery()
    )
    here: list[ColumnElement[bool]] = [
        Record.campaign_id == campaign.id,
        Record.kind_id.in_(select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code == kind.code)),
        Record.status == Status.VERIFIED,
        Record.subject.is_not(None),
        or_(
            Record.ended_on > today,
            and_(Record.ended_on.is_(None), Record.stage.is_distinct_from(kind.ended_stage))
            if kind.ended_stage
            else Record.ended_on.is_(None),
        ),
    ]
    return last, func.coalesce(last, Record.happened_on), here
