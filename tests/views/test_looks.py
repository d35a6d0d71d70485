"""How pages look: what a reader chooses is kept in the browser, and in nothing else."""

from __future__ import annotations

import re

import pytest

from tests import html
from tests.test_styles import SHEETS
from tracker.looks import THEME_COLOURS

pytestmark = pytest.mark.slow


def choose(client, **data):
    """Press one of the buttons on the page of help."""
    return client.post("/looks", data={**html.hidden_fields(client.page("/help"), "/looks"), **data})


def root_of(client):
    """What a page says of its looks: the root's attributes, and address → medium of its style sheets."""
    root = client.page("/help")
    sheets = {
        link.get("href"): link.get("media") for link in root.iter("link") if link.get("rel") == "stylesheet"
    }
    return root, {href.rsplit("/")[-1].partition(".")[0]: media for href, media in sheets.items()}


def test_without_a_choice_a_page_follows_the_device(client):
    root, sheets = root_of(client)
    assert root.get("data-theme") is None and root.get("data-text") is None
    assert sheets["dark"] == "screen and (prefers-color-scheme: dark)" and "large" not in sheets
    metas = [
        (meta.get("content"), meta.get("media"))
        for meta in root.iter("meta")
        if meta.get("name") == "theme-color"
    ]
    assert [content for content, _ in metas] == [THEME_COLOURS["light"], THEME_COLOURS["dark"]]


def test_dark_is_chosen_before_anybody_signs_in_and_never_for_paper(client):
    assert choose(client, theme="dark").status_code == 303
    root, sheets = root_of(client)
    assert root.get("data-theme") == "dark" and sheets["dark"] == "screen"


def test_light_is_light_whatever_the_device_has(client):
    choose(client, theme="light")
    root, sheets = root_of(client)
    assert root.get("data-theme") == "light" and "dark" not in sheets
    (scheme,) = [meta.get("content") for meta in root.iter("meta") if meta.get("name") == "color-scheme"]
    assert scheme == "light"


def test_large_print_says_that_less_is_shown_and_leads_back(client):
    choose(client, text="large")
    root, sheets = root_of(client)
    assert root.get("data-text") == "large" and sheets["large"] == "screen"
    (note,) = [form for form in root.iter("form") if "large-note" in form.get("class", "")]
    assert "大字版" in html.text_of(note)
    answer = choose(client, text="normal")
    assert "text=;" in answer.headers["Set-Cookie"]
    assert root_of(client)[0].get("data-text") is None


def test_one_choice_leaves_the_other(client):
    choose(client, text="large")
    choose(client, theme="dark")
    root, _ = root_of(client)
    assert (root.get("data-theme"), root.get("data-text")) == ("dark", "large")
    choose(client, theme="device")
    root, _ = root_of(client)
    assert (root.get("data-theme"), root.get("data-text")) == (None, "large")


def test_a_choice_outlives_the_sign_out(client, make):
    client.sign_in(make.user())
    choose(client, text="large")
    assert client.submit("/account", action="/sign-out").status_code == 303
    assert root_of(client)[0].get("data-text") == "large"


def test_the_cookie_is_kept_a_year_and_told_to_nobody_else(client):
    cookie = choose(client, theme="dark").headers["Set-Cookie"]
    assert {"theme=dark", "Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_the_cookie_of_a_server_in_use_goes_over_tls_only(client, app):
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        answer = choose(client, theme="dark")
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize(
    "data", [{}, {"theme": "pink"}, {"text": "dark"}, {"theme": "dark", "text": "huge"}, {"theme": ""}]
)
def test_what_nobody_can_choose_is_refused_and_nothing_kept(client, data):
    answer = choose(client, **data)
    assert answer.status_code == 422 and "没有这种显示方式" in answer.text
    assert not [
        cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith(("theme", "text"))
    ]


def test_a_cookie_that_somebody_else_wrote_counts_as_none(client):
    client.set_cookie("theme", '"><script>')
    client.set_cookie("text", "huge")
    root, _ = root_of(client)
    assert root.get("data-theme") is None and root.get("data-text") is None


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "help", ""])
def test_the_way_back_never_leads_to_another_host(client, elsewhere):
    assert choose(client, theme="dark", next=elsewhere).location == "/"


def test_the_way_back_is_the_page_with_its_question(client):
    assert choose(client, theme="dark", next="/help?about=x").location == "/help?about=x"


def test_who_needs_large_print_sees_the_button_where_they_begin(client, zhang):
    assert "large-offer" in client.get("/sign-in").text
    client.sign_in(zhang)
    assert "large-offer" in client.get("/me").text
    choose(client, text="large")
    page = client.get("/me").text
    assert "large-offer" not in page and "large-note" in page


def test_the_bar_around_a_page_has_the_colour_of_its_head():
    for sheet, theme in (("tokens", "light"), ("dark", "dark")):
        found = re.search(r"--card: (#\w+)", SHEETS[sheet])
        assert found and found[1] == THEME_COLOURS[theme]
