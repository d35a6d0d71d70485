"""Hours that can be certified, and what became of those that were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, Certificate, Kind, Member, Participation, Record, Status, User
from tracker.queries.access import is_office
from tracker.queries.campaigns import spec_of
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.rules.certificates import Line, certifying_kinds, read_code, read_number

_COUNTS = and_(Participation.reversed_at.is_(None), Record.status == Status.VERIFIED)


def certifiable(campaign: Campaign, member: Member, starts_on: dt.date, ends_on: dt.date) -> list[Line]:
    """The member's verified rows with hours between two days, both included, of the kinds that certify them.

    A row without a day of its own is left out: nobody can say that it lies between them.
    """
    codes = [kind.code for kind in certifying_kinds(spec_of(campaign))]
    rows = db.session.execute(
        select(Participation.id, Record, Participation.minutes)
        .join(Record, Record.id == Participation.record_id)
        .join(Kind, Kind.id == Record.kind_id)
        .where(
            Participation.member_id == member.id,
            Participation.minutes.is_not(None),
            Record.campaign_id == campaign.id,
            Kind.code.in_(codes),
            Record.is_dated,
            Record.happened_on.between(starts_on, ends_on),
            _COUNTS,
        )
        .order_by(Record.happened_on, Record.id)
        .options(joinedload(Record.kind), joinedload(Record.group), joinedload(Record.branch))
    )
    return [
        Line(
            part_id, record.happened_on.isoformat(), record.kind.name,
            record.title or record.category or record.type or "", record.community or "",
            " ".join(unit.name for unit in (record.branch, record.group) if unit), int(minutes or 0),
        )
        for part_id, record, minutes in rows
    ]  # fmt: skip


def reversed_since(certificates: Sequence[Certificate]) -> dict[int, int]:
    """Of each certificate, by id: how many of its rows count no more. One statement for all."""
    ids = {line[0] for one in certificates for line in one.lines}
    counting = set(
        db.session.scalars(
            select(Participation.id)
            .join(Record, Record.id == Participation.record_id)
            .where(Participation.id.in_(ids), _COUNTS)
        )
    )
    return {one.id: sum(line[0] not in counting for line in one.lines) for one in certificates}


def certificates_of(member: Member) -> list[Certificate]:
    """All that were issued to a member, the last one first."""
    own = select(Certificate).where(Certificate.member_id == member.id).order_by(Certificate.id.desc())
    return list(db.session.scalars(own.options(joinedload(Certificate.campaign))))


def own_certificate_for(user: User, certificate_id: int) -> Certificate | None:
    """The certificate with that id, None if it does not exist or is another's."""
    own = Certificate.id == certificate_id, Certificate.member_id == user.member_id
    return db.session.scalar(select(Certificate).where(*own))


def certificate_for(user: User, certificate_id: int) -> Certificate | None:
    """The certificate with that id, for those who keep all of them."""
    return db.session.get(Certificate, certificate_id) if is_office(user) else None


def certificate_called(number: str, code: str) -> Certificate | None:
    """The certificate with that number whose code this is, None if there is none such."""
    read = read_number(number)
    if read is None:
        return None
    return db.session.scalar(
        select(Certificate)
        .join(Campaign, Campaign.id == Certificate.campaign_id)
        .where(
            func.lower(Campaign.code) == read[0],
            Certificate.number == read[1],
            Certificate.code == read_code(code),
        )
        .options(joinedload(Certificate.campaign))
    )


def register_page(campaign: Campaign, text: str, page: int) -> Page[Certificate]:
    """The certificates of a campaign, the last one first; those of a name or number only, if asked."""
    where = [Certificate.campaign_id == campaign.id]
    if text:
        read = read_number(text)
        by_name = Certificate.name == text
        where.append(or_(by_name, Certificate.number == read[1]) if read else by_name)
    total = db.session.scalar(select(func.count()).select_from(Certificate).where(*where)) or 0
    page = page_within(page, total)
    rows = db.session.scalars(
        select(Certificate)
        .where(*where)
        .order_by(Certificate.number.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Certificate.campaign))
    ).all()
    return Page(list(rows), page, total)
