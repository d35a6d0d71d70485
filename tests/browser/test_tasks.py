"""How much the daily tasks take: presses, keys and choices are counted as the browser sees them, and typing
into a field once. That twenty records are verified in five is in test_round.py."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.conftest import LiveServer
from tests.browser.people import Person

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
COUNT = """(() => {
  const more = () => sessionStorage.setItem('acts', Number(sessionStorage.getItem('acts')) + 1);
  const typedInto = new Set();
  const isText = one => one.matches('textarea, [contenteditable], input:not([type=checkbox], [type=radio])');
  addEventListener('pointerdown', event => { if (event.isTrusted) more(); }, true);
  addEventListener('keydown', event => { if (event.isTrusted && !isText(event.target)) more(); }, true);
  addEventListener('input', event => {
    if (!isText(event.target) || typedInto.has(event.target)) return;
    typedInto.add(event.target);
    more();
  }, true);
})()"""


def counted(browser: Any, server: LiveServer, login: str, size: dict[str, int]) -> Person:
    """Somebody who has signed in, and whose acts are counted from then on."""
    person = Person(browser, server, login, size)
    person.context.add_init_script(COUNT)
    person.page.reload()
    person.page.evaluate("sessionStorage.setItem('acts', 0)")
    return person


def acts(person: Person) -> int:
    return int(person.page.evaluate("sessionStorage.getItem('acts')"))


def test_a_study_hour_is_noted_in_three_acts_or_fewer(browser, moving):
    member = counted(browser, moving, "member", PHONE)
    member.page.locator(".nav-main a.main").first.click()
    member.page.locator("label.chip", has_text=re.compile(r"^\s*1小时\s*$")).first.click()
    member.page.locator(".jot-save button").click()
    member.page.wait_for_url("**/me")
    assert 2 <= acts(member) <= 3
    assert member.faults == []
    member.context.close()


def test_from_the_dashboard_a_bulletin_is_issued_in_four_acts_or_fewer(browser, moving):
    office = counted(browser, moving, "office", DESK)
    office.page.locator("main form[action*='/bulletins'] button").first.click()
    office.page.wait_for_url(re.compile(r"/bulletins/\d+$"))
    office.page.locator("main a[href$='/issue']").click()
    office.page.locator("main form[action$='/issue'] button.p").click()
    office.page.wait_for_url(re.compile(r"/bulletins/\d+$"))
    assert not office.page.locator("main a[href$='/issue']").count()  # it is issued
    assert 3 <= acts(office) <= 4
    assert office.faults == []
    office.context.close()
