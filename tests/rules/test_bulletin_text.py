"""The grammar of a bulletin: figures are filled in, and what cannot be said is left out and told."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.maker import SHIPPED
from tracker.rules import bulletin_text
from tracker.rules.bulletin_text import Facts, Placeholder, compose, refs_of, split_text
from tracker.rules.bulletins import Body, body_of
from tracker.rules.campaign_file import read_campaign
from tracker.rules.figures import FigureValue
from tracker.rules.quoted import QuotedFigure

DAY = dt.date(2021, 6, 26)
SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
AMOUNTS: dict[str, int | str] = {
    "members.eligible": 124, "study.min_hours": 80, "stories.person_times": 167, "stories.persons": 89,
    "classroom.person_times": 164, "classroom.persons": 104, "essays.shared": 483, "stories.told": 0,
    "stories.sessions": 20, "service.people_served": 2137, "tasks.done": 50,
}  # fmt: skip
BEDS = QuotedFigure("beds", "养老床位", Fraction(12050), "张", dt.date(2021, 6, 1), "市统计公报")


def value(figure_id: str, amount: int | str) -> FigureValue:
    figure = SPEC.figure(figure_id)
    assert figure is not None
    exact = Fraction(amount)
    return FigureValue(figure, exact, exact, exact, n=124)


FACTS = Facts(SPEC, {key: value(key, one) for key, one in AMOUNTS.items()}, DAY, "市民政局", {"beds": BEDS})


def said(text: str) -> str:
    return "\n".join(one.text for one in compose(text, FACTS).paragraphs)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{members.eligible}应学党员", "124名应学党员"),
        ("{members.eligible}名应学党员", "124名应学党员"),  # the unit is not printed twice
        ("分享{essays.shared:余}篇。", "分享480余篇。"),
        ("读{study.min_hours:以上}", "读80小时以上"),
        ("{service.people_served:超100}人次", "超2100人次"),
        ("截至{as_of}，{bureau}", "截至2021年6月26日，市民政局"),
        ("床位{quoted.beds}", "床位12050张"),
        ("{{7*7}} 与 {}", "{{7*7}} 与 {}"),
        ("{study.min_hours=85小时}", "85小时"),
    ],
)
def test_figures_are_filled_in(text: str, printed: str) -> None:
    assert said(text) == printed


def test_who_came_and_how_often_stand_side_by_side() -> None:
    assert said("共{stories.person_times}参加。") == "共167人次（89人）参加。"
    assert said("共{stories.persons}参加。") == "共89人（167人次）参加。"


def test_a_sentence_that_has_both_gets_no_third() -> None:
    assert said("进课堂{classroom.persons}、{classroom.person_times}。") == "进课堂104名、164人次。"


def test_each_sentence_has_its_pair() -> None:
    text = "现场教学{stories.persons}。参加{stories.person_times}。"
    assert said(text) == "现场教学89人（167人次）。参加167人次（89人）。"


def test_a_sentence_whose_figure_is_missing_is_left_out_and_told() -> None:
    body = compose("完成{tasks.done}。照此{study.slowest_reaches_100_on}完成。", FACTS)
    assert [one.text for one in body.paragraphs] == ["完成50件。"]
    (gone,) = body.left_out
    assert gone.ref == "study.slowest_reaches_100_on"
    assert gone.sentence == "照此{study.slowest_reaches_100_on}完成。"
    assert gone.why.msgid == bulletin_text.NO_FIGURE


def test_the_rest_of_a_sentence_ends_where_its_last_clause_is_left_out() -> None:
    assert said("完成{tasks.done}；又{no.such}件。") == "完成50件。"


def test_a_goal_that_is_not_reported_in_its_unit_is_not_zero() -> None:
    body = compose("讲述{stories.told}；现场教学{stories.sessions}。", FACTS)
    assert said("讲述{stories.told}；现场教学{stories.sessions}。") == "现场教学20场次。"
    assert body.left_out[0].why.msgid == bulletin_text.NOT_REPORTED


def test_an_unknown_hedge_is_told_and_not_dropped() -> None:
    body = compose("分享{essays.shared:约}篇。", FACTS)
    assert body.paragraphs == ()
    assert body.left_out[0].why.msgid == bulletin_text.NO_HEDGE


def test_a_quoted_figure_that_nobody_entered_is_told() -> None:
    assert compose("{quoted.no}。", FACTS).left_out[0].why.msgid == bulletin_text.NO_QUOTED


def test_headings_go_with_what_stood_under_them() -> None:
    text = "# 一、有\n完成{tasks.done}。\n# 二、没有\n又{no.such}。\n## （一）也没有\n再{no.such}。"
    assert [(one.style, one.text) for one in compose(text, FACTS).paragraphs] == [
        ("heading1", "一、有"), ("body", "完成50件。"),
    ]  # fmt: skip


def test_a_full_stop_inside_a_placeholder_ends_no_sentence() -> None:
    assert said("共{tasks.done=五。十件}办完。") == "共五。十件办完。"


def test_a_chip_says_what_it_is_and_what_was_typed_over_it() -> None:
    chips = compose("{study.min_hours:以上}、{tasks.done=60件}", FACTS).chips
    assert [(chip.ref, chip.text, chip.exact, chip.hedge, chip.typed, chip.printed) for chip in chips] == [
        ("study.min_hours", "80小时以上", "80小时", "以上", None, "80小时以上"),
        ("tasks.done", "50件", "50件", "", "60件", "60件"),
    ]


def test_what_is_kept_of_an_issue_is_read_again_alike() -> None:
    body = compose("# 一\n{study.min_hours:以上}、{tasks.done=60件}。", FACTS)
    assert body_of(json.loads(json.dumps(body.as_json()))) == Body(body.paragraphs)


def test_the_figures_of_a_text_include_the_other_half_of_each_pair() -> None:
    text = "{stories.person_times}{tasks.done}{tasks.done}{as_of}{quoted.beds}"
    assert refs_of(text, SPEC) == ["stories.person_times", "stories.persons", "tasks.done", "quoted.beds"]


@given(st.text())
def test_any_text_comes_back_whole(text: str) -> None:
    parts = list(split_text(text))
    assert "".join(str(part) for part in parts) == text


@given(
    st.lists(
        st.one_of(
            st.text(alphabet="字。；！{}:=# \n", max_size=6),
            st.sampled_from(["{tasks.done}", "{no.such}", "{essays.shared:余}", "{stories.persons}"]),
        ),
        max_size=9,
    )
)
def test_no_text_breaks_it_and_no_figure_is_printed_that_the_ledger_does_not_have(parts: list[str]) -> None:
    text = "".join(parts)
    body = compose(text, FACTS)
    for chip in body.chips:
        assert chip.exact == {
            "tasks.done": "50件", "essays.shared": "483篇", "stories.persons": "89人",
            "stories.person_times": "167人次",
        }[chip.ref]  # fmt: skip
    told = {one.ref for one in body.left_out}
    assert ("no.such" in told) == any(
        isinstance(part, Placeholder) and part.ref == "no.such" for part in split_text(text)
    )
    assert "no.such" not in "".join(one.text for one in body.paragraphs)


def test_lines_are_paragraphs_and_empty_ones_are_none() -> None:
    assert said("一\n\n  \n二") == "一\n二"
