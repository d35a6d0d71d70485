"""Exemptions: a member is not counted in "all" for a stated reason, from one day to the day before another.

Tallies are kept by member, so nothing need be recounted: the figures of a day ask who is exempt on it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tracker.db import db
from tracker.models import Exemption, Member, Membership, User
from tracker.queries.access import is_office
from tracker.queries.memberships import stretch_of
from tracker.rules.memberships import Stretch, check_end_of_exemption, check_exemption, check_reason
from tracker.services.audit import record_event
from tracker.services.memberships import present_membership, take_version


def exempt_member(
    member: Member, wanted: Stretch, *, reason: str, version: int, by: User, at: dt.datetime, today: dt.date
) -> Exemption:
    """Let a member not be counted from wanted.starts_on until before wanted.ends_on (None: further notice).

    version: the one that was seen; raises Refused if the member has changed since, or for a stretch that
    begins in the future, before the member came to the writer's branch, or within another exemption.
    """
    reason = check_reason(reason)
    take_version(member, version)
    present = present_membership(member, today)
    check_exemption(wanted, _others(member, None), today=today, since=_since(present, by))
    exemption = Exemption(
        member_id=member.id, reason=reason, starts_on=wanted.starts_on, ends_on=wanted.ends_on
    )
    db.session.add(exemption)
    db.session.flush()  # the event needs its id
    record_event(
        by, "member:exempt", member, at, exemption_id=exemption.id, branch_id=present.branch_id,
        starts_on=_text(exemption.starts_on), ends_on=_text(exemption.ends_on),
    )  # fmt: skip
    return exemption


def end_exemption(
    member: Member,
    exemption: Exemption,
    ends_on: dt.date,
    *,
    version: int,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> None:
    """Let a member be counted again from `ends_on`, which may lie ahead.

    Raises Refused if the member has changed since `version`, or for a day that makes no sense.
    """
    take_version(member, version)
    present = present_membership(member, today)
    now = stretch_of(exemption)
    check_end_of_exemption(now, ends_on, _others(member, exemption), today=today, since=_since(present, by))
    exemption.ends_on = ends_on
    record_event(
        by, "member:end_exemption", member, at, exemption_id=exemption.id, branch_id=present.branch_id,
        ends_on=_text(ends_on),
    )  # fmt: skip


def _since(present: Membership, by: User) -> dt.date | None:
    """From when the member's figures are the writer's to change: for a secretary, since they came."""
    return None if is_office(by) else present.starts_on


def _others(member: Member, but: Exemption | None) -> list[Stretch]:
    rows = db.session.scalars(
        select(Exemption).where(Exemption.member_id == member.id).order_by(Exemption.id)
    )
    return [stretch_of(row) for row in rows if but is None or row.id != but.id]


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
