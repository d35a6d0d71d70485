"""The rows of the queue with what helps to decide. A handful of statements, however many rows there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Comment, Participation, Record, Status, User, Work
from tracker.queries.campaigns import spec_of
from tracker.queries.evidence import evidence_counts
from tracker.queries.overlaps import Attended, attended
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.records import LedgerRow
from tracker.queries.verifications import kept_by_others
from tracker.rules.pseudonyms import member_code
from tracker.rules.verifications import is_long

COUNTED = (Status.VERIFIED, Status.SUBMITTED)  # what speaks for or against a row of the same day


@dataclass(frozen=True, slots=True)
class Notes:
    """What helps to decide on one row. Minutes are of the same member on the same day, without this row.

    alike_id:    a record that says the same to the letter, and `alike` how many of them there are.
    was_said:    with which reason it was given back before it was corrected.
    text_length: characters of the essay that is to be read.
    attended:    sessions of that day which may be the same time; none where the member is seen as a code,
                 since whoever was in a session is told there by name.
    files:       how many files are to be looked at.
    """

    verified: int = 0
    waiting: int = 0
    alike: int = 0
    alike_id: int | None = None
    is_long: bool = False
    was_said: str | None = None
    text_length: int | None = None
    attended: tuple[Attended, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue.

    is_own:       somebody else verifies it; `by_branch` says whether there is one in the branch.
    by_themselves: whoever it is about entered it.
    """

    line: LedgerRow
    is_own: bool
    by_branch: bool
    by_themselves: bool
    notes: Notes

    @property
    def record(self) -> Record:
        return self.line.record

    @property
    def seen(self) -> str:
        """How a form names this row as it was shown."""
        return f"{self.record.id}:{self.record.version}"


def queue_rows(
    found: Sequence[tuple[Record, bool]], campaign: Campaign, user: User, key: str
) -> list[QueueRow]:
    """The rows of one page of the queue, as this verifier may see them.

    key: the installation's secret, for the codes that stand in place of names.
    """
    spec = spec_of(campaign)
    hidden = hidden_kinds(user, spec)
    kinds = {kind.code: kind for kind in spec.kinds}
    records = [record for record, _ in found]
    ids = [record.id for record in records]
    days = _days(records, campaign)
    alike = _alike(records)
    said = _said(ids)
    lengths = _lengths([record.id for record in records if kinds[record.kind.code].has_text])
    files = evidence_counts(records)
    kept = kept_by_others(user, [record.branch_id for record, own in found if own])
    there = _attended(records, campaign, user, hidden)
    rows = []
    for record, own in found:
        kind = kinds[record.kind.code]
        verified = waits = 0
        if record.member_id is not None and record.minutes is not None and record.is_dated:
            day = (record.member_id, record.happened_on)
            verified = days.get((*day, Status.VERIFIED), 0)
            waits = days.get((*day, Status.SUBMITTED), 0) - record.minutes
        count, first, last = alike.get(record.content or "", (1, record.id, record.id))
        code, people = None, None
        if record.member_id is None:
            people = record.headcount or len(record.participations)
        elif kind.code in hidden:
            code = member_code(key, record.member_id)
        rows.append(
            QueueRow(
                LedgerRow(record, code, people, len(record.co_organisers), stories=len(record.stories_told)),
                is_own=own,
                by_branch=record.branch_id in kept,
                by_themselves=record.member_id is not None
                and record.entered_by.member_id == record.member_id,
                notes=Notes(
                    verified=verified,
                    waiting=max(0, waits),
                    alike=count - 1,
                    alike_id=(first if first != record.id else last) if count > 1 else None,
                    is_long=is_long(record.minutes, kind),
                    was_said=said.get(record.id),
                    text_length=lengths.get(record.id),
                    attended=tuple(there.get(record.id, ())),
                    files=files[record.id],
                ),
            )
        )
    return rows


def _days(records: Sequence[Record], campaign: Campaign) -> dict[tuple[int, dt.date, Status], int]:
    """Minutes of each member of the page on each of its days, by state."""
    timed = [record for record in records if record.member_id is not None and record.minutes is not None]
    rows = db.session.execute(
        select(Participation.member_id, Record.happened_on, Record.status, func.sum(Participation.minutes))
        .join(Record, Record.id == Participation.record_id)
        .where(
            Participation.member_id.in_({record.member_id for record in timed}),
            Participation.reversed_at.is_(None),
            Participation.minutes.is_not(None),
            Record.campaign_id == campaign.id,
            Record.happened_on.in_({record.happened_on for record in timed}),
            Record.status.in_(COUNTED),
        )
        .group_by(Participation.member_id, Record.happened_on, Record.status)
    )
    return {(member_id, day, status): int(total or 0) for member_id, day, status, total in rows}


def _attended(
    records: Sequence[Record], campaign: Campaign, user: User, hidden: Collection[str]
) -> dict[int, list[Attended]]:
    """Record of hours -> what its member attended that day. One statement for each kind that is compared."""
    found: dict[int, list[Attended]] = {}
    for kind in spec_of(campaign).kinds:
        if not kind.overlaps_with or kind.code in hidden:
            continue
        asked = {
            record.id: (record.member_id, record.happened_on)
            for record in records
            if record.kind.code == kind.code and record.member_id is not None and record.is_dated
        }
        there = attended(campaign, kind, set(asked.values()), user)
        found |= {id_: there[day] for id_, day in asked.items() if day in there}
    return found


def _alike(records: Sequence[Record]) -> dict[str, tuple[int, int, int]]:
    """For each content of the page: how many records say it to the letter, and the first and last of them."""
    told = [record for record in records if record.content]
    rows = db.session.execute(
        select(Record.content, func.count(), func.min(Record.id), func.max(Record.id))
        .where(
            Record.kind_id.in_({record.kind_id for record in told}),
            Record.status.in_(COUNTED),
            Record.happened_on.in_({record.happened_on for record in told}),
            Record.content.in_({record.content for record in told}),
        )
        .group_by(Record.content)
    )
    return {content or "": (count, first, last) for content, count, first, last in rows}


def _said(ids: Sequence[int]) -> dict[int, str]:
    """Why records were given back that came again corrected; a return that was undone says nothing."""
    rows = db.session.execute(
        select(Comment.record_id, Comment.text)
        .join(Record, Record.id == Comment.record_id)
        .where(Comment.record_id.in_(ids), Comment.is_return, Comment.at < Record.entered_at)
        .order_by(Comment.id)
    )
    return dict(rows.all())


def _lengths(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(select(Work.record_id, func.length(Work.text)).where(Work.record_id.in_(ids)))
    return dict(rows.all())
