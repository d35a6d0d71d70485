"""Certificates for the bureau whose every text is marked."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.db import db
from tracker.models import Certificate

DAY = dt.date(2021, 3, 5)


def add_certificates(marked, own, other):
    """One of the member's, one of the stranger's."""
    sides = (own, marked.myself, marked.own), (other, marked.stranger, marked.foreign)
    for n, (whose, member, pool) in enumerate(sides, start=1):
        texts = {name: marked.mark(whose, f"certificate.{name}") for name in ("name", "member_number")}
        lines = [[0, DAY.isoformat(), "", marked.mark(whose, "certificate.lines"), "", "", 60]]
        row = Certificate(
            campaign_id=marked.campaign.id, number=n, code=f"code-{n}", member_id=member.id, issuer="党委",
            starts_on=DAY, ends_on=DAY, minutes=60, lines=lines, digest="0" * 64, issued_on=DAY,
            issued_at=NOW, issued_by_id=marked.office.id, **texts,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        pool["certificate_id"] = [row.id]
