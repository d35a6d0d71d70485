"""A small bureau whose figures can be counted by hand, and what every page of figures is asked."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from tests.remembered import remembered
from tracker.models import Role, UnitCategory

DAY = "2021-06-26"


def small_bureau(make: Any) -> SimpleNamespace:
    """Two branches in service, one of retired members, a section; four members, a row or two of each kind.

    Study: 张三 60 h, 李四 90 h, 王五 100 h, 赵六 (retired) nothing; 钱七 is exempt. Slowest: 0.
    On-site lessons: one joint one (two named), one with 3 people without names.
    """
    found = SimpleNamespace()
    _fill(found, make)
    return found


@remembered
def _fill(self: Any, make: Any) -> None:
    campaign = make.campaign()
    east, west = make.branch("东湖党支部"), make.branch("西山党支部")
    old = make.branch("夕阳党支部", category=UnitCategory.RETIRED)
    group, other_group, section = (
        make.group(east, "第一党小组"),
        make.group(west, "第二党小组"),
        make.section("办公室"),
    )
    zhang = make.member(east, group, section, name="张三")
    li = make.member(east, group, name="李四")
    wang = make.member(west, other_group, name="王五")
    make.member(old, name="赵六", category="离退休")
    exempt = make.member(west, other_group, name="钱七")
    make.exemption(exempt)
    with make.counted_once(campaign):
        for member, hours in ((zhang, 60), (li, 90), (wang, 100)):
            for day in (dt.date(2021, 3, 1), dt.date(2021, 5, 1)):
                make.record(campaign, member=member, minutes=hours * 30, source="学习强国", happened_on=day)
        lesson = {"type": "现场教学", "title": "参观", "category": "革命遗址"}
        make.record(campaign, "activity", owner=east, co_organisers=[west], people=[zhang, wang], **lesson)
        make.record(campaign, "activity", owner=west, headcount=3, **{**lesson, "title": "又一次"})
        service = {"category": "走访慰问", "community": "北园社区", "people_served": 5}
        make.record(campaign, "service", owner=group, people=[zhang, li], minutes=1200, **service)
        make.record(
            campaign,
            "task",
            owner=section,
            title="修灯",
            stage="完成",
            ended_on=dt.date(2021, 5, 1),
            ref="W1",
        )
        make.record(campaign, "task", owner=east, title="修路", stage="领办", ref="W2")
    vars(self).update(
        campaign=campaign,
        east=east,
        west=west,
        old=old,
        group=group,
        other_group=other_group,
        section=section,
        zhang=zhang,
        wang=wang,
        names=("张三", "李四", "王五", "赵六", "钱七"),
        office=make.user(Role.OFFICE),
        auditor=make.user(Role.AUDITOR),
        secretary=make.user(Role.SECRETARY, east),
        stranger=make.user(Role.SECRETARY, west),
    )


def inline_things(root: Any) -> list[str]:
    """Elements that the Content-Security-Policy would refuse: scripts and styles inside the page."""
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style":
            found.append("<style>")
        if (
            element.tag == "script"
            and element.get("src") is None
            and element.get("type") != "application/json"
        ):
            found.append("<script>")
        found += [
            f"{element.tag} {name}" for name in element.attrib if name == "style" or name.startswith("on")
        ]
    return found
