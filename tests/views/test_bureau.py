"""The page of the whole bureau: its cards, its table, what to look at, and who may see it."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from tests import html
from tests.statements import put_all, put_statement
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.models import Role, Said

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.fixture
def page(client, bureau):
    return client.sign_in(bureau.office).page(f"/?as_of={DAY}")


def card(root, code):
    return html.text_of(next(one for one in root.iter("article") if one.get("data-goal") == code))


def heat(root):
    """Name of the row → texts of its cells."""
    table = next(one for one in root.iter("table") if one.get("class") == "heat")
    found = {}
    for row in table.iter("tr"):
        cells = [html.text_of(cell) for cell in row.iter("td")]
        if row.find("th") is not None and cells and row.find("td") is not None:
            found[html.text_of(row.find("th"))] = cells
    return found


def test_there_is_a_card_for_each_goal(page):
    codes = [one.get("data-goal") for one in page.iter("article")]
    assert codes == ["study", "stories", "classroom", "essays", "pairing", "service", "tasks"]


def test_a_minimum_counts_who_has_no_rows(page):
    text = card(page, "study")
    assert "0 小时" in text.replace("0小时", "0 小时")
    assert "4人" in text  # the exempt one is not among them


def test_a_unit_that_is_not_the_goals_is_said_and_has_no_bar(page):
    text = card(page, "stories")
    assert "2场次" in text.replace(" ", "")
    assert "目标口径未上报" in text
    element = next(one for one in page.iter("article") if one.get("data-goal") == "stories")
    assert any(one.get("class") == "bar-none" for one in element.iter())


def test_people_without_names_are_an_interval(page):
    text = card(page, "stories")
    assert "人次 5人次" in text
    assert "人数 3–4人（部分无名单）" in text  # the roster of four caps it


def test_a_task_of_a_section_stands_in_its_own_row(page):
    rows = heat(page)
    assert rows["办公室"][-1] == "1"
    assert rows["办公室"][0].startswith("—")


def test_not_reported_zero_and_not_asked_look_different(client, make, bureau):
    for month in ("2021-02", "2021-04", "2021-05"):
        put_statement(make, bureau.campaign, bureau.east, "task", month)
    put_statement(make, bureau.campaign, bureau.east, "task", "2021-03", Said.HANDED_IN)
    rows = heat(client.sign_in(bureau.office).page(f"/?as_of={DAY}"))
    assert rows["东湖党支部"][-1] == "0"  # taken on, none completed
    assert rows["西山党支部"][-1] == "未报"
    assert rows["夕阳党支部"][-1].startswith("—")


def test_a_stated_zero_says_so_and_a_number_that_rests_on_silence_too(client, make, bureau):
    put_all(make, bureau.campaign, bureau.west, dt.date(2021, 5, 1), Said.NOTHING, kinds={"task"})
    put_statement(make, bureau.campaign, bureau.west, "study", "2021-04")
    root = client.sign_in(bureau.office).page(f"/?as_of={DAY}")
    rows = heat(root)
    assert rows["西山党支部"][-1] == "0零报告"
    assert rows["西山党支部"][0] == "100未报3个月"
    assert "其中3个支部未报" in card(root, "study")
    assert "其中1个支部未报" in card(root, "tasks")  # the retired are not asked


def test_a_joint_session_counts_for_each_branch_and_once_for_the_bureau(page):
    rows = heat(page)
    found = [rows[name][1][0] for name in ("东湖党支部", "西山党支部", "全局")]
    assert found == ["1", "2", "2"]


def test_every_number_of_a_card_leads_to_its_rows(page):
    links = [one.get("href") for one in page.iter("a") if "/figures/" in (one.get("href") or "")]
    assert f"/figures/study.min_hours?as_of={DAY}" in links
    assert f"/figures/stories.persons?as_of={DAY}" in links
    assert any("unit=" in link for link in links)


def test_nobody_is_named(page, bureau):
    text = html.text_of(page)
    assert [name for name in bureau.names if name in text] == []


def test_the_curve_is_chosen_by_a_link_and_has_a_table_behind_it(client, bureau):
    root = client.sign_in(bureau.office).page(f"/?as_of={DAY}&curve=tasks")
    assert "curve-tasks-data" in [one.get("id") for one in root.iter("script")]
    assert any(one.get("class") == "behind" for one in root.iter("details"))


def test_notices_name_goals_and_branches(page):
    section = next(one for one in page.iter("section") if one.get("aria-labelledby") == "notices-title")
    text = html.text_of(section)
    assert "没有按目标口径上报" in text
    assert "夕阳党支部" in text


def test_nothing_inline_is_in_the_page(page):
    assert inline_things(page) == []


def test_a_day_that_has_not_come_is_the_latest_one(client, bureau):
    assert "2021-07-31" in html.text_of(client.sign_in(bureau.office).page("/?as_of=2031-01-01"))


def test_the_auditor_sees_it_too(client, bureau):
    root = client.sign_in(bureau.auditor).page("/")
    assert "导入文件" not in html.text_of(root)


def test_a_secretary_comes_to_the_own_branch(client, bureau):
    answer = client.sign_in(bureau.secretary).get(f"/?as_of={DAY}")
    assert answer.status_code == 302
    assert answer.location == f"/branches/{bureau.east.id}?as_of={DAY}"


def test_a_secretary_gets_no_sheet_of_the_bureau(client, bureau):
    assert client.sign_in(bureau.secretary).get("/bureau.xlsx").status_code == 404


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client, bureau):
    assert client.get("/").location.startswith("/sign-in")


def test_the_sheet_has_the_numbers_of_the_table_and_a_chart(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/bureau.xlsx?as_of={DAY}")
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = {row[0]: row[1:] for row in page.iter_rows(min_row=5, values_only=True)}
    assert rows["西山党支部"][1] == 2
    assert rows["办公室"][-2] == 1
    assert len(page._charts) == 1


@pytest.mark.parametrize("members", [1, 40])
def test_the_number_of_statements_does_not_grow(client, make, bureau, statements, members):
    for _ in range(members):
        make.member(bureau.east)
    client.sign_in(bureau.office)
    with statements() as seen:
        client.page("/")
    assert len(seen) <= 26  # one asks how far the installation has come, one whether the page is kept


class TestBeginnings:
    """A new installation says what comes next."""

    def test_without_a_campaign(self, client, make):
        text = html.text_of(client.sign_in(make.user(Role.AUDITOR)).page("/"))
        assert "还没有行动计划" in text

    def test_without_a_roster(self, client, make):
        make.campaign()
        assert "先导入党员名册" in html.text_of(client.sign_in(make.user(Role.AUDITOR)).page("/"))

    def test_without_a_ledger(self, client, make):
        make.campaign()
        make.member()
        root = client.sign_in(make.user(Role.AUDITOR)).page("/")
        assert "台账还是空的" in html.text_of(root)
        assert "/start" in [one.get("href") for one in root.iter("a")]

    def test_the_office_is_led_to_the_first_steps(self, client, make):
        client.sign_in(make.user(Role.OFFICE))
        assert client.get("/").location == "/start"
        make.campaign()
        make.member()
        assert client.get("/").location == "/start"

    def test_on_the_first_day(self, client, bureau):
        root = client.sign_in(bureau.office).page("/?as_of=2021-02-26")
        assert "还没有记录" in html.text_of(root)


def test_the_demo_says_so(page):
    banner = next(one for one in page.iter("div") if one.get("class") == "demo")
    assert "2021年7月31日" in html.text_of(banner)
