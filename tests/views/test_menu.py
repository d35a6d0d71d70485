"""The main menu: few places in the bar, all of them in the sheet, the page's own marked in both."""

from __future__ import annotations

import pytest

from tests import html

pytestmark = pytest.mark.slow


@pytest.fixture
def member(client, zhang):
    """The first member's browser."""
    return client.sign_in(zhang)


@pytest.fixture
def office(client, bureau, make):
    """The office's browser."""
    return client.sign_in(make.office)


def bar(page):
    """The entries of the bar: nth → (address, whether the page is theirs)."""
    nav = page.find(".//nav[@class='nav-main']")
    return {
        int(link.attrib["data-nth"]): (link.attrib["href"], "aria-current" in link.attrib)
        for link in nav.iter("a")
        if "data-nth" in link.attrib
    }


def sheet(page):
    """The addresses in the sheet behind 更多: heading → [(address, whether the page is its own)]."""
    found = {}
    for group in page.findall(".//nav[@class='nav-main']//div"):
        if "menu-group" in group.attrib.get("class", ""):
            links = [(a.attrib["href"], "aria-current" in a.attrib) for a in group.iter("a")]
            found[html.text_of(group.find("p"))] = links
    return found


def more(page):
    """What says whether the sheet's button carries the mark."""
    return page.find(".//details[@class='menu-more']").attrib


def test_a_member_has_five_places_with_the_note_among_the_first_four_and_all_others_in_the_sheet(member):
    page = member.page("/me")
    entries = bar(page)
    assert [entries[nth][0] for nth in sorted(entries)] == [
        "/me",
        "/me/records",
        "/jot",
        "/drafts",
        "/account",
    ]
    assert more(page)["data-fits"] == "5"  # at a wide desk the bar has everything, and no 更多
    listed = [address for links in sheet(page).values() for address, _ in links]
    assert {"/me", "/me/records", "/jot", "/drafts", "/account", "/me/everything"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_the_office_has_seven_places_in_the_bar_and_the_rest_in_groups(office):
    page = office.page("/")
    entries = bar(page)
    assert sorted(entries) == [1, 2, 3, 4, 5, 6, 7]
    assert entries[1] == ("/", True)
    assert more(page)["data-fits"] == "0"
    groups = sheet(page)
    assert {"进度", "台账与核实", "闭环", "报告", "账号"} <= set(groups)
    assert ("/", True) in groups["进度"]
    assert "/imports" in [address for links in groups.values() for address, _ in links]


def test_a_page_that_stands_in_the_sheet_only_marks_it_there_and_at_the_button(office):
    page = office.page("/imports")
    assert not any(current for _, current in bar(page).values())
    assert more(page)["data-at"] == "0"
    assert ("/imports", True) in [link for links in sheet(page).values() for link in links]


def test_a_page_of_a_group_marks_the_groups_entry_in_the_bar_and_itself_in_the_sheet(office):
    page = office.page("/claims")
    assert [current for _, current in bar(page).values()].count(True) == 1
    assert ("/claims", True) in sheet(page)["报告"]


def test_a_page_that_the_menu_does_not_have_marks_nothing(office):
    assert "data-at" not in more(office.page("/help"))


def test_nobody_is_offered_what_is_not_theirs(member):
    listed = [address for links in sheet(member.page("/me")).values() for address, _ in links]
    assert not {"/members", "/imports", "/accounts", "/audit", "/verify"} & set(listed)


def test_every_page_can_be_left_by_signing_out_from_the_sheet_and_from_the_account(member):
    nav = member.page("/me").find(".//nav[@class='nav-main']")
    assert [form.attrib["action"] for form in nav.iter("form")] == ["/looks", "/sign-out"]
