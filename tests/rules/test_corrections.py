"""What was printed and still holds needs no correction; what does not, gets one sentence."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tracker.rules.bulletin_text import placeholders_of
from tracker.rules.bulletins import Chip
from tracker.rules.campaigns import Figure, Measure, Reduce
from tracker.rules.corrections import exact_now, is_mistake, sentence, still_true
from tracker.rules.figures import FigureValue
from tracker.rules.proofs import Cause

DAY = dt.date(2021, 6, 26)


def value(number, reduce=Reduce.SUM, unit="人次", **more):
    figure = Figure("f", "数", unit, Measure.PARTICIPATIONS, "k", reduce=reduce)
    number = None if number is None else Fraction(number)
    return FigureValue(figure, number, **{"low": number, "high": number, **more})


@pytest.mark.parametrize(
    ("asked", "text", "now", "holds"),
    [
        ("{f}", "167人次", 167, True),
        ("{f}", "167人次", 166, False),
        ("{f:超100}", "超2100人次", 2136, True),
        ("{f:超100}", "超2100人次", 2237, True),
        ("{f:超100}", "超2100人次", 2100, False),
        ("{f:以上}", "80人次以上", 80, True),
        ("{f:以上}", "80人次以上", Fraction(159, 2), False),
        ("{f:余}", "480余人次", 489, True),
        ("{f:余}", "480余人次", 490, False),
        ("{f:余}", "480余人次", 480, False),
        ("{f:余100}", "400余人次", 499, True),
        ("{f:近100}", "近500人次", 481, True),
        ("{f:近100}", "近500人次", 479, False),
        ("{f:超100}", "99人次", 98, False),
        ("{f}", "167人次", None, False),
        ("{f:超100}", "超2100人次", None, False),
    ],
)
def test_a_hedge_claims_no_more_than_it_says(asked, text, now, holds):
    hedge = next((one for one in ("以上", "超", "余", "近") if one in text), "")
    chip = Chip("f", text, "", hedge)
    assert still_true(chip, value(now), DAY, tuple(placeholders_of(asked))) is holds


def test_everybody_is_everybody():
    chip, asked = Chip("f", "全覆盖", "5名", "全覆盖"), tuple(placeholders_of("{f:全覆盖}"))
    for number, holds in ((5, True), (4, False)):
        found = value(number, Reduce.COUNT_REACHED, n=5)
        assert still_true(chip, found, DAY, asked) is holds


def test_a_day_is_corrected_by_a_day_and_nothing_by_words():
    chip = Chip("f", "7月26日", "2021年7月26日")
    later = value(None, Reduce.FORECAST_DATE, date=dt.date(2021, 8, 1))
    assert not still_true(chip, later, DAY)
    assert exact_now(later, DAY) == "8月1日"
    assert exact_now(value(None, Reduce.FORECAST_DATE), DAY) == "无数据"
    assert exact_now(value(None, Reduce.FORECAST_DATE, is_reached=True), DAY) == "已达成"


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        ({Cause.REVERSED: 1}, "所载“现场教学人次”167人次，现更正为166人次（冲正1条）。"),
        ({Cause.ADDED: 2}, "所载“现场教学人次”167人次，因补报2条，现为166人次。"),
        (
            {Cause.ADDED: 2, Cause.REVERSED: 1},
            "所载“现场教学人次”167人次，现更正为166人次（冲正1条、补报2条）。",
        ),
        ({"roster": 3}, "所载“现场教学人次”167人次，现更正为166人次（名册变动3处）。"),
        ({}, "所载“现场教学人次”167人次，现更正为166人次。"),
    ],
)
def test_what_was_wrong_is_put_right_and_what_came_late_is_added(causes, said):
    causes = {str(cause): count for cause, count in causes.items()}
    assert (
        sentence(11, DAY, "现场教学人次", "167人次", "166人次", causes)
        == f"第11期（截至2021年6月26日）{said}"
    )
    assert is_mistake(causes) == ("更正" in said)
