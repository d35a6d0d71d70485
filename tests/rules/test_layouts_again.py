"""What a layout writes is read back as what it was, whatever people wrote into the ledger."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.layouts import part_of, read_back, said_of, written
from tests.rules.test_ledger_rows import SPEC, TODAY, UNITS
from tracker.rules.campaigns import Kind
from tracker.rules.entries import check_rows, named_columns
from tracker.rules.layout_rows import Line, person_said
from tracker.rules.layouts import (
    FIRST,
    SERIAL,
    Layout,
    LayoutColumn,
    check_layout,
    default_layout,
    gaps_of,
    in_order,
    units_of,
)
from tracker.rules.ledger_entries import Recogniser, base_of
from tracker.rules.people import PersonMention, parse_people
from tracker.rules.registers import MemberFact, Register, Stay

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PEOPLE = [
    MemberFact(1, "M0001", "张三"),
    MemberFact(2, "M0002", "李四"),
    MemberFact(3, "M0003", "李四"),
    MemberFact(4, "007", "张三（大）"),
    MemberFact(5, "1e5", "欧阳 娜"),
    MemberFact(6, "M-6", "阿依古丽·买买提"),
    MemberFact(7, "X7", "John Smith"),
    MemberFact(8, "M0008", "大家"),
]
REGISTER = Register(
    PEOPLE, {one.id: [Stay(None, None, 2 + one.id % 2, 4 + one.id % 2, 6)] for one in PEOPLE}, UNITS
)
BRANCHES = ["第一党支部", "第二党支部"]

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", '"', "1e5", "00123", "1234567890123456789",
    "2021-03-05", "1.50", "合计", "小计", "总计：", "本月合计", "示例", "示例：甲", "示例课观摩",
    "（示例）", "例：乙", "填报人：张三", "备注：无", "说明：", "标题", "主题", "题目", "社区",
    "张三（M0001）", "雷锋（上）", "《一》、《二》", "（未完", "_x0041_", "<r>甲</r>",
    "<r><t>&</t></r>", "&amp;", "<f>1</f>", "TRUE", "#N/A", "NULL", "مرحبا بالعالم",
    "e\u200b\u0301", "a\u0308", "\ufffe", "\u202eabc", "甲\n乙", "甲\r\n乙", "　全角　", " 前后 ",
    "\xa0", "\x00", "\x1f", "\x85", "👨\u200d👩\u200d👧", "🇨🇳", "\ud800", "𠮷野家",
    "11010519491231002X", "110105 19491231002x", "1101 0519 4912 3100 2X", "ﬁ", "①", "½", "¨",
    "a ¨", "填报单位：第一党支部", "党" * 200, "党" * 201,
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=20),
    st.text("合计示例：:（）()、；《》=+-@'\"<>&_x0 \n　填报人说明", max_size=12),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
)
DAYS = st.dates(dt.date(2021, 2, 26), TODAY).map(dt.date.isoformat)
MINUTES = st.one_of(
    st.integers(1, 1440).map(lambda n: f"{n}分钟"),
    st.sampled_from(["1.5", "０.５小时", "1小时20分", "1:07", "90min"]),
)
NAMED = st.lists(st.sampled_from(PEOPLE), max_size=4, unique_by=lambda one: one.id).map(
    lambda found: "、".join(person_said(one.name, one.number) for one in found)
)
STORIES = st.lists(st.tuples(TEXTS, st.one_of(st.just(""), TEXTS, NAMED)), max_size=3).map(
    lambda told: "\n".join(f"{title}（{teller}）" if teller else title for title, teller in told)
)


def _cells(kind: Kind) -> st.SearchStrategy[dict[str, str]]:
    """One row of the kind as somebody would type it."""
    member, own = st.sampled_from(PEOPLE), "member" in kind.owners
    found: dict[str, st.SearchStrategy[str]] = {}
    for name, column in named_columns(kind):
        match column.field:
            case "happened_on" | "ended_on" | "due_on":
                one = DAYS if name == "happened_on" else st.one_of(st.just(""), st.just(""), DAYS)
            case "minutes":
                one = MINUTES
            case "quantity" | "people_served":
                most = 2**31 - 1  # two such rows have a sum that no row may hold
                one = st.one_of(st.just(""), st.just(str(most)), st.integers(0, most).map(str))
            case "headcount":
                one = st.one_of(st.just(""), st.integers(1, 200).map(str))
            case "people":
                one = NAMED
            case "stories":
                one = STORIES
            case "type":
                one = st.sampled_from([choice.name for choice in kind.types])
            case "stage":
                one = st.sampled_from([choice.name for choice in kind.stages])
            case "source" if kind.sources:
                one = st.sampled_from([choice.name for choice in kind.sources])
            case "branch":
                one = st.sampled_from(BRANCHES)
            case "group":
                one = st.just("第一党小组")
            case "organiser":
                one = st.sampled_from([*BRANCHES, "第一党支部、第二党支部", "市民政局机关党委"])
            case "owner_name":
                one = st.sampled_from([*BRANCHES, "办公室"])
            case "owner_type":
                one = st.just("")
            case "member_number" | "member_name":
                continue
            case _:
                one = TEXTS
        found[name] = one
    if not own:
        return st.fixed_dictionaries(found)
    return st.fixed_dictionaries({"who": member, **found}).map(
        lambda row: {
            **{name: text for name, text in row.items() if name not in ("who", "branch", "group")},
            "member_number": row["who"].number, "member_name": "",
        }
    )  # fmt: skip


def _owned(kind: Kind, row: dict[str, str]) -> dict[str, str]:
    """The type of the owner follows from its name."""
    if "owner_type" in row:
        row["owner_type"] = "科室" if row["owner_name"] == "办公室" else "支部"
    return row


def _may_lead(kind: Kind, name: str) -> bool:
    column = kind.column(name)
    return name in FIRST and column is not None and (column.required or name.startswith("member_"))


@st.composite
def layouts(draw: st.DrawFn, kind: Kind) -> Layout:
    """A layout of all columns of the kind in any order that its check lets pass."""
    start = default_layout(kind)
    unit = draw(st.sampled_from(units_of(kind) or ("hours",)))
    numbered = [
        (draw(st.integers(1, 99)) + (0 if column.field == SERIAL else 100), column)
        for column in start.columns
    ]
    columns = in_order(numbered)
    if draw(st.booleans()):
        rest = [column for column in columns if column.field != SERIAL]
        first = [column for column in rest if _may_lead(kind, column.field)]
        lead = draw(st.sampled_from(first)) if first else columns[0]
        columns = (lead, *(column for column in rest if column is not lead))
    if unit != kind.minutes_in:
        word = {"hours": "小时", "minutes": "分钟"}[unit]
        columns = tuple(
            LayoutColumn(c.field, f"{c.heading}（{word}）", c.width) if c.field == "minutes" else c
            for c in columns
        )
    return replace(
        start, name="表", columns=columns, unit=unit, digits=draw(st.integers(0, 2)),
        has_unit=draw(st.booleans()), has_date=draw(st.booleans()), has_total=draw(st.booleans()),
        signers=draw(st.sampled_from([(), ("填报人",), ("填报人", "审核人", "单位负责人", "联系人")])),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layouts")


@pytest.mark.parametrize("kind", SPEC.kinds, ids=[kind.code for kind in SPEC.kinds])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_was_entered_comes_back_from_its_sheet_as_it_was(kind, folder, data):
    typed = [
        _owned(kind, row) for row in data.draw(st.lists(_cells(kind), min_size=1, max_size=25), label="rows")
    ]
    layout = data.draw(layouts(kind), label="layout")
    check_layout(layout, kind)
    assert not gaps_of(layout, kind)
    plan = check_rows(kind, list(enumerate(typed, start=1)), SPEC, REGISTER, TODAY)
    wrong = {problem.row for problem in plan.problems}
    held = [entry for entry in plan.entries if entry.row not in wrong]
    event(f"{len(held)} of {len(typed)} rows can be held" if len(held) < 3 else "three or more rows")
    recogniser = Recogniser()
    for entry in held:
        recogniser.mark(entry, kind)
    if kind.identity:  # the ledger holds one of each
        held = list({entry.identity: entry for entry in held if _first(held, entry)}.values())
        again = Recogniser()
        for entry in held:
            again.mark(entry, kind)
    part = part_of(layout, kind, REGISTER, [Line(entry) for entry in held])
    workbook = written(folder / "表.xlsx", layout, part)
    back = read_back(workbook, SPEC, REGISTER, TODAY)
    assert [problem.message for problem in back.problems] == []
    assert sorted(map(said_of, back.entries), key=str) == sorted(map(said_of, held), key=str)
    assert back.new_values == {}


def _first(held, entry):
    """Whether no earlier entry has its particulars: the ledger would refuse the second."""
    kind = SPEC.kind(entry.kind)
    mine = base_of(entry, kind)
    return next(one for one in held if base_of(one, kind) == mine) is entry


@given(TEXTS)
@example("e\u200b\u0301")
def test_a_text_that_the_ledger_takes_is_one_that_a_workbook_holds(text):
    """Every way in refuses what no XML may hold."""
    kind = SPEC.kind("study")
    row = {
        "member_number": "M0001",
        "happened_on": "2021-03-05",
        "minutes": "1",
        "source": "学习强国",
        "title": text,
    }
    plan = check_rows(kind, [(1, row)], SPEC, REGISTER, TODAY)
    for entry in plan.entries:
        kept = entry.title or ""
        assert kept == unicodedata.normalize("NFC", kept)
        assert not any(ord(c) < 32 or c in "\ufffe\uffff" or 0xD800 <= ord(c) < 0xE000 for c in kept)
        assert (
            check_rows(kind, [(1, {**row, "title": kept})], SPEC, REGISTER, TODAY).entries[0].title
            == entry.title
        )


@pytest.mark.parametrize("member", PEOPLE, ids=[member.name for member in PEOPLE])
def test_everybody_can_be_named_in_a_cell(member):
    assert parse_people(person_said(member.name, member.number)) in (
        [PersonMention(member.name, member.number)],
        [PersonMention("", member.number)],
    )
