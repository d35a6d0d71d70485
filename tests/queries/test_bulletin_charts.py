"""The charts of a bulletin: what the pages say, in words for paper; kept of an issue as they were."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from tests.papers_of_bulletins import bulletin
from tests.summary import chromium
from tests.views.figure_pages import DAY, small_bureau
from tracker.files.chart_picture import with_pictures
from tracker.queries.boards import board_on
from tracker.queries.bulletin_charts import bulletin_charts
from tracker.rules.bulletins import CHARTS, chart_of

pytestmark = pytest.mark.slow
ON = dt.date.fromisoformat(DAY)


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.fixture
def campaign(bureau):
    return bureau.campaign


def test_every_goal_stands_against_its_target_and_is_never_rounded_up_to_it(campaign):
    (chart,) = bulletin_charts(campaign, ("goals",), ON)
    board = board_on(campaign, ON)
    assert [row[0] for row in chart.rows] == [card.standing.goal.short_name for card in board.cards]
    for row, card in zip(chart.rows, board.cards, strict=True):
        share = card.standing.share
        assert row[2] == f"{card.standing.goal.target}{card.standing.goal.unit}"
        assert (row[3] == "已达到") == (share is not None and share >= 1)
    assert "均未达到" in chart.title or "已达到" in chart.title
    words = [one["text"] for one in json.loads(chart.figure)["layout"]["annotations"]]
    assert len(words) == len(chart.rows) + 1


def test_units_by_goals_tells_zero_from_silence_and_from_not_asked(campaign, bureau):
    (chart,) = bulletin_charts(campaign, ("units",), ON)
    board = board_on(campaign, ON)
    assert [row[0] for row in chart.rows] == [row.name for row in board.rows]
    said = {"silent": "未报", "not_asked": "—"}
    for row, of in zip(chart.rows, board.rows, strict=True):
        for text, cell in zip(row[1:], of.cells, strict=True):
            assert text == said.get(cell.state, text)
            assert (text not in said.values()) == (cell.state == "value")
    assert [name for name in bureau.names if name in str(chart)] == []


def test_a_template_names_its_charts_and_their_order(campaign):
    both = bulletin_charts(campaign, CHARTS, ON)
    assert bulletin_charts(campaign, tuple(reversed(CHARTS)), ON) == tuple(reversed(both))
    assert bulletin_charts(campaign, (), ON) == ()
    assert tuple(chart_of(json.loads(json.dumps(one.as_json()))) for one in both) == both


def test_pictures_are_drawn_where_they_can_be_and_tables_stand_elsewhere(campaign, caplog):
    document = bulletin(charts=bulletin_charts(campaign, CHARTS, ON))
    assert with_pictures(document, "") == document
    assert with_pictures(document, "/nowhere/chromium") == document
    assert "a bulletin without pictures" in caplog.text
    drawn = with_pictures(document, chromium() or "")
    assert all((one.picture or b"").startswith(b"\x89PNG") for one in drawn.charts)
    assert tuple(replace(one, picture=None) for one in drawn.charts) == document.charts
