"""What goes on in a closed period, until it is closed, and beside it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.closing import LATER, SOON, WHY, close, entered, seen, waits
from tests.entry_desk import Desk
from tests.ledger_rows import hour, records, session
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import BatchState, Close, Role, Status
from tracker.queries.closes import held_ids, late_rows, lines_of, reversed_rows, unmarked
from tracker.services.closes import reopen_period
from tracker.services.entries import enter_records
from tracker.services.records import reverse_participation, reverse_record
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


# ---- what goes on ----


def test_a_reversal_goes_on_of_a_record_and_of_one_attendance(desk):
    desk.bureau.study(hour())
    desk.bureau.bring(学习活动=[session(参加人员="张三、李四（M0002）")])
    found = close(desk)
    study_record, activity = records()
    reverse_record(study_record, version=1, why="录错了", by=desk.make.office, at=LATER)
    attendance = activity.participations[0]
    reverse_participation(attendance, version=1, why="未到场", by=desk.make.office, at=LATER)
    rows, count = reversed_rows(found)
    assert ({row.id for row in rows}, count) == ({study_record.id, activity.id}, 2)
    assert {line.kind.code: line.reversed for line in lines_of(desk.campaign, found)}["study"] == 1


def test_entries_go_in_as_usual_until_the_time_of_grace_is_over(desk):
    holds_at = NOW + dt.timedelta(days=3)
    close(desk, grace_until=TODAY + dt.timedelta(days=2), holds_at=holds_at)
    just_before, then = holds_at - dt.timedelta(seconds=1), holds_at
    assert entered(desk, at=just_before)[1].problems == []
    assert entered(desk, at=then)[1].problems != []


def test_a_branchs_close_holds_its_own_and_whatever_its_people_are_in(desk):
    close(desk, unit=desk.bureau.first)
    assert entered(desk, by=desk.make.office)[1].problems
    assert not entered(desk, by=desk.make.office, member_number="M0003")[1].problems
    elsewhere = desk.bureau.bring(学习活动=[session(organiser="第二党支部", 参加人员="李四（M0003）")])
    assert elsewhere.state is BatchState.COMMITTED
    with_theirs = desk.bureau.bring(
        学习活动=[session("S002", organiser="第二党支部", 参加人员="张三、李四（M0003）")]
    )
    joint = desk.bureau.bring(
        学习活动=[session("S003", organiser="第二党支部、第一党支部", 参加人员="李四（M0003）")]
    )
    assert (with_theirs.state, joint.state) == (BatchState.REFUSED, BatchState.REFUSED)


def test_opened_again_the_month_takes_entries_as_in_time(desk):
    found = close(desk)
    reopen_period(found, why="漏报一批", version=1, by=desk.make.office, at=LATER)
    record = waits(desk, at=LATER + dt.timedelta(seconds=1))
    verify_records(seen(record), by=desk.make.office, at=SOON)
    db.session.refresh(record)
    assert (record.late_why, unmarked(desk.campaign)) == (None, None)


def test_the_list_of_late_entries_holds_what_counts_and_nothing_that_waits(desk):
    found = close(desk)
    kind, plan = entered(desk, WHY)
    (record,) = enter_records(plan, kind, desk.campaign, by=desk.secretary, at=LATER)
    assert late_rows(found) == ([], 0)
    verify_records(seen(record), by=desk.make.office, at=SOON)
    rows, count = late_rows(found)
    assert ([row.id for row in rows], count) == ([record.id], 1)


def test_the_check_finds_what_slipped_into_a_closed_month(desk):
    close(desk)
    record = desk.make.record(desk.campaign, "study", member=desk.bureau.zhang, minutes=60, title="溜进来的")
    record.verified_at = LATER
    db.session.flush()
    assert unmarked(desk.campaign) == record.id
    record.late_why = WHY
    db.session.flush()
    assert unmarked(desk.campaign) is None
    assert db.session.scalar(select(Close.id)) is not None


def test_a_branchs_close_lets_others_verify_whatever_it_holds_of_its_own(desk):
    desk.bureau.bring(学习活动=[session(organiser="第一党支部、第二党支部", 参加人员="张三")])
    close(desk, unit=desk.bureau.first)
    kind, plan = entered(desk, by=desk.make.office, member_number="M0003")
    (theirs,) = enter_records(plan, kind, desk.campaign, by=desk.make.office, at=LATER)
    own = desk.make.record(
        desk.campaign, member=desk.bureau.zhang, minutes=30, status=Status.SUBMITTED, title="补一节"
    )
    assert held_ids([theirs.id, own.id], LATER) == {own.id}
    secretary = desk.make.user(Role.SECRETARY, desk.bureau.second)
    assert verify_records(seen(theirs), by=secretary, at=SOON) == [theirs.id]
