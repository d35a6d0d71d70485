"""The day is Shanghai's, wherever the process believes itself to be."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker import clock


@pytest.mark.settings(today=None)
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2021-06-30T15:59:59+00:00", dt.date(2021, 6, 30)),
        ("2021-06-30T16:00:00+00:00", dt.date(2021, 7, 1)),
        ("2021-07-01T06:59:59+00:00", dt.date(2021, 7, 1)),
        ("2020-12-31T16:00:00+00:00", dt.date(2021, 1, 1)),
    ],
)
def test_the_last_minute_of_a_month_belongs_to_it_in_every_time_zone(app, zone, monkeypatch, moment, day):
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime.fromisoformat(moment).astimezone(tz)

    monkeypatch.setattr(clock.dt, "datetime", Clock)
    with app.app_context():
        assert clock.today() == day
    assert clock.local(dt.datetime.fromisoformat(moment)).date() == day
