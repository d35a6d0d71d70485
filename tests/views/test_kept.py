"""Pages that are answered from memory: the same page, never an older one, and nobody else's."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import threading

import pytest
from sqlalchemy import delete, func, select, update

from tests import html
from tests.maker import SHIPPED
from tests.queue_rows import Branch, decide
from tests.reminders import a_reminder
from tracker import kept
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Role, UserSession
from tracker.queries import stamps
from tracker.services.grants import revoke_role
from tracker.services.reminders import dismiss_reminder, switch_reminders
from tracker.services.tours import end_tour

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

KEY = re.compile(r'(?<=name="submission_key" type="hidden" value=")[^"]+')
FROM_MEMORY = 1  # statement: stamp and session


@pytest.fixture
def here(make):
    here = Branch(make)
    here.make.record(here.campaign, member=here.li, minutes=60, source="个人自学", title="第一章")
    here.section = make.section("办公室")
    here.leader = make.user(Role.GROUP_LEADER, here.group, member=here.li)
    here.head = make.user(Role.SECTION_HEAD, here.section)
    return here


@pytest.fixture
def browser(app, here):
    """Signs somebody in, in a browser whose pages are kept."""

    def sign_in(who):
        one = app.test_client().sign_in(getattr(here, who))
        one.keeps_pages = True
        return one

    return sign_in


def warm(browser, url):
    """Ask for a page until it is kept: the first answer gives the browser its cookie."""
    browser.get(url)
    return browser.get(url)


def is_kept(browser, url, statements):
    """Whether the page comes from memory."""
    with statements() as seen:
        assert browser.get(url).status_code == 200
    return len(seen) <= FROM_MEMORY


def address(here, who):
    return {
        "office": "/", "secretary": f"/branches/{here.branch.id}", "leader": f"/groups/{here.group.id}",
        "head": f"/sections/{here.section.id}", "member": "/me",
    }[who]  # fmt: skip


@pytest.mark.parametrize("who", ["office", "secretary", "leader", "head", "member"])
def test_a_page_asked_for_again_is_the_same_but_for_the_keys_of_its_forms(browser, here, who, statements):
    here.hours()
    one, url = browser(who), address(here, who)
    with statements() as seen:
        first = warm(one, url)
    tables = set(re.findall(r"(?:FROM|JOIN) ([a-z_]+)", " ".join(seen)))
    assert "record" in tables
    events = select(func.count()).select_from(AuditEvent)
    before = db.session.scalar(events)
    with statements() as seen:
        second = one.get(url)
    assert len(seen) <= FROM_MEMORY
    assert not {"draft", "heartbeat", "job", "saved_filter", "submission", "try_count"} & tables
    assert (first.status_code, second.status_code) == (200, 200)
    assert KEY.sub("", first.text) == KEY.sub("", second.text)
    keys = KEY.findall(second.text)
    assert keys
    assert not set(keys) & set(KEY.findall(first.text))
    assert len(keys) == len(KEY.findall(first.text))
    assert {name for name, _ in first.headers} - {"Vary"} == {name for name, _ in second.headers} - {"Vary"}
    assert db.session.scalar(events) == before


def test_what_was_done_since_stands_in_the_next_answer(browser, here, statements):
    record = here.hours()
    secretary, member, office = browser("secretary"), browser("member"), browser("office")
    for one, who in ((secretary, "secretary"), (member, "member"), (office, "office")):
        warm(one, address(here, who))
    assert is_kept(member, "/me", statements)
    assert "待核" in html.text_of(member.page("/me"))
    assert decide(secretary, [record]).status_code == 303
    assert not is_kept(member, "/me", statements)
    assert not is_kept(office, "/", statements)
    assert "2小时" in html.text_of(member.page("/me")).replace(" ", "")


def test_a_form_of_a_kept_page_can_be_sent_from_two_tabs(browser, here, statements):
    member = browser("member")
    member.get("/jot")
    warm(member, "/me")
    assert is_kept(member, "/me", statements)
    fields = html.hidden_fields(member.page("/me"), "/language")
    assert member.post("/language", data={**fields, "language": "en"}).status_code == 303
    assert member.page("/me").get("lang") == "en"


def test_everybody_has_a_page_of_their_own(browser, here):
    office, other = browser("office"), browser("secretary")
    assert warm(office, "/").status_code == 200
    assert other.get("/").status_code == 302  # led to the branch, and not shown what the office saw
    assert other.get(address(here, "secretary")).status_code == 200
    member = browser("member")
    assert member.get(address(here, "secretary")).status_code == 404


@pytest.mark.parametrize("how", ["ended", "rested", "old"])
def test_a_session_that_is_over_is_given_no_page(browser, here, how, statements):
    office = browser("office")
    warm(office, "/")
    assert is_kept(office, "/", statements)
    early = now() - dt.timedelta(hours=13)
    change = {
        "ended": delete(UserSession),
        "rested": update(UserSession).values(seen_at=now() - dt.timedelta(minutes=31)),
        "old": update(UserSession).values(started_at=early),
    }[how]
    db.session.execute(change)
    answer = office.get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_who_reads_kept_pages_does_not_rest(browser, here, statements):
    office = browser("office")
    warm(office, "/")
    earlier = now() - dt.timedelta(minutes=20)
    db.session.execute(update(UserSession).values(seen_at=earlier))
    assert is_kept(office, "/", statements) is False  # it is kept, and that it was seen is noted
    seen_at = db.session.scalars(select(UserSession.seen_at)).one()
    assert seen_at > earlier + dt.timedelta(minutes=19)


def test_an_account_that_was_closed_is_given_no_page(browser, here, client):
    member = browser("member")
    assert warm(member, "/me").status_code == 200
    client.sign_in(here.office)
    client.keeps_pages = True
    closed = client.submit(f"/accounts/{here.member.id}", {}, action=f"/accounts/{here.member.id}/disable")
    assert closed.status_code == 303
    assert member.get("/me").status_code == 302


def test_whose_role_was_taken_away_is_given_no_page(browser, here, statements):
    secretary, url = browser("secretary"), address(here, "secretary")
    warm(secretary, url)
    assert is_kept(secretary, url, statements)
    (grant,) = [one for one in here.secretary.grants if one.role is Role.SECRETARY]
    revoke_role(here.secretary, grant.id, by=here.office, at=now())
    assert secretary.get(url).status_code == 404


def test_another_campaign_is_another_page(browser, here, make, statements):
    text = SHIPPED.read_text(encoding="utf-8").replace("qigeyibai-2021", "other")
    other = make.campaign(text.replace("“七个一百”行动计划", "另一个计划"))
    member = browser("member")
    warm(member, "/me")
    assert is_kept(member, "/me", statements)
    db.session.execute(update(UserSession).values(campaign_id=other.id))
    assert not is_kept(member, "/me", statements)
    assert "另一个计划" in html.text_of(member.page("/me"))


def test_a_tour_that_was_declined_is_offered_no_more(browser, here, statements):
    here.member.wants_tour = True
    member = browser("member")
    warm(member, "/me")
    assert is_kept(member, "/me", statements)
    end_tour(here.member)
    assert not is_kept(member, "/me", statements)


def test_reminders_that_were_put_away_or_are_not_wanted_are_gone(browser, here, statements):
    member = browser("member")
    for change in (
        lambda: dismiss_reminder(a_reminder(here.campaign, here.member), at=now()),
        lambda: switch_reminders(here.member, on=False),
    ):
        warm(member, "/me")
        assert is_kept(member, "/me", statements)
        change()
        assert not is_kept(member, "/me", statements)


def test_a_message_is_shown_once(browser, here):
    secretary, url = browser("secretary"), address(here, "secretary")
    answer = decide(secretary, [here.hours()])
    assert answer.status_code == 303
    assert secretary.page(url).find(".//div[@class='flashes']") is not None
    assert secretary.page(url).find(".//div[@class='flashes']") is None


def test_a_page_that_looks_at_the_clock_is_made_anew(browser, here, monkeypatch, statements):
    from tracker.views import bureau

    asked = bureau.notices_of
    monkeypatch.setattr(bureau, "notices_of", lambda board: (now(), asked(board))[1])
    office = browser("office")
    warm(office, "/")
    assert not is_kept(office, "/", statements)


def test_the_next_day_has_pages_of_its_own(app, browser, here, statements):
    office, config = browser("office"), app.config["TRACKER"]
    warm(office, "/")
    assert is_kept(office, "/", statements)
    app.config["TRACKER"] = dataclasses.replace(config, today=config.today + dt.timedelta(days=1))
    assert not is_kept(office, "/", statements)


def test_where_too_much_waits_for_its_seal_nothing_is_kept(browser, here, monkeypatch, statements):
    monkeypatch.setattr(stamps, "MOST_UNSEALED", -1)
    office = browser("office")
    warm(office, "/")
    assert not is_kept(office, "/", statements)


def test_what_is_kept_has_a_limit(app, browser, here, monkeypatch, statements):
    monkeypatch.setattr(kept, "MOST_BYTES", 1)
    office, member = browser("office"), browser("member")
    warm(office, "/")
    assert is_kept(office, "/", statements)
    warm(member, "/me")
    assert not is_kept(office, "/", statements)
    assert len(app.extensions["kept"].pages) == 1


def test_who_puts_pages_at_the_same_time_leaves_whole_ones_of_one_stamp():
    """The newest that came last empties the shelf; what is counted is what is there."""
    shelf, together = kept.Shelf(), threading.Barrier(8)

    def put(number):
        together.wait()
        for turn in range(200):
            stamp = stamps.Stamp(1, turn // 50, 0)
            page = kept.Page((b"x" * (number + turn + 1),), (), "text/html", stamp, ())
            shelf.put((str(number), str(turn % 7)), page)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    pages = list(shelf.pages.values())
    assert pages
    assert {page.stamp for page in pages} == {shelf.stamp}
    assert shelf.size == sum(page.size for page in pages)
