"""Rosters: recognised by number, changes with their day, twice changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.maker import NOW
from tests.workbooks import ARTICLE, sentences, xlsx
from tracker.db import db
from tracker.models import BatchState, Exemption, Member, Membership, Unit, UnitCategory, UnitLevel
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

HEAD = ["工号", "姓名", "党支部", "党小组", "人员类别", "科室", "免学原因", "变动日期"]


def row(number: str | None, name: str = "张三", branch: str = "第一党支部", **other: Any) -> list[Any]:
    given = {"党小组": "第一党小组", "人员类别": "在职", **other}
    return [number, name, branch, *(given.get(heading) for heading in HEAD[3:])]


def book(*rows: list[Any], title: list[list[Any]] | None = None) -> bytes:
    return xlsx({"名册": [*(title or []), HEAD, *rows]})


def member(number: str) -> Member:
    return db.session.scalars(select(Member).where(Member.number == number)).one()


def memberships(number: str) -> list[Membership]:
    return sorted(member(number).memberships, key=lambda membership: membership.id)


def counts() -> list[int | None]:
    tables = (Unit, Member, Membership, Exemption)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_the_roster_of_the_article_makes_its_branches_groups_and_sections(importer):
    batch = importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    assert batch.state is BatchState.COMMITTED
    assert batch.report["counts"]["new"] == 126
    levels = dict(db.session.execute(select(Unit.level, func.count()).group_by(Unit.level)).all())
    assert (levels[UnitLevel.COMMITTEE], levels[UnitLevel.BRANCH]) == (1, 8)
    retired = select(func.count()).where(Unit.category == UnitCategory.RETIRED)
    assert db.session.scalar(retired) == 2


def test_a_roster_brought_in_twice_changes_nothing(importer):
    importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    before = counts()
    again = importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    assert counts() == before
    assert again.report["counts"] == {
        "read": 126, "new": 0, "unchanged": 126, "changed": 0, "reversed_before": 0,
    }  # fmt: skip
    assert again.report["same_as"] is not None


def test_a_member_who_moves_ends_one_membership_and_begins_another(importer):
    importer.roster(book(row("M1")))
    batch = importer.roster(book(row("M1", branch="第二党支部", 变动日期=dt.date(2021, 5, 1))))
    assert [(c["field"], c["before"], c["after"], c["on"]) for c in batch.report["roster"]["changes"]] == [
        ("branch", "第一党支部", "第二党支部", "2021-05-01")
    ]
    first, second = memberships("M1")
    assert (first.starts_on, first.ends_on) == (None, dt.date(2021, 5, 1))
    assert (second.starts_on, second.branch.name, second.group.name) == (
        dt.date(2021, 5, 1), "第二党支部", "第一党小组",
    )  # fmt: skip


def test_a_change_without_a_day_holds_from_today(importer):
    importer.roster(book(row("M1")))
    importer.roster(book(row("M1", 人员类别="离退休")))
    assert [m.starts_on for m in memberships("M1")] == [None, dt.date(2021, 7, 31)]


def test_a_change_before_the_present_membership_began_is_refused(importer):
    importer.roster(book(row("M1")))
    importer.roster(book(row("M1", branch="第二党支部", 变动日期=dt.date(2021, 5, 1))))
    batch = importer.roster(book(row("M1", branch="第三党支部", 变动日期=dt.date(2021, 4, 1))))
    assert batch.state is BatchState.REFUSED
    assert "lies before 2021-05-01" in sentences(batch)[0]


def test_a_name_is_corrected_without_a_new_membership(importer):
    importer.roster(book(row("M1", "张三")))
    importer.roster(book(row("M1", "曾 山")))
    assert (member("M1").name, member("M1").pinyin) == ("曾山", "zengshan zs")
    assert len(member("M1").memberships) == 1


def test_a_row_without_number_is_recognised_by_name_and_branch(importer):
    importer.roster(book(row("M1"), row("M2", branch="第二党支部")))
    batch = importer.roster(book(row(None, branch="第二党支部", 人员类别="离退休")))
    assert [c["number"] for c in batch.report["roster"]["changes"]] == ["M2"]


def test_a_row_without_number_that_nobody_knows_is_refused(importer):
    batch = importer.roster(book(row(None)))
    assert "A new member needs a number." in sentences(batch)[0]


def test_a_row_without_number_that_two_could_be_is_refused(importer):
    importer.roster(book(row("M1"), row("M2")))
    assert "Write the number" in sentences(importer.roster(book(row(None))))[0]


def test_every_problem_is_listed_and_nothing_is_written(importer):
    before = counts()
    batch = importer.roster(
        book(
            row("M1"),
            row("M1", "李四"),
            row("M2", 变动日期="2021-02-30"),
            row("M3", ""),
            row("M4", "王\x0b五"),
        )
    )
    assert batch.state is BatchState.REFUSED
    assert [(p["row"], p["column"]) for p in batch.report["problems"]] == [
        (3, "工号"), (4, "变动日期"), (5, "姓名"),
    ]  # fmt: skip
    assert counts() == before


def test_an_exemption_begins_and_ends_with_the_reason_in_the_file(importer):
    importer.roster(book(row("M1", 免学原因="长期卧病"), row("M2")))
    assert [(e.reason, e.starts_on) for e in member("M1").exemptions] == [("长期卧病", None)]
    importer.roster(book(row("M1"), row("M2", 免学原因="援藏", 变动日期=dt.date(2021, 6, 1))))
    db.session.expire_all()
    assert [e.ends_on for e in member("M1").exemptions] == [dt.date(2021, 7, 31)]
    assert [(e.reason, e.starts_on) for e in member("M2").exemptions] == [("援藏", dt.date(2021, 6, 1))]


def test_columns_that_may_not_be_kept_are_dropped_and_said(importer):
    content = xlsx(
        {
            "名册": [
                ["工号", "姓名", "党支部", "身份证号", "家庭住址"],
                ["M1", "张三", "第一党支部", "x", "某路1号"],
            ]
        }
    )
    batch = importer.roster(content)
    assert batch.state is BatchState.COMMITTED
    assert batch.report["sheets"][0]["dropped"] == ["身份证号", "家庭住址"]
    assert "某路" not in str(batch.report)


def test_the_line_above_the_table_names_the_committee(importer):
    importer.roster(book(row("M1"), title=[["党员名册"], ["填报单位：市民政局机关党委"]]))
    root = db.session.scalars(select(Unit).where(Unit.level == UnitLevel.COMMITTEE)).one()
    assert root.name == "市民政局机关党委"


def test_a_bureau_without_a_name_gets_it_later_and_says_so(importer):
    batch = importer.roster(book(row("M1")))
    assert batch.report["roster"]["committee"] == {"name": "机关党委", "how": "placeholder"}
    again = importer.roster(book(row("M1")), bureau="市民政局机关党委")
    assert again.report["roster"]["committee"]["how"] == "renamed"
    assert (
        db.session.scalars(select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE)).one()
        == "市民政局机关党委"
    )


def test_members_who_are_not_in_the_file_are_named_and_stay(importer):
    importer.roster(book(row("M1"), row("M2", "李四")))
    batch = importer.roster(book(row("M1")))
    assert batch.report["roster"]["missing"] == [{"number": "M2", "name": "李四"}]
    assert member("M2").memberships[0].ends_on is None


@pytest.mark.parametrize(
    ("name", "stated", "category"),
    [
        ("第一党支部", None, UnitCategory.SERVING),
        ("离退休党支部", None, UnitCategory.SERVING),  # by its members, who serve
        ("两企联合党支部", None, UnitCategory.JOINT),
        ("抗疫临时党支部", None, UnitCategory.TEMPORARY),
        ("第一党支部", "联合支部", UnitCategory.JOINT),
    ],
)
def test_the_category_of_a_branch_is_stated_or_told_by_name_and_members(importer, name, stated, category):
    content = [["工号", "姓名", "党支部", "人员类别", "支部类别"], ["M1", "张三", name, "在职", stated]]
    importer.roster(xlsx({"名册": content}))
    assert db.session.scalars(select(Unit.category).where(Unit.level == UnitLevel.BRANCH)).one() is category


def test_undoing_a_roster_leaves_what_was_there_before(importer):
    importer.roster(book(row("M1", 免学原因="卧病")), bureau="市民政局机关党委")
    before = counts()
    batch = importer.roster(
        book(
            row("M1", "张四", branch="第二党支部", 变动日期=dt.date(2021, 5, 1)),
            row("M2", "李四", 科室="办公室"),
        )
    )
    assert counts() != before
    undo_batch(batch, by=importer.by, at=NOW)
    assert counts() == before
    assert (member("M1").name, [m.ends_on for m in member("M1").memberships]) == ("张三", [None])
    assert [e.ends_on for e in member("M1").exemptions] == [None]


def test_a_roster_whose_members_have_records_is_not_undone(importer, make):
    batch = importer.roster(book(row("M1")))
    make.record(make.campaign(), "study", member=member("M1"), minutes=60)
    with pytest.raises(Refused, match="Undo those imports first"):
        undo_batch(batch, by=importer.by, at=NOW)


def test_a_roster_is_not_undone_below_a_later_one(importer):
    first = importer.roster(book(row("M1")))
    later = importer.roster(book(row("M1"), row("M2")))
    first.committed_at = NOW - dt.timedelta(days=1)
    with pytest.raises(Refused, match="later roster"):
        undo_batch(first, by=importer.by, at=NOW)
    undo_batch(later, by=importer.by, at=NOW)
    undo_batch(first, by=importer.by, at=NOW)
    assert counts() == [0, 0, 0, 0]
