"""Certificates over verified rows: numbered without gaps, one for the same rows, honest about reversals."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.maker import NOW, Maker
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Certificate, Member, Participation, Status, User
from tracker.queries.certificates import certificate_called, reversed_since
from tracker.rules.refusal import Refused
from tracker.services.certificates import issue_certificate, revoke_certificate
from tracker.services.records import CHANGED, reverse_participation, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

FIRST, LAST = dt.date(2021, 3, 1), dt.date(2021, 6, 26)


@pytest.fixture
def bureau(make):
    return Bureau(make)


def issue(bureau, who=0, since=FIRST, until=LAST):
    return issue_certificate(
        bureau.campaign, bureau.people[who], since, until, by=bureau.campaign_office, at=NOW, today=LAST
    )


@pytest.fixture
def here(bureau, make):
    bureau.campaign_office = make.office
    return bureau


def test_it_freezes_the_member_s_own_verified_hours_and_nothing_else(here, make):
    row = {"owner": here.groups[0], "people": [here.people[0]], "minutes": 30}
    make.record(here.campaign, "service", **row, status=Status.SUBMITTED, category="没核实")
    make.record(here.campaign, "service", **row, happened_on=dt.date(2021, 6, 27), category="以后")
    made = issue(here)
    assert (made.minutes, len(made.lines), made.number, made.name) == (180, 1, 1, "张三")
    assert made.issuer == "市民政局机关党委"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate:issue")).one()
    assert event.detail == {"rows": 1}


def test_numbers_run_without_gaps_and_the_same_rows_are_certified_once(here, make):
    first, other = issue(here), issue(here, who=1)
    assert [first.number, other.number, issue(here).number] == [1, 2, 1]
    make.record(
        here.campaign, "service", owner=here.groups[0], people=[here.people[0]], minutes=60, category="又一次"
    )
    more = issue(here)
    assert (more.number, more.minutes) == (3, 240)


def test_without_such_hours_or_with_impossible_days_there_is_none(here):
    for days in ((LAST, LAST), (dt.date(2021, 2, 1), LAST), (LAST, FIRST), (FIRST, dt.date(2021, 6, 27))):
        with pytest.raises(Refused):
            issue(here, since=days[0], until=days[1])
    with pytest.raises(Refused):
        issue(here, who=2)
    assert db.session.scalars(select(Certificate)).all() == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_reversal_afterwards_shows(here, make, whole):
    made = issue(here)
    assert reversed_since([made]) == {made.id: 0}
    part = db.session.get_one(Participation, made.lines[0][0])
    if whole:
        record = part.record
        reverse_record(record, version=record.version, why="记错了", by=make.office, at=NOW)
    else:
        reverse_participation(part, version=part.version, why="没有来", by=make.office, at=NOW)
    assert reversed_since([made]) == {made.id: 1}


def test_number_and_code_find_it_only_together(here):
    made, other = issue(here), issue(here, who=1)
    number = f"{here.campaign.code}-{made.number}"
    assert certificate_called(number, made.code.upper()) is made
    assert certificate_called(number, other.code) is None
    assert certificate_called(number, "") is None
    assert certificate_called("x", made.code) is None


def test_a_revoked_one_keeps_its_number_and_the_reason(here, make):
    made = issue(here)
    with pytest.raises(Refused):
        revoke_certificate(made, why="", by=make.office, at=NOW)
    revoke_certificate(made, why="开错了", by=make.office, at=NOW)
    with pytest.raises(Refused) as refused:
        revoke_certificate(made, why="开错了", by=make.office, at=NOW)
    assert refused.value.msgid == CHANGED
    db.session.refresh(made)
    assert made.revoked_why == "开错了"
    assert issue(here).number == 2


def test_two_who_issue_at_the_same_moment_get_one_number_after_the_other(fresh_app):
    with fresh_app.app_context():
        make = Maker()
        campaign = make.campaign()
        group = make.group()
        people = [make.member(group=group) for _ in range(2)]
        for person in people:
            make.record(campaign, "service", owner=group, people=[person], minutes=60, community="北园")
        ids, campaign_id, office_id = [one.id for one in people], campaign.id, make.office.id
        db.session.commit()

    numbers = []

    def issue_for(member_id):
        with fresh_app.app_context():
            by = db.session.get_one(User, office_id)
            made = issue_certificate(
                db.session.get_one(Campaign, campaign_id), db.session.get_one(Member, member_id), FIRST, LAST,
                by=by, at=NOW, today=LAST,
            )  # fmt: skip
            numbers.append(made.number)
            db.session.commit()

    assert at_once(*(lambda id_=id_: issue_for(id_) for id_ in ids)) == [None, None]
    assert sorted(numbers) == [1, 2]
