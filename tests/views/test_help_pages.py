"""The help of each page: there is one, the page leads to it, and it leads back."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tests.world import rules
from tracker.models import Role
from tracker.views.audit_words import PAGES
from tracker.views.help_sections import SECTIONS

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# Pictures, files and answers for programs only; and the page of all components, which nobody sees but those
# who build the tracker.
NO_PAGES = {"chart_pictures", "installed", "style", "watch"}


def test_every_room_with_a_page_has_help_and_every_help_its_room(app):
    with_pages = {rule.endpoint.split(".")[0] for rule in rules(app) if "GET" in rule.methods} - NO_PAGES
    assert sorted(with_pages - set(SECTIONS)) == []
    assert sorted(set(SECTIONS) - set(PAGES)) == []


def test_each_section_opens_and_says_what_to_do(client):
    for room in sorted(SECTIONS):
        assert "怎么做" in body(client.page(f"/help/{room}")), room


def test_a_page_leads_to_its_own_section_and_that_leads_back(client, make):
    client.sign_in(make.user(Role.AUDITOR))
    links = [one.get("href") for one in client.page("/audit?page=1").iter("a")]
    assert "/help/audit?back=/audit?page%3D1" in links
    back = [one.get("href") for one in client.page("/help/audit?back=/audit?page%3D1").iter("a")]
    assert "/audit?page=1" in back


def test_help_of_no_page_is_not_there_and_leads_nowhere_else(client):
    client.page("/help/nothing", 404)
    page = client.page("/help/audit?back=//evil.example")
    assert "evil" not in html.text_of(page)
    assert not any("evil" in (one.get("href") or "") for one in page.iter("a"))


def test_who_is_not_signed_in_finds_help_for_the_sign_in(client, make):
    make.user(Role.OFFICE)
    links = [one.get("href") for one in client.page("/sign-in").iter("a")]
    assert any((one or "").startswith("/help/sessions") for one in links)
