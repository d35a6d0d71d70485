"""A newcomer starts the demo, signs in as the office and reads the report's figures off the page."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import openpyxl

from tests.browser.people import passwords, sign_in

TRUTH = Path("tests/data/article")

# What each card must show on 2021-06-26, word by word.
CARDS = {
    "study": ["80", "小时", "98小时", "59人", "7月26日"],
    "stories": ["20", "场次", "目标口径未上报", "167人次", "89人"],
    "classroom": ["104", "名", "164人次", "已达到"],
    "essays": ["9", "篇", "27篇"],
    "pairing": ["87", "名"],
    "service": ["73", "小时", "最低65", "13"],
    "tasks": ["50", "件", "41件", "9件", "6件", "16件"],
}


def cards(page: Any) -> dict[str, str]:
    """Text of each card without white space, by the goal's code."""
    found = {}
    for card in page.locator("[data-goal]").all():
        found[card.get_attribute("data-goal")] = "".join(card.inner_text().split())
    return found


def pick(page: Any, day: str) -> None:
    """Pick another day as a person does."""
    page.fill("input[name=as_of]", day)
    page.locator("form:has(input[name=as_of]) button[type=submit]").first.click()
    page.wait_for_url(re.compile(f"as_of={day}"))


def test_the_passwords_are_drawn_and_only_the_owner_can_read_them(live_server):
    path = live_server.data_dir / "demo-accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    drawn = passwords(live_server)
    assert len(set(drawn.values())) == len(drawn) >= 8


def test_the_cards_read_as_the_report_did_and_later_as_on_the_demos_own_day(page, live_server):
    sign_in(page, live_server)
    assert "2021年7月31日" in page.locator("body").inner_text()
    pick(page, "2021-06-26")
    shown = cards(page)
    missing = {code: [w for w in words if w not in shown[code]] for code, words in CARDS.items()}
    assert {code: words for code, words in missing.items() if words} == {}
    later = json.loads((TRUTH / "figures-later.json").read_text(encoding="utf-8"))
    page.goto("/")
    shown = cards(page)
    assert f"{later['study.min_hours']:.1f}小时" in shown["study"]
    assert f"{later['study.reached_100']}人" in shown["study"]
    assert f"{later['stories.person_times']}人次" in shown["stories"]
    assert f"{later['classroom.persons']}名" in shown["classroom"]
    assert f"{later['essays.excellent']}篇" in shown["essays"]
    assert f"{later['pairing.active']}名" in shown["pairing"]
    assert f"{later['service.group_mean_hours']:.1f}小时" in shown["service"]
    assert f"{later['tasks.done']}件" in shown["tasks"]


def test_every_figure_on_the_counting_page_is_that_of_the_report(page, live_server):
    sign_in(page, live_server)
    page.goto("/figures?as_of=2021-06-26")
    text = "".join(page.locator("main").inner_text().split())
    truth = json.loads((TRUTH / "figures.json").read_text(encoding="utf-8"))
    for figure in ("study.rows", "stories.person_times", "service.people_served", "essays.shared"):
        assert str(truth[figure]) in text, figure


def test_from_a_figure_one_click_leads_to_its_rows(page, live_server):
    sign_in(page, live_server)
    pick(page, "2021-06-26")
    page.locator("[data-goal=stories] a", has_text="167").first.click()
    page.wait_for_load_state()
    text = page.locator("main").inner_text()
    assert "167" in text
    assert "红色故事现场教学" in text


def test_a_ledger_with_problems_is_refused_whole_and_a_known_one_changes_nothing(page, live_server, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "读党史"
    sheet.append(["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"])
    sheet.append(["2021-02-30", "M0001", "曹建", "局机关第一党支部", 1, "学习强国", "简史"])
    sheet.append(["2021-03-05", "M9999", "无此人", "局机关第一党支部", 1, "学习强国", "简史"])
    hostile = tmp_path / "有问题的台账.xlsx"
    book.save(hostile)
    sign_in(page, live_server)
    for path, said in ((hostile, "没有2021-02-30这一天"), (Path("tracker/demo/ledger.xlsx"), None)):
        page.goto("/imports")
        page.set_input_files("input[type=file]", str(path.absolute()))
        page.locator("form:has(input[type=file]) button[type=submit]").click()
        page.wait_for_url(re.compile(r"/imports/\d+"))
        page.wait_for_function("() => !document.querySelector('#progress')", timeout=60_000)
        text = page.locator("main").inner_text()
        if said:
            assert said in text
            assert "M9999" in text
    before = live_server.flask("figures", "--json")
    assert json.loads(before)["figures"]["study.rows"] == 11433
