"""A small bureau, and rows of its ledger with a default for every cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Record
from tracker.queries.figures import figures_json

STUDY = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
ACTIVITY = ["编号", "日期", "活动类型", "主题", "组织单位", "类别", "地点", "参加人员", "参加人次"]
TASK = ["编号", "领办日期", "领办单位类型", "领办单位", "事项", "社区", "状态", "完成日期"]
PAIRING = ["结对日期", "工号", "姓名", "党支部", "对象编号", "对象类别", "社区", "结束日期"]
DAY = dt.date(2021, 3, 5)


class Bureau:
    """Two branches, three members (two of one name), a section, and ways to write rows of them."""

    def __init__(self, make: Any, importer: Any) -> None:
        self.make, self.importer = make, importer
        self.campaign = make.campaign()
        self.first, self.second = make.branch("第一党支部"), make.branch("第二党支部")
        self.group = make.group(self.first, "第一党小组")
        self.section = make.section("办公室")
        self.zhang = make.member(group=self.group, name="张三", number="M0001")
        self.li = make.member(branch=self.first, name="李四", number="M0002")
        self.other_li = make.member(branch=self.second, name="李四", number="M0003")

    def bring(self, as_verified: bool = True, **sheets: list[list[Any]]) -> Any:
        heads = {"读党史": STUDY, "学习活动": ACTIVITY, "微实事": TASK, "结对帮扶": PAIRING}
        return self.importer.ledger(
            self.campaign, {name: [heads[name], *rows] for name, rows in sheets.items()}, as_verified
        )

    def study(self, *rows: list[Any], as_verified: bool = True) -> Any:
        return self.bring(as_verified, 读党史=list(rows))

    def figure(self, figure_id: str) -> Any:
        return figures_json(self.campaign, TODAY)["figures"][figure_id]


def hour(
    day: object = DAY, number: str | None = "M0001", name: str | None = "张三", **other: Any
) -> list[Any]:
    """A row of an hour's study."""
    values = {"党支部": None, "时长": 1, "学习来源": "学习强国", "学习内容": "简史", **other}
    return [day, number, name, *(values[heading] for heading in STUDY[3:])]


def session(
    ref: str = "S001", kind: str = "专题学习", organiser: str = "第一党支部", **other: Any
) -> list[Any]:
    values = {"类别": None, "地点": None, "参加人员": None, "参加人次": None, **other}
    return [ref, DAY, kind, "学习", organiser, *(values[heading] for heading in ACTIVITY[5:])]


def records(*where: Any) -> list[Record]:
    return list(db.session.scalars(select(Record).where(*where).order_by(Record.id)))


def total(table: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0
