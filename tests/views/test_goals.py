"""The page of one goal."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

CODES = ["study", "stories", "classroom", "essays", "pairing", "service", "tasks"]


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.mark.parametrize("code", CODES)
def test_every_goal_has_a_page_with_its_rule_and_its_branches(client, bureau, code):
    root = client.sign_in(bureau.auditor).page(f"/goals/{code}?as_of={DAY}")
    text = html.text_of(root)
    assert "怎样计数" in text
    assert "东湖党支部" in text
    assert [name for name in bureau.names if name in text] == []
    assert inline_things(root) == []


def test_the_rule_is_said_in_words(client, bureau):
    text = html.text_of(client.sign_in(bureau.office).page("/goals/study"))
    assert "不含免学党员。" in text
    assert "取最低值。" in text


def test_a_goal_that_is_not_there_is_not_found(client, bureau):
    client.sign_in(bureau.office).page("/goals/nothing", 404)


def test_a_secretary_does_not_see_the_bureaus_goals(client, bureau):
    client.sign_in(bureau.secretary).page("/goals/study", 404)


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client, bureau):
    assert client.get("/goals/study").location.startswith("/sign-in")


@pytest.mark.parametrize("code", [*CODES, "heat"])
def test_every_chart_is_a_sheet_with_a_native_chart(client, bureau, code):
    answer = client.sign_in(bureau.office).get(f"/charts/{code}.xlsx?as_of={DAY}")
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert len(page._charts) == 1


def test_the_sheet_ends_with_the_value_on_the_card(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/charts/stories.xlsx?as_of={DAY}")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=5, values_only=True))
    assert (rows[-1][0].date().isoformat(), rows[-1][1]) == (DAY, 2)


def test_a_chart_that_is_not_there_is_not_found(client, bureau):
    client.sign_in(bureau.office)
    assert client.get("/charts/nothing.xlsx").status_code == 404
    assert client.get("/charts/nothing.json").status_code == 404


def test_the_number_of_statements_is_bounded(client, bureau, statements):
    client.sign_in(bureau.office)
    with statements() as seen:
        client.page("/goals/study")
    assert len(seen) <= 23  # one asks how far the installation has come, one whether the page is kept
