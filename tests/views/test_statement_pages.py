"""Who is silent, month by month: what the office, the branch and the bureau's page see, and the workbook."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from tests import html
from tests.statements import put_all, put_statement
from tests.views.figure_pages import inline_things, small_bureau
from tests.views.test_statements import JULY, address
from tracker.models import Role, Said, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return small_bureau(make)


def table(root):
    """Name of the row → texts of its cells, of the wide table."""
    found = next(one for one in root.iter("table") if "said-table" in (one.get("class") or ""))
    return {
        html.text_of(row.find("th")): [html.text_of(cell) for cell in row.iter("td")]
        for row in found.iter("tr")
        if row.find("td") is not None
    }


def test_the_office_sees_who_is_silent_first_and_can_ask_for_them_alone(client, make, bureau):
    for unit in (bureau.east, bureau.old):
        put_all(make, bureau.campaign, unit, dt.date(2021, 6, 30), Said.NOTHING)
    client.sign_in(bureau.office)
    root = client.page("/statements")
    rows = table(root)
    assert list(rows) == ["西山党支部", "东湖党支部", "夕阳党支部"]
    assert rows["西山党支部"][1] == "未报 7"
    assert "与台账不符 4" in rows["东湖党支部"][4]  # March has rows of four kinds
    assert "零报告 3" in rows["东湖党支部"][4]
    assert rows["西山党支部"][0] == "7类可以报送"  # 31 July: nobody is silent on July yet
    assert "3个支部中，1个有未报的" in html.text_of(root)
    assert list(table(client.page("/statements?only=silent"))) == ["西山党支部"]
    assert inline_things(root) == []


def test_one_month_shows_its_kinds_with_the_rows_beside_and_who_is_not_asked(client, make, bureau):
    put_statement(make, bureau.campaign, bureau.east, "study", "2021-03", Said.HANDED_IN)
    put_statement(make, bureau.campaign, bureau.west, "work", "2021-03")
    make.record(bureau.campaign, member=bureau.zhang, minutes=30, status=Status.SUBMITTED)
    rows = table(client.sign_in(bureau.office).page("/statements?month=2021-03"))
    assert rows["东湖党支部"][0] == "已报核实2条、待核实1条"
    assert rows["西山党支部"][2] == "零报告没有台账"
    assert rows["西山党支部"][0] == "未报核实1条"
    assert rows["夕阳党支部"][5] == "不适用"  # what every goal leaves the retired out of


def test_a_secretary_comes_to_the_own_branch_and_reads_no_other(client, make, bureau):
    client.sign_in(bureau.secretary)
    assert client.get("/statements").location == address(bureau.east)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/statements.xlsx").data))
    names = {row[0] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert names == {"东湖党支部"}


def test_the_sheet_has_a_row_for_each_branch_month_and_kind(client, make, bureau):
    put_statement(make, bureau.campaign, bureau.east, "work", "2021-04", told_by="李四")
    book = openpyxl.load_workbook(io.BytesIO(client.sign_in(bureau.office).get("/statements.xlsx").data))
    rows = {row[:3]: row[3:] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert rows["东湖党支部", "2021-04", "心得作品"] == ("零报告", 0, 0, 0)
    assert rows["西山党支部", "2021-04", "心得作品"] == ("未报", 0, 0, 0)
    assert rows["东湖党支部", "2021-03", "读党史"] == ("未报", 2, 0, 0)
    assert "李四" not in str(rows)


def test_a_branch_sees_first_what_it_has_not_stated(client, make, bureau):
    put_all(make, bureau.campaign, bureau.old, dt.date(2021, 5, 30), Said.NOTHING)
    client.sign_in(make.user(Role.SECRETARY, bureau.old))
    root = client.page(f"/branches/{bureau.old.id}")
    cards = [one for one in root.iter("section") if "card" in (one.get("class") or "")]
    text = html.text_of(cards[0])
    assert "有2个月没有报齐" in text
    assert "2021-07 今天起可以报送，5类" in text
    assert "2021-06 未报 5" in text
    links = [one.get("href") for one in cards[0].iter("a")]
    assert f"{address(bureau.old)}?month=2021-06" in links
    put_all(make, bureau.campaign, bureau.old, JULY, Said.NOTHING, skip=[
        (kind, month) for kind in ("study", "activity", "work", "pairing", "other")
        for month in ("2021-02", "2021-03", "2021-04", "2021-05")
    ])  # fmt: skip
    root = client.page(f"/branches/{bureau.old.id}")
    assert "各月都已报送" in html.text_of(next(one for one in root.iter("section")))


def test_the_bureaus_page_counts_the_silent_by_month_and_leads_there(client, make, bureau):
    put_all(make, bureau.campaign, bureau.west, dt.date(2021, 6, 30), Said.NOTHING)
    root = client.sign_in(bureau.office).page("/")
    card = next(one for one in root.iter("section") if one.get("aria-labelledby") == "silent-title")
    assert "2021-06 未报 3个支部中2个" in html.text_of(card)
    assert "/statements?month=2021-06&only=silent" in [one.get("href") for one in card.iter("a")]


def test_before_any_month_is_over_nothing_is_asked(client, make, bureau, monkeypatch):
    monkeypatch.setattr("tracker.views.statements.today", lambda: dt.date(2021, 2, 27))
    client.sign_in(bureau.office)
    assert "还没有结束的月份" in html.text_of(client.page("/statements"))
    assert "还没有要报送的" in html.text_of(client.page(address(bureau.east)))


def test_without_a_campaign_there_is_no_such_page(client, make):
    unit = make.branch()
    client.sign_in(make.user(Role.OFFICE))
    assert "还没有行动计划" in html.text_of(client.page("/statements"))
    assert client.get(address(unit)).status_code == 404


@pytest.mark.parametrize(
    "url", ["/statements", "/statements?month=2021-03", "/statements/{id}", "/branches/{id}"]
)
def test_the_number_of_queries_grows_neither_with_statements_nor_with_branches(
    client, make, bureau, statements, url
):
    client.sign_in(bureau.office)

    def asked():
        with statements() as seen:
            client.page(url.format(id=bureau.east.id))
        return len(seen)

    put_statement(make, bureau.campaign, bureau.east, "work", "2021-04")
    asked()
    before = asked()
    for unit in (bureau.west, make.branch(), make.branch()):
        put_all(make, bureau.campaign, unit, JULY, Said.NOTHING)
    for kind in ("work", "pairing"):
        put_statement(make, bureau.campaign, bureau.east, kind, "2021-03")
    assert asked() <= before
    assert before <= 28
