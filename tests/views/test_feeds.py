"""One fact, many goals: what takes a record stands on its page, what feeds a goal on the goal's."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tracker.models import Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def lines(client, record):
    root = client.page(f"/records/{record.id}")
    found = next((one for one in root.iter("section") if one.get("id") == "feeds"), None)
    if found is None:
        return None
    return [[html.text_of(cell) for cell in row] for row in found.find(".//tbody")]


def test_a_records_page_says_what_takes_it_and_how_much(client, bureau, make):
    client.sign_in(make.office)
    record = make.record(
        bureau.campaign, "activity", owner=bureau.one, people=bureau.people[:2], category="馆",
        co_organisers=[bureau.two], type="现场教学", stories=["半条被子"],
    )  # fmt: skip
    assert lines(client, record) == [
        ["红色故事", "讲述的红色故事", "1个"], ["红色故事", "现场教学", "1场次"],
        ["红色故事", "现场教学人次", "2人次"], ["红色故事", "现场教学人数", "2人"],
        ["红色故事", "现场教学类别", "1类"],
    ]  # fmt: skip


def test_what_waits_is_told_what_would_take_it_and_what_is_reversed_nothing(client, bureau, make):
    client.sign_in(make.office)
    waiting = make.record(
        bureau.campaign, "study", member=bureau.people[0], minutes=90, status=Status.SUBMITTED
    )
    assert ["读党史", "学习时长最低", "1.5小时"] in lines(client, waiting)
    assert "核实后计入" in body(client.page(f"/records/{waiting.id}"))
    gone = make.record(bureau.campaign, "study", member=bureau.people[0], minutes=90, status=Status.WITHDRAWN)
    assert lines(client, gone) is None


def test_a_goals_page_and_the_counting_rules_say_what_feeds_them(client, bureau, zhang, make):
    client.sign_in(make.office)
    said = body(client.page("/goals/stories"))
    assert "哪些记录计入这个目标" in said
    client.sign_in(zhang)
    root = client.page("/figures")
    matrix = next(one for one in root.iter("section") if one.get("id") == "matrix")
    assert len(matrix.findall(".//thead//th")) == 2 + 7
