"""Issues certificates of a member's own hours over verified rows, and revokes them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from tracker.db import db
from tracker.models import Campaign, Certificate, Member, User
from tracker.queries.campaigns import spec_of
from tracker.queries.certificates import certifiable
from tracker.queries.figures import bureau_name
from tracker.rules.certificates import check_period, digest_of_lines
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import new_certificate_code
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason


def issue_certificate(
    campaign: Campaign,
    member: Member,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    *,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Certificate:
    """Certify the verified hours of a member between two days, both included.

    The same rows are certified once: asked again, the certificate that holds is given back.
    Raises Refused if the days will not do, if there are no such hours, or if nobody issues yet.
    """
    check_period(starts_on, ends_on, spec_of(campaign), today)
    assert starts_on is not None
    assert ends_on is not None
    # One number after the other: whoever issues at the same time waits here, and reads what was issued.
    own = select(Campaign.id).where(Campaign.id == campaign.id)
    db.session.execute(own.with_for_update(key_share=True))
    lines = certifiable(campaign, member, starts_on, ends_on)
    if not lines:
        raise Refused(N_("There are no verified hours between these days."), "starts_on")
    issuer = bureau_name()
    if issuer is None:
        raise Refused(N_("There is no committee yet in whose name it could be issued."))
    digest = digest_of_lines(lines)
    period = Certificate.starts_on == starts_on, Certificate.ends_on == ends_on
    same = Certificate.member_id == member.id, Certificate.digest == digest, *period
    issued = select(Certificate).where(
        *same, Certificate.revoked_at.is_(None), Certificate.name == member.name
    )
    if (earlier := db.session.scalar(issued.order_by(Certificate.id.desc()).limit(1))) is not None:
        return earlier
    last = select(func.max(Certificate.number)).where(Certificate.campaign_id == campaign.id)
    certificate = Certificate(
        campaign_id=campaign.id, number=(db.session.scalar(last) or 0) + 1, code=new_certificate_code(),
        member_id=member.id, name=member.name, member_number=member.number, issuer=issuer,
        starts_on=starts_on, ends_on=ends_on, minutes=sum(line.minutes for line in lines),
        lines=[list(line) for line in lines], digest=digest, issued_on=today, issued_at=at,
        issued_by_id=by.id,
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    record_event(by, "certificate:issue", certificate, at, rows=len(lines))
    return certificate


def revoke_certificate(certificate: Certificate, *, why: str, by: User, at: dt.datetime) -> None:
    """Let a certificate hold no more. Its number stays taken. Raises Refused if it was revoked before."""
    why = check_reason(why)
    changed = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by_id=by.id, revoked_why=why)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "certificate:revoke", certificate, at)  # the reason may name somebody
