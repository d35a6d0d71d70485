"""Two campaigns side by side: what may be subtracted, and what never is."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tests.rules.test_campaign_file import SMALL, faults
from tests.rules.test_class_hours import COUNTED
from tracker.rules.campaign_comparisons import Hindrance, compare_values, day_of, length_of, pairs_of
from tracker.rules.campaign_file import read_campaign
from tracker.rules.figures import FigureValue

EARLIER = read_campaign(SMALL)


def later(**replaced):
    text = SMALL.replace('code = "small"', 'code = "later"')
    for old, new in replaced.items():
        text = text.replace(*{"unit": ('unit = "次"\n\n[[goals]]', f'unit = "{new}"\n\n[[goals]]')}[old])
    return read_campaign(text)


def value(figure, low, high=None):
    return {figure.id: FigureValue(figure, Fraction(low), Fraction(low), Fraction(high or low))}


def test_figures_of_one_id_and_one_rule_are_a_pair():
    (pair,) = pairs_of(EARLIER, later())
    assert pair.hindrance is None
    found = compare_values(pair, value(pair.earlier, 5), value(pair.later, 3))
    assert found.by == -2


def test_another_unit_is_never_subtracted():
    (pair,) = pairs_of(EARLIER, later(unit="场次"))
    assert pair.hindrance is Hindrance.UNIT
    assert compare_values(pair, value(pair.earlier, 5), value(pair.later, 3)).by is None


def test_hours_and_class_hours_are_never_subtracted_even_if_the_file_names_them_counterparts():
    hours = COUNTED.replace("divide_by = 45", "divide_by = 60").replace('unit = "学时"', 'unit = "小时"')
    text = COUNTED.replace('code = "counted"', 'code = "later"').replace(
        'id = "training.min"', 'id = "other"\ncompares_with = "counted:training.min"'
    )
    (pair,) = pairs_of(read_campaign(hours), read_campaign(text))
    assert (pair.earlier.unit, pair.later.unit) == ("小时", "学时")
    assert pair.hindrance is Hindrance.UNIT


def test_class_hours_of_another_length_are_another_unit():
    text = COUNTED.replace("= 45", "= 60").replace('code = "counted"', 'code = "later"')
    (pair,) = pairs_of(read_campaign(COUNTED), read_campaign(text))
    assert pair.hindrance is Hindrance.UNIT


def test_the_same_id_counted_otherwise_is_told_and_not_subtracted():
    text = COUNTED.replace('reduce = "min"', 'reduce = "mean"').replace('code = "counted"', 'code = "later"')
    (pair,) = pairs_of(read_campaign(COUNTED), read_campaign(text))
    assert pair.hindrance is Hindrance.RULE


def test_a_counterpart_may_have_another_name_and_kind():
    text = SMALL.replace('code = "small"', 'code = "later"').replace('"walk"', '"run"')
    named = text.replace('id = "walks"', 'id = "runs"\ncompares_with = "small:walks"').replace(
        'figure = "walks"', 'figure = "runs"'
    )
    (pair,) = pairs_of(EARLIER, read_campaign(named))
    assert (pair.earlier.id, pair.later.id, pair.hindrance) == ("walks", "runs", None)
    assert pairs_of(EARLIER, read_campaign(text))[0].hindrance is Hindrance.RULE  # the same id, another kind


@pytest.mark.parametrize("name", ["walks", "small:", ":walks", "small:walks:more", "Small:walks"])
def test_a_counterpart_is_named_by_campaign_and_figure(name):
    assert "must be 'campaign:figure'" in faults(
        SMALL.replace('id = "walks"', f'id = "walks"\ncompares_with = "{name}"')
    )


def test_where_only_an_interval_is_known_there_is_no_difference():
    (pair,) = pairs_of(EARLIER, later())
    assert compare_values(pair, value(pair.earlier, 5), value(pair.later, 3, 9)).by is None


def test_a_day_that_has_not_come_has_no_value():
    (pair,) = pairs_of(EARLIER, later())
    found = compare_values(pair, value(pair.earlier, 5), None)
    assert (found.later, found.by) == (None, None)


def test_days_are_counted_from_one_to_the_last():
    assert length_of(EARLIER) == 365
    assert [day_of(EARLIER, n) for n in (1, 365, 900)] == [
        dt.date(2021, 1, 1), dt.date(2021, 12, 31), dt.date(2021, 12, 31)
    ]  # fmt: skip
