"""Silence against zero in each chart: from the JSON that plotly gets, the sheet, and the table beside it.

Each test draws the same ledger twice: once nobody said anything, once everybody said that there is nothing.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import openpyxl
import pytest

from tests import html
from tests.statements import UNTIL, put_all, put_statement, say_nothing
from tests.views.figure_pages import DAY, small_bureau
from tracker.models import Said

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WEST = "西山党支部"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.fixture
def office(client, bureau):
    return client.sign_in(bureau.office)


def drawing(office, code):
    return json.loads(office.get(f"/charts/{code}.json?as_of={DAY}").text)


def heat_cell(office):
    """z, text and hover of essays in the west, where the ledger has none."""
    trace = drawing(office, "heat")["data"][0]
    row, column = trace["y"].index(WEST), trace["x"].index("优秀心得")
    z = trace["z"]
    if isinstance(z, dict):  # plotly may pack numbers; then they are not what this test is about
        pytest.fail("the shades are packed")
    return z[row][column], trace["text"][row][column], trace["customdata"][row][column]


def test_the_heat_map_draws_silence_hatched_in_words_and_zero_as_zero(make, bureau, office):
    silent = heat_cell(office)
    say_nothing(make, bureau, {"work"})
    zero = heat_cell(office)
    assert silent[:2] == (-1, "未报")
    assert "4个月中4个月未报" in silent[2]
    assert zero[:2] == (0, "0")
    assert "零报告" in zero[2]
    assert "未报" not in zero[2]


def test_a_number_in_the_heat_map_that_rests_on_silence_is_marked(make, bureau, office):
    def cell():
        trace = drawing(office, "heat")["data"][0]
        row = trace["y"].index(WEST)
        return trace["text"][row][0], trace["customdata"][row][0]

    text, hover = cell()
    assert text == "100◌"
    assert "4个月中4个月未报" in hover
    for month, said in (
        ("02", Said.NOTHING),
        ("03", Said.HANDED_IN),
        ("04", Said.NOTHING),
        ("05", Said.HANDED_IN),
    ):
        put_statement(make, bureau.campaign, bureau.west, "study", f"2021-{month}", said)
    assert cell()[0] == "100"


def heat_table(office):
    table = next(one for one in office.page(f"/?as_of={DAY}").iter("table") if one.get("class") == "heat")
    row = next(
        one for one in table.iter("tr") if one.find("th") is not None and html.text_of(one.find("th")) == WEST
    )
    cell = list(row.iter("td"))[3]
    return cell.get("class"), html.text_of(cell)


def test_the_table_of_branches_and_goals_tells_them_apart_by_class_and_by_word(make, bureau, office):
    silent = heat_table(office)
    say_nothing(make, bureau, {"work"})
    assert (silent, heat_table(office)) == (("kn", "未报"), ("k0", "0零报告"))


def workbook(office, code):
    data = office.get(f"/charts/{code}.xlsx?as_of={DAY}").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return openpyxl.load_workbook(io.BytesIO(data)).active, book.read("xl/charts/chart1.xml").decode()


def heat_row(office):
    page, chart = workbook(office, "heat")
    row = next(row for row in page.iter_rows(min_row=5, values_only=True) if row[0] == WEST)
    return row[4], row[-1], chart


def test_the_sheet_of_the_heat_map_keeps_words_for_silence_and_numbers_for_zero_in_cells_and_chart(
    make, bureau, office
):
    cell, note, chart = heat_row(office)
    assert cell == "未报"
    assert "优秀心得：4个月中4个月未报" in note
    assert ">未报<" in chart
    say_nothing(make, bureau)
    cell, note, chart = heat_row(office)
    assert cell == 0
    assert "优秀心得：零报告" in note
    assert ">未报<" not in chart
    assert ">0<" in chart


def months_drawn(office, code):
    """Day → (symbol, words) of the marks at the ends of months."""
    found = drawing(office, code)["data"]
    trace = next(one for one in found if one["mode"] == "markers" and "customdata" in one)
    days = [str(day)[:10] for day in trace["x"]]
    return dict(zip(days, zip(trace["marker"]["symbol"], trace["customdata"], strict=True), strict=True))


@pytest.mark.parametrize(("goal", "kind", "branches"), [("essays", "work", 3), ("tasks", "task", 2)])
def test_a_curve_is_hollow_where_branches_are_silent_and_filled_where_they_said_zero(
    make, bureau, office, goal, kind, branches
):
    silent = months_drawn(office, goal)
    assert silent["2021-04-30"] == ("circle-open", f"2021-04 {branches}个支部全部未报")
    put_statement(make, bureau.campaign, bureau.east, kind, "2021-04")
    assert months_drawn(office, goal)["2021-04-30"] == (
        "circle-open",
        f"2021-04 {branches}个支部中{branches - 1}个未报、1个零报告",
    )
    put_statement(make, bureau.campaign, bureau.west, kind, "2021-04")
    if branches == 3:
        put_statement(make, bureau.campaign, bureau.old, kind, "2021-04")
    assert months_drawn(office, goal)["2021-04-30"] == ("circle", "2021-04 全部零报告")
    assert "2021-06-30" not in silent  # the month is not over on that day


def test_a_curve_of_a_minimum_over_people_is_marked_too(make, bureau, office):
    assert months_drawn(office, "study")["2021-05-31"][0] == "circle-open"
    for unit in (bureau.east, bureau.west):
        put_statement(make, bureau.campaign, unit, "study", "2021-05", Said.HANDED_IN)
    put_statement(make, bureau.campaign, bureau.old, "study", "2021-05")
    assert months_drawn(office, "study")["2021-05-31"] == ("circle", "2021-05 1个零报告")


def test_the_table_behind_a_curve_says_on_the_last_day_of_a_month_what_was_said_of_it(make, bureau, office):
    def said():
        root = office.page(f"/goals/essays?as_of={DAY}")
        table = next(one for one in root.iter("details") if one.get("class") == "behind")
        rows = {html.text_of(row[0]): html.text_of(row[-1]) for row in table.iter("tr")}
        return rows["2021-04-30"]

    assert said() == "2021-04 3个支部全部未报"
    say_nothing(make, bureau, {"work"})
    assert said() == "2021-04 全部零报告"


def test_the_sheet_of_a_curve_says_it_too_and_labels_silence_in_its_chart(make, bureau, office):
    def april():
        page, chart = workbook(office, "essays")
        row = next(
            row
            for row in page.iter_rows(min_row=5, values_only=True)
            if row[0] and row[0].date() == dt.date(2021, 4, 30)
        )
        return row[1], row[-1], ">未报<" in chart

    assert april() == (0, "2021-04 3个支部全部未报", True)
    say_nothing(make, bureau, {"work"})
    assert april() == (0, "2021-04 全部零报告", False)


def bins(office):
    root = office.page(f"/?as_of={DAY}")
    drawn = next(one for one in root.iter(f"{SVG}svg") if (one.get("class") or "").startswith("bins"))
    hollow = [one for one in drawn.iter(f"{SVG}rect") if one.get("class") == "bin hollow"]
    return len(hollow), drawn.get("aria-label"), html.text_of(root)


def test_the_distribution_is_hollow_where_a_zero_is_silence(make, bureau, office):
    count, label, text = bins(office)
    assert count == 1
    assert "其中1人为零，所在支部未报" in label
    assert "空心：1人为零，所在支部未报" in text
    put_all(make, bureau.campaign, bureau.old, UNTIL, Said.NOTHING, {"study"})
    count, label, text = bins(office)
    assert count == 0
    assert "未报" not in label
