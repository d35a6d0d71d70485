"""Statements for tests: said by the office, without a form."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import Said, Statement
from tracker.queries.campaigns import spec_of
from tracker.rules.periods import months
from tracker.rules.statements import kinds_to_state


def put_statement(make, campaign, unit, kind, month, said=Said.NOTHING, told_by=None):
    """One statement as it would stand."""
    kind_id = next(row.id for row in campaign.kinds if row.code == kind)
    row = Statement(
        campaign_id=campaign.id, kind_id=kind_id, unit_id=unit.id, month=month, said=said, told_by=told_by,
        stated_by_id=make.office.id, stated_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def put_all(make, campaign, unit, until, said, kinds=None, skip=()):
    """The same of every kind in every month that begins by `until`; `skip` are (kind, month)."""
    for kind in kinds_to_state(spec_of(campaign), str(unit.category) if unit.category else None):
        for month in months(campaign, until):
            if (kinds is None or kind.code in kinds) and (kind.code, month.code) not in skip:
                put_statement(make, campaign, unit, kind.code, month.code, said)
