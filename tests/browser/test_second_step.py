"""The second step at sign-in, its codes for paper, and the way in with one of them, as somebody sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from tests.browser.conftest import LiveServer
from tests.browser.looking import HEIGHTS, axe, raw_words, too_wide, words_of
from tests.browser.modes import choose
from tests.browser.people import Person, passwords, sign_out

LOGIN = "auditor"
SECRET = re.compile(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}")


@pytest.fixture
def auditor(browser: Any, moving: LiveServer) -> Iterator[Person]:
    """Somebody who leaves without a second step again: other tests sign in as them."""
    one = Person(browser, moving, LOGIN, {"width": 360, "height": HEIGHTS[360]})
    yield one
    one.context.close()
    moving.sql(
        "UPDATE user_account SET totp_secret = NULL, totp_step = NULL WHERE login = :login", login=LOGIN
    )
    moving.sql("DELETE FROM recovery_code")


def faults_of(page: Any) -> list[str]:
    """What is wrong with the page that is open; it stays open, for it is shown this once."""
    found = [*too_wide(page), *raw_words(words_of(page), "zh")]
    page.set_viewport_size({"width": 360, "height": HEIGHTS[360]})
    return [f"{page.url}: {one}" for one in (*found, *axe(page))]


def test_it_is_turned_on_and_a_code_from_paper_opens_the_account(auditor: Person, moving: LiveServer) -> None:
    page, password = auditor.page, passwords(moving)[LOGIN]
    choose(page.context, page.url, "large")
    page.goto("/account/second-factor")
    secret = SECRET.search(page.locator("main").inner_text())
    assert secret is not None
    page.fill("main [name=code]", pyotp.TOTP(secret[0].replace(" ", "")).now())
    page.fill("main input[type=password]", password)
    page.locator("main form button.p").click()
    page.wait_for_selector("main ol li")
    codes = [one.split()[-1] for one in page.locator("main ol li").all_inner_texts()]
    assert len(set(codes)) == 10
    faults = faults_of(page)
    page.goto("/account/recovery-codes")
    faults += faults_of(page)
    sign_out(page)
    page.goto("/sign-in")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.locator("main details summary").click()
    faults += faults_of(page)
    page.fill("main [name=recovery]", codes[3].upper())
    page.press("main [name=recovery]", "Enter")
    page.wait_for_selector(".who-name", state="attached")
    assert "备用码还剩9个" in auditor.text("/account")
    assert faults + auditor.faults == []
