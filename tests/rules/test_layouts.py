"""Layouts: what may be said in one, and what its sheets come to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.layouts import part_of, read_back, written
from tests.rules.test_ledger_rows import REGISTER, SPEC, TODAY
from tracker.models.record import OwnerType
from tracker.rules.layout_rows import Line, RowWriter, Totals
from tracker.rules.layouts import (
    CODE,
    STATUS,
    Layout,
    LayoutColumn,
    check_layout,
    coded,
    default_layout,
    fitted,
    gaps_of,
    marked,
    signers_of,
    titled,
    units_of,
)
from tracker.rules.ledger_entries import Entry
from tracker.rules.refusal import Refused

STUDY, ACTIVITY, PAIRING = SPEC.kind("study"), SPEC.kind("activity"), SPEC.kind("pairing")
DAY = dt.date(2021, 3, 5)


def session(*people, headcount=None, others=()):
    entry = Entry(
        "activity", "", 0, DAY, type="专题学习", title="学习", owner_type=OwnerType.BRANCH, branch_id=2,
        people=people, headcount=headcount,
    )  # fmt: skip
    return Line(entry, others)


def hour(member=1, minutes=50):
    entry = Entry(
        "study", "", 0, DAY, minutes=minutes, source="学习强国", owner_type=OwnerType.MEMBER,
        member_id=member, branch_id=2, people=(member,),
    )  # fmt: skip
    return Line(entry)


def totals(layout, kind, *lines):
    found = Totals(RowWriter(layout, kind, REGISTER))
    for line, values in found.writer.rows(lines):
        found.add(line, values)
    return dict(zip((column.field for column in layout.columns), found.cells(), strict=True))


@pytest.mark.parametrize("kind", SPEC.kinds, ids=[kind.code for kind in SPEC.kinds])
def test_the_campaigns_own_columns_are_a_layout_that_says_all(kind):
    layout = replace(default_layout(kind), name="表")
    check_layout(layout, kind)
    assert not gaps_of(layout, kind)
    assert Layout.of(layout.as_json()) == layout
    assert fitted(layout, kind) == layout


def test_attendances_are_added_and_people_are_counted_once():
    there = session(1, 2), session(1, 3), session(1, others=(9,))
    found = totals(default_layout(ACTIVITY), ACTIVITY, *there)
    assert (found["serial"], found["people"], found["headcount"]) == ("合计", "6人次、4人", 6)


def test_without_names_the_people_are_from_to():
    found = totals(
        default_layout(ACTIVITY), ACTIVITY, session(1, 2), session(headcount=79), session(headcount=85)
    )
    assert found["people"] == "166人次、85—166人"


def test_one_persons_hours_are_one_person():
    found = totals(default_layout(STUDY), STUDY, hour(), hour(), hour(2, minutes=20))
    assert (found["member_name"], found["minutes"], found["source"]) == ("2人", 2, None)


@pytest.mark.parametrize(("subjects", "said"), [(0, "0名"), (1, "少于3名"), (2, "少于3名"), (3, "3名")])
def test_people_in_need_below_three_are_not_counted(subjects, said):
    lines = [
        Line(
            Entry(
                "pairing", "", 0, DAY, subject=f"KN{n}", owner_type=OwnerType.MEMBER, member_id=1, people=(1,)
            )
        )
        for n in range(subjects)
    ]
    assert totals(default_layout(PAIRING), PAIRING, *lines)["subject"] == said


def test_a_reader_of_codes_has_no_column_that_tells_on_anybody():
    layout = coded(default_layout(ACTIVITY))
    assert {column.field for column in layout.columns}.isdisjoint({"people", "stories", "member_name"})
    layout = coded(default_layout(STUDY))
    assert [column.field for column in layout.columns][:4] == ["serial", "happened_on", CODE, "branch"]
    assert gaps_of(layout, STUDY).left_out == ("工号", "姓名")


def test_a_sheet_with_codes_is_refused_by_the_import(tmp_path):
    line = replace(hour(), code="党员-AB12CD")
    layout = coded(default_layout(STUDY))
    back = read_back(
        written(tmp_path / "表.xlsx", layout, part_of(layout, STUDY, REGISTER, [line])), SPEC, REGISTER, TODAY
    )
    assert "The column 姓名 is missing." in [problem.message for problem in back.problems]


def test_a_sheet_that_says_only_how_many_there_were_is_refused_by_the_import(tmp_path):
    layout = default_layout(ACTIVITY)
    part = part_of(layout, ACTIVITY, REGISTER, [session(1, others=(2, 3))])
    back = read_back(written(tmp_path / "表.xlsx", layout, part), SPEC, REGISTER, TODAY)
    assert any("does not name people" in problem.message for problem in back.problems)


def test_a_mark_of_what_is_not_verified_is_left_alone_by_the_import(tmp_path):
    layout = marked(default_layout(STUDY))
    assert layout.columns[-1].field == STATUS
    part = part_of(layout, STUDY, REGISTER, [replace(hour(), status="submitted")])
    back = read_back(written(tmp_path / "表.xlsx", layout, part), SPEC, REGISTER, TODAY)
    assert (back.problems, len(back.entries)) == ([], 1)


def test_class_hours_are_written_where_the_campaign_says_what_one_comes_to(tmp_path):
    kind = replace(STUDY, class_hour=45)
    assert units_of(STUDY) == ("hours", "minutes")
    assert "class_hours" in units_of(kind)
    start = default_layout(kind)
    columns = tuple(
        LayoutColumn(one.field, "时长（学时）" if one.field == "minutes" else one.heading, one.width)
        for one in start.columns
    )
    layout = replace(start, name="表", unit="class_hours", columns=columns)
    check_layout(layout, kind)
    with pytest.raises(Refused, match="does not say"):
        check_layout(layout, STUDY)
    spec = replace(SPEC, kinds=tuple(kind if one is STUDY else one for one in SPEC.kinds))
    part = part_of(layout, kind, REGISTER, [hour(minutes=90), hour(minutes=50)])
    back = read_back(written(tmp_path / "表.xlsx", layout, part), spec, REGISTER, TODAY)
    assert ([one.message for one in back.problems], [one.minutes for one in back.entries]) == ([], [90, 50])


def test_a_title_takes_only_what_it_may():
    layout = replace(default_layout(STUDY), name="表", title="{单位}{时段}{{计划}}")
    assert titled(layout, 单位="甲", 时段="乙", 计划="{类别}", 类别="丙") == "甲乙{{类别}}"
    for wrong in ("{工号}", "{}", "", "甲" * 101, "甲\x00"):
        with pytest.raises(Refused):
            check_layout(replace(layout, title=wrong), STUDY)


def test_who_signs_is_read_as_it_is_typed():
    assert signers_of(" 填报人：、审核人,单位负责人； ") == ("填报人", "审核人", "单位负责人")
    assert signers_of("") == ()


def test_a_person_whose_names_do_not_fit_is_refused_and_nothing_is_cut():
    layout = default_layout(ACTIVITY)
    writer = RowWriter(layout, ACTIVITY, REGISTER)
    with pytest.raises(Refused, match="more people than fit"):
        writer.cells({"people": "张" * 32_768, "happened_on": DAY})
