"""A bulletin is written in the browser: words are free, figures are chips, and what is kept is the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.people import Person

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
AREA = "document.querySelector('textarea[name=text]').value"
ODD = "\n".join(
    (
        "{members.eligible}应学{study.min_hours:以上}。", "", "# 一、标题", "## （一）小标题",
        "{essays.shared:余}{tasks.done=60件}{tasks.done=}{no.such}{quoted.none}{as_of}",
        " 前  后\u00a0 ", "{{7*7}} {} <b>&amp;</b> </script>",
        "{tasks.done}{tasks.done:近}{tasks.done:全覆盖}",
        "#", "##", "# ", "𠮷👨‍👩‍👧é‏", "",
    )
)  # fmt: skip


@pytest.fixture
def editor(browser: Any, moving: Any) -> Iterator[Any]:
    """The office in the editor of a new draft; nothing may go wrong in its page."""
    office = Person(browser, moving, "office", DESK)
    page = office.page
    page.goto("/bulletins")
    page.click(".bulletin-new button.p")
    page.wait_for_url(re.compile(r"/bulletins/\d+$"))
    page.goto(f"{page.url}/edit")
    page.wait_for_selector("#page")
    yield page
    assert office.faults == []
    office.context.close()


def text(page: Any) -> str:
    return str(page.evaluate(AREA)).replace("\r\n", "\n")


def line(page: Any, n: int) -> str:
    return text(page).split("\n")[n]


def paste(page: Any, words: str) -> None:
    """As a browser pastes: words that look like a document are taken as words."""
    page.evaluate(
        """words => {
          const data = new DataTransfer();
          data.setData('text/plain', words);
          data.setData('text/html', '<b>nothing of this</b>');
          document.querySelector('#page').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        words,
    )


def all_of_it(page: Any) -> None:
    page.focus("#page")
    page.keyboard.press("Control+a")


def test_any_text_is_the_same_after_it_was_chips(editor: Any) -> None:
    all_of_it(editor)
    paste(editor, ODD)
    assert text(editor) == ODD
    editor.evaluate("document.querySelector('#page').dispatchEvent(new InputEvent('input', {bubbles: true}))")
    assert text(editor) == ODD  # read again from the chips
    all_of_it(editor)
    copied = editor.evaluate(
        """() => {
          const data = new DataTransfer();
          document.querySelector('#page').dispatchEvent(
            new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true}));
          return data.getData('text/plain');
        }"""
    )
    assert copied == ODD


def test_words_and_chips_are_written_saved_and_there_again(editor: Any) -> None:
    page = editor
    all_of_it(page)
    page.keyboard.press("Delete")
    assert text(page) == ""
    page.keyboard.type("全局应学党员")
    page.fill("#figure-search", "应学党员")
    page.click("#figures li:not([hidden]) button")
    page.keyboard.type("，学得好。")
    page.keyboard.press("Enter")
    page.keyboard.type("完成")
    page.fill("#figure-search", "tasks.done")
    page.click("#figures li[data-ref='tasks.done'] button")
    assert text(page) == "全局应学党员{members.eligible}，学得好。\n完成{tasks.done}"
    page.click("#page .chip[data-ref='tasks.done']")
    page.fill("#chip-hand", "六十{件}")
    page.keyboard.press("Enter")
    assert line(page, 1) == "完成{tasks.done=六十件}"
    assert "手填" in page.inner_text("#page .chip.typed")
    assert "尚未保存" in page.inner_text("[data-editor-state]")
    saved = text(page)
    address = page.url
    page.click(".bulletin-form button[type=submit]")
    page.wait_for_url(re.compile(r"/bulletins/\d+$"))
    assert "手填" in page.inner_text(".a4 .lk.typed")
    page.goto(address)
    page.wait_for_selector("#page")
    assert text(page) == saved
    assert not page.locator("[data-rescued]").is_visible()  # it was saved
    assert page.inner_text("#page .chip[data-ref='members.eligible']") == "124名"
    page.click("#page .chip.typed")
    page.click("[data-give-back]")
    assert line(page, 1) == "完成{tasks.done}"


def test_a_hedge_is_chosen_among_those_that_hold(editor: Any) -> None:
    page = editor
    chip = "#page .chip[data-ref='service.people_served']"
    page.click(chip)
    options = page.locator("dialog .option")
    disabled = [
        options.nth(n).inner_text()
        for n in range(options.count())
        if options.nth(n).locator("input").is_disabled()
    ]
    assert all("不支持" in one for one in disabled)
    page.locator("dialog .option input").first.check()
    page.click("dialog button[type=submit]")
    assert "{service.people_served}" in text(page)
    page.keyboard.press("Control+z")
    assert "{service.people_served:超100}" in text(page)


def test_everything_goes_by_keyboard_and_is_taken_back(editor: Any) -> None:
    page, before = editor, text(editor)
    page.focus("#page")
    page.keyboard.press("Control+Home")
    page.keyboard.type("前言")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.ref") == "as_of"
    page.keyboard.press("Enter")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.classList.contains('chip')")
    page.keyboard.press("Delete")
    assert line(page, 0).startswith("前言截至，")
    page.keyboard.press("Backspace")  # beside a word: one character
    assert line(page, 0).startswith("前言截，")
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert text(page) == before
    page.keyboard.press("Control+y")
    assert text(page) != before


def test_lines_become_headings_are_joined_and_parted(editor: Any) -> None:
    page, second = editor, line(editor, 1)
    assert second.startswith("# ")
    page.click("#page h2 >> nth=0")
    page.click("[data-style='## ']")
    assert line(page, 1) == f"#{second}"
    page.click("[data-style='']")
    assert line(page, 1) == second[2:]
    page.keyboard.press("Home")
    first = line(page, 0)
    page.keyboard.press("Backspace")
    assert line(page, 0) == first + second[2:]
    page.keyboard.press("Enter")
    assert line(page, 1) == second[2:]


def test_words_that_were_not_saved_are_offered_again(editor: Any) -> None:
    page, before = editor, text(editor)
    page.once("dialog", lambda dialog: dialog.accept())
    page.focus("#page")
    page.keyboard.press("Control+Home")
    page.keyboard.type("没保存的话")
    written = text(page)
    page.reload()
    page.wait_for_selector("#page")
    assert text(page) == before
    page.click("[data-take]")
    assert text(page) == written


def test_a_figure_and_its_source_light_each_other_up(editor: Any) -> None:
    page = editor
    page.goto(page.url.removesuffix("/edit"))
    page.hover(".a4 .lk >> nth=3")
    ref = page.locator(".a4 .lk >> nth=3").get_attribute("data-ref")
    assert page.locator(".figs li.on").get_attribute("data-ref") == ref
    assert page.locator(".a4 .lk >> nth=3").locator(".tip").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".a4 .lk >> nth=3").locator(".tip").is_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_serious_is_wrong_with_the_pages(editor: Any, size: dict[str, int]) -> None:
    page, edit = editor, editor.url
    page.set_viewport_size(size)
    draft = edit.removesuffix("/edit")
    for address in (
        edit,
        draft,
        f"{draft}/issue",
        re.sub(r"\d+$", "1", draft),
        re.sub(r"\d+$", "1/proof", draft),
    ):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
