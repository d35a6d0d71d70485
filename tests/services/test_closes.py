"""Closing a period: what goes in late, what is held back, and what may go on all the same."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.closing import LATER, MARCH, SOON, WHY, close, entered, march, seen, waits
from tests.entry_desk import Desk
from tests.ledger_rows import hour, records, session
from tests.maker import NOW
from tests.workbooks import TODAY, sentences
from tracker.db import db
from tracker.models import AuditEvent, BatchState, Record, Status
from tracker.queries.closes import held_ids, unmarked
from tracker.rules.pasted import pasted_sheet
from tracker.rules.refusal import Refused
from tracker.services.batches import check_batch, commit_batch, undo_batch
from tracker.services.closes import CLOSED_ALREADY, reopen_period
from tracker.services.entries import correct_record, enter_records
from tracker.services.late_batches import give_late_reason
from tracker.services.pasting import check_pasted_rows
from tracker.services.records import CHANGED, reverse_record
from tracker.services.stages import carry_on
from tracker.services.verifications import undo_act, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


# ---- closing and opening again ----


def test_a_period_that_is_over_is_closed_once_and_leaves_its_event(desk):
    found = close(desk)
    assert (found.holds_at, found.starts_on, found.ends_on) == (NOW, dt.date(2021, 3, 1), MARCH)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "close:add")).one()
    assert (event.subject_id, event.detail) == (found.id, {"code": "2021-03", "unit_id": None})
    with pytest.raises(Refused) as refusal:
        close(desk)
    assert refusal.value.msgid == CLOSED_ALREADY


def test_a_branch_and_the_bureau_close_the_same_month_side_by_side(desk):
    close(desk, unit=desk.bureau.first)
    close(desk, unit=desk.bureau.second)
    close(desk)
    with pytest.raises(Refused):
        close(desk, unit=desk.bureau.first)


def test_a_period_that_still_runs_is_not_closed_on_its_last_day(desk):
    with pytest.raises(Refused, match="once it is over"):
        close(desk, "2021-07")
    assert dt.date(2021, 7, 31) == TODAY


@pytest.mark.parametrize(("days", "said"), [(-1, "today or a later day"), (61, "within 60 days")])
def test_a_time_of_grace_lies_ahead_and_ends(desk, days, said):
    with pytest.raises(Refused, match=said):
        close(desk, grace_until=TODAY + dt.timedelta(days=days))


def test_opening_again_needs_a_reason_and_the_version_that_was_seen(desk):
    found = close(desk)
    with pytest.raises(Refused) as refusal:
        reopen_period(found, why=" ", version=1, by=desk.make.office, at=LATER)
    assert refusal.value.field == "why"
    reopen_period(found, why="漏报一批", version=1, by=desk.make.office, at=LATER)
    assert (found.reopened_at, found.reopened_why) == (LATER, "漏报一批")
    with pytest.raises(Refused) as refusal:
        reopen_period(found, why="再开一次", version=1, by=desk.make.office, at=LATER)
    assert refusal.value.msgid == CHANGED
    assert close(desk, at=SOON).id != found.id  # and may be closed anew


# ---- every way in ----


def test_a_form_asks_why_and_marks_the_row_as_late(desk):
    close(desk)
    _, plan = entered(desk)
    assert ["2021-03 is closed" in one.message for one in plan.problems] == [True]
    assert plan.problems[0].column == "日期"
    kind, plan = entered(desk, f"  {WHY}  ")
    (record,) = enter_records(plan, kind, desk.campaign, by=desk.secretary, at=LATER)
    assert (record.late_why, record.status) == (WHY, Status.SUBMITTED)
    kind, plan = entered(desk, WHY, happened_on="2021-04-01")
    assert enter_records(plan, kind, desk.campaign, by=desk.secretary, at=LATER)[0].late_why is None


def test_the_first_and_the_last_day_of_the_month_are_held_and_its_neighbours_are_not(desk):
    close(desk)
    for day, is_held in (
        ("2021-02-28", False),
        ("2021-03-01", True),
        ("2021-03-31", True),
        ("2021-04-01", False),
    ):
        assert bool(entered(desk, happened_on=day)[1].problems) == is_held, day


def test_a_correction_into_a_closed_month_asks_and_one_out_of_it_is_late_no_more(desk):
    record = waits(desk, happened_on="2021-04-02")
    close(desk)
    _, plan = entered(desk, correcting=record, happened_on="2021-03-30")
    assert plan.problems
    kind, plan = entered(desk, WHY, correcting=record, happened_on="2021-03-30")
    correct_record(record, plan, kind, version=1, by=desk.secretary, at=LATER)
    assert record.late_why == WHY
    kind, plan = entered(desk, correcting=record, happened_on="2021-04-03")
    correct_record(record, plan, kind, version=2, by=desk.secretary, at=LATER)
    assert record.late_why is None


def test_pasted_rows_are_held_each_with_its_own_row(desk):
    close(desk)
    rows = (
        ["日期", "工号", "姓名", "时长", "学习来源"],
        ["2021-03-05", "M0001", "张三", "1", "学习强国"],
        ["2021-04-05", "M0001", "张三", "1", "学习强国"],
    )
    text = "\n".join("\t".join(row) for row in rows)

    def pasted(why):
        return check_pasted_rows(
            desk.campaign, desk.kind("study"), pasted_sheet(text), by=desk.secretary, today=TODAY, at=LATER,
            late_why=why,
        )  # fmt: skip

    assert [one.row for one in pasted("").problems] == [2]
    plan = pasted(WHY)
    assert (plan.problems, plan.late) == ([], {0})


@pytest.mark.parametrize("as_verified", [True, False])
def test_a_file_is_refused_row_by_row_until_the_batch_says_why(desk, as_verified):
    close(desk)
    bureau = desk.bureau
    batch = bureau.study(hour(), hour(dt.date(2021, 4, 5)), as_verified=as_verified)
    assert batch.state is BatchState.REFUSED
    assert [said[:9] for said in sentences(batch)] == ["读党史 2 Non"]
    assert records() == []
    with pytest.raises(Refused):
        give_late_reason(batch, " ", by=desk.make.office, at=LATER)
    give_late_reason(batch, WHY, by=desk.make.office, at=LATER)
    check_batch(batch, bureau.importer.plan(batch), today=TODAY, by=desk.make.office, at=LATER)
    commit_batch(batch, bureau.importer.plan(batch), today=TODAY, by=desk.make.office, at=LATER)
    assert [record.late_why for record in records()] == [WHY, None]
    assert (march(desk) > 0) == as_verified


def test_a_file_that_came_before_the_close_comes_again_and_changes_nothing(desk):
    desk.bureau.study(hour())
    close(desk)
    again = desk.bureau.study(hour())
    assert (again.state, len(records())) == (BatchState.COMMITTED, 1)


def test_what_waited_is_verified_late_with_a_reason_and_never_without(desk):
    record = waits(desk)
    close(desk)
    with pytest.raises(Refused) as refusal:
        verify_records(seen(record), by=desk.make.office, at=LATER)
    assert (refusal.value.field, refusal.value.params["count"]) == ("late_why", 1)
    db.session.refresh(record)
    assert (record.status, march(desk)) == (Status.SUBMITTED, 0)
    assert verify_records(seen(record), by=desk.make.office, at=LATER, late_why=WHY) == [record.id]
    db.session.refresh(record)
    assert (record.late_why, march(desk)) == (WHY, 90)
    assert unmarked(desk.campaign) is None


def test_a_reason_given_on_entering_stands_and_the_verifier_is_not_asked(desk):
    close(desk)
    kind, plan = entered(desk, WHY)
    (record,) = enter_records(plan, kind, desk.campaign, by=desk.secretary, at=LATER)
    verify_records(seen(record), by=desk.make.office, at=SOON, late_why="别的原因")
    db.session.refresh(record)
    assert record.late_why == WHY


def test_a_verification_is_not_taken_back_once_the_month_is_closed(desk):
    record = waits(desk)
    verify_records(seen(record), by=desk.make.office, at=LATER)
    close(desk, at=LATER)
    with pytest.raises(Refused, match="but by reversal"):
        undo_act(LATER, by=desk.make.office, at=SOON)
    db.session.refresh(record)
    assert record.status is Status.VERIFIED


def test_an_import_is_not_undone_once_one_of_its_months_is_closed(desk):
    batch = desk.bureau.study(hour(), hour(dt.date(2021, 4, 5)))
    close(desk)
    before = march(desk)
    with pytest.raises(Refused, match="but by reversal"):
        undo_batch(batch, by=desk.make.office, at=LATER)
    assert (march(desk), batch.state) == (before, BatchState.COMMITTED)


def test_an_import_whose_undoing_would_bring_back_rows_of_a_closed_month_stays(desk):
    desk.bureau.bring(学习活动=[session(参加人员="张三")])
    again = desk.bureau.bring(学习活动=[session(参加人员="张三、李四（M0002）")])
    (new,) = records(Record.status == Status.VERIFIED)
    reverse_record(new, version=new.version, why="登记有误", by=desk.make.office, at=NOW)
    close(desk)
    with pytest.raises(Refused, match="but by reversal"):
        undo_batch(again, by=desk.make.office, at=LATER)


def test_a_stage_reached_in_a_closed_month_is_late_and_one_reached_after_it_is_not(desk):
    make, task = desk.make, {"stage": "领办", "happened_on": dt.date(2021, 3, 5)}
    first = make.record(desk.campaign, "task", owner=desk.bureau.first, title="修路灯", **task)
    second = make.record(desk.campaign, "task", owner=desk.bureau.first, title="装扶手", **task)
    close(desk)
    said = {"note": "", "version": 1, "by": desk.secretary, "at": LATER, "last": TODAY}
    in_march = carry_on(first, to="完成", on=dt.date(2021, 3, 20), **said)
    in_april = carry_on(second, to="完成", on=dt.date(2021, 4, 20), **said)
    assert held_ids([in_march.id, in_april.id], LATER) == {in_march.id}
    with pytest.raises(Refused):
        verify_records(seen(in_march), by=make.office, at=LATER)
    verify_records(seen(in_march), by=make.office, at=LATER, late_why=WHY)


def test_a_record_that_was_changed_since_it_was_seen_gets_no_reason_of_the_verifier(desk):
    stale, current = waits(desk), waits(desk, title="第二章")
    close(desk)
    stale.version += 1
    db.session.flush()
    rows = [(stale.id, stale.version - 1), (current.id, current.version)]
    assert verify_records(rows, by=desk.make.office, at=LATER, late_why=WHY) == [current.id]
    db.session.refresh(stale)
    assert (stale.status, stale.late_why) == (Status.SUBMITTED, None)
