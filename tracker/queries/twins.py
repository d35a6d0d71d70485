"""Records of a section and of its members' branches that may be one fact."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Membership, OwnerType, Record, Status, ToldApart
from tracker.queries.rosters import holds_on
from tracker.queries.stages import LONGEST_WAY
from tracker.rules.campaigns import Kind
from tracker.rules.twins import WITHIN, may_be_twins, plain_title

STANDING = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)
MOST_READ = 500


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that may say the same fact. apart: what was said if somebody told them apart."""

    record: Record
    apart: ToldApart | None


def twins_of(record: Record, kind: Kind) -> list[Twin]:
    """What may be the same fact as `record`, of a section if it is a branch's, and the other way round.

    Nobody's reach is asked here: whoever shows them does that.
    """
    if not kind.compares_titles or record.status not in STANDING or not record.community:
        return []
    if record.owner_type not in (OwnerType.SECTION, OwnerType.BRANCH):
        return []
    title = plain_title(record.title, record.community)
    found = [
        other
        for other in _others(record)
        if may_be_twins(
            (title, plain_title(other.title, other.community)),
            (record.community, other.community),
            (record.happened_on, other.happened_on),
        )
    ]
    shown = {other.id for other in found}
    found = [other for other in found if other.follows_id not in shown]  # its next stage is no other fact
    return [Twin(other, told_apart(record, other)) for other in found]


def _others(record: Record) -> list[Record]:
    """What the other side has of the kind around the day: the latest first, so many as can be compared."""
    here = holds_on(Membership.starts_on, Membership.ends_on, record.happened_on)
    branches = select(Membership.branch_id).where(Membership.section_id == record.section_id, here)
    sections = select(Membership.section_id).where(Membership.branch_id == record.branch_id, here)
    of_branches = (Record.owner_type == OwnerType.BRANCH) & Record.branch_id.in_(branches)
    of_sections = (Record.owner_type == OwnerType.SECTION) & Record.section_id.in_(sections)
    rows = db.session.scalars(
        select(Record)
        .where(
            Record.kind_id == record.kind_id,
            of_branches if record.owner_type is OwnerType.SECTION else of_sections,
            Record.status.in_(STANDING),
            Record.happened_on.between(record.happened_on - WITHIN, record.happened_on + WITHIN),
        )
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(MOST_READ)
        .options(joinedload(Record.branch), joinedload(Record.section))
    )
    return list(rows)


def root_of(record: Record) -> int:
    """The id of the first stage of a record's fact."""
    root, before = record.id, record.follows_id
    for _ in range(LONGEST_WAY):
        if before is None:
            break
        root = before
        before = db.session.scalar(select(Record.follows_id).where(Record.id == root))
    return root


def told_apart(one: Record, other: Record) -> ToldApart | None:
    """What was said if somebody told the two facts apart."""
    first, second = sorted((root_of(one), root_of(other)))
    return db.session.scalar(
        select(ToldApart)
        .where(ToldApart.first_id == first, ToldApart.second_id == second)
        .options(joinedload(ToldApart.by))
    )
