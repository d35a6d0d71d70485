"""Whose copy it is, and which rows of which table are about a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from tracker.db import db
from tracker.models import (
    AgendaItem,
    AuditEvent,
    Comment,
    Confirmation,
    DeadlineChange,
    Evidence,
    Member,
    Paper,
    Plan,
    Record,
    SampleRow,
    SealedOpening,
    Series,
    Share,
    Suggestion,
    ToldApart,
    TryCount,
    User,
    Work,
)
from tracker.queries.audit import events_about, papers_with
from tracker.queries.own_records import about
from tracker.queries.pairings import behind_codes_of

COUNTED = ("account", "code", "confirm", "search", "export", "upload")  # per account: tracker.security_events


@dataclass(frozen=True, slots=True)
class Person:
    """Whose copy it is: a member, an account, or mostly both."""

    member: Member | None
    user: User | None

    @property
    def member_id(self) -> int:
        """0 for an account without a member: no row has it."""
        return self.member.id if self.member else 0

    @property
    def user_id(self) -> int:
        """0 for a member without an account."""
        return self.user.id if self.user else 0


def person_of_member(member: Member) -> Person:
    """The member with their account, if they have one."""
    return Person(member, db.session.scalar(select(User).where(User.member_id == member.id)))


def person_of_user(user: User) -> Person:
    """The account with its member, if it has one."""
    return Person(user.member, user)


def _alone(person: Person) -> Any:
    """The records that are the person's alone."""
    return select(Record.id).where(Record.member_id == person.member_id)


def _papers(person: Person) -> ColumnElement[bool]:
    return Paper.id.in_(papers_with(person.member) if person.member else [])


def _series(person: Person) -> ColumnElement[bool]:
    rows = db.session.execute(select(Series.id, Series.lead_ids))
    return Series.id.in_([id_ for id_, lead_ids in rows if person.member_id in lead_ids])


def _spoken(person: Person) -> ColumnElement[bool]:
    """Items on which they spoke, in sessions in which they were."""
    there = select(Record.id).where(about(person.member_id))
    return AgendaItem.record_id.in_(there) & (
        AgendaItem.speaker == (person.member.name if person.member else "")
    )


def files_about(person: Person) -> ColumnElement[bool]:
    """Files of records that are theirs alone, and those that they sent to sessions in which they were."""
    there = select(Record.id).where(about(person.member_id), Record.member_id.is_(None))
    return or_(
        Evidence.record_id.in_(_alone(person)),
        Evidence.record_id.in_(there) & (Evidence.added_by_id == person.user_id),
    )


def _tries(person: Person) -> ColumnElement[bool]:
    keys = [f"{sort}:{person.user_id}" for sort in COUNTED]
    return TryCount.key.in_(keys) | TryCount.key.startswith(f"denied:{person.user_id}:", autoescape=True)


def _events(person: Person) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [
        AuditEvent.actor_id == person.user_id,
        (AuditEvent.subject_type == User.__tablename__) & (AuditEvent.subject_id == person.user_id),
    ]
    return or_(*found, *([events_about(person.member)] if person.member else []))


# Table → which of its rows are about a person. One with a member or an account of its own needs no entry.
WHOSE: dict[str, Callable[[Person], ColumnElement[bool]]] = {
    "agenda_item": _spoken,
    "audit_event": _events,
    "comment": lambda person: or_(Comment.record_id.in_(_alone(person)), Comment.by_id == person.user_id),
    "confirmation": lambda person: Confirmation.record_id.in_(_alone(person)),
    "deadline_change": lambda person: DeadlineChange.record_id.in_(_alone(person)),
    "evidence": files_about,
    "member": lambda person: Member.id == person.member_id,
    "paper": _papers,
    "plan": lambda person: Plan.lead_id == person.member_id,
    "record": lambda person: about(person.member_id),
    "sample_row": lambda person: SampleRow.record_id.in_(_alone(person)) & SampleRow.verdict.is_not(None),
    "sealed_opening": lambda person: SealedOpening.sealed_person_id.in_(behind_codes_of(person.member_id)),
    "series": _series,
    "share": lambda person: Share.record_id.in_(_alone(person)),
    "suggestion": lambda person: Suggestion.by_id == person.user_id,
    "told_apart": lambda person: or_(
        ToldApart.first_id.in_(_alone(person)), ToldApart.second_id.in_(_alone(person))
    ),
    "try_count": _tries,
    "user_account": lambda person: User.id == person.user_id,
    "work": lambda person: Work.record_id.in_(_alone(person)),
}


def whose(table: Table, person: Person) -> ColumnElement[bool]:
    """Which rows of a table are about a person."""
    if table.name in WHOSE:
        return WHOSE[table.name](person)
    if "member_id" in table.columns:
        return table.c.member_id == person.member_id
    return table.c.user_id == person.user_id
