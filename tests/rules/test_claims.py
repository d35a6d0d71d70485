"""The claim check: what is said of a number, and that no number is passed over."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claim_ledgers import DAY, SPEC, article_ledger
from tracker.rules.claim_checks import check_draft
from tracker.rules.claim_days import as_of_in
from tracker.rules.claim_texts import MOST_NUMBERS
from tracker.rules.claims import Known, Verdict
from tracker.rules.numerals import is_numeric
from tracker.rules.quoted import QuotedFigure
from tracker.rules.refusal import Refused

LEDGER = article_ledger()
MATCHES, DIFFERS, OTHER, UNKNOWN = Verdict.MATCHES, Verdict.DIFFERS, Verdict.OTHER_COUNT, Verdict.UNKNOWN


def verdicts(text, ledger=LEDGER):
    """What is said of each number that says a count."""
    return [one.verdict for one in check_draft(text, ledger).findings if one.verdict is not Verdict.NO_CLAIM]


def reasons(text, ledger=LEDGER):
    found = check_draft(text, ledger).findings
    return [sentence.msgid % sentence.params for one in found for sentence in one.why]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("全体应学党员学习党史80小时以上。", MATCHES),
        ("全体应学党员学习党史85小时以上。", DIFFERS),
        ("分享心得480余篇。", MATCHES),
        ("分享心得490余篇。", DIFFERS),
        ("服务群众超2100人次。", MATCHES),
        ("服务群众超2200人次。", DIFFERS),
        ("服务群众近2200人次。", MATCHES),
        ("服务群众近2100人次。", DIFFERS),
        ("分享心得约480篇。", MATCHES),
        ("分享心得约400篇。", DIFFERS),
        ("结对困难群众八十多名。", MATCHES),
        ("学习党史人均97.9小时。", MATCHES),
        ("学习党史人均98小时。", MATCHES),
        ("学习党史人均99小时。", DIFFERS),
        ("报送作品二十七篇。", MATCHES),
        ("报送作品３７篇。", DIFFERS),
    ],
)
def test_a_hedge_is_held_to_what_it_says(text, verdict):
    assert verdicts(text) == [verdict]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("各党支部、科室完成微实事66件。", "党支部完成 41件 + 科室领办总数 25件"),
        ("已有164名党员走进课堂。", "People and attendances"),
        ("服务群众2137名。", "People and attendances"),
        ("一百个红色故事：各党支部已讲述20场次。", "The goal “一百个红色故事” counts in 个"),
        ("科室完成微实事25件。", "Another stage"),
        ("在职党员126名。", "Other people"),
        ("全局微实事完成41件。", "Other owners"),
        ("人人学习党史97.9小时。", "Lowest, mean"),
        ("全体应学党员学习党史4800分钟以上。", "in another unit"),
    ],
)
def test_each_known_mixture_is_named(text, told):
    assert verdicts(text) == [OTHER]
    assert told in " ".join(reasons(text))


def test_what_the_ledger_does_not_count_is_no_mistake():
    assert verdicts("赠送图书300册，募集善款1.2万元。") == [UNKNOWN, UNKNOWN]
    assert verdicts("全市民生微实事办结720件。") == [UNKNOWN]


def test_a_quoted_figure_answers_with_its_source():
    quoted = QuotedFigure("livelihood", "全市民生微实事办结", Fraction(720), "件", DAY, "市政府简报")
    ledger = article_ledger(Known(quoted.title, "件", quoted.value, quoted.value, quoted=quoted))
    assert verdicts("全市民生微实事办结720件。", ledger) == [MATCHES]
    assert verdicts("全市民生微实事办结702件。", ledger) == [DIFFERS]
    assert "市政府简报" in " ".join(reasons("全市民生微实事办结702件。", ledger))


def test_a_sentence_about_a_branch_is_held_against_the_branch():
    assert verdicts("东湖党支部开展现场教学4场次。") == [MATCHES]
    assert verdicts("东湖党支部开展现场教学20场次。") == [OTHER]
    assert verdicts("全局开展现场教学20场次。") == [MATCHES]


def test_parts_that_do_not_come_to_their_whole_are_told():
    right = reasons("微实事共完成50件，其中党支部完成41件、科室完成9件。")
    wrong = reasons("微实事共完成60件，其中党支部完成41件、科室完成9件。")
    assert not [one for one in right if "Its parts" in one]
    assert [one for one in wrong if one.endswith("come to 50件.")]


def test_shares_are_held_against_figures_goals_and_numbers_beside_them():
    assert verdicts("应学党员中已满100小时的有59人，占47.6%。") == [MATCHES, MATCHES]
    assert verdicts("一百件微实事已完成50%。") == [MATCHES]
    assert verdicts("科室领办25件微实事，完成9件，办结率36%。") == [MATCHES, MATCHES, MATCHES]
    assert verdicts("学习达标率62%。") == [DIFFERS]
    assert verdicts("群众满意率98.5%。") == [UNKNOWN]


def test_a_forecast_that_a_draft_repeats_is_checked_and_other_days_are_not():
    assert verdicts("最慢的党员预计7月26日读党史满100小时。") == [MATCHES]
    assert verdicts("最慢的党员预计8月6日读党史满100小时。") == [DIFFERS]
    assert verdicts("7月26日召开推进会。") == []


def test_an_interval_bears_out_no_number_inside_it():
    figure = SPEC.figure("classroom.persons")
    interval = Known(figure.title, "名", Fraction(85), Fraction(120), figure)
    others = tuple(one for one in LEDGER.known if one.figure is not figure and one.low != 104)
    ledger = article_ledger()
    ledger = type(ledger)(SPEC, DAY, (*others, interval), {}, ())
    assert verdicts("进课堂人数100名。", ledger) == [UNKNOWN]
    assert verdicts("进课堂人数130名。", ledger) == [DIFFERS]


def test_a_table_is_read_with_its_heads():
    text = "项目\t完成\n现场教学（场次）\t20\n专题宣讲（人次）\t58"
    assert verdicts(text) == [MATCHES, DIFFERS]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至2021年6月26日，", dt.date(2021, 6, 26)),
        ("截至6月26日", dt.date(2021, 6, 26)),
        ("截止二〇二一年六月二十六日", dt.date(2021, 6, 26)),
        ("截至2021-06-26", dt.date(2021, 6, 26)),
        ("截至2月30日", None),
        ("6月26日开会", None),
        ("", None),
    ],
)
def test_the_day_of_a_draft_is_the_one_after_its_as_of(text, day):
    assert as_of_in(text, dt.date(2021, 7, 31)) == day


def test_an_empty_ledger_answers_every_number_with_unknown():
    empty = type(LEDGER)(SPEC, DAY, ())
    assert set(verdicts("党员126名，占80%，预计7月26日完成。", empty)) == {UNKNOWN}


def test_too_long_a_draft_and_too_many_numbers_are_refused():
    with pytest.raises(Refused):
        check_draft("字" * 40_001, LEDGER)
    with pytest.raises(Refused):
        check_draft("1 " * (MOST_NUMBERS + 1), LEDGER)


PIECES = st.sampled_from(
    [
        "一百二十六名党员",
        "2021年6月26日",
        "80小时以上",
        "①",
        "第三",
        "，",
        "。",
        "、",
        "\n",
        "\t",
        "进课堂",
        "½",
        "一百名党员进课堂",
        "三四百人",
        "百分之",
        "分之",
        "点",
        "成",
        "几",
        "数百",
        "Ⅳ",
        "１２３",
        "٣٤",
        "1,691",
        "1,2,3",
        "0.5.6",
        "“",
        "”",
        "十分",
        "（",
        "）",
        "七",
        "壹佰",
        "参",
        "伍",
        "No.3",
        "A12",
        "%",
        "个百分点",
        "满100小时的",
        "其中",
        "共",
        "超",
        "近",
        "左右",
        "以上",
        "余",
        "约",
        "个",
        "人次",
        "\0",
        "\ud800",
        "𝟙",
        "㈠",
        "〇",
        "廿",
        "亿",
        "年",
        "月",
        "日",
        "微实事完成",
        "预计",
    ]
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=14).map("".join))
def test_every_number_of_any_text_stands_in_the_result_exactly_once(text):
    covered = [0] * len(text)
    for one in check_draft(text, LEDGER).findings:
        assert one.text == text[one.start : one.end]
        assert one.why
        for place in range(one.start, one.end):
            covered[place] += 1
    assert max(covered, default=0) <= 1
    assert all(covered[n] for n, character in enumerate(text) if is_numeric(character))
