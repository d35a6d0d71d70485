"""What was shared: the place where it is read, and with whom a record may be shared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Member, Record, Share, Unit, User, Work
from tracker.queries.access import shares_within
from tracker.queries.evidence import evidence_counts
from tracker.queries.members import is_named
from tracker.queries.paging import Page, page_within
from tracker.queries.terms import terms_like

PER_PAGE = 20
BEGINNING = 90  # characters of a text that a list shows


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One shared record: how its text begins ('' without one), and how many files it has."""

    share: Share
    beginning: str
    files: int


def shares_of(user: User, day: dt.date, text: str) -> Select[Share]:
    """What was shared with the user: by its title, or by the name of its author."""
    where = [shares_within(user, day)]
    if text:
        where.append(or_(Record.title.in_(terms_like(text)), is_named(text)))
    found = select(Share).join(Record, Record.id == Share.record_id)
    return found.join(Member, Member.id == Record.member_id).where(*where)


def shares_page(user: User, day: dt.date, text: str, page: int) -> Page[SharedLine]:
    """What was shared with the user, the latest first."""
    found = shares_of(user, day, text)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = page_within(page, total, PER_PAGE)
    shares = db.session.scalars(
        found.order_by(Share.shared_at.desc(), Share.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(
            joinedload(Share.unit),
            joinedload(Share.record).joinedload(Record.member),
            joinedload(Share.record).joinedload(Record.kind),
            joinedload(Share.record).joinedload(Record.branch),
        )
    ).all()
    records = [share.record for share in shares]
    begun = select(Work.record_id, func.substr(Work.text, 1, BEGINNING))
    begun = begun.where(Work.record_id.in_([one.id for one in records]))
    texts = {record_id: begins for record_id, begins in db.session.execute(begun).all() if begins}
    files = evidence_counts(records)
    lines = [SharedLine(share, texts.get(share.record_id, ""), files[share.record_id]) for share in shares]
    return Page(lines, page, total, PER_PAGE)


def open_share_of(record: Record) -> Share | None:
    """With whom the record is shared now."""
    return db.session.scalar(select(Share).where(Share.record_id == record.id, Share.ended_at.is_(None)))


def audiences_of(record: Record) -> list[Unit]:
    """With whom a record may be shared: the group and the branch in which its member was on its day."""
    return [unit for unit in (record.group, record.branch) if unit is not None]


def shares_about(member_id: int) -> list[Share]:
    """With whom the member's own records were ever shared."""
    return list(
        db.session.scalars(
            select(Share)
            .join(Record, Record.id == Share.record_id)
            .where(Record.member_id == member_id)
            .order_by(Share.id)
            .options(joinedload(Share.unit), joinedload(Share.record), joinedload(Share.shared_by))
        )
    )
