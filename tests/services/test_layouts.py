"""Saved layouts; and that the ledger, written out and brought in again, is what it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.layouts import part_of
from tests.ledger_rows import DAY, Bureau, hour, records, session, total
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.db import db
from tracker.files.layout_sheet import layout_sheet
from tracker.models import AuditEvent, BatchSort, Grant, Layout, Record, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.layouts import (
    WITH_WAITING,
    asked_rows,
    layout_for,
    layout_lines,
    own_layout_for,
    saved_layouts,
)
from tracker.rules.layouts import default_layout
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch
from tracker.services.deadlines import change_deadline
from tracker.services.entries import Row, check_entries, enter_records, withdraw_record
from tracker.services.layouts import MOST, change_layout, delete_layout, save_layout
from tracker.services.ledgers import load_register
from tracker.services.records import CHANGED, reverse_participation, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def said(campaign, kind="study", **changes):
    return replace(default_layout(spec_of(campaign).kind(kind)), **{"name": "上报表", **changes})


# ---- saving ----


@pytest.fixture
def saved(bureau, make):
    return save_layout(bureau.campaign, said(bureau.campaign), unit=None, by=make.office, at=NOW)


def test_a_layout_is_saved_changed_and_taken_away_and_each_leaves_a_trace(bureau, make, saved):
    changed = said(bureau.campaign, name="季度表")
    change_layout(saved, bureau.campaign, changed, version=1, by=make.office, at=NOW)
    assert (saved.name, saved.version) == ("季度表", 2)
    delete_layout(saved, version=2, by=make.office, at=NOW)
    assert total(Layout) == 0
    acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("layout:")))
    assert sorted(acts) == ["layout:change", "layout:delete", "layout:save"]


def test_whoever_comes_second_is_refused(bureau, make, saved):
    change_layout(saved, bureau.campaign, said(bureau.campaign, name="甲"), version=1, by=make.office, at=NOW)
    with pytest.raises(Refused, match=CHANGED):
        change_layout(
            saved, bureau.campaign, said(bureau.campaign, name="乙"), version=1, by=make.office, at=NOW
        )
    with pytest.raises(Refused, match=CHANGED):
        delete_layout(saved, version=1, by=make.office, at=NOW)
    assert saved.name == "甲"


def test_a_name_is_taken_once_by_each_owner_and_kind(bureau, make, saved):
    campaign = bureau.campaign
    with pytest.raises(Refused, match="one of this name"):
        save_layout(campaign, said(campaign), unit=None, by=make.office, at=NOW)
    save_layout(campaign, said(campaign), unit=bureau.first, by=make.office, at=NOW)
    save_layout(campaign, said(campaign, "service"), unit=None, by=make.office, at=NOW)
    other = save_layout(campaign, said(campaign, name="另一张"), unit=None, by=make.office, at=NOW)
    with pytest.raises(Refused, match="one of this name"):
        change_layout(other, campaign, said(campaign), version=1, by=make.office, at=NOW)
    change_layout(saved, campaign, said(campaign, digits=2), version=1, by=make.office, at=NOW)


def test_there_are_not_more_layouts_than_a_list_can_show(bureau, make):
    for n in range(MOST):
        save_layout(bureau.campaign, said(bureau.campaign, name=f"表{n}"), unit=None, by=make.office, at=NOW)
    with pytest.raises(Refused, match="already"):
        save_layout(bureau.campaign, said(bureau.campaign, name="多"), unit=None, by=make.office, at=NOW)


def test_a_branch_sees_its_own_and_the_bureaus_and_changes_its_own(bureau, make, saved):
    own = save_layout(bureau.campaign, said(bureau.campaign), unit=bureau.first, by=make.office, at=NOW)
    keeper, neighbour = (make.user(Role.SECRETARY, unit) for unit in (bureau.first, bureau.second))
    assert saved_layouts(bureau.campaign, "study", keeper) == [saved, own]
    assert saved_layouts(bureau.campaign, "study", neighbour) == [saved]
    assert layout_for(neighbour, own.id) is None
    assert (own_layout_for(keeper, own.id), own_layout_for(keeper, saved.id)) == (own, None)
    assert (own_layout_for(make.office, saved.id), own_layout_for(make.office, own.id)) == (saved, None)
    assert layout_for(make.user(Role.AUDITOR), own.id) == own


# ---- written out and brought in again ----


class Desk(Bureau):
    """A bureau whose ledger is written out in a layout, and brought in again."""

    def out(self, kind, layout=None, statuses=WITH_WAITING, **asked):
        spec = spec_of(self.campaign)
        chosen, layout = spec.kind(kind), layout or default_layout(spec.kind(kind))
        found = asked_rows(
            self.campaign, chosen, self.branch_keeper(), "k" * 40, TODAY, statuses=statuses, **asked
        )
        lines = list(layout_lines(found, self.branch_keeper(), 1_000))
        return layout_sheet(layout, [part_of(layout, chosen, load_register(), lines)], "2021年7月31日")[0]

    def branch_keeper(self):
        """Who keeps both branches reads names everywhere."""
        if not hasattr(self, "_keeper"):
            self._keeper = self.make.user(Role.SECRETARY, self.first)
            self._keeper.grants.append(Grant(role=Role.SECRETARY, unit=self.second))
            db.session.flush()
        return self._keeper

    def again(self, content, as_verified=True):
        batch = self.importer.upload(content, BatchSort.LEDGER, self.campaign, as_verified)
        return self.importer.commit(batch)

    def changes_nothing(self, kind, **asked):
        before = [(one.id, one.status, one.version, one.content) for one in records()]
        counts = self.again(self.out(kind, **asked)).report["counts"]
        assert (counts["new"], counts["changed"]) == (0, 0), counts
        assert [(one.id, one.status, one.version, one.content) for one in records()] == before
        return counts


@pytest.fixture
def desk(make, importer):
    return Desk(make, importer)


def test_a_ledger_written_out_comes_into_an_empty_one_as_it_was(desk):
    rows = [hour(), hour(), hour(number="M0002", name="李四", 时长=1 / 3), hour(学习内容="+1 合计")]
    batch = desk.study(*rows)
    content = desk.out("study")
    before = sorted((one.content, one.identity) for one in records())
    undo_batch(batch, by=desk.importer.by, at=NOW)
    counts = desk.again(content).report["counts"]
    assert (counts["new"], counts["read"]) == (4, 4)
    assert sorted((one.content, one.identity) for one in records(Record.status == Status.VERIFIED)) == before


def test_every_kind_written_out_and_brought_in_again_changes_nothing(desk):
    desk.bring(
        读党史=[hour(), hour(), hour(number="M0002", name="李四", 时长="20分钟")],
        学习活动=[session(参加人员="张三、李四（M0003）"), session("S002", 参加人次=79), session(None)],
        微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "完成", dt.date(2021, 6, 1)]],
        结对帮扶=[[DAY, "M0001", "张三", None, "KN001", "空巢老人", "北园社区", dt.date(2021, 6, 1)]],
    )
    for kind in ("study", "activity", "task", "pairing"):
        assert desk.changes_nothing(kind)["unchanged"] > 0


def test_a_sheet_without_an_attendance_that_was_reversed_does_not_take_it_for_a_new_session(desk):
    desk.bring(
        学习活动=[
            session(None, 参加人员="张三、李四（M0003）"),
            session("S002", 参加人员="张三、李四（M0003）"),
        ]
    )
    for one in records():
        reverse_participation(one.participations[0], version=1, why="没有到场", by=None, at=NOW)
    assert desk.changes_nothing("activity")["unchanged"] == 2


def test_a_due_day_that_was_changed_is_not_taken_back_by_the_sheet(desk, make):
    head = [["编号", "领办日期", "领办单位类型", "领办单位", "事项", "状态", "计划完成日期"],
            ["W1", DAY, "支部", "第一党支部", "修灯", "在办", dt.date(2021, 6, 1)]]  # fmt: skip
    desk.importer.ledger(desk.campaign, {"微实事": head})
    change_deadline(records()[0], dt.date(2021, 9, 1), why="雨季", version=1, by=make.office, at=NOW)
    assert desk.changes_nothing("task")["unchanged"] == 1
    assert records()[0].due_on == dt.date(2021, 9, 1)


def test_of_equal_rows_the_one_that_was_withdrawn_does_not_come_back(desk, make):
    kind = spec_of(desk.campaign).kind("study")
    cells = {"member_number": "M0001", "happened_on": "2021-03-05", "minutes": "1", "source": "学习强国"}
    for _ in range(3):
        plan = check_entries(desk.campaign, kind, [Row(1, cells)], by=make.office, today=TODAY, at=NOW)
        enter_records(plan, kind, desk.campaign, by=make.office, at=NOW)
    withdraw_record(records()[0], version=1, by=make.office, at=NOW)
    assert desk.changes_nothing("study")["unchanged"] == 2
    # Two rows are there, so a third is new.
    desk.study(hour(学习内容=None), hour(学习内容=None), hour(学习内容=None))
    assert total(Record, Record.status != Status.WITHDRAWN) == 3


def test_what_was_reversed_is_in_no_sheet_and_stays_reversed(desk):
    desk.study(hour(), hour(), hour(时长=2))
    reverse_record(records()[0], version=1, why="重复登记", by=None, at=NOW)
    before = desk.figure("study.total_minutes")
    desk.again(desk.out("study"))
    assert desk.figure("study.total_minutes") == before


def test_numbers_in_two_columns_become_one_row_of_a_member_again(desk):
    rows = [
        ["工号", "姓名", "党支部", "已完成专题数", "已读书目数"],
        ["M0001", "张三", None, 4, 2],
        ["M0002", "李四", None, 3, None],
    ]
    desk.importer.ledger(desk.campaign, {"专题书目": rows})
    assert total(Record) == 3
    content = desk.out("reading")
    written = [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]
    assert [row[1:3] + row[4:] for row in written[3:5]] == [
        ["M0001", "张三", 4, 2],
        ["M0002", "李四", 3, None],
    ]
    assert desk.changes_nothing("reading")["unchanged"] == 3
