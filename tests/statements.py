"""Statements for tests: said by the office without a form, or by the people of two branches."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Role, Said, Statement, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.statement_lines import lines_of
from tracker.rules.periods import months, period_by_code
from tracker.rules.statements import Choice, kinds_to_state
from tracker.services.statements import state_month

TODAY = dt.date(2021, 7, 31)
MARCH = "2021-03"
UNTIL = dt.date(2021, 5, 31)  # the last month that is over when the small bureau is looked at


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


class Place:
    """Two branches, a member in each, and those who keep them."""

    def __init__(self, make):
        self.make, self.campaign = make, make.campaign()
        self.here, self.there = make.branch("南湖党支部"), make.branch("北山党支部")
        self.member, self.stranger = make.member(self.here), make.member(self.there)
        self.secretary = make.user(Role.SECRETARY, self.here)
        self.deputy = make.user(Role.DEPUTY, self.here)
        self.other = make.user(Role.SECRETARY, self.there)
        self.office = make.office
        self.auditor = make.user(Role.AUDITOR)

    def row(self, member=None, day=dt.date(2021, 3, 5), status=Status.VERIFIED, **fields):
        return self.make.record(
            self.campaign, member=member or self.member, minutes=60, happened_on=day, status=status, **fields
        )

    def say(self, said, kind="study", month=MARCH, by=None, version=0, unit=None, today=TODAY, **words):
        period = period_by_code(month, self.campaign, ())
        choices = {kind: Choice(said, version)}
        return state_month(
            self.campaign,
            unit or self.here,
            period,
            choices,
            by=by or self.secretary,
            at=NOW,
            today=today,
            **words,
        )

    def line(self, kind="study", month=MARCH, unit=None):
        period = period_by_code(month, self.campaign, ())
        lines = lines_of(self.campaign, [unit or self.here], [period])
        return next(line for line in lines if line.kind.code == kind)

    def acts(self):
        rows = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action.like("statement:%")).order_by(AuditEvent.id)
        )
        return [(event.action, event.detail["said"], event.detail["rows"]) for event in rows]


def say_nothing(make, bureau, kinds=None):
    """Every branch says of every finished month that there is nothing, of some kinds."""
    for unit in (bureau.east, bureau.west, bureau.old):
        put_all(make, bureau.campaign, unit, UNTIL, Said.NOTHING, kinds)
