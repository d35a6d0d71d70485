"""Pages for errors, when what every page is made of is missing too."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.maker import Maker
from tracker.db import db
from tracker.models import Role


@pytest.fixture
def client(fresh_app):
    """A browser in which the office is signed in, on a database of its own."""
    with fresh_app.app_context():
        office = Maker().user(Role.OFFICE)
        browser = fresh_app.test_client().sign_in(office)
        db.session.commit()
    return browser


@pytest.fixture
def broken(fresh_app, client):
    """The same after the tables were lost."""
    fresh_app.testing = False  # as in earnest: an error becomes a page
    with fresh_app.app_context():
        db.session.execute(text("ALTER TABLE user_account RENAME TO gone"))
        db.session.commit()
    return client


@pytest.mark.parametrize("address", ["/", "/records", "/help", "/sign-in"])
def test_who_is_signed_in_gets_a_page_even_if_the_account_cannot_be_read(broken, address):
    answer = broken.get(address)
    assert answer.status_code in (500, 503)
    assert "<h1>" in answer.text
    assert "user_account" not in answer.text


def test_a_missing_static_file_asks_no_database(broken):
    answer = broken.get("/static/nothing.css")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ("text/html,*/*;q=0.8", True),
        ("*/*", True),
        (None, True),
        ("text/plain", False),
        ("application/json", False),
    ],
)
def test_a_program_that_takes_no_page_gets_the_words_of_the_refusal(client, accept, is_page):
    answer = client.get("/nowhere", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, "<main" in answer.text) == (404, is_page)
    assert "没有这个页面" in answer.text
    assert (answer.mimetype == "text/plain") is not is_page


def test_the_style_of_the_pages_asks_no_database(broken):
    assert broken.get("/static/css/base.css").status_code == 200
