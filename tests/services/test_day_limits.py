"""A day's limit holds over all sources, states and ways of one member and day, also for those who meet."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.entry_desk import Desk, study
from tests.ledger_rows import DAY, hour
from tests.maker import NOW, SHIPPED
from tests.services.test_imports_at_once import Office, at_once
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Campaign, Participation, Record, Role, Status, User
from tracker.queries.campaigns import spec_of
from tracker.rules.pasted import pasted_sheet
from tracker.rules.refusal import Refused
from tracker.services.batches import problems_of, undo_batch
from tracker.services.campaigns import load_campaign
from tracker.services.entries import Row, check_entries, enter_records, withdraw_record
from tracker.services.pasting import check_pasted_rows
from tracker.services.verifications import return_records, undo_act

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LIMIT = 300


def limited(text):
    """The shipped campaign with five hours of study a day."""
    return text.replace("most_minutes_per_day = 1440", f"most_minutes_per_day = {LIMIT}", 1)


@pytest.fixture
def desk(bureau, make):
    load_campaign(limited(SHIPPED.read_text(encoding="utf-8")), by=None, at=NOW, as_of=NOW.date())
    return Desk(bureau)


def over(problems):
    return [one for one in problems if "at most 300" in one.message]


def test_what_came_by_a_file_from_another_source_is_counted_with_what_is_typed(bureau, desk):
    bureau.study(hour(时长=4, 学习来源="集中学习"))
    assert desk.said(desk.member, study(minutes="1", source="学习强国")) == []
    (said,) = desk.said(desk.member, study(minutes="1.5", source="个人自学"))
    assert "330 minutes on 2021-03-05 (at most 300): 240 are in the ledger already" in said


def test_what_waits_is_counted_as_what_counts_is(desk):
    desk.enter(desk.member, study(minutes="4", source="集中学习"))
    assert len(over(desk.check(desk.secretary, study(minutes="2")).problems)) == 1


def test_a_file_is_refused_for_what_was_typed_before(bureau, desk):
    desk.enter(desk.member, study(minutes="4"))
    batch = bureau.study(hour(时长=2, 学习来源="集中学习"))
    assert len(over(problems_of(batch))) == 1


def test_pasted_rows_are_counted_with_what_is_stored(desk):
    desk.enter(desk.member, study(minutes="4"))
    text = "日期\t工号\t姓名\t时长\t学习来源\n2021-03-05\tM0001\t张三\t2\t集中学习"
    plan = check_pasted_rows(
        desk.campaign, desk.kind("study"), pasted_sheet(text), by=desk.secretary, today=TODAY, at=NOW
    )
    assert len(over(plan.problems)) == 1


def test_several_rows_of_one_form_are_counted_together(desk):
    rows = [study(minutes="2", source=source) for source in ("学习强国", "集中学习", "个人自学")]
    assert len(over(desk.check(desk.secretary, *rows).problems)) == 1


def test_what_was_withdrawn_or_given_back_takes_up_no_time_until_it_comes_again(desk):
    (withdrawn,) = desk.enter(desk.member, study(minutes="4"))
    withdraw_record(withdrawn, version=withdrawn.version, by=desk.member, at=NOW)
    (given,) = desk.enter(desk.member, study(minutes="3"))
    return_records([(given.id, given.version)], why="请写清楚", by=desk.secretary, at=NOW)
    db.session.refresh(given)
    desk.enter(desk.member, study(minutes="4", title="第二章"))
    assert len(over(desk.check(desk.member, study(minutes="3"), correcting=given).problems)) == 1
    assert over(desk.check(desk.member, study(minutes="1"), correcting=given).problems) == []


def test_a_return_is_not_taken_back_into_a_day_that_was_filled_meanwhile(desk):
    (given,) = desk.enter(desk.member, study(minutes="3"))
    return_records([(given.id, given.version)], why="请写清楚", by=desk.secretary, at=NOW)
    desk.enter(desk.member, study(minutes="4", title="第二章"))
    with pytest.raises(Refused, match="would come to 420 minutes on 2021-03-05"):
        undo_act(NOW, by=desk.secretary, at=NOW)


def test_a_return_is_taken_back_where_there_is_time(desk):
    (given,) = desk.enter(desk.member, study(minutes="3"))
    return_records([(given.id, given.version)], why="请写清楚", by=desk.secretary, at=NOW)
    desk.enter(desk.member, study(minutes="2", title="第二章"))
    assert undo_act(NOW, by=desk.secretary, at=NOW) == [given.id]


NAMED = limited(SHIPPED.read_text(encoding="utf-8")).replace(
    "hides_names = true\n", 'hides_names = true\nidentity = ["happened_on", "member_number"]\n', 1
)


def test_an_import_is_not_undone_into_a_day_that_was_filled_meanwhile(bureau, make):
    load_campaign(NAMED, by=None, at=NOW, as_of=NOW.date())
    desk = Desk(bureau)
    bureau.study(hour(时长=4))
    correction = bureau.study(hour(时长=1))
    assert correction.report["counts"]["changed"] == 1
    make.record(bureau.campaign, member=bureau.zhang, minutes=120, happened_on=DAY)
    with pytest.raises(Refused, match="would come to 360 minutes"):
        undo_batch(correction, by=desk.make.office, at=NOW)


def test_a_later_stage_that_waits_does_not_take_up_the_time_twice(bureau, desk):
    bureau.study(hour(时长=4))
    record = db.session.scalars(select(Record)).one()
    following = Record(
        campaign_id=record.campaign_id, kind_id=record.kind_id, happened_on=DAY, minutes=240,
        owner_type=record.owner_type, member_id=record.member_id, status=Status.SUBMITTED,
        entered_by_id=desk.member.id, entered_at=NOW, follows_id=record.id, since_on=DAY,
    )  # fmt: skip
    following.participations = [Participation(member_id=record.member_id, minutes=240)]
    db.session.add(following)
    db.session.flush()
    assert over(desk.check(desk.member, study(minutes="1")).problems) == []


@pytest.mark.slow
def test_an_import_and_an_entry_at_once_do_not_both_fill_the_day(fresh_app, tmp_path):
    """The office brings 13 hours in while the member types 13: one of them is told."""
    office = Office(fresh_app, tmp_path)
    with office.here():
        from tests.maker import Maker
        from tracker.models import Member

        zhang = db.session.scalars(select(Member)).one()
        user_id = Maker().user(Role.MEMBER, login="zhang", member=zhang).id
    heads = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
    batch_id = office.send(
        {"读党史": [heads, [dt.date(2021, 3, 5), "M0001", "张三", None, 13, "集中学习", None]]}
    )

    def enter():
        with office.here():
            campaign, by = db.session.get_one(Campaign, office.campaign_id), db.session.get_one(User, user_id)
            kind = spec_of(campaign).kind("study")
            cells = {
                "happened_on": "2021-03-05",
                "minutes": "13",
                "source": "学习强国",
                "member_number": "M0001",
            }
            plan = check_entries(campaign, kind, [Row(1, cells)], by=by, today=TODAY, at=NOW)
            enter_records(plan, kind, campaign, by=by, at=NOW)

    raised = at_once(enter, lambda: office.commit(batch_id))
    assert office.count(select(db.func.sum(Record.minutes))) == 13 * 60, raised
