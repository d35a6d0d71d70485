"""The screen on a wall: how tiles lie, how large numbers are, when a link holds."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.refusal import Refused
from tracker.rules.screens import (
    SIZES,
    UNIT,
    LinkState,
    check_expiry,
    check_label,
    grid_of,
    link_state,
    number_size,
    text_width,
)

DAY = dt.date(2021, 7, 31)
STYLE = Path(__file__).parents[2] / "static" / "css/screen.css"


@given(st.integers(1, 60))
def test_tiles_fill_the_grid_without_a_hole(goals):
    grid = grid_of(goals)
    assert goals + grid.wide == grid.columns * grid.rows
    assert grid.wide <= goals


@pytest.mark.parametrize(
    ("goals", "shape"),
    [(0, (1, 1, 0)), (1, (1, 1, 0)), (3, (2, 2, 1)), (7, (4, 2, 1)), (8, (4, 2, 0)), (9, (3, 3, 0)),
     (12, (4, 3, 0))],
)  # fmt: skip
def test_seven_goals_lie_in_four_by_two_and_other_numbers_as_close_to_that_as_can_be(goals, shape):
    grid = grid_of(goals)
    assert (grid.columns, grid.rows, grid.wide) == shape


def test_rows_break_only_between_tiles():
    """A wide tile never begins in the last column: each row is full."""
    for goals in range(1, 13):
        grid = grid_of(goals)
        taken = 0
        for position in range(1, goals + 1):
            width = 2 if position <= grid.wide else 1
            assert taken % grid.columns + width <= grid.columns, goals
            taken += width
        assert taken == grid.columns * grid.rows


@given(
    st.text(alphabet="0123456789.–", min_size=1, max_size=12), st.sampled_from(["", "件", "小时／组", "人次"])
)
def test_a_number_is_as_large_as_fits_beside_its_unit(number, unit):
    grid = grid_of(7)
    size = number_size(number, unit, grid.width(2), grid.number)
    room = grid.width(2) - UNIT * text_width(unit) - 12
    fits = [n for n, one in enumerate(SIZES, 1) if grid.number * one / 100 * text_width(number) <= room]
    assert size == (fits[0] if fits else len(SIZES))


def test_three_figures_of_a_goal_are_as_large_as_can_be_read_at_five_metres():
    grid = grid_of(7)
    assert grid.number == 164
    assert number_size("104", "名", grid.width(3), grid.number) == 1
    assert number_size("100", "小时", grid.width(1), grid.number) == 1


def test_the_style_has_the_sizes_with_which_numbers_are_fitted():
    style = STYLE.read_text(encoding="utf-8")
    for goals in range(1, 21):
        grid = grid_of(goals)
        rule = re.search(rf"\.grid-{grid.columns}x{grid.rows}\b[^{{}}]*{{[^}}]*--num: (\d+)", style)
        assert int(rule[1] if rule else re.search(r"--num: (\d+)", style)[1]) == grid.number, grid
    assert [int(float(one) * 100) for one in re.findall(r"--k: (\.\d+);", style)] == list(SIZES[1:])


@pytest.mark.parametrize("label", ["", " \u3000", "长" * 41, "a\0b", "\u202eb", "\ud800"])
def test_a_label_that_will_not_do_is_refused(label):
    with pytest.raises(Refused) as refusal:
        check_label(label)
    assert refusal.value.field == "label"


def test_a_label_is_on_one_line():
    assert check_label(" 三楼\n会议室 ") == "三楼 会议室"


def test_a_last_day_that_is_over_is_refused_and_today_is_not():
    check_expiry(None, DAY)
    check_expiry(DAY, DAY)
    with pytest.raises(Refused, match="over already"):
        check_expiry(DAY - dt.timedelta(1), DAY)


def test_a_link_holds_through_its_last_day_unless_it_is_revoked():
    assert link_state(False, DAY, DAY) is LinkState.HOLDS
    assert link_state(False, None, DAY) is LinkState.HOLDS
    assert link_state(False, DAY, DAY + dt.timedelta(1)) is LinkState.EXPIRED
    assert link_state(True, DAY, DAY) is LinkState.REVOKED
