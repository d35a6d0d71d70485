"""Ticks of topics and set books: records that count once verified, and never beside a number for the same."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests.entry_desk import Desk
from tests.maker import NOW, Maker
from tests.services.test_imports_at_once import Office, at_once
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Campaign, Member, Record, Role, Status, User
from tracker.queries.campaigns import spec_of
from tracker.queries.ticks import ticks_of
from tracker.rules.refusal import Refused
from tracker.rules.ticks import HELD_BACK, NOT_BEGUN, TICKED, TOTAL, TWICE, UNKNOWN
from tracker.services.batches import problems_of, undo_batch
from tracker.services.entries import withdraw_record
from tracker.services.records import reverse_record
from tracker.services.ticks import tick_title, untick
from tracker.services.verifications import return_records, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

HEADS = ["工号", "姓名", "党支部", "已完成专题数", "已读书目数"]
LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


@pytest.fixture
def phase(desk):
    return spec_of(desk.campaign).phases[0]


def tick(desk, title, what="topics", today=TODAY):
    code = f"{spec_of(desk.campaign).phases[0].code}/{what}"
    return tick_title(desk.campaign, code, title, desk.bureau.zhang, by=desk.member, today=today, at=NOW)


def bring(desk, topics, books=0):
    return desk.bureau.importer.ledger(
        desk.campaign, {"专题书目": [HEADS, ["M0001", "张三", None, topics, books]]}, True
    )


def verify(desk, *records):
    verify_records([(one.id, one.version) for one in records], by=desk.secretary, at=LATER)
    for one in records:
        db.session.refresh(one)


def counted(desk):
    """The member's topics that count."""
    rows = db.session.query(Record).filter_by(member_id=desk.bureau.zhang.id, status=Status.VERIFIED)
    return sum(row.quantity for row in rows if row.type == "专题")


def test_a_tick_is_a_record_of_its_day_that_waits_and_counts_once_verified(desk, phase):
    record = tick(desk, phase.topics[0])
    assert (record.status, record.quantity, record.type) == (Status.SUBMITTED, 1, "专题")
    assert (record.happened_on, record.is_dated, record.title) == (TODAY, True, phase.topics[0])
    assert (record.branch_id, record.group_id) == (desk.bureau.first.id, desk.bureau.group.id)
    assert counted(desk) == 0
    verify(desk, record)
    assert counted(desk) == 1


def test_ticks_of_everybody_give_the_figure_that_numbers_give(desk, phase, make):
    for member in (desk.bureau.li, desk.bureau.other_li):
        make.exemption(member)
    verify(desk, *(tick(desk, title) for title in phase.topics))
    assert desk.bureau.figure("reading.topics") == 4


def test_a_title_is_ticked_once(desk, phase):
    tick(desk, phase.topics[0])
    with pytest.raises(Refused) as refused:
        tick(desk, phase.topics[0])
    assert refused.value.msgid == TWICE


def test_a_tick_is_taken_back_and_given_again_until_it_counts(desk, phase):
    record = tick(desk, phase.topics[0])
    untick(record, version=record.version, by=desk.member, at=NOW)
    verify(desk, again := tick(desk, phase.topics[0]))
    with pytest.raises(Refused):
        untick(again, version=again.version, by=desk.member, at=NOW)


def test_what_the_branch_gave_back_is_ticked_anew(desk, phase):
    record = tick(desk, phase.topics[0])
    return_records([(record.id, record.version)], why="还没有学完", by=desk.secretary, at=LATER)
    db.session.refresh(record)
    again = tick(desk, phase.topics[0])
    db.session.refresh(record)
    assert (record.status, again.status) == (Status.WITHDRAWN, Status.SUBMITTED)


@pytest.mark.parametrize("as_verified", [True, False])
def test_nothing_is_ticked_beside_a_number_from_the_ledger(desk, phase, as_verified):
    desk.bureau.importer.ledger(
        desk.campaign, {"专题书目": [HEADS, ["M0001", "张三", None, 4, 0]]}, as_verified
    )
    with pytest.raises(Refused) as refused:
        tick(desk, phase.topics[0])
    assert refused.value.msgid == TOTAL
    assert ticks_of(desk.campaign, [desk.bureau.zhang.id])[desk.bureau.zhang.id]["phase-1/topics"].total == 4


def test_a_number_beside_ticks_is_left_out_of_a_file_and_the_dry_run_says_so(desk, phase):
    verify(desk, tick(desk, phase.topics[0]))
    batch = bring(desk, 4, 3)
    assert problems_of(batch) == []
    assert [one["msgid"] for one in batch.report["remarks"]] == [HELD_BACK]
    assert counted(desk) == 1
    assert batch.report["counts"]["new"] == 1, "the books, of which none was ticked"
    undo_batch(batch, by=desk.make.office, at=LATER)
    assert counted(desk) == 1


def test_the_number_comes_in_once_the_ticks_were_taken_back(desk, phase):
    record = tick(desk, phase.topics[0])
    withdraw_record(record, version=record.version, by=desk.member, at=NOW)
    bring(desk, 4)
    assert counted(desk) == 4


def test_ticks_begin_where_a_number_was_reversed_and_another_number_is_left_out_then(desk, phase):
    bring(desk, 4, 2)
    total = db.session.query(Record).filter_by(type="专题").one()
    reverse_record(total, why="改为逐项勾选", version=total.version, by=desk.make.office, at=LATER)
    verify(desk, tick(desk, phase.topics[0]))
    bring(desk, 3, 2)
    assert counted(desk) == 1


def test_a_number_is_not_typed_beside_ticks(desk, phase):
    tick(desk, phase.topics[0])
    cells = {"member_number": "M0001", "quantity#3": "4"}
    plan = desk.check(desk.secretary, cells, kind="reading")
    assert [problem.msgid for problem in plan.problems] == [TICKED]


@pytest.mark.parametrize(
    ("title", "what"), [("没有的专题", "topics"), ("《中国共产党简史》", "topics"), ("随便", "songs")]
)
def test_only_what_the_campaign_lists_is_ticked(desk, title, what):
    with pytest.raises(Refused) as refused:
        tick(desk, title, what)
    assert refused.value.msgid == UNKNOWN


def test_nothing_is_ticked_before_its_phase_begins(desk, phase):
    with pytest.raises(Refused) as refused:
        tick(desk, phase.topics[0], today=dt.date(2021, 2, 20))
    assert refused.value.msgid == NOT_BEGUN


def test_nobody_ticks_for_a_member_of_another_branch(desk, phase):
    with pytest.raises(Refused):
        tick_title(
            desk.campaign, "phase-1/topics", phase.topics[0], desk.bureau.other_li, by=desk.secretary,
            today=TODAY, at=NOW,
        )  # fmt: skip


@pytest.mark.slow
def test_a_tick_and_a_file_with_a_number_at_once_do_not_both_count(fresh_app, tmp_path):
    office = Office(fresh_app, tmp_path)
    with office.here():
        zhang_id = db.session.scalars(select(Member.id)).one()
        user_id = Maker().user(Role.MEMBER, login="zhang", member=db.session.get_one(Member, zhang_id)).id
    batch_id = office.send({"专题书目": [HEADS, ["M0001", "张三", None, 4, 4]]})

    def tap():
        with office.here():
            campaign, by = db.session.get_one(Campaign, office.campaign_id), db.session.get_one(User, user_id)
            title = spec_of(campaign).phases[0].topics[0]
            zhang = db.session.get_one(Member, zhang_id)
            tick_title(campaign, "phase-1/topics", title, zhang, by=by, today=TODAY, at=NOW)

    raised = at_once(tap, lambda: office.commit(batch_id))
    assert office.count(select(func.count()).select_from(Record).where(Record.type == "专题")) == 1, raised
