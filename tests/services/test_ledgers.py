"""Ledgers: what the rows of a file become."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.ledger_rows import ACTIVITY, DAY, hour, records, session
from tests.maker import NOW
from tests.workbooks import ARTICLE, sentences
from tracker.db import db
from tracker.models import (
    CoOrganiser,
    OwnerType,
    Status,
    Unit,
    UnitLevel,
)
from tracker.services.batches import undo_batch

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_a_row_becomes_a_verified_record_with_its_member_in_it(bureau):
    batch = bureau.study(hour(时长="1小时30分"))
    (record,) = records()
    assert (record.status, record.minutes, record.happened_on) == (Status.VERIFIED, 90, DAY)
    assert (record.owner_type, record.member_id, record.group_id) == (
        OwnerType.MEMBER, bureau.zhang.id, bureau.group.id,
    )  # fmt: skip
    assert (record.batch_id, record.batch_sheet, record.batch_row) == (batch.id, "读党史", 2)
    (person,) = record.participations
    assert (person.member_id, person.minutes, person.branch_id) == (bureau.zhang.id, 90, bureau.first.id)
    assert bureau.figure("study.total_minutes") == 90


def test_rows_that_are_not_entered_as_verified_wait_and_do_not_count(bureau):
    bureau.study(hour(), as_verified=False)
    assert [record.status for record in records()] == [Status.SUBMITTED]
    assert bureau.figure("study.total_minutes") == 0


def test_a_session_of_several_branches_is_one_record(bureau):
    bureau.bring(
        学习活动=[session(organiser="第一党支部、第二党支部", 参加人员="张三（M0001）、李四（M0003）")]
    )
    (record,) = records()
    assert record.branch_id == bureau.first.id
    assert [c.unit_id for c in db.session.scalars(select(CoOrganiser))] == [bureau.second.id]
    assert [p.branch_id for p in record.participations] == [bureau.first.id, bureau.second.id]


def test_a_count_without_names_is_kept_and_one_that_agrees_with_the_names_is_not(bureau):
    bureau.bring(学习活动=[session(参加人次=79), session("S002", 参加人员="张三", 参加人次=1)])
    assert [record.headcount for record in records()] == [79, None]


def test_a_count_that_disagrees_with_the_names_is_refused(bureau):
    batch = bureau.bring(学习活动=[session(参加人员="张三", 参加人次=3)])
    assert "The count says 3, but 1 people are named." in sentences(batch)[0]


def test_a_name_that_two_members_bear_is_told_apart_by_the_branch(bureau):
    bureau.study(hour(number=None, name="李四", 党支部="第二党支部"))
    assert records()[0].member_id == bureau.other_li.id


def test_a_name_that_two_members_bear_is_refused_without_number_and_branch(bureau):
    batch = bureau.study(hour(number=None, name="李四"))
    assert "2 members are called 李四. Write the number" in sentences(batch)[0]


def test_a_record_belongs_to_the_branch_of_its_day(bureau, make):
    moved = make.member(bureau.first, name="王五", number="M0009", ends_on=dt.date(2021, 4, 1))
    make.membership(moved, bureau.second, starts_on=dt.date(2021, 4, 1))
    bureau.study(hour(dt.date(2021, 3, 31), "M0009", "王五"), hour(dt.date(2021, 4, 1), "M0009", "王五"))
    assert [record.branch_id for record in records()] == [bureau.first.id, bureau.second.id]


def test_a_day_on_which_somebody_was_no_member_is_refused(bureau, make):
    make.member(bureau.first, name="王五", number="M0009", starts_on=dt.date(2021, 4, 1))
    batch = bureau.study(hour(DAY, "M0009", "王五"))
    assert "王五 was no member of the bureau on 2021-03-05." in sentences(batch)[0]


def test_a_kind_with_several_amounts_in_a_row_makes_a_record_of_each(bureau):
    head = ["工号", "姓名", "党支部", "已完成专题数", "已读书目数"]
    bureau.importer.ledger(bureau.campaign, {"专题书目": [head, ["M0001", "张三", "第一党支部", 4, 3]]})
    assert [(r.type, r.quantity, r.is_dated) for r in records()] == [("专题", 4, False), ("书目", 3, False)]
    assert {record.happened_on for record in records()} == {bureau.campaign.starts_on}


def test_an_end_makes_the_stage_where_the_kind_asks_for_none(bureau):
    rows = [
        [DAY, "M0001", "张三", None, "KN1", "孤寡老人", "北园社区", None],
        [DAY, "M0001", "张三", None, "KN2", "孤寡老人", "北园社区", dt.date(2021, 6, 1)],
    ]
    bureau.bring(结对帮扶=rows)
    assert [record.stage for record in records()] == ["结对中", "已结束"]


def test_owners_are_branches_and_sections_and_an_end_fits_the_stage(bureau):
    done = dt.date(2021, 5, 7)
    bureau.bring(
        微实事=[
            ["W1", DAY, "党支部", "第一党支部", "修灯", "北园社区", "办结", done],
            ["W2", DAY, "科室", "办公室", "修路", "北园社区", "领办", None],
        ]
    )
    assert [(r.owner_type, r.stage, r.ended_on) for r in records()] == [
        (OwnerType.BRANCH, "完成", done), (OwnerType.SECTION, "领办", None),
    ]  # fmt: skip


def test_an_end_that_does_not_fit_the_stage_is_refused(bureau):
    done = dt.date(2021, 5, 7)
    batch = bureau.bring(
        微实事=[
            ["W1", DAY, "支部", "第一党支部", "修灯", None, "完成", None],
            ["W2", DAY, "支部", "第一党支部", "修灯", None, "在办", done],
            ["W3", DAY, "支部", "第一党支部", "修灯", None, "完成", dt.date(2021, 3, 1)],
            ["W4", DAY, "科室", "第一党支部", "修灯", None, "领办", None],
        ]
    )
    assert [sentence.split(": ", 1)[1] for sentence in sentences(batch)] == [
        "At the stage 完成 the day on which it was reached is needed.",
        "At the stage 在办 there is no end yet. Correct the stage, or take the day out.",
        "It ends on 2021-03-01, before it begins on 2021-03-05.",
        "There is no section 第一党支部 in the roster.",
    ]


def test_an_organiser_in_no_roster_becomes_the_committee_if_it_has_no_name(importer, make):
    campaign = make.campaign()
    importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    batch = importer.ledger(campaign, {"学习活动": [ACTIVITY, session(organiser="市民政局机关党委")]})
    assert batch.report["organiser"] == "市民政局机关党委"
    assert (
        db.session.scalars(select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE)).one()
        == "市民政局机关党委"
    )
    undo_batch(batch, by=importer.by, at=NOW)
    assert db.session.scalars(select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE)).one() == "机关党委"


def test_an_organiser_in_no_roster_is_refused_where_the_committee_has_a_name(bureau):
    bureau.make.committee()
    batch = bureau.bring(学习活动=[session(organiser="第一党之部")])
    assert "第一党之部 is in no roster." in sentences(batch)[0]


def test_two_organisers_in_no_roster_are_refused(importer, make):
    campaign = make.campaign()
    importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    batch = importer.ledger(
        campaign,
        {"学习活动": [ACTIVITY, session(organiser="民政局党委"), session("S2", organiser="民证局党委")]},
    )
    assert len(sentences(batch)) == 2
