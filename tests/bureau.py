"""A small bureau for tests of pages: two branches with people, and rows of every kind."""

from __future__ import annotations

import datetime as dt

from tests import html
from tests.remembered import remembered
from tracker.models import Status

DAY = dt.date(2021, 6, 26)
KEY = "only-for-tests-" * 4  # the secret of the tests' settings


class Bureau:
    """Two branches with people, and rows of every kind."""

    @remembered
    def __init__(self, make):
        self.campaign = make.campaign()
        self.one, self.two = make.branch("东湖党支部"), make.branch("西山党支部")
        self.groups = [make.group(self.one), make.group(self.two)]
        self.section = make.section()
        self.people = [
            make.member(self.one, self.groups[0], name="张三", number="M0001"),
            make.member(self.one, self.groups[0], name="李四", number="M0002"),
            make.member(self.two, self.groups[1], name="王五", number="M0003"),
            make.member(self.two, self.groups[1], name="赵六", number="M0004", category="离退休"),
        ]
        make.exemption(self.people[3])

        def row(kind, **fields):
            return make.record(self.campaign, kind, **fields)

        with make.counted_once(self.campaign):
            self._fill(row)

    def _fill(self, row):
        """Some rows of each kind."""
        zhang, li, wang, zhao = self.people
        self.study = row("study", member=zhang, minutes=90, source="学习强国", title="第一章")
        for person, minutes in ((li, 45), (wang, 6000), (zhao, 30), (zhang, 60)):
            row("study", member=person, minutes=minutes, source="学习强国", title="自学")
        row("study", member=li, minutes=30, happened_on=dt.date(2021, 7, 1), title="之后")
        row("study", member=li, minutes=30, status=Status.SUBMITTED, title="还没核实")
        self.visit = row(
            "activity", owner=self.one, people=[zhang, li, wang], type="现场教学", title="参观",
            category="陵园", ref="S001", co_organisers=[self.two],
        )  # fmt: skip
        row("activity", owner=self.two, people=[zhang], type="现场教学", title="参观二", category="展馆")
        row("activity", owner=self.two, people=[wang], type="党校培训", title="培训")
        row("activity", owner=self.two, headcount=2, type="专题宣讲", title="宣讲")
        row("activity", type="中心组学习", title="研讨")
        row("activity", owner=self.one, type="专题学习", title="专题")
        row("activity", owner=self.one, type="主题党日", title="党日")
        row("work", member=zhang, type="征文", title="初心", stage="优秀")
        row("work", member=wang, type="心得分享", title="所感")
        row("pairing", member=zhang, subject="KN001", community="北园")
        row("pairing", member=li, subject="KN001", community="南园")
        row(
            "pairing",
            member=wang,
            subject="KN002",
            community="北园",
            stage="已结束",
            ended_on=dt.date(2021, 5, 1),
        )
        row(
            "service",
            owner=self.groups[0],
            people=[zhang, li],
            minutes=180,
            community="北园",
            people_served=12,
        )
        row("service", owner=self.groups[1], minutes=60, community="南园", people_served=3)
        for owner, stage, ended in (
            (self.one, "完成", dt.date(2021, 6, 1)), (self.two, "在办", None), (self.section, "领办", None),
            (self.section, "完成", dt.date(2021, 7, 3)),
        ):  # fmt: skip
            row("task", owner=owner, title="修路灯", stage=stage, ended_on=ended)
        for person in self.people:
            row("reading", member=person, type="专题", title="甲", quantity=1)
            row("reading", member=person, type="书目", title="乙", quantity=1)


def titles(root):
    """What the rows of a list of records are called, in their order."""
    cells = [cell for cell in root.iter("td") if "what" in (cell.get("class") or "")]
    return [html.text_of(cell.find(".//a")) for cell in cells]


def body(root):
    """The text of a page without its frame."""
    return html.text_of(root.find(".//main"))


def actions_on(root):
    """What can be done with an import: the last words of its forms' addresses."""
    return sorted(
        (form.get("action") or "").rsplit("/", 1)[-1]
        for form in root.iter("form")
        if "/imports/" in (form.get("action") or "")
    )
