"""Typed rows, pasted cells, grids of days, and reach: rules without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_ledger_rows import DAY, REGISTER, SPEC, TODAY
from tracker.models.record import OwnerType
from tracker.rules.durations import parse_minutes
from tracker.rules.entries import check_pasted, check_rows, field_at, named_columns, typed_minutes
from tracker.rules.grids import GridCell, days_from, filled_cells, fits_grid, fits_list, monday_of, row_of
from tracker.rules.ledger_columns import columns_of
from tracker.rules.ledger_entries import Entry
from tracker.rules.pasted import pasted_sheet
from tracker.rules.reach import Reach, may_enter, may_enter_kind
from tracker.rules.refusal import Refused

STUDY = SPEC.kind("study")
ROW = {"member_number": "M0001", "happened_on": "2021-03-05", "minutes": "1", "source": "学习强国"}


def check(*rows, kind=STUDY):
    return check_rows(kind, list(enumerate(rows, start=1)), SPEC, REGISTER, TODAY)


def test_a_row_that_names_a_member_asks_for_no_unit_of_theirs():
    plan = check(ROW)
    assert plan.problems == []
    assert (plan.entries[0].branch_id, plan.entries[0].group_id) == (2, 4)
    assert plan.entries[0].identity == ""  # the service gives it


def test_a_problem_names_its_row_and_the_heading_of_its_field():
    plan = check(ROW, {**ROW, "minutes": "很久", "source": ""})
    assert [(one.row, field_at(STUDY, one.column)) for one in plan.problems] == [
        (2, "minutes"),
        (2, "source"),
    ]


def test_named_columns_are_those_of_a_sheet():
    for kind in SPEC.kinds:
        assert [name for name, _ in named_columns(kind)] == [one.field for one in columns_of(kind)]
        headings = [column.heading for _, column in named_columns(kind)]
        assert len(set(headings)) == len(headings)


@given(st.integers(1, 1440))
def test_a_duration_as_it_is_shown_for_correcting_is_read_as_itself(minutes):
    assert parse_minutes(typed_minutes(minutes)) == minutes


# ---- pasted cells ----


def cells(text):
    return [(row, list(values)) for row, values in pasted_sheet(text).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\r\nc\td\r\n", [(1, ["a", "b"]), (2, ["c", "d"])]),
        ("a\rb", [(1, ["a"]), (2, ["b"])]),
        ("a\n\n\nb", [(1, ["a"]), (4, ["b"])]),
        ('"一行\n二行"\tb\nc', [(1, ["一行\n二行", "b"]), (2, ["c"])]),
        ('"他说""好""。"\tb', [(1, ['他说"好"。', "b"])]),
        ('"带\t格"\tb', [(1, ["带\t格", "b"])]),
        ('"初心"\tb', [(1, ['"初心"', "b"])]),
        ('"没有合上\tb\nc', [(1, ['"没有合上', "b"]), (2, ["c"])]),
        ('5"屏\tb', [(1, ['5"屏', "b"])]),
        ("\t\tc", [(1, [None, None, "c"])]),
    ],
)
def test_cells_are_read_as_a_spreadsheet_copies_them(text, expected):
    assert cells(text) == expected


@pytest.mark.parametrize("text", ["", "  \n\t\n", "x" * 200_001, "x\n" * 600, "x\t" * 100 + "x"])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(Refused):
        pasted_sheet(text)


@given(st.text(alphabet='a"\t\n\r 长', max_size=400))
def test_any_text_gives_cells_or_a_refusal(text):
    try:
        sheet = pasted_sheet(text)
    except Refused:
        return
    assert all(isinstance(cell, str | None) for _, row in sheet.rows for cell in row)


def test_many_quotation_marks_take_no_longer_than_others():
    cells('"a\t' * 50 + '\n"' + '""' * 90_000 + "x")


def test_pasted_rows_are_checked_by_the_rules_of_the_import():
    text = "日期\t姓名\t学习时长（分钟）\t来源\n2021-3-5\t张三\t90\t学习强国\n合计\t\t90\t"
    plan = check_pasted(pasted_sheet(text), STUDY, SPEC, REGISTER, TODAY)
    assert plan.problems == []
    assert [(one.minutes, one.member_id, one.happened_on) for one in plan.entries] == [(90, 1, DAY)]
    assert plan.entries[0].identity


# ---- grids ----


def test_a_week_is_monday_to_sunday_over_every_border():
    assert monday_of(dt.date(2021, 1, 3)) == dt.date(2020, 12, 28)
    assert days_from(dt.date(2021, 2, 22))[-1] == dt.date(2021, 2, 28)


def test_a_cell_says_its_own_words_or_those_for_all():
    shared = {"source": "集中学习", "title": "夜读"}
    cell = GridCell("0", {"member_number": "M0001"}, DAY, "1", {"source": "学习强国", "title": " "})
    assert row_of(cell, shared) == {
        "source": "学习强国", "title": "夜读", "member_number": "M0001", "happened_on": DAY, "minutes": "1",
    }  # fmt: skip
    empty = GridCell("1", {}, DAY, "　", {"title": ""})
    assert filled_cells([cell, empty]) == [cell]


def test_a_grid_is_for_kinds_of_members_with_day_and_duration():
    assert {kind.code for kind in SPEC.kinds if fits_grid(kind)} <= {
        kind.code for kind in SPEC.kinds if fits_list(kind)
    }
    for kind in SPEC.kinds:
        has_both = kind.column("happened_on") is not None and kind.column("minutes") is not None
        assert fits_grid(kind) == (has_both and "member" in kind.owners and not kind.has_text)


# ---- reach ----


def entry(owner, **places):
    return Entry("x", "x", 1, DAY, owner_type=owner, **places)


SECRETARY, LEADER = Reach(branches=frozenset([2])), Reach(groups=frozenset([4]))
HEAD, SELF = Reach(sections=frozenset([6])), Reach(member_id=1)


@pytest.mark.parametrize(
    ("owned", "those"),
    [
        (
            entry(OwnerType.MEMBER, member_id=1, branch_id=2, group_id=4, section_id=6),
            {"sec", "lead", "self"},
        ),
        (entry(OwnerType.MEMBER, member_id=2, branch_id=3, group_id=5, section_id=6), set()),
        (entry(OwnerType.GROUP, branch_id=2, group_id=4), {"sec", "lead"}),
        (entry(OwnerType.BRANCH, branch_id=2), {"sec"}),
        (entry(OwnerType.SECTION, section_id=6), {"head"}),
        (entry(OwnerType.BUREAU), set()),
    ],
)
def test_who_may_enter_for_whom(owned, those):
    reaches = {"sec": SECRETARY, "lead": LEADER, "head": HEAD, "self": SELF}
    assert {name for name, reach in reaches.items() if may_enter(owned, reach)} == those
    assert may_enter(owned, Reach(bureau=True))
    assert not may_enter(owned, Reach())


def test_a_kind_is_offered_where_some_owner_of_it_is_within_reach():
    for reach, owners in (
        (SECRETARY, {"member", "group", "branch"}),
        (LEADER, {"member", "group"}),
        (HEAD, {"section"}),
        (SELF, {"member"}),
        (Reach(), set()),
    ):
        for kind in SPEC.kinds:
            assert may_enter_kind(kind, reach) == bool(owners & set(kind.owners)), (kind.code, owners)
