"""A hedge is earned: each word is checked against the value, and goes where it is not borne out."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.campaigns import Figure, Measure, Reduce, Scope
from tracker.rules.figures import FigureValue
from tracker.rules.hedges import (
    NO_FORECAST,
    NO_VALUE,
    NOT_EVERYBODY,
    NOTHING_AHEAD,
    Hedge,
    hedges_for,
    printed,
)

DAY = dt.date(2021, 6, 26)


def figure(reduce: Reduce = Reduce.SUM, unit: str = "篇", scope: Scope = Scope.BUREAU) -> Figure:
    return Figure("x", "分享心得", unit, Measure.RECORDS, "work", scope=scope, reduce=reduce, target=100)


def value(amount: Fraction | int | str, of: Figure | None = None, n: int = 1) -> FigureValue:
    exact = Fraction(amount)
    return FigureValue(of or figure(), exact, exact, exact, n=n)


@pytest.mark.parametrize(
    ("amount", "hedge", "step", "text"),
    [
        (483, Hedge.AND_SOME, None, "480余篇"),
        (480, Hedge.AND_SOME, None, "480篇"),  # 480余 would say more than 480
        (489, Hedge.AND_SOME, 100, "400余篇"),
        (7, Hedge.AND_SOME, None, "7篇"),
        (2137, Hedge.ABOVE, 100, "超2100篇"),
        (2137, Hedge.ABOVE, None, "超2130篇"),
        (2100, Hedge.ABOVE, 100, "2100篇"),
        (80, Hedge.AT_LEAST, None, "80篇以上"),
        ("523/6", Hedge.AT_LEAST, None, "87篇以上"),
        (87, Hedge.AT_LEAST, 10, "80篇以上"),
        ("1/2", Hedge.AT_LEAST, None, "0.5篇"),
        (98, Hedge.NEAR, 10, "近100篇"),
        (97, Hedge.NEAR, 10, "97篇"),
        (100, Hedge.NEAR, 10, "100篇"),
        (2085, Hedge.NEAR, 100, "近2100篇"),
        (0, Hedge.NEAR, None, "0篇"),
    ],
)
def test_a_hedge_stands_only_where_the_value_bears_it_out(
    amount: int | str, hedge: Hedge, step: int | None, text: str
) -> None:
    assert printed(value(amount), DAY, hedge, step).text == text


def test_the_exact_value_is_kept_beside_the_hedge() -> None:
    said = printed(value(483), DAY, Hedge.AND_SOME)
    assert (said.text, said.exact, said.hedge) == ("480余篇", "483篇", "余")
    assert printed(value(480), DAY, Hedge.AND_SOME).hedge == ""


def test_what_is_just_below_a_whole_number_is_not_written_as_it() -> None:
    low = figure(Reduce.MIN, "小时", Scope.MEMBER)
    assert printed(value("5999/60", low), DAY).text == "99.9小时"
    assert printed(value("5999/60", low), DAY, Hedge.AT_LEAST).text == "99小时以上"


def test_everybody_is_said_only_of_all() -> None:
    reached = figure(Reduce.COUNT_REACHED, "人", Scope.MEMBER)
    assert printed(value(124, reached, n=124), DAY, Hedge.EVERYBODY).text == "全覆盖"
    said = printed(value(123, reached, n=124), DAY, Hedge.EVERYBODY)
    assert (said.text, said.why and said.why.msgid) == ("", NOT_EVERYBODY)


def test_everybody_is_not_said_of_nobody() -> None:
    reached = figure(Reduce.COUNT_REACHED, "人", Scope.MEMBER)
    assert printed(value(0, reached, n=0), DAY, Hedge.EVERYBODY).why is not None


def test_a_share_is_everybody_at_100_per_cent_alone() -> None:
    share = figure(Reduce.SHARE_REACHED, "%", Scope.MEMBER)
    assert printed(value(100, share, n=9), DAY, Hedge.EVERYBODY).text == "全覆盖"
    assert printed(value("99999/1000", share, n=9), DAY, Hedge.EVERYBODY).why is not None
    assert printed(value("99999/1000", share, n=9), DAY).text == "99.9%"


def test_an_interval_is_printed_as_one_and_takes_no_hedge() -> None:
    known = FigureValue(figure(unit="名"), Fraction(85), Fraction(85), Fraction(164), n=1)
    assert printed(known, DAY, Hedge.ABOVE).text == "85至164名"


def test_a_mean_cannot_be_what_each_one_has() -> None:
    mean = figure(Reduce.MEAN, "小时", Scope.GROUP)
    assert Hedge.AT_LEAST not in hedges_for(mean)
    assert printed(value(73, mean), DAY, Hedge.AT_LEAST).text == "73小时"


def test_a_day_is_printed_without_its_year_in_that_year() -> None:
    ahead = figure(Reduce.FORECAST_DATE, "日", Scope.MEMBER)
    assert printed(FigureValue(ahead, None, date=dt.date(2021, 7, 26)), DAY).text == "7月26日"
    assert printed(FigureValue(ahead, None, date=dt.date(2022, 1, 3)), DAY).text == "2022年1月3日"


def test_without_a_pace_nothing_is_foretold() -> None:
    ahead = figure(Reduce.FORECAST_DATE, "日", Scope.MEMBER)
    said = printed(FigureValue(ahead, None), DAY)
    assert said.why is not None and said.why.msgid == NO_FORECAST
    said = printed(FigureValue(ahead, None, is_reached=True), DAY)
    assert said.why is not None and said.why.msgid == NOTHING_AHEAD


def test_nobody_to_count_over_is_no_zero() -> None:
    said = printed(FigureValue(figure(Reduce.MIN, "小时", Scope.MEMBER), None), DAY)
    assert said.why is not None and said.why.msgid == NO_VALUE


@given(
    st.fractions(min_value=0, max_value=10**7),
    st.sampled_from([one for one in Hedge if one is not Hedge.EVERYBODY]),
    st.integers(min_value=1, max_value=1000),
)
def test_whatever_is_printed_is_true(amount: Fraction, hedge: Hedge, step: int) -> None:
    said = printed(value(amount), DAY, hedge, step)
    if not said.hedge:
        assert said.text == said.exact
        return
    said_number = int("".join(sign for sign in said.text if sign.isdigit()))
    assert said_number % step == 0 and said_number > 0
    assert {
        Hedge.AT_LEAST: amount >= said_number,
        Hedge.ABOVE: amount > said_number,
        Hedge.AND_SOME: said_number < amount < said_number + step,
        Hedge.NEAR: said_number - Fraction(step, 5) <= amount < said_number,
    }[hedge]
    assert math.ceil(amount) > 0


def test_only_counts_may_be_everybody() -> None:
    for reduce in Reduce:
        may = Hedge.EVERYBODY in hedges_for(figure(reduce))
        assert may == (reduce in (Reduce.COUNT_REACHED, Reduce.SHARE_REACHED))
