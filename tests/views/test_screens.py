"""The screen on a wall, by its link."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from tests import html
from tests.maker import NOW, SHIPPED
from tests.screens import SCREEN_TOKEN, a_screen
from tracker.db import db
from tracker.models import Campaign, TryCount
from tracker.queries import screens as queries
from tracker.queries.campaigns import spec_of
from tracker.rules.goals import GoalState
from tracker.services.screens import revoke_screen
from tracker.views import screens as views

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WALL = f"/screen/{SCREEN_TOKEN}"
PARTS = (WALL, f"{WALL}/now")


@pytest.fixture
def link(bureau, make):
    return a_screen(bureau.campaign, make.office)


@pytest.fixture
def wall(app):
    """A browser in which nobody is signed in."""
    return app.test_client()


def of_wall(answer):
    assert answer.status_code == 200
    return html.parse(answer.text)


def tiles(root):
    found = [one for one in root.iter("section") if "tile" in (one.get("class") or "").split()]
    return {one.get("data-goal"): one for one in found}


def test_a_screen_shows_each_goal_without_a_name_a_link_or_a_cookie(wall, link, bureau):
    for address in PARTS:
        answer = wall.get(address)
        root, said = of_wall(answer), html.text_of(html.parse(answer.text))
        goals = spec_of(bureau.campaign).goals
        assert list(tiles(root)) == [goal.code for goal in goals]
        for words in (
            bureau.campaign.name,
            "市民政局机关党委",
            "截至2021年7月31日",
            "更新",
            *(goal.name for goal in goals),
        ):
            assert words in said, words
        for person in bureau.people:
            assert person.name not in answer.text
            assert person.number not in answer.text
        for unit in (bureau.one, bureau.two, *bureau.groups, bureau.section):
            assert unit.name not in answer.text
        assert link.label not in answer.text
        assert not list(root.iter("a"))
        assert not list(root.iter("form"))
        assert "Set-Cookie" not in answer.headers


def test_the_address_is_told_to_nobody_and_kept_by_nobody(wall, link):
    for address in (*PARTS, f"/screen/{'x' * 43}"):
        headers = wall.get(address).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
    assert wall.get("/sign-in").headers["Referrer-Policy"] == "same-origin"


def test_only_get_is_taken(wall, link):
    for address in PARTS:
        assert wall.post(address).status_code in (400, 405)
        assert wall.put(address).status_code in (400, 405)
        assert wall.delete(address).status_code in (400, 405)


def test_unknown_expired_and_revoked_are_one_and_the_same_page(wall, link, bureau, make):
    revoke_screen(link, by=make.office, at=NOW)
    a_screen(bureau.campaign, make.office, "e" * 43, expires_on=dt.date(2021, 7, 30))
    answers = [
        wall.get(f"/screen/{token}{end}") for token in ("t" * 43, "e" * 43, "u" * 43) for end in ("", "/now")
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1
    assert "此链接已停用" in answers[0].text
    assert bureau.campaign.name not in answers[0].text
    assert "Set-Cookie" not in answers[0].headers


def test_a_link_shows_the_goals_through_its_last_day(wall, bureau, make):
    a_screen(bureau.campaign, make.office, expires_on=dt.date(2021, 7, 31))
    assert wall.get(WALL).status_code == 200


def test_guessing_comes_to_rest_and_screens_that_hold_go_on(wall, link, bureau, make, monkeypatch):
    monkeypatch.setattr("tracker.security_events.ALL_TRIES", 3)
    codes = [wall.get(f"/screen/{'u' * 40}{n:03}").status_code for n in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert wall.get(WALL).status_code == 200
    revoke_screen(link, by=make.office, at=NOW)
    assert wall.get(WALL).status_code == 404, "what was revoked says so, whoever guesses meanwhile"
    assert [one.count for one in db.session.scalars(select(TryCount))] == [3]


@pytest.mark.parametrize(
    "token", ["x", "x" * 65, "%00" * 30, "..%2f" * 9, "%F0%9F%98%80" * 20, "%ff" * 30, "' OR 1=1 --" * 3]
)
def test_hostile_tokens_are_not_found(wall, link, token):
    assert wall.get(f"/screen/{token}").status_code == 404


def test_a_screen_shows_its_own_campaign_whatever_the_office_works_in(wall, link, bureau, make):
    text = SHIPPED.read_text(encoding="utf-8").replace('"qigeyibai-2021"', '"other-2022"', 1)
    text = text.replace('name = "“七个一百”行动计划"', 'name = "另一个计划"', 1)
    other = make.campaign(text)
    for row in db.session.scalars(select(Campaign)):
        row.is_current = row.id == other.id
    make.record(other, "study", member=bureau.people[0], minutes=60 * 77, source="学习强国")
    said = html.text_of(of_wall(wall.get(WALL)))
    assert "另一个计划" not in said
    assert bureau.campaign.name in said
    a_screen(other, make.office, "o" * 43)
    assert "另一个计划" in html.text_of(of_wall(wall.get(f"/screen/{'o' * 43}")))


def test_its_figures_are_those_of_the_bureaus_page(client, wall, link, bureau, make):
    client.sign_in(make.office)
    cards = {
        one.get("data-goal"): html.text_of(one.find(".//p[@class='v']//b"))
        for one in client.page("/").iter("article")
        if one.get("data-goal")
    }
    shown = {code: html.text_of(one.find(".//b")) for code, one in tiles(of_wall(wall.get(WALL))).items()}
    assert shown == cards
    assert len(shown) == 7


def test_person_times_and_persons_stand_side_by_side(wall, link):
    notes = [html.text_of(one) for one in of_wall(wall.get(WALL)).iter("p") if one.get("class") == "note"]
    pairs = [note for note in notes if "人次 / " in note]
    assert pairs
    assert all(re.search(r"\d人次 / [\d–]+[人名]", note) for note in pairs), notes


def test_states_differ_by_word_icon_and_frame(wall, link):
    text = wall.get(WALL).text
    found = re.findall(
        r'<section class="[^"]* is-([a-z_]+)[^>]*>.*?class="state">.*?icons.svg[^#]*#([a-z-]+)"', text, re.S
    )
    seen = dict(found)
    assert set(seen) <= {one.value for one in GoalState}
    assert len(found) == 7
    assert len(set(seen.values())) >= 2


def test_an_empty_ledger_shows_no_progress_and_no_reason_to_worry(wall, make):
    a_screen(make.campaign(), make.office)
    root = of_wall(wall.get(WALL))
    assert len(tiles(root)) == 7
    states = {
        next(n for n in one.get("class").split() if n.startswith("is-")) for one in tiles(root).values()
    }
    assert "is-reached" not in states
    assert "None" not in html.text_of(root)


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_colours_are_chosen_in_the_address(wall, link, theme):
    assert of_wall(wall.get(f"{WALL}?theme={theme}")).get("data-theme") == theme


def test_without_a_choice_or_with_another_one_it_is_dark(wall, link):
    for query in ("", "?theme=", "?theme=pink", '?theme="><script>'):
        assert of_wall(wall.get(WALL + query)).get("data-theme") == "dark"


def test_the_figures_are_of_today_and_move_on_at_midnight(wall, link, monkeypatch):
    for day in (dt.date(2021, 6, 30), dt.date(2021, 7, 1)):
        monkeypatch.setattr("tracker.views.asof.today", lambda day=day: day)
        assert f"截至{day.year}年{day.month}月{day.day}日" in html.text_of(of_wall(wall.get(f"{WALL}/now")))


def test_the_page_says_what_it_is_made_of_so_that_a_screen_sees_a_release(wall, link, monkeypatch):
    before = of_wall(wall.get(WALL)).find(".//div[@id='wall']").get("data-release")
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    assert wall.get(f"{WALL}/now").text.count(before) == 1
    monkeypatch.setattr(views, "release", lambda: "0" * 12)
    assert before not in wall.get(f"{WALL}/now").text


def test_without_script_it_loads_itself_anew(wall, link):
    text = wall.get(WALL).text
    assert re.search(r'<noscript><meta http-equiv="refresh" content="60"></noscript>', text)
    assert "refresh" not in wall.get(f"{WALL}/now").text


def test_when_it_asked_last_is_noted_once_a_minute(wall, link, monkeypatch):
    seen = []
    monkeypatch.setattr(views, "note_screen_seen", lambda link_id, at: seen.append((link_id, at)))
    wall.get(WALL)
    assert [link_id for link_id, _ in seen] == [link.id]
    link.last_seen_at = seen[0][1]
    wall.get(f"{WALL}/now")
    assert len(seen) == 1


def test_a_screen_costs_few_statements_and_fifty_cost_no_more(wall, link, statements, monkeypatch):
    monkeypatch.setattr(views, "note_screen_seen", lambda link_id, at: None)
    wall.get(WALL)
    with statements() as seen:
        for _ in range(10):
            wall.get(f"{WALL}/now")
    assert len(seen) <= 10 * 2, seen[:6]


def test_an_open_session_changes_nothing_on_the_wall(client, link, bureau, make):
    client.sign_in(make.office)
    answer = client.get(WALL)
    assert answer.status_code == 200
    assert make.office.name not in answer.text
    assert "csrf" not in answer.text


@pytest.mark.parametrize("goals", range(1, 13))
def test_any_number_of_goals_has_a_place(wall, make, goals):
    text = SHIPPED.read_text(encoding="utf-8")
    first, *rest = text.partition("[[goals]]")
    blocks = re.split(r"(?=^\[\[goals\]\]$)", "".join(rest), flags=re.M)
    tail = re.search(r"^(?!\[\[goals\]\])\[\[", blocks[-1], flags=re.M)
    after = blocks[-1][tail.start() :] if tail else ""
    blocks[-1] = blocks[-1][: tail.start()] if tail else blocks[-1]
    blocks = [one for one in blocks if one]
    copies = [*blocks, *(re.sub(r'^code = "', 'code = "b', one, count=1, flags=re.M) for one in blocks)][
        :goals
    ]
    a_screen(make.campaign(first + "".join(copies) + after), make.office)
    assert len(tiles(of_wall(wall.get(WALL)))) == goals
    assert queries.link_called(SCREEN_TOKEN) is not None
