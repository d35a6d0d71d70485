"""A hostile ledger is refused whole, with every problem listed and nothing written."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from xlsxwriter import Workbook

from tests.maker import NOW
from tests.workbooks import Importer, sentences
from tracker.db import db
from tracker.models import (
    AuditEvent,
    BatchSort,
    BatchState,
    CoOrganiser,
    Participation,
    Record,
    TallyCell,
    Unit,
)
from tracker.rules.refusal import Refused
from tracker.services.batches import commit_batch

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY = dt.date(2021, 3, 5)
# A group of headings merged over two columns, in two rows: understood, not refused.
TOP = ["日期", "党员", None, "党支部", "学习", None, None]
BELOW = [None, "工号", "姓名", None, "时长", "学习来源", "学习内容"]
ACTIVITY = ["日期", "活动类型", "主题", "组织单位", "参加人员"]

STUDY_ROWS: list[list[Any]] = [
    [DAY, "M0001", "张三", None, 2, "学习强国", "好的一行"],  # 4: nothing wrong with it
    [DAY, "M9999", "无名", None, 1, "学习强国", "未知党员"],  # 5
    ["2021-02-30", "M0001", "张三", None, 1, "学习强国", "没有这一天"],  # 6
    [dt.date(2021, 3, 8), "M0002", "王五", None, 13, "学习强国", "两行共25小时"],  # 7
    [dt.date(2021, 3, 8), "M0002", "王五", None, 12, "集中学习", "两行共25小时"],  # 8
    [dt.date(2021, 9, 1), "M0001", "张三", None, 1, "学习强国", "将来"],  # 9
    [DAY, None, "李四", None, 1, "学习强国", "两个同名"],  # 10
    [DAY, "M0001", "张三", None, 1, "学习强国", "控制\x07字符"],  # 11
    [DAY, "M0001", "张三", None, "=1+1", "学习强国", "没有值的公式"],  # 12
]


def hostile_book() -> bytes:
    target = BytesIO()
    with Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        study = book.add_worksheet("读党史")
        bold = book.add_format({"bold": True})
        study.merge_range(0, 0, 0, 6, "学习台账（一季度）", bold)
        study.merge_range(1, 1, 1, 2, "党员", bold)
        study.merge_range(1, 4, 1, 6, "学习", bold)
        for column, (top, below) in enumerate(zip(TOP, BELOW, strict=True)):
            if top and column not in (1, 4):
                study.write(1, column, top)
            if below:
                study.write(2, column, below)
        for row, cells in enumerate(STUDY_ROWS, start=3):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("="):
                    study.write_formula(row, column, cell, None, "")
                elif cell is not None:
                    study.write(row, column, cell)
        activity = book.add_worksheet("学习活动")
        for row, cells in enumerate([ACTIVITY, [DAY, "跳广场舞", "未知类型", "第一党支部", "张三"]]):
            for column, cell in enumerate(cells):
                activity.write(row, column, cell)
        service = book.add_worksheet("志愿服务")
        for row, cells in enumerate(
            [
                ["日期", "党支部", "党小组", "服务内容", "社区", "时长"],
                [DAY, "第一党支部", "第一党小组", "走访", "北园社区", 2],
                ["合计", None, None, None, None, 99],
            ]
        ):
            for column, cell in enumerate(cells):
                service.write(row, column, cell)
    return target.getvalue()


@pytest.fixture
def importer(make: Any, tmp_path: Path) -> Importer:
    campaign_office = Importer(make.office, tmp_path)
    first = make.branch("第一党支部")
    make.group(first, "第一党小组")
    make.member(first, name="张三", number="M0001")
    make.member(first, name="王五", number="M0002")
    make.member(first, name="李四", number="M0003")
    make.member(first, name="李四", number="M0004")
    return campaign_office


def counts() -> list[int | None]:
    tables = (Record, Participation, CoOrganiser, TallyCell, Unit)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_hostile_ledger_is_refused_whole_with_every_problem_listed(importer, make):
    campaign = make.campaign()
    before = counts()
    batch = importer.check(importer.upload(hostile_book(), BatchSort.LEDGER, campaign))
    assert batch.state is BatchState.REFUSED
    found = sentences(batch)
    for place, words in [
        ("读党史 5 B5", "Nobody in the roster has the number M9999."),
        ("读党史 6 A6", "2021-02-30"),
        ("读党史 8 E8", "1500 minutes on 2021-03-08"),
        ("读党史 9 A9", "has not come yet"),
        ("读党史 10 C10", "2 members are called 李四."),
        ("读党史 11 G11", "control character"),
        ("读党史 12 E12", "The formula in this cell has no value."),
        ("学习活动 2 B2", "跳广场舞 is not in the list"),
        ("志愿服务 3 F3", "The total says 99, but the rows come to 2."),
    ]:
        matching = [s for s in found if s.startswith(f"{place}: ")]
        assert len(matching) == 1, (place, found)
        assert words in matching[0]
    assert len(found) == batch.report["problem_count"] == 9
    assert counts() == before


def test_a_refused_ledger_cannot_be_written(importer, make):
    batch = importer.check(importer.upload(hostile_book(), BatchSort.LEDGER, make.campaign()))
    plan = importer.plan(batch)
    with pytest.raises(Refused, match="Somebody else was faster"):
        commit_batch(
            batch,
            plan,
            today=dt.date(2021, 7, 31),
            by=importer.by,
            at=NOW,
        )
    assert db.session.scalar(select(func.count()).where(AuditEvent.action == "ledger:import")) == 0


def test_the_rows_without_problems_come_in_once_the_others_are_put_right(importer, make):
    campaign = make.campaign()
    head = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
    batch = importer.ledger(campaign, {"读党史": [head, STUDY_ROWS[0]]})
    assert batch.state is BatchState.COMMITTED
    assert db.session.scalar(select(func.count()).select_from(Record)) == 1
