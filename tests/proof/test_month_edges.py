"""Each month from 2020 to 2035 has its own last second, wherever the process believes itself to be."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.proof.figures import FIGURES, reached
from tracker import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
APART = [dt.timedelta(seconds=1), dt.timedelta(hours=8)]
EDGES = [dt.datetime(year, month, 1, tzinfo=SHANGHAI) for year in range(2020, 2036) for month in range(1, 13)]


@pytest.mark.settings(today=None)
def test_no_moment_at_the_edge_of_a_month_falls_into_another(app, zone, monkeypatch, record_property):
    moments = [edge + sign * apart for edge in EDGES for apart in APART for sign in (-1, 1)]
    shown: list[dt.datetime] = []

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return shown[-1].astimezone(tz)

    monkeypatch.setattr(clock.dt, "datetime", Clock)
    wrong = []
    with app.app_context():
        for moment in moments:
            shown.append(moment.astimezone(dt.UTC))
            day = moment.date()  # written down in Shanghai's time, so this is its day
            begins = clock.start_of(day)
            if (clock.today(), clock.local(shown[-1]).date()) != (day, day) or not begins <= shown[-1]:
                wrong.append((zone, moment))
            if begins.astimezone(SHANGHAI).time() != dt.time():
                wrong.append((zone, begins))
    assert wrong == []
    assert len(EDGES) == FIGURES["j3"].full
    reached(record_property, "j3", f"{len(moments)} moments at {len(EDGES)} month edges in {zone}: 0 wrong")
