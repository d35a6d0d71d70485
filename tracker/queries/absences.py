"""Who was expected at a session and who was not there, for those who keep their branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Absence, Member, Membership, OwnerType, Record, Unit, User
from tracker.queries.access import branches_of, sees_bureau
from tracker.queries.access_sessions import keeps_session
from tracker.queries.rosters import holds_on
from tracker.rules.absences import AbsenceWord, digest_of
from tracker.rules.campaigns import Kind

ORGANISERS = (OwnerType.BRANCH, OwnerType.GROUP)  # whose members are expected


@dataclass(frozen=True, slots=True)
class Expected:
    """One member who belonged to the organisers on that day."""

    id: int
    number: str
    name: str
    place: str
    is_present: bool
    word: AbsenceWord | None


@dataclass(frozen=True, slots=True)
class Attendance:
    """The members of those organisers whom the reader may see, by branch, group and number.

    may_note: whether the reader keeps one of the organisers, and so may say why somebody was not there.
    """

    lines: tuple[Expected, ...]
    may_note: bool

    @property
    def absent(self) -> list[Expected]:
        return [line for line in self.lines if not line.is_present]

    @property
    def present(self) -> int:
        return sum(line.is_present for line in self.lines)

    @property
    def explained(self) -> int:
        return sum(line.word is not None for line in self.absent)

    @property
    def made_up(self) -> int:
        return sum(line.word is not None and line.word.made_up_on is not None for line in self.absent)

    @property
    def seen(self) -> str:
        """By which a form says what it had shown."""
        return digest_of((line.id, line.word) for line in self.absent if line.word)


def attendance_of(record: Record, kind: Kind, user: User) -> Attendance | None:
    """Who was expected, of the branches that the user keeps or sees; None where nobody is expected.

    That is so where the kind keeps no reasons, where only a headcount is known, and for a session of the
    bureau. Two statements.
    """
    present = {row.member_id for row in record.participations if row.reversed_at is None}
    if (
        not kind.absence_reasons
        or not present
        or record.owner_type not in (OwnerType.BRANCH, OwnerType.GROUP)
    ):
        return None
    branches = {record.branch_id, *(one.unit_id for one in record.co_organisers)}
    seen = branches if sees_bureau(user) else branches & branches_of(user)
    if not seen:
        return None
    words = {
        row.member_id: AbsenceWord(row.reason, row.made_up_on, row.made_up_by)
        for row in db.session.scalars(select(Absence).where(Absence.record_id == record.id))
    }
    branch, group = Unit.__table__.alias("branch"), Unit.__table__.alias("party_group")
    rows = db.session.execute(
        select(Member.id, Member.number, Member.name, branch.c.name, group.c.name)
        .join(Membership, Membership.member_id == Member.id)
        .join(branch, branch.c.id == Membership.branch_id)
        .join(group, group.c.id == Membership.group_id, isouter=True)
        .where(
            holds_on(Membership.starts_on, Membership.ends_on, record.happened_on),
            Membership.branch_id.in_(seen),
            *([Membership.group_id == record.group_id] if record.owner_type is OwnerType.GROUP else []),
        )
        .order_by(
            branch.c.position,
            branch.c.id,
            group.c.position.nulls_last(),
            group.c.id,
            Member.number,
            Member.id,
        )
    )
    lines = tuple(
        Expected(
            id_, number, name, " · ".join(filter(None, (of_branch, of_group))), id_ in present, words.get(id_)
        )
        for id_, number, name, of_branch, of_group in rows
    )
    return Attendance(lines, may_note=keeps_session(user, record))


def absences_of(member: Member) -> Sequence[Absence]:
    """When the member was noted as not there, by day."""
    return db.session.scalars(
        select(Absence)
        .join(Record, Record.id == Absence.record_id)
        .where(Absence.member_id == member.id)
        .order_by(Record.happened_on, Absence.id)
        .options(joinedload(Absence.record).joinedload(Record.kind), joinedload(Absence.noted_by))
    ).all()
