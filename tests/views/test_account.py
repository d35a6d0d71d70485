"""One's own account: what it says, the password, and the browsers in which one is signed in."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.signing_in import PASSWORD, actions, is_in, sign_in
from tracker import security_events as events
from tracker.access import BEFORE_CHANGE
from tracker.clock import now
from tracker.db import db
from tracker.models import KnownDevice, Role, User, UserSession
from tracker.services.accounts import draw
from tracker.services.users import check_password, hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
NEW = "湖边的第一棵柳树发芽了"


@pytest.fixture
def user(make):
    branch = make.branch("东湖党支部")
    member = make.member(branch, name="张三", number="M0042")
    return make.user(
        Role.SECRETARY, branch, login="zhang", password_hash=hash_password(PASSWORD), member=member
    )


def change(client, new=NEW, current=PASSWORD, again=None):
    data = {"current": current, "password": new, "again": new if again is None else again}
    return client.submit("/account/password", data, action="/account/password")


def hash_of(user):
    return db.session.scalar(select(User.password_hash).where(User.id == user.id))


@pytest.mark.asvs("7.5.2")
def test_it_says_who_i_am_what_i_may_do_where_and_where_i_am_signed_in(app, client, user):
    sign_in(app.test_client(), "zhang")
    root = client.sign_in(user).page("/account")
    shown = body(root)
    for words in ("zhang", "M0042", "东湖党支部"):
        assert words in shown
    rows = root.findall(".//tbody/tr")
    assert len(rows) == 2
    assert [row.get("data-this") for row in rows].count("yes") == 1


def test_an_account_of_nobody_on_the_roster_has_a_page_too(client, make):
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, None):
        client.sign_in(make.user(role)).page("/account")


@pytest.mark.asvs("7.5.2")
def test_one_browser_is_ended_and_the_others_stay(app, client, user):
    other, third = (app.test_client().sign_in(user) for _ in range(2))
    client.sign_in(user)
    rows = db.session.scalars(select(UserSession.id).order_by(UserSession.id)).all()
    url = f"/account/sessions/{rows[0]}/end"
    assert client.submit("/account", action=url).location == "/account"
    assert [is_in(browser) for browser in (client, other, third)] == [True, False, True]
    assert "user:end_session" in actions()
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(url, data=fields).status_code == 404, "it is gone already"


def test_anothers_browser_is_not_there(client, make, user):
    other = make.user(Role.OFFICE)
    row = UserSession(digest="1" * 64, user_id=other.id, started_at=now(), seen_at=now())
    db.session.add(row)
    db.session.flush()
    fields = html.hidden_fields(client.sign_in(user).page("/help"))
    assert client.post(f"/account/sessions/{row.id}/end", data=fields).status_code == 404
    assert client.post("/account/sessions/999999/end", data=fields).status_code == 404
    assert db.session.get(UserSession, row.id) is not None


def test_sessions_that_have_ended_by_themselves_are_not_listed(client, user):
    old = now() - dt.timedelta(minutes=31)
    db.session.add(UserSession(digest="1" * 64, user_id=user.id, started_at=old, seen_at=old))
    db.session.flush()
    assert len(client.sign_in(user).page("/account").findall(".//tbody/tr")) == 1


@pytest.mark.asvs("6.2.2", "7.4.3")
def test_a_new_password_ends_all_other_browsers_and_forgets_their_devices(app, client, user):
    other = app.test_client()
    sign_in(other, "zhang")
    sign_in(client, "zhang")
    answer = change(client)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert check_password(hash_of(user), NEW)
    assert (is_in(client), is_in(other)) == (True, False)
    assert len(db.session.scalars(select(KnownDevice)).all()) == 1
    assert sign_in(other, "zhang").status_code == 422
    assert sign_in(other, "zhang", NEW).status_code == 303
    assert "user:set_password" in actions()


@pytest.mark.parametrize(
    "wrong",
    [
        {"current": "not mine at all"},
        {"again": "something else 77"},
        {"new": "short"},
        {"new": PASSWORD},
        {"new": "zhang likes books"},
        {"new": "我叫张三，住在湖边上"},
        {"new": "m0042 is my number"},
        {"new": "1234567890"},
        {"new": "x" * 201},
    ],
)
@pytest.mark.asvs("6.2.3")
def test_a_password_that_will_not_do_changes_nothing(client, user, wrong):
    client.sign_in(user)
    before = hash_of(user)
    answer = change(client, **wrong)
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//input[@aria-invalid='true']") is not None
    assert hash_of(user) == before
    assert not any(text in answer.text for text in (PASSWORD, wrong.get("new", NEW))), (
        "no password is sent back"
    )


@pytest.mark.asvs("6.3.1", "7.5.1")
def test_the_old_password_cannot_be_guessed_at_a_browser_left_open(client, user):
    client.sign_in(user)
    for _ in range(events.TRIES):
        assert change(client, current="a wrong guess").status_code == 422
    before = hash_of(user)
    assert change(client).status_code == 422, "even the right one waits"
    assert hash_of(user) == before
    assert actions().count("user:sign_in_failed") == events.TRIES


# --- the first sign-in with a slip ---


@pytest.fixture
def slip(user):
    """The slip's password of `user`, whose account waits for its owner."""
    (drawn,) = draw(1)
    user.password_hash, user.must_change = drawn.password_hash, True
    user.slip_until = now() + dt.timedelta(days=7)
    return drawn.password


# The first two lead on to a page that leads to the form; nobody's data stand in the others.
PUBLIC = ("sessions.sign_in", "sessions.code", "certificates.check", "installed.manifest",
          "installed.offline", "installed.worker", "style.show", "watch.healthz", "watch.readyz",
          "watch.metrics")  # fmt: skip


@pytest.mark.asvs("6.4.1")
def test_until_the_slips_password_is_changed_every_page_leads_to_the_form(app, client, user, slip):
    assert sign_in(client, "zhang", slip).status_code == 303
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in BEFORE_CHANGE:
            if rule.endpoint in PUBLIC:
                continue
            answer = client.get(rule.rule)
            assert (answer.status_code, answer.location) == (302, "/account/password"), rule.endpoint
    client.page("/account/password")
    client.page("/help")


def test_writing_waits_for_the_change_as_well(client, user, slip):
    sign_in(client, "zhang", slip)
    fields = html.hidden_fields(client.page("/help"))
    answer = client.post("/suggestions/new", data={**fields, "text": "少一列"})
    assert (answer.status_code, answer.location) == (302, "/account/password")


def test_after_the_change_the_start_page_opens_and_the_slip_is_waste_paper(app, client, user, slip):
    sign_in(client, "zhang", slip)
    answer = change(client, current=slip)
    assert answer.status_code == 303
    assert answer.location.startswith("/branches/")
    assert is_in(client)
    db.session.refresh(user)
    assert (user.must_change, user.slip_until) == (False, None)
    other = app.test_client()
    assert sign_in(other, "zhang", slip).status_code == 422
    assert sign_in(other, "zhang", NEW).status_code == 303


@pytest.mark.asvs("6.4.1")
def test_a_slip_that_ran_out_opens_nothing(client, user, slip):
    user.slip_until = now() - dt.timedelta(seconds=1)
    assert sign_in(client, "zhang", slip).status_code == 422


def test_the_slips_own_password_is_no_choice_of_ones_own(client, user, slip):
    sign_in(client, "zhang", slip)
    assert change(client, new=slip, current=slip).status_code == 422
    assert db.session.scalar(select(User.must_change).where(User.id == user.id)) is True


def test_sign_out_works_before_the_change(client, user, slip):
    sign_in(client, "zhang", slip)
    assert client.submit("/help", action="/sign-out").location == "/sign-in"
