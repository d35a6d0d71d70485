"""Silence against zero on the pages: months, groups, branches, goals, figures, a member's own page."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import html
from tests.statements import UNTIL, put_all, say_nothing
from tests.views.figure_pages import DAY, small_bureau
from tracker.models import Role, Said
from tracker.queries.figures import figures_json

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WEST = "西山党支部"


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.fixture
def office(client, bureau):
    return client.sign_in(bureau.office)


def months_of_west(client, unit):
    """Month → texts of the cells of the branch's table of months, by heading."""
    root = client.page(f"/branches/{unit.id}?as_of={DAY}")
    section = next(one for one in root.iter("section") if one.get("aria-labelledby") == "months-title")
    headings = [html.text_of(one) for one in next(section.iter("tr"))][1:]
    return {
        html.text_of(row[0]): dict(zip(headings, map(html.text_of, row[1:]), strict=True))
        for row in section.iter("tr")
        if row[0].get("scope") == "row"
    }


def test_the_months_of_a_branch_tell_silence_from_zero_and_compare_no_silence(make, bureau, office):
    before = months_of_west(office, bureau.west)
    assert before["2021-04"]["心得作品"] == "未报"
    assert before["2021-05"]["读党史"] == "1 未报"
    assert before["2021-06"]["心得作品"] == "0"  # not over on that day: neither silent nor stated
    assert "未报，不能比较" in [cells["心得作品"] for cells in before.values()]
    put_all(make, bureau.campaign, bureau.west, UNTIL, Said.NOTHING)
    after = months_of_west(office, bureau.west)
    assert after["2021-04"]["心得作品"] == "0 零报告"
    assert after["2021-05"]["读党史"] == "1 与台账不符"


def test_a_group_shows_no_bar_of_zero_where_its_branch_is_silent(make, bureau, office):
    def service():
        root = office.page(f"/groups/{bureau.other_group.id}?as_of={DAY}")
        section = next(one for one in root.iter("section") if one.get("aria-labelledby") == "goals-title")
        row = next(one for one in section.iter("tr") if "志愿服务" in html.text_of(one))
        return [html.text_of(cell) for cell in row.iter("td")]

    silent = service()
    assert (silent[0], silent[-1]) == ("—", "未报")
    put_all(make, bureau.campaign, bureau.west, UNTIL, Said.NOTHING, {"service"})
    zero = service()
    assert zero[0] == "0小时"
    assert "零报告" in zero[2]


def test_a_branchs_page_shows_no_bar_of_zero_where_it_is_silent(client, make, bureau):
    secretary = client.sign_in(make.user(Role.SECRETARY, bureau.west))

    def essays():
        root = secretary.page(f"/branches/{bureau.west.id}?as_of={DAY}")
        section = next(one for one in root.iter("section") if one.get("aria-labelledby") == "goals-title")
        row = next(one for one in section.iter("tr") if "优秀心得" in html.text_of(one))
        return [html.text_of(cell) for cell in row.iter("td")]

    silent = essays()
    assert (silent[0], silent[-1]) == ("—", "未报")
    put_all(make, bureau.campaign, bureau.west, UNTIL, Said.NOTHING, {"work"})
    zero = essays()
    assert zero[0] == "0篇"
    assert "零报告" in zero[2]


def test_the_goals_page_says_which_branch_is_silent_and_on_how_many_the_whole_rests(make, bureau, office):
    def west():
        root = office.page(f"/goals/essays?as_of={DAY}")
        section = next(one for one in root.iter("section") if one.get("aria-labelledby") == "branches-title")
        rows = {html.text_of(row[0]): html.text_of(row) for row in section.iter("tr")}
        return rows[WEST], rows["全局"]

    silent, whole = west()
    assert "未报" in silent
    assert "0" not in silent
    assert "其中3个支部未报" in whole
    say_nothing(make, bureau, {"work"})
    zero, whole = west()
    assert zero == f"{WEST} 0零报告"
    assert "未报" not in whole


def test_beside_a_mean_and_a_minimum_stands_how_many_are_silent(make, bureau, office):
    def line(figure):
        root = office.page(f"/figures?as_of={DAY}")
        return html.text_of(next(one for one in root.iter("tr") if one.get("id") == figure))

    for figure in ("study.mean_hours", "study.min_hours"):
        assert "其中3个支部未报" in line(figure)
    assert "支部未报" not in line("study.total_minutes")  # a sum over the bureau
    say_nothing(make, bureau, {"study"})
    assert "支部未报" not in line("study.mean_hours")


def test_no_figure_changes_by_what_is_said(make, bureau):
    before = figures_json(bureau.campaign, dt.date(2021, 6, 26))
    say_nothing(make, bureau)
    assert figures_json(bureau.campaign, dt.date(2021, 6, 26)) == before


def test_a_member_reads_that_the_own_branch_is_silent_and_no_zero(client, make, bureau):
    wang = client.sign_in(make.user(Role.MEMBER, member=bureau.wang))

    def goal(code):
        root = wang.page(f"/me?as_of={DAY}")
        return html.text_of(next(one for one in root.iter("li") if one.get("data-goal") == code))

    assert "本支部未报" in goal("essays")
    assert goal("service").startswith("志愿服务未报")
    put_all(make, bureau.campaign, bureau.west, UNTIL, Said.NOTHING, {"work", "service"})
    assert "本支部0篇" in goal("essays")
    assert goal("service").startswith("志愿服务0／100小时")
