"""Samples: among which records they are drawn, how far they have come, what they found."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import defer, joinedload, selectinload

from tracker.db import db
from tracker.models import (
    Campaign,
    Kind,
    OwnerType,
    Participation,
    Record,
    Sample,
    SampleReopening,
    SampleRow,
    Status,
    Unit,
    UnitLevel,
    User,
    Verdict,
)
from tracker.queries.access import branches_of, sections_of, sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.evidence import evidence_counts
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.records import LedgerRow, ledger_rows_of
from tracker.rules.samples import most_share

LIST_ORDER = (
    Sample.starts_on.desc(),
    Sample.ends_on.desc(),
    Kind.position,
    Unit.level,
    Unit.position,
    Sample.id,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The verified records of one unit among which a sample is drawn.

    rounds:  samples of them drawn before. is_busy: one of these is being checked. Both are of one reading:
             two who draw at once and see none busy come to the same next round, which the table takes once.
    """

    unit: Unit
    ids: tuple[int, ...]
    rounds: int
    is_busy: bool


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One sample and how far it has come; its frame is not read.

    checked: so many of its records have a verdict.
    """

    sample: Sample
    checked: int

    @property
    def is_completed(self) -> bool:
        return self.sample.completed_at is not None

    @property
    def bound_parts(self) -> int | None:
        """How many of the frame are wrong at most, in hundredths of a percent, rounded up; None if open."""
        if self.sample.bound is None:
            return None
        return -(-self.sample.bound * 10_000 // self.sample.frame_size)

    @property
    def endless_parts(self) -> int | None:
        """The bound of Clopper and Pearson, for comparison: as if there were no end of such records."""
        one = self.sample
        if one.wrong is None or one.unclear is None:
            return None
        return most_share(one.size, one.wrong + one.unclear, one.level)


@dataclass(frozen=True, slots=True)
class SampledRecord:
    """One record of a sample as the reader may see it. files: of evidence.

    may_check: whether the reader is none of those who made it.
    """

    row: SampleRow
    line: LedgerRow
    files: int
    may_check: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of a record. opens: whether the sample is the reader's to see."""

    row: SampleRow
    opens: bool


def frames_of(
    campaign: Campaign, kind: Kind, starts_on: dt.date, ends_on: dt.date, unit_id: int | None = None
) -> list[Frame]:
    """The verified records of a kind that happened between two days, by unit, each record in one frame:
    the section's that owns it, else the branch's, else the committee's. Units without any are left out.

    unit_id: of this unit alone.
    """
    place = case((Record.owner_type == OwnerType.SECTION, Record.section_id), else_=Record.branch_id)
    rows = db.session.execute(
        select(Record.id, place)
        .where(
            Record.campaign_id == campaign.id,
            Record.kind_id == kind.id,
            Record.status == Status.VERIFIED,
            Record.happened_on.between(starts_on, ends_on),
        )
        .order_by(Record.id)
    )
    found: dict[int | None, list[int]] = defaultdict(list)
    for record_id, place_id in rows:
        found[place_id].append(record_id)
    still_open = func.count().filter(Sample.completed_at.is_(None))
    before = db.session.execute(
        select(Sample.unit_id, func.max(Sample.round), still_open)
        .where(Sample.kind_id == kind.id, Sample.starts_on == starts_on, Sample.ends_on == ends_on)
        .group_by(Sample.unit_id)
    )
    drawn = {place_id: (rounds, open_ones) for place_id, rounds, open_ones in before}
    units = db.session.scalars(select(Unit).order_by(Unit.level, Unit.position, Unit.id)).all()
    committee = next((unit.id for unit in units if unit.level is UnitLevel.COMMITTEE), None)
    if committee is not None:
        found[committee] += found.pop(None, [])
    return [
        Frame(unit, tuple(found[unit.id]), rounds, is_busy=open_ones > 0)
        for unit in units
        if unit_id in (None, unit.id) and found.get(unit.id)
        for rounds, open_ones in [drawn.get(unit.id, (0, 0))]
    ]


def samples_within(user: User) -> ColumnElement[bool]:
    """Which samples the user may see: all, or those of the branches they keep and the sections they head."""
    if sees_bureau(user):
        return true()
    return Sample.unit_id.in_(branches_of(user) | sections_of(user))


def sample_for(user: User, sample_id: int) -> Sample | None:
    """The sample with that id, None if it does not exist or is not theirs to see."""
    return db.session.scalar(select(Sample).where(Sample.id == sample_id, samples_within(user)))


def sample_row_for(user: User, sample_row_id: int) -> SampleRow | None:
    """One record of a sample that is theirs to see."""
    return db.session.scalar(
        select(SampleRow).join(Sample).where(SampleRow.id == sample_row_id, samples_within(user))
    )


def samples_page(campaign: Campaign, user: User, period: str | None, page: int) -> Page[SampleLine]:
    """The campaign's samples, the last period first; of one month or phase, if its code is given."""
    where = [Sample.campaign_id == campaign.id, samples_within(user)]
    if period:
        where.append(Sample.period == period)
    total = db.session.scalar(select(func.count()).select_from(Sample).where(*where)) or 0
    page = page_within(page, total)
    return Page(_lines(where, PER_PAGE, (page - 1) * PER_PAGE), page, total)


def samples_of(
    campaign: Campaign, starts_on: dt.date, ends_on: dt.date, unit_id: int | None = None
) -> list[SampleLine]:
    """The samples whose whole period lies between two days, both included, for the close of these days.

    unit_id: of this branch or section alone. Each line has its own size, errors and bound (`sample.size`,
    `.wrong`, `.unclear`, `.bound`, `line.bound_parts`; the last four None as long as it is being checked).
    They do not add up: units are sampled in different shares, so one bound for all would be none.
    """
    where = [Sample.campaign_id == campaign.id, Sample.starts_on >= starts_on, Sample.ends_on <= ends_on]
    if unit_id is not None:
        where.append(Sample.unit_id == unit_id)
    return _lines(where)


def line_of(sample: Sample) -> SampleLine:
    """One sample as lists show it."""
    return _lines([Sample.id == sample.id])[0]


def _lines(
    where: Sequence[ColumnElement[bool]], limit: int | None = None, offset: int = 0
) -> list[SampleLine]:
    samples = db.session.scalars(
        select(Sample)
        .join(Kind, Kind.id == Sample.kind_id)
        .join(Unit, Unit.id == Sample.unit_id)
        .where(*where)
        .order_by(*LIST_ORDER)
        .limit(limit)
        .offset(offset)
        .options(joinedload(Sample.kind), joinedload(Sample.unit), defer(Sample.frame))
    ).all()
    counted = db.session.execute(
        select(SampleRow.sample_id, func.count(SampleRow.verdict))
        .where(SampleRow.sample_id.in_([one.id for one in samples]))
        .group_by(SampleRow.sample_id)
    )
    checked = {row[0]: row[1] for row in counted}
    return [SampleLine(one, checked.get(one.id, 0)) for one in samples]


def sampled_records(
    sample: Sample, user: User, key: str, start: int = 0, count: int | None = None
) -> list[SampledRecord]:
    """The records of a sample in the order in which they were drawn.

    key: the installation's secret, for the codes that stand in place of names.
    """
    rows = db.session.scalars(
        select(SampleRow)
        .where(SampleRow.sample_id == sample.id)
        .order_by(SampleRow.ordinal)
        .limit(count)
        .offset(start)
        .options(joinedload(SampleRow.checked_by))
    ).all()
    ids = [row.record_id for row in rows]
    hidden = hidden_kinds(user, spec_of(sample.campaign))
    lines = ledger_rows_of([(one, None) for one in ids], hidden, key)
    files = evidence_counts([line.record for line in lines])
    barred = barred_records(user, ids)
    return [
        SampledRecord(row, line, files[row.record_id], row.record_id not in barred)
        for row, line in zip(rows, lines, strict=True)
    ]


def barred_records(user: User, ids: Collection[int]) -> set[int]:
    """Those of these records that the user entered or verified, was in, or whose branch they keep: somebody
    else checks them. An account and the member whose it is are one."""
    made: list[ColumnElement[bool]] = [Record.entered_by_id == user.id, Record.verified_by_id == user.id]
    made.append(Record.branch_id.in_(branches_of(user)))
    if user.member_id is not None:
        accounts = select(User.id).where(User.member_id == user.member_id)
        there = select(Participation.record_id).where(Participation.member_id == user.member_id)
        made += [
            Record.entered_by_id.in_(accounts),
            Record.verified_by_id.in_(accounts),
            Record.verified_by_member_id == user.member_id,
            Record.member_id == user.member_id,
            Record.id.in_(there),
        ]
    return set(db.session.scalars(select(Record.id).where(and_(Record.id.in_(ids), or_(*made)))))


def verdicts_of(sample: Sample) -> dict[Verdict | None, int]:
    """How many of its records have which verdict; under None those without any."""
    rows = db.session.execute(
        select(SampleRow.verdict, func.count())
        .where(SampleRow.sample_id == sample.id)
        .group_by(SampleRow.verdict)
    )
    return {row[0]: row[1] for row in rows}


def reopenings_of(sample: Sample) -> list[SampleReopening]:
    """When it was opened again, and what it had come to; the first one first."""
    return list(
        db.session.scalars(
            select(SampleReopening)
            .where(SampleReopening.sample_id == sample.id)
            .order_by(SampleReopening.id)
            .options(joinedload(SampleReopening.by))
        )
    )


def checks_of(record: Record, user: User) -> list[Check]:
    """What samples found of a record, the first one first."""
    rows = db.session.scalars(
        select(SampleRow)
        .where(SampleRow.record_id == record.id, SampleRow.verdict.is_not(None))
        .order_by(SampleRow.id)
        .options(joinedload(SampleRow.checked_by), selectinload(SampleRow.sample).defer(Sample.frame))
    ).all()
    theirs = branches_of(user) | sections_of(user)
    return [Check(row, sees_bureau(user) or row.sample.unit_id in theirs) for row in rows]
