"""The whole way of each goal, in a browser: entered, refused, entered, verified by somebody else, shown on
the dashboard, found behind its figure, and in the spreadsheet. Which goals there are, the campaign says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.browser.conftest import LiveServer
from tests.browser.people import Person
from tests.maker import SHIPPED
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Kind, Stage

SPEC: CampaignSpec = read_campaign(SHIPPED.read_text(encoding="utf-8"))
DESK = {"width": 1280, "height": 900}
DAY, IMPOSSIBLE = "2021-07-30", "2021-08-30"  # the demo's day is the 31st of July
TEXT = "读了这一章，我想到自己入党时的誓言，也想到在社区里见过的人和事，今后要把小事做实。"
TYPED = {
    "minutes": "1.5", "people_served": "7", "quantity": "1", "category": "走访慰问", "community": "北园社区",
    "place": "市烈士陵园", "stories": "走一遍时讲的故事", "text": TEXT,
}  # fmt: skip


@pytest.fixture(scope="module")
def seated(browser: Any, moving: LiveServer) -> Iterator[Any]:
    """`seated(login)`: somebody at a browser, whose pages have no fault all the time."""
    people: dict[str, Person] = {}

    def sit(login: str) -> Person:
        if login not in people:
            people[login] = Person(browser, moving, login, DESK)
        return people[login]

    yield sit
    for person in people.values():
        assert person.faults == []
        person.context.close()


def path_of(figure: Figure, kind: Kind) -> list[Stage]:
    """The stages that a record takes until the figure counts it; none where its kind has no stages."""
    wanted = next(iter(figure.where.values.get("stage", ())), None)
    names: list[str] = []
    while wanted:
        names.insert(0, wanted)
        wanted = next(stage.before for stage in kind.stages if stage.name == wanted)
    if kind.stages and (not names or names[0] != kind.default_stage):
        names.insert(0, str(kind.default_stage))
    return [next(stage for stage in kind.stages if stage.name == name) for name in names]


def fill(person: Person, figure: Figure, kind: Kind, title: str, ref: str) -> None:
    """Type what the form asks, as the campaign's columns say; its lists are chosen as the figure filters."""
    form = person.page.locator("main form[method=post]").first
    for column in kind.columns:
        name = column.field
        box = form.locator(f"[name='{name}']")
        if not box.count():
            continue
        if name == "happened_on":
            box.fill(DAY)
        elif name == "title":
            box.fill(title)
        elif name in ("ref", "subject"):
            box.fill(ref)
        elif box.evaluate("box => box.tagName") == "SELECT":
            wanted = figure.where.values.get(name)
            box.select_option(wanted[0]) if wanted and name != "stage" else box.select_option(index=1)
        elif name in TYPED:
            box.fill(TYPED[name])
    if form.locator("[name=text]").count():
        form.locator("[name=text]").fill(TEXT)
    if form.locator("[name=member]").count():
        somebody = person.page.locator("#words-member option").nth(4).get_attribute("value")
        form.locator("[name=member]").fill(str(somebody))
    elif form.locator("[name=owner]").count() and form.locator("[name=owner] option").count() > 1:
        form.locator("[name=owner]").select_option(index=1)
    if form.locator("[name=tick]").count():
        if not form.locator("details.tick-fold[open]").count():
            form.locator("details.tick-fold summary").click()
        form.locator("[name=tick]").nth(4).check()


def verify(person: Person, number: str) -> None:
    """Verify one record in the queue."""
    person.page.goto("/verify")
    person.page.locator(f"input[name=seen][value^='{number}:']").check()
    person.page.locator("#verify").click()
    person.page.wait_for_selector("#undo")


def carry_on(person: Person, number: str, stage: Stage) -> str:
    """Take the record on to its next stage. Returns the number of the record that this is."""
    person.page.goto(f"/records/{number}")
    form = person.page.locator("#stage-form")
    form.locator(f"label.chip:has(input[value='{stage.name}'])").click()
    form.locator("[name=on]").fill(DAY)
    form.locator("[name=note]").fill("已经做完，居民满意。")
    form.locator("button.p").click()
    person.page.wait_for_url(re.compile(rf"/records/(?!{number}\b)\d+"))
    return re.findall(r"/records/(\d+)", person.page.url)[0]


def numbers_in_sheet(person: Person, figure: str) -> set[str]:
    """The numbers of the records behind a figure, as its spreadsheet says them in the first cell of a row."""
    person.page.goto(f"/records?figure={figure}")
    # The click would wait for an answer; of thousands of rows it may take longer than a click waits.
    with person.page.expect_download(timeout=60_000) as download:
        person.page.locator(".head form[method=post] button").click(no_wait_after=True)
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), read_only=True)
    return {str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True) if row}


@pytest.mark.parametrize("goal", SPEC.goals, ids=lambda goal: goal.code)
def test_a_goal_is_walked_from_the_form_to_the_spreadsheet(goal: Goal, seated: Any, moving: LiveServer):
    figure = SPEC.figure(goal.figure)
    kind = SPEC.kind(str(figure.kind))
    title, ref = f"{goal.short_name}走一遍", f"ZZ{SPEC.goals.index(goal)}"
    before = moving.figures()
    secretary, deputy, office = seated("secretary"), seated("deputy"), seated("office")

    # A day that is not there yet is refused beside its field, and nothing typed is lost.
    secretary.page.goto(f"/enter/{kind.code}")
    fill(secretary, figure, kind, title, ref)
    happened_on = secretary.page.locator("[name=happened_on]")
    happened_on.evaluate("box => box.removeAttribute('max')")
    happened_on.fill(IMPOSSIBLE)
    secretary.page.locator("main form[method=post] button.p").first.click()
    secretary.page.wait_for_load_state()
    assert secretary.page.locator(".error").count()
    assert happened_on.input_value() == IMPOSSIBLE
    happened_on.fill(DAY)
    secretary.page.locator("main form[method=post] button.p").first.click()
    secretary.page.wait_for_url(re.compile(r"/records/\d+"))
    number = re.findall(r"/records/(\d+)", secretary.page.url)[0]
    assert moving.figures() == before

    # Whoever entered it cannot verify it; somebody else can. Each further stage goes the same way.
    secretary.page.goto("/verify")
    assert not secretary.page.locator(f"input[name=seen][value^='{number}:']:enabled").count()
    verify(deputy, number)
    for stage in path_of(figure, kind)[1:]:
        number = carry_on(office if stage.bureau_only else secretary, number, stage)
        verify(deputy, number)

    # The dashboard says what the figures say, and something of this goal moved.
    after = moving.figures()
    of_goal = [one.id for one in SPEC.figures if one.kind == kind.code]
    assert any(after[name] != before[name] for name in of_goal)
    card = office.text("/", f"[data-goal='{goal.code}']")
    assert shown(after[goal.figure]) in card

    # One click to the rows behind it, one more to a spreadsheet of exactly them.
    office.page.goto(f"/records?figure={goal.figure}")
    assert office.page.locator(f"main a[href$='/records/{number}']").count()
    assert number in numbers_in_sheet(office, goal.figure)


def shown(value: Any) -> str:
    """A figure as cards print it: at most one decimal, thousands apart."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
