"""What became of one record, from its entry on: a story whose people the reader may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    AuditEvent,
    Comment,
    Confirmation,
    DeadlineChange,
    Evidence,
    Participation,
    Record,
    Role,
    Share,
    Status,
    User,
)
from tracker.queries.access import branches_of, groups_of, records_within, sections_of, sees_bureau
from tracker.queries.records import People

ENTERED = ("record:enter", "record:carry_on")
DEADLINE, UNCONFIRMED = "record:change_deadline", "record:end_confirmation"
UNTOLD = ("record:read", "evidence:read")  # belongs to the audit
# What an account is in the eyes of a record, the nearest first.
NEAREST = (Role.SECRETARY, Role.DEPUTY, Role.GROUP_LEADER, Role.SECTION_HEAD)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as far as the reader may know.

    name:       None where the reader is told only in what role it was done.
    role:       what they are towards this record now; None if nothing that fits.
    is_subject: whom the record is about.
    """

    name: str | None = None
    role: Role | None = None
    is_you: bool = False
    is_subject: bool = False
    is_command_line: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to the record.

    what:    the action of an audit event; 'import', 'counter', 'comment' beside them.
    fields:  what a correction changed; `amounts` holds (before, after) of those that are numbers.
    text:    a reason or a remark.
    is_for:  entered for somebody else.
    days:    the due day before and after, as ISO texts; None for none.
    link_id: the record that counters this one, or is countered by it.
    """

    at: dt.datetime
    what: str
    actor: Actor
    fields: tuple[str, ...] = ()
    amounts: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    days: tuple[str | None, ...] = ()
    text: str | None = None
    is_for: bool = False
    link_id: int | None = None


def sees_names(record: Record, user: User) -> bool:
    """Whether the unit of the record is the user's to see, and so who did what there."""
    return (
        sees_bureau(user)
        or record.branch_id in branches_of(user)
        or record.group_id in groups_of(user)
        or record.section_id in sections_of(user)
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    record: Record
    user: User
    hides_member: bool

    def actor(self, by: User | None) -> Actor:
        """Who it was: a name for those who see the unit, for others the role alone."""
        if by is None:
            return Actor(is_command_line=True)
        is_subject = by.member_id is not None and by.member_id == self.record.member_id
        is_hidden = is_subject and self.hides_member
        may_know = sees_names(self.record, self.user) and not is_hidden
        return Actor(
            name=by.name if may_know or by.id == self.user.id else None,
            role=_role_towards(by, self.record),
            is_you=by.id == self.user.id,
            is_subject=is_subject,
        )


def actor_towards(record: Record, by: User | None, user: User, *, hides_member: bool) -> Actor:
    """Who somebody is, as far as `user` may know of who did what with the record."""
    return _Reader(record, user, hides_member).actor(by)


def _role_towards(by: User, record: Record) -> Role | None:
    units = {
        Role.SECRETARY: record.branch_id,
        Role.DEPUTY: record.branch_id,
        Role.GROUP_LEADER: record.group_id,
        Role.SECTION_HEAD: record.section_id,
    }
    held = {grant.role for grant in by.grants if grant.role in units and grant.unit_id == units[grant.role]}
    found = next((role for role in NEAREST if role in held), None)
    is_office = any(grant.role is Role.OFFICE for grant in by.grants)
    return found or (Role.OFFICE if is_office else None)


def story_of(record: Record, people: People, user: User, *, hides_member: bool) -> list[Step]:
    """What was done to the record and to the attendances that the reader sees, and what was said, oldest
    first.

    hides_member: the kind hides from this reader whom the record is about.
    """
    reader = _Reader(record, user, hides_member)
    events = _events(record, people)
    comments = _comments(record)
    reasons = {(comment.by_id, comment.at): comment.text for comment in comments if comment.is_return}
    if any(event.action == DEADLINE for event in events):
        changes = db.session.scalars(select(DeadlineChange).where(DeadlineChange.record_id == record.id))
        reasons |= {(change.by_id, change.at): change.why for change in changes}
    if any(event.action == UNCONFIRMED for event in events):
        ended = Confirmation.record_id == record.id, Confirmation.ended_at.is_not(None)
        for word in db.session.scalars(select(Confirmation).where(*ended)):
            if word.ended_by_id and word.ended_at and word.ended_why:
                reasons[word.ended_by_id, word.ended_at] = word.ended_why
    steps = _beginning(reader, events)
    gone = {person.participation.id: person.participation.reversed_why for person in people.seen}
    taken = _removed(record)
    steps += [_told(reader, event, reasons, gone, taken) for event in events]
    steps += _ending(reader, events)
    steps += [
        Step(comment.at, "comment", reader.actor(comment.by), text=comment.text)
        for comment in comments
        if not comment.is_return
    ]
    return sorted(steps, key=lambda step: step.at)  # what happened at one moment keeps its order


def _events(record: Record, people: People) -> list[AuditEvent]:
    ids = [person.participation.id for person in people.seen]
    own = (AuditEvent.subject_type == Record.__tablename__) & (AuditEvent.subject_id == record.id)
    within = (AuditEvent.subject_type == Participation.__tablename__) & AuditEvent.subject_id.in_(ids)
    files = select(Evidence.id).where(Evidence.record_id == record.id)
    added = (AuditEvent.subject_type == Evidence.__tablename__) & AuditEvent.subject_id.in_(files)
    shares = select(Share.id).where(Share.record_id == record.id)
    shared = (AuditEvent.subject_type == Share.__tablename__) & AuditEvent.subject_id.in_(shares)
    return list(
        db.session.scalars(
            select(AuditEvent)
            .where(own | within | added | shared, AuditEvent.action.not_in(UNTOLD))
            .order_by(AuditEvent.at, AuditEvent.id)
            .options(joinedload(AuditEvent.actor))
        )
    )


def _comments(record: Record) -> list[Comment]:
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.record_id == record.id)
            .order_by(Comment.id)
            .options(joinedload(Comment.by))
        )
    )


def _removed(record: Record) -> dict[int, str | None]:
    """Why files of the record were removed, by id."""
    where = Evidence.record_id == record.id, Evidence.removed_at.is_not(None)
    return dict(db.session.execute(select(Evidence.id, Evidence.removed_why).where(*where)).all())


def _beginning(reader: _Reader, events: Sequence[AuditEvent]) -> list[Step]:
    """How it came into the ledger, where no event of its own tells: by a file, or as a counter-record."""
    record = reader.record
    if record.status is Status.COUNTER:
        text = record.reverses.reversed_why if record.reverses else None
        entered = reader.actor(record.entered_by)
        return [Step(record.entered_at, "counter", entered, text=text, link_id=record.reverses_id)]
    found = []
    if not any(event.action in ENTERED for event in events):
        at, by, what = record.entered_at, record.entered_by, "record:enter"
        if record.batch is not None:
            at = min(record.batch.committed_at or at, at)
            by, what = record.batch.uploaded_by, "import"
        is_for = what != "import" and _is_for(record, by)
        found.append(Step(at, what, reader.actor(by), is_for=is_for))
    if record.verified_at is not None and not any(event.at == record.verified_at for event in events):
        found.append(Step(record.verified_at, "record:verify", reader.actor(record.verified_by)))
    return found


def _ending(reader: _Reader, events: Sequence[AuditEvent]) -> list[Step]:
    """A reversal that came with the undoing of an import has no event of its own."""
    record = reader.record
    if record.reversed_at is None or any(event.action == "record:reverse" for event in events):
        return []
    by = reader.actor(record.reversed_by)
    return [Step(record.reversed_at, "record:reverse", by, text=record.reversed_why)]


def _told(
    reader: _Reader,
    event: AuditEvent,
    reasons: Mapping[tuple[int, dt.datetime], str],
    gone: Mapping[int, str | None],
    taken: Mapping[int, str | None],
) -> Step:
    """One event. Reasons stand in the rows, never in the audit: they may name somebody.

    reasons: those of returns, changed due days and ended confirmations, by account and moment.
    gone:    those of attendances that were taken out, by id; `taken`: those of removed files.
    """
    detail: dict[str, Any] = event.detail or {}
    text: str | None = None
    link_id = None
    if event.action == "record:return":
        text = reasons.get((event.actor_id or 0, event.at), reader.record.returned_why)
    if event.action in (DEADLINE, UNCONFIRMED):
        text = reasons.get((event.actor_id or 0, event.at))
    if event.action == "record:reverse":
        text, link_id = reader.record.reversed_why, counter_of(reader.record, reader.user)
    if event.action == "participation:reverse":
        text = gone.get(event.subject_id or 0)
    if event.action == "evidence:remove":
        text = taken.get(event.subject_id or 0)
    return Step(
        event.at,
        event.action,
        reader.actor(event.actor),
        fields=tuple(detail.get("fields", ())),
        amounts=detail.get("amounts", {}),
        days=tuple(detail.get("due_on", ())),
        text=text,
        is_for=event.action == "record:enter" and _is_for(reader.record, event.actor),
        link_id=link_id,
    )


def _is_for(record: Record, by: User | None) -> bool:
    return record.member_id is not None and (by is None or by.member_id != record.member_id)


def counter_of(record: Record, user: User) -> int | None:
    """The counter-record of a reversed one, if the user may see it."""
    return db.session.scalar(select(Record.id).where(Record.reverses_id == record.id, records_within(user)))
