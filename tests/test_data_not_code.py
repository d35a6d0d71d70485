"""Another goal, kind or campaign is a file: it shows up everywhere without a line of code."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.maker import SHIPPED, Maker
from tracker.db import db
from tracker.models import Campaign
from tracker.queries.boards import board_on
from tracker.queries.bulletin_facts import facts_on
from tracker.queries.campaigns import spec_of
from tracker.queries.curves import curve_of
from tracker.queries.figures import figures_json
from tracker.rules.bulletin_text import compose
from tracker.rules.campaign_bulletins import templates_of

DAY = dt.date(2021, 7, 31)
KIND = """
[[kinds]]
code = "visit"
name = "走访老党员"
sheet = "走访老党员"
owners = ["member"]
types = [{ name = "上门" }, { name = "电话" }]
columns = [
  { field = "happened_on", heading = "日期", required = true },
  { field = "member_number", heading = "工号" },
  { field = "member_name", heading = "姓名", required = true },
  { field = "type", heading = "方式", required = true },
  { field = "quantity", heading = "户数", required = true },
]
"""
COUNTS = """
[[figures]]
id = "visit.households"
title = "走访户数"
kind = "visit"
measure = "quantity"
unit = "户"

[[goals]]
code = "visit"
name = "一百户老党员走访"
short_name = "走访"
icon = "home"
figure = "visit.households"
target = 100
unit = "户"
show = ["visit.households"]
"""
SECOND = (
    """format = 1
code = "next-year"
name = "下一年的行动计划"
starts_on = 2021-01-01
ends_on = 2021-12-31
"""
    + KIND
    + COUNTS
)


@pytest.fixture
def text() -> str:
    return SHIPPED.read_text(encoding="utf-8") + KIND + COUNTS


def ledger(tmp_path: Path, member_number: str, name: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "走访老党员"
    sheet.append(["日期", "工号", "姓名", "方式", "户数"])
    sheet.append([dt.date(2021, 5, 4), member_number, name, "上门", 7])
    path = tmp_path / "走访.xlsx"
    book.save(path)
    return path


def test_an_eighth_goal_and_its_kind_appear_in_figures_board_and_curve(make: Maker, text: str):
    campaign, member = make.campaign(text), make.member()
    make.record(campaign, "visit", member=member, type="上门", quantity=7, happened_on=dt.date(2021, 5, 4))
    assert figures_json(campaign, DAY)["figures"]["visit.households"] == 7
    board = board_on(campaign, DAY)
    assert board.cards[7].standing.goal.name == "一百户老党员走访"
    assert board.cards[7].standing.value == 7
    assert [row.cells[7].value for row in board.rows] == [7]
    points = curve_of(spec_of(campaign).goals[7], board.standing)
    assert (points[0].value, points[-1].value) == (0, 7)


def test_a_second_campaign_counts_its_own_rows_only(make: Maker, text: str):
    first, second, member = make.campaign(text), make.campaign(SECOND), make.member()
    make.record(second, "visit", member=member, type="上门", quantity=3)
    assert figures_json(second, DAY)["figures"]["visit.households"] == 3
    assert figures_json(first, DAY)["figures"]["visit.households"] == 0
    assert first.is_current
    assert not second.is_current


def test_the_new_kind_is_in_the_blank_workbook_and_its_import(fresh_app, tmp_path: Path, text: str):
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    run = fresh_app.test_cli_runner()
    assert run.invoke(args=["campaigns", "load", str(file), "--commit"]).exit_code == 0
    with fresh_app.app_context():
        member = Maker().member()
        number, name = member.number, member.name
        db.session.commit()
    with fresh_app.app_context():
        from tracker.files.ledger_template import blank_ledger

        campaign = db.session.query(Campaign).one()
        book = openpyxl.load_workbook(io.BytesIO(blank_ledger(spec_of(campaign), [])))
        assert "走访老党员" in book.sheetnames
    file = ledger(tmp_path, number, name)
    done = run.invoke(args=["ledger", "import", str(file), "--verified", "--commit"])
    assert done.exit_code == 0, done.output
    shown = run.invoke(args=["figures", "--as-of", "2021-07-31", "--json"])
    assert json.loads(shown.output)["figures"]["visit.households"] == 7


def test_pages_and_charts_show_the_new_goal_without_a_line_of_code(client, make: Maker, text: str):
    campaign, member = make.campaign(text), make.member()
    make.record(campaign, "visit", member=member, type="上门", quantity=7, happened_on=dt.date(2021, 5, 4))
    client.sign_in(make.office)
    for url in ("/", "/goals/visit", "/figures", "/records?kind=visit", "/records?figure=visit.households"):
        response = client.get(url)
        assert response.status_code == 200, url
        assert "走访" in response.text, url


def test_an_eighth_goal_is_in_the_bulletin_of_a_template_that_does_not_know_it(make: Maker, text: str):
    campaign, member = make.campaign(text), make.member()
    make.record(campaign, "visit", member=member, type="上门", quantity=7, happened_on=dt.date(2021, 5, 4))
    facts = facts_on(campaign, DAY)
    (template,) = templates_of(facts.spec)
    body = compose(template.text, facts)
    assert "一百户老党员走访：走访户数7户（目标100户）。" in [one.text for one in body.paragraphs]


def test_a_campaign_without_a_template_has_a_bulletin_of_all_its_goals(make: Maker):
    campaign, member = make.campaign(SECOND), make.member()
    make.record(campaign, "visit", member=member, type="上门", quantity=3)
    facts = facts_on(campaign, DAY)
    (template,) = templates_of(facts.spec)
    words = [one.text for one in compose(template.text, facts).paragraphs]
    assert words[1:] == ["一百户老党员走访：走访户数3户（目标100户）。"]
