"""What the editor of a bulletin offers, and which numbers have no source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_bulletin_text import FACTS, SPEC
from tracker.rules.bulletin_choices import Choice, Way, choices_of, loose_numbers, read_number, words_of
from tracker.rules.bulletin_text import compose


def choice(ref: str, text: str = "") -> Choice:
    return next(one for one in choices_of(FACTS, text) if one.ref == ref)


def wanted(ref: str, text: str = "") -> dict[str, Way]:
    return {way.wanted: way for way in choice(ref, text).ways}


def test_a_figure_is_offered_as_it_is_and_with_the_hedges_that_its_value_bears_out() -> None:
    ways = wanted("essays.shared")
    assert ways[""].text == "483篇"
    assert (ways["余"].text, ways["余"].why) == ("480余篇", None)
    assert ways["超100"].text == "超400篇"


def test_a_hedge_that_the_value_does_not_bear_out_stands_there_with_the_reason() -> None:
    some = wanted("tasks.done")["余"]
    assert some.why is not None
    assert (some.text, some.why.params) == ("50件", {"value": "50件"})


def test_what_can_never_be_said_of_a_figure_is_not_offered() -> None:
    assert not any(way.hedge == "全覆盖" for way in choice("tasks.done").ways)


def test_a_rounder_number_that_says_the_same_is_offered_once() -> None:
    texts = [way.text for way in choice("tasks.done").ways if way.why is None]
    assert len(texts) == len(set(texts))


def test_a_way_that_the_text_asks_for_is_among_them() -> None:
    assert wanted("service.people_served", "{service.people_served:超500}")["超500"].text == "超2000人次"
    assert "超500" not in wanted("service.people_served")


def test_a_figure_without_a_value_says_why_and_has_no_hedges() -> None:
    (plain,) = choice("study.slowest_reaches_100_on").ways
    assert (plain.text, plain.why is None) == ("", False)


def test_what_is_reported_in_another_unit_is_offered_as_not_reported() -> None:
    (plain,) = choice("stories.told").ways
    assert (plain.text, plain.why is None) == ("", False)


def test_quoted_figures_are_offered_as_they_are() -> None:
    assert [(way.wanted, way.text) for way in choice("quoted.beds").ways] == [("", "12050张")]


def test_words_that_are_no_figures() -> None:
    assert words_of(FACTS) == {"as_of": "2021年6月26日", "bureau": "市民政局", "campaign": SPEC.name}


def test_a_hedge_is_never_on_offer_without_standing_in_what_is_printed() -> None:
    for one in choices_of(FACTS):
        for way in one.ways:
            assert way.why is not None or way.hedge in way.text


@given(st.sampled_from(["以上", "超", "余", "近", "全覆盖"]), st.integers(1, 10_000))
def test_any_way_that_a_text_asks_for_is_known_to_the_editor(hedge: str, step: int) -> None:
    text = f"{{tasks.done:{hedge}{step}}}"
    body = compose(text, FACTS)
    way = wanted("tasks.done", text)[f"{hedge}{step}"]
    assert way.text == (body.chips[0].text if body.chips else "")


def test_numbers_in_free_words_are_told_days_and_targets_are_not() -> None:
    text = "截至{as_of}，完成{tasks.done}，发放补贴1,691项、增长12.5%，均已满100小时，第3季度，1691项。"
    assert loose_numbers(compose(text, FACTS), SPEC) == ("1,691项", "12.5%", "第3季度", "1691项")


def test_what_a_hand_typed_is_marked_elsewhere_and_no_number_without_a_source() -> None:
    assert loose_numbers(compose("完成{tasks.done=60件}。", FACTS), SPEC) == ()


def test_the_number_of_an_issue_is_read_as_it_is_written() -> None:
    assert [read_number(text) for text in ("12", "第12期", "第 3 期", "0", "十二", "1" * 12)] == [
        12, 12, 3, None, None, None
    ]  # fmt: skip
