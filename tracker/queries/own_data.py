"""Everything that is kept about one member and their account. Nothing of it is about anybody else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import (
    Absence,
    Arrival,
    AuditEvent,
    Certificate,
    Comment,
    Draft,
    Evidence,
    Exemption,
    KnownDevice,
    Member,
    Membership,
    PairingNote,
    Paper,
    Plan,
    Record,
    Reminder,
    Resolution,
    SampleRow,
    SealedOpening,
    Share,
    Status,
    Story,
    Suggestion,
    User,
    UserSession,
)
from tracker.queries.absences import absences_of
from tracker.queries.audit import EventFilter, event_chunks, papers_with
from tracker.queries.certificates import certificates_of
from tracker.queries.drafts import drafts_of
from tracker.queries.evidence import evidence_about
from tracker.queries.own_records import OwnRow, about, rows_for
from tracker.queries.pairings import openings_about
from tracker.queries.reminders import reminders_about
from tracker.queries.results import OwnResult, own_results
from tracker.queries.shares import shares_about

MOST_EVENTS = 5_000


@dataclass(frozen=True, slots=True)
class OwnData:
    """All rows, oldest first unless said otherwise.

    records:  that the member is in, in any state, the latest day first.
    evidence: files of those that are the member's alone, and files that they added.
    shares:   with whom their own records were shared.
    comments: on records that are the member's alone; others speak in those of sessions.
    devices:  how many browsers are known as theirs.
    drafts:   the last one first.
    stories:  that the member told, by day.
    absences: from sessions, by day.
    resolved: what the member takes care of, by due day.
    papers:   printed sheets on which the member stands.
    led:      plans in which the member is the lead learner.
    arrivals: plans for which they ticked themselves in, not reported yet.
    notes:    visits, needs and measures of the member's pairings, by day.
    openings: of what is sealed behind the codes of the member's pairings, the latest first.
    checks:   of records that are the member's alone, by samples.
    results:  of tests and contests, by day.
    events:   the audit's about the member, the last MOST_EVENTS, newest first.
    """

    member: Member
    memberships: list[Membership]
    exemptions: list[Exemption]
    records: list[OwnRow]
    evidence: list[Evidence]
    shares: list[Share]
    comments: list[Comment]
    sessions: list[UserSession]
    devices: int
    drafts: list[Draft]
    suggestions: list[Suggestion]
    stories: list[Story]
    absences: list[Absence]
    resolved: list[Resolution]
    papers: list[Paper]
    led: list[Plan]
    arrivals: list[Plan]
    certificates: list[Certificate]
    notes: list[PairingNote]
    openings: list[SealedOpening]
    checks: list[SampleRow]
    results: list[OwnResult]
    reminders: list[Reminder]
    events: list[AuditEvent]


def own_data(user: User, member: Member) -> OwnData:
    """Everything about `member`, whose account is `user`. Statements do not grow with the rows."""
    records = db.session.scalars(
        select(Record)
        .where(about(member.id), Record.status != Status.COUNTER)
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .options(
            joinedload(Record.kind),
            selectinload(Record.branch),
            selectinload(Record.group),
            selectinload(Record.section),
            selectinload(Record.entered_by),
            selectinload(Record.verified_by),
            selectinload(Record.work),
        )
    ).all()
    return OwnData(
        member,
        list(
            db.session.scalars(
                select(Membership)
                .where(Membership.member_id == member.id)
                .order_by(Membership.starts_on.nulls_first(), Membership.id)
                .options(joinedload(Membership.branch), joinedload(Membership.group))
                .options(joinedload(Membership.section))
            )
        ),
        list(
            db.session.scalars(
                select(Exemption)
                .where(Exemption.member_id == member.id)
                .order_by(Exemption.starts_on.nulls_first(), Exemption.id)
            )
        ),
        rows_for(list(records), user),
        evidence_about(member.id, user),
        shares_about(member.id),
        list(
            db.session.scalars(
                select(Comment)
                .join(Record, Record.id == Comment.record_id)
                .where(Record.member_id == member.id)
                .order_by(Comment.at, Comment.id)
                .options(joinedload(Comment.record), joinedload(Comment.by))
            )
        ),
        list(
            db.session.scalars(
                select(UserSession)
                .where(UserSession.user_id == user.id)
                .order_by(UserSession.started_at, UserSession.id)
            )
        ),
        db.session.scalar(select(func.count()).select_from(KnownDevice).where(KnownDevice.user_id == user.id))
        or 0,
        drafts_of(user),
        list(
            db.session.scalars(
                select(Suggestion).where(Suggestion.by_id == user.id).order_by(Suggestion.at, Suggestion.id)
            )
        ),
        list(
            db.session.scalars(
                select(Story)
                .join(Record, Record.id == Story.record_id)
                .where(Story.member_id == member.id)
                .order_by(Record.happened_on, Story.id)
                .options(joinedload(Story.record))
            )
        ),
        list(absences_of(member)),
        list(
            db.session.scalars(
                select(Resolution)
                .where(Resolution.member_id == member.id)
                .order_by(Resolution.due_on, Resolution.id)
            )
        ),
        list(
            db.session.scalars(
                select(Paper)
                .where(Paper.id.in_(papers_with(member)))
                .order_by(Paper.printed_at, Paper.id)
                .options(joinedload(Paper.kind))
            )
        ),
        list(
            db.session.scalars(
                select(Plan).where(Plan.lead_id == member.id).order_by(Plan.happens_on, Plan.id)
            )
        ),
        list(
            db.session.scalars(
                select(Plan)
                .join(Arrival, Arrival.plan_id == Plan.id)
                .where(Arrival.member_id == member.id)
                .order_by(Plan.happens_on, Plan.id)
            )
        ),
        certificates_of(member),
        list(
            db.session.scalars(
                select(PairingNote)
                .where(PairingNote.member_id == member.id)
                .order_by(PairingNote.happened_on, PairingNote.id)
            )
        ),
        openings_about(member),
        list(
            db.session.scalars(
                select(SampleRow)
                .join(Record, Record.id == SampleRow.record_id)
                .where(Record.member_id == member.id, SampleRow.verdict.is_not(None))
                .order_by(SampleRow.checked_at, SampleRow.id)
                .options(joinedload(SampleRow.record), joinedload(SampleRow.checked_by))
            )
        ),
        own_results(member.id),
        reminders_about(user),
        [event for some in event_chunks(EventFilter(member=member), MOST_EVENTS) for event in some],
    )
