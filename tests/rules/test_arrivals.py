"""When the code of a plan holds."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.rules.arrivals import window_of

DAY = dt.date(2021, 8, 6)


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last"),
    [(900, 990, 870, 990), (10, None, 0, 190), (1400, None, 1370, 1440), (None, None, 0, 1440)],
)
def test_half_an_hour_before_until_the_end(begins, ends, first, last):
    window = window_of(DAY, begins, ends)
    assert (window.first, window.last) == (first, last)
    assert window.holds(DAY, first)
    assert not window.holds(DAY, last)
    assert not window.holds(DAY, first - 1)
    assert not window.holds(DAY + dt.timedelta(days=1), first)
