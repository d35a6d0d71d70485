"""Few people in hardship are not counted in what is taken away: tables, pictures' data, bulletins' charts."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest

from tracker.models import Role
from tracker.queries.bulletin_charts import bulletin_charts
from tracker.rules.bulletins import CHART_OF_UNITS

DAY = dt.date(2021, 6, 26)
pytestmark = pytest.mark.slow


@pytest.fixture
def bureau(make):
    """Pairings: two in the east, five in the west, four in the south."""
    campaign = make.campaign()
    for name, count in (("东湖党支部", 2), ("西山党支部", 5), ("南桥党支部", 4)):
        branch = make.branch(name)
        for n in range(count):
            member = make.member(branch=branch)
            code = f"{name}{n}"
            make.record(
                campaign, "pairing", member=member, happened_on=DAY, subject=code, community="北园社区"
            )
    return campaign, make.user(Role.OFFICE)


def column(rows):
    """Name of the unit → what stands under the goal of pairings."""
    at = next(n for n, heading in enumerate(rows[0]) if heading and str(heading).startswith("结对"))
    return {row[0]: row[at] for row in rows[1:]}


def test_the_spreadsheet_of_units_and_goals_does_not_count_them(client, bureau):
    _, office = bureau
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.sign_in(office).get(f"/bureau.xlsx?as_of={DAY}").data)
    ).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if any(str(cell).startswith("结对") for cell in row if cell))
    found = column(rows[head:])
    assert [found[name] for name in ("东湖党支部", "西山党支部", "南桥党支部")] == ["少于3", 5, "不列出"]


def test_the_data_of_its_chart_do_not_either(client, bureau):
    _, office = bureau
    data = json.loads(client.sign_in(office).get(f"/charts/heat.json?as_of={DAY}").data)["data"][0]
    at = data["x"].index("结对")
    found = dict(zip(data["y"], (row[at] for row in data["text"]), strict=True))
    assert (found["东湖党支部"], found["西山党支部"], found["南桥党支部"]) == ("少于3", "5◌", "不列出")
    assert "东湖党支部" not in "".join(row[at] for row in data["customdata"])


def test_nor_does_the_table_of_a_bulletin(bureau):
    campaign, _ = bureau
    (table,) = bulletin_charts(campaign, [CHART_OF_UNITS], DAY)
    found = column([table.headings, *table.rows])
    assert (found["东湖党支部"], found["西山党支部"], found["南桥党支部"]) == ("少于3", "5*", "不列出")


def test_the_office_sees_the_numbers_on_the_page_itself(client, bureau):
    _, office = bureau
    page = client.sign_in(office).get(f"/?as_of={DAY}").get_data(as_text=True)
    assert "少于3" not in page
