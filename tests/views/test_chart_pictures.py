"""/charts/<code>.png and .svg: the chart of the page as a picture, for those who may see the chart."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image

from tests import html
from tests.summary import chromium
from tests.views.figure_pages import DAY, small_bureau
from tracker.views.chart_pictures import height_of

pytestmark = pytest.mark.slow
drawing = pytest.mark.settings(chromium=chromium() or "/nowhere")


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@drawing
def test_a_curve_is_a_png_that_is_saved_under_the_day(client, bureau):
    answer = client.sign_in(bureau.auditor).get(f"/charts/study.png?as_of={DAY}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''study-{DAY}.png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (1920, 960)


@drawing
def test_branches_by_goals_is_an_svg_with_the_words_of_the_table(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/charts/heat.svg?as_of={DAY}")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "东湖党支部" in answer.text
    assert [name for name in bureau.names if name in answer.text] == []


def test_a_machine_without_chromium_says_what_to_do(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/charts/study.png?as_of={DAY}")
    assert answer.status_code == 422
    assert "没有Chromium" in html.text_of(html.parse(answer.text))


@pytest.mark.settings(chromium="/nowhere/chromium")
def test_a_chromium_that_fails_is_said_and_its_reason_logged(client, bureau, caplog):
    answer = client.sign_in(bureau.office).get(f"/charts/study.svg?as_of={DAY}")
    assert answer.status_code == 422
    assert "原因见系统日志" in html.text_of(html.parse(answer.text))
    assert "no picture of study" in caplog.text


def test_what_is_no_chart_is_not_found(client, bureau):
    client.sign_in(bureau.office)
    for address in ("/charts/nothing.png", "/charts/nothing.svg", "/charts/study.gif"):
        assert client.get(address).status_code == 404


def test_a_secretary_gets_none(client, bureau):
    assert client.sign_in(bureau.secretary).get("/charts/study.png").status_code == 404


def test_without_javascript_the_page_leads_to_the_pictures(client, bureau):
    text = client.sign_in(bureau.office).get(f"/goals/study?as_of={DAY}").text
    tools = re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    links = re.findall(r'class="b" href="([^"]+)"', "".join(tools))
    assert [link.split("?")[0] for link in links][:2] == ["/charts/study.png", "/charts/study.svg"]
    assert all(f"as_of={DAY}" in link for link in links)
    statuses = [client.get(link.replace("&amp;", "&")).status_code for link in links]
    assert set(statuses) == {422}  # the charts are there; what is missing is the Chromium


def test_a_chart_with_a_row_a_unit_is_as_high_as_its_rows():
    highs = (("scatter", 2, 480), ("heatmap", 2, 240), ("heatmap", 20, 800), ("heatmap", 999, 2400))
    for sort, rows, high in highs:
        assert height_of(json.dumps({"data": [{"type": sort, "y": list(range(rows))}]})) == high
