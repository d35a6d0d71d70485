"""Charts become pictures by a Chromium of the machine, within a time, or a sentence says what else to do."""

from __future__ import annotations

import io
import os
import stat
import sys
import time

import pytest
from PIL import Image

from tests.summary import chromium
from tracker import charts
from tracker.charts import HeatCell
from tracker.files import chart_picture
from tracker.files.chart_picture import BUSY, NO_CHROMIUM, NOT_DRAWN, TOO_LARGE, TOO_SLOW, Order
from tracker.rules.refusal import Refused

pytestmark = pytest.mark.slow
CELLS = [[HeatCell(1, "80", ""), HeatCell(-1, "未报", "")]]
FIGURE = charts.as_json(charts.heat_figure("两个目标", ["甲", "乙"], ["第一党支部"], CELLS))


@pytest.fixture
def installed():
    path = chromium()
    if path is None:
        pytest.fail(
            "No Chromium (Debian: apt-get install chromium; else TRACKER_TEST_CHROMIUM).", pytrace=False
        )
    return path


@pytest.fixture
def program(tmp_path):
    """A program in Chromium's place."""

    def write(text):
        path = tmp_path / "chromium"
        path.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return write


def refused(*orders, path, seconds=20.0):
    with pytest.raises(Refused) as caught:
        chart_picture.pictures_of(orders, path, seconds)
    return caught.value


def running(path):
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    found += [name] * (path.encode() in file.read())
            except OSError:
                continue  # it ended meanwhile
    return found


def none_left(*paths):
    until = time.monotonic() + 2  # the last of a group takes a moment to die
    while any(running(path) for path in paths) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(running(path) for path in paths)


def test_one_start_draws_png_and_svg_with_chinese_words(installed):
    png, svg = chart_picture.pictures_of([Order(FIGURE), Order(FIGURE, "svg", 600, 300)], installed)
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (1920, 960)
        assert len(picture.convert("RGB").getcolors(2**20) or ()) > 20
    text = svg.decode()
    assert text.startswith("<svg")
    assert "第一党支部" in text
    assert "未报" in text


def test_words_are_words_and_nothing_is_fetched(installed):
    hostile = '<b>x</b><img src="http://127.0.0.1:9/x">{{7*7}}$\\alpha$'
    figure = charts.as_json(charts.heat_figure(hostile, [hostile], [hostile], [[HeatCell(1, hostile, "")]]))
    svg = chart_picture.picture_of(Order(figure, "svg"), installed).decode()
    assert "<img" not in svg
    assert "<script" not in svg
    assert "{{7*7}}" in svg


def test_without_a_chromium_it_says_what_to_install():
    assert refused(Order(FIGURE), path="").msgid == NO_CHROMIUM


def test_one_that_never_answers_is_ended_in_time_with_all_that_it_started(program):
    path = program("import subprocess, time\nsubprocess.Popen(['sleep', '543210'])\ntime.sleep(600)")
    start = time.monotonic()
    assert refused(Order(FIGURE), path=path, seconds=3.0).msgid == TOO_SLOW
    assert time.monotonic() - start < 6
    assert none_left("543210", path)


def test_one_that_fails_is_said_to_have_failed(program, tmp_path):
    refusal = refused(Order(FIGURE), path=program("raise SystemExit(1)"), seconds=15.0)
    assert refusal.msgid in (NOT_DRAWN, TOO_SLOW)
    assert refused(Order(FIGURE), path=str(tmp_path / "nowhere")).msgid == NOT_DRAWN


def test_the_second_waits_for_the_first_and_not_for_ever(monkeypatch):
    chart_picture._one_at_a_time.acquire()
    try:
        start = time.monotonic()
        assert refused(Order(FIGURE), path="/bin/true", seconds=0.4).msgid == BUSY
        assert time.monotonic() - start < 2
    finally:
        chart_picture._one_at_a_time.release()


@pytest.mark.parametrize(
    "orders",
    [
        [Order("x" * (chart_picture.LARGEST_FIGURE + 1))], [Order(FIGURE)] * 21,
        [Order(FIGURE, "png", 99, 400)], [Order(FIGURE, "png", 400, 3001)],
    ],
    ids=["figure", "number", "narrow", "high"],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_anything_starts(orders):
    assert refused(*orders, path="/nowhere").msgid == TOO_LARGE
