"""Guessing: exact under concurrency, the same for known and unknown, and never the true owner's trouble."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from tests.conftest import close_app, config_for, make_app
from tests.maker import Maker
from tests.proof.figures import count, reached
from tests.signing_in import PASSWORD, is_in, said, sign_in
from tracker import security_events as events
from tracker.db import db
from tracker.models import AuditEvent, Role, TryCount
from tracker.services import sessions, users
from tracker.services.users import hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
AT = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def moment(monkeypatch):
    """The moment at which tries are taken; a test sets it on."""
    box = [AT]
    monkeypatch.setattr(events, "_now", lambda: box[0])
    return box


@pytest.fixture
def office(make):
    return make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))


# --- the count itself ---


@pytest.mark.slow
@pytest.mark.asvs("6.3.1")
def test_thirty_threads_at_once_get_exactly_ten_tries(fresh_app):
    keys = [
        [*events.keys_of(7, None, "张三")],
        events.keys_of(None, None, "nobody"),
        events.keys_of(7, 3, "张三"),
    ]
    for each in keys:
        barrier, taken = threading.Barrier(30), []

        def guess(each=each, barrier=barrier, taken=taken):
            with fresh_app.app_context():
                barrier.wait()
                taken.append(events.take_try(each))
                db.session.remove()

        threads = [threading.Thread(target=guess) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(taken) == [False] * 20 + [True] * 10


@pytest.mark.slow
@pytest.mark.asvs("6.3.1")
def test_thirty_browsers_at_once_have_ten_passwords_compared(fresh_app, monkeypatch):
    compared = []

    class Counting(PasswordHasher):
        def verify(self, hashed, password):
            compared.append(hashed)
            return super().verify(hashed, password)

    with fresh_app.app_context():
        Maker().user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
        db.session.commit()
    monkeypatch.setattr(users, "HASHER", Counting(time_cost=1, memory_cost=64, parallelism=1))
    users._nobody()
    browsers = [fresh_app.test_client() for _ in range(30)]
    forms = [browser.page("/sign-in") for browser in browsers]
    barrier, answers = threading.Barrier(30), []

    def guess(browser, form):
        from tests import html

        fields = html.hidden_fields(form, "/sign-in")
        barrier.wait()
        answer = browser.post("/sign-in", data={**fields, "login": "office", "password": "guess"})
        answers.append(answer.status_code)

    threads = [threading.Thread(target=guess, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * 10 + [429] * 20
    assert len(compared) == 10


@pytest.mark.asvs("6.3.1")
def test_what_was_tried_survives_a_restart(fresh_app, fresh_url, tmp_path):
    with fresh_app.app_context():
        Maker().user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
        db.session.commit()
    client = fresh_app.test_client()
    for _ in range(events.TRIES):
        assert sign_in(client, password="wrong").status_code == 422
    close_app(fresh_app)
    again = make_app(config_for(fresh_url, tmp_path))
    try:
        assert sign_in(again.test_client()).status_code == 429
    finally:
        close_app(again)


def test_no_hour_wherever_it_begins_has_more_tries_than_allowed(session, moment, monkeypatch):
    monkeypatch.setattr(events, "TRIES", 3)
    keys, taken = events.keys_of(1, None, "x"), []
    for minute in range(0, 300, 13):
        moment[0] = AT + dt.timedelta(minutes=minute)
        if events.take_try(keys):
            taken.append(minute)
    for start in taken:
        assert sum(1 for minute in taken if start <= minute < start + 60) <= 3
    assert len(taken) > 3, "after an hour of rest there are new tries"


@pytest.mark.slow
def test_a_thousand_guesses_at_one_account_are_ten_comparisons(session, moment, record_property):
    keys, guesses = events.keys_of(1, None, "office"), count("h")
    assert sum(events.take_try(keys) for _ in range(guesses)) == events.TRIES
    reached(record_property, "h", f"{guesses} guesses at one account: {events.TRIES} compared")


@pytest.mark.asvs("6.3.1")
def test_one_password_sprayed_over_many_accounts_is_stopped_for_strangers(session, moment, monkeypatch):
    monkeypatch.setattr(events, "ALL_TRIES", 25)
    taken = [events.take_try(events.keys_of(number, None, f"m{number}")) for number in range(40)]
    assert taken == [True] * 25 + [False] * 15
    assert events.take_try(events.keys_of(3, 8, "m3")), "a known device is no stranger"
    moment[0] += events.ALL_WITHIN
    assert events.take_try(events.keys_of(99, None, "m99"))


def test_a_refused_try_takes_nothing_of_the_other_counts(session, moment, monkeypatch):
    monkeypatch.setattr(events, "TRIES", 1)
    keys = events.keys_of(1, None, "m1")
    assert events.take_try(keys)
    assert not events.take_try(keys)
    assert session.scalar(select(TryCount.count).where(TryCount.key == events.EVERYBODY)) == 1


def test_old_counts_are_thrown_away(session, moment):
    events.take_try(events.keys_of(None, None, "typed once"))
    moment[0] += events.FORGOTTEN_AFTER + dt.timedelta(seconds=1)
    events.take_try(events.keys_of(None, None, "another"))
    keys = set(session.scalars(select(TryCount.key)))
    assert keys == {events.EVERYBODY, *events.keys_of(None, None, "another")}


def test_however_a_login_is_written_it_has_one_count():
    assert len({tuple(events.keys_of(None, None, text)) for text in ("M1", "m1", " Ｍ１ ", "m 1")}) == 1


def test_no_login_is_readable_in_a_key():
    assert "zhangsan" not in "".join(events.keys_of(5, None, "zhangsan"))


# --- through the sign-in ---


@pytest.mark.parametrize("login", ["office", "nobody"])
def test_known_and_unknown_rest_alike_after_ten_wrong_passwords(client, office, login):
    answers = [sign_in(client, login, "wrong") for _ in range(events.TRIES + 2)]
    assert [answer.status_code for answer in answers] == [422] * events.TRIES + [429] * 2
    assert said(answers[0]) == said(sign_in(client, "somebody else", "wrong"))
    assert said(answers[-1]) != said(answers[0])
    assert sign_in(client, login, PASSWORD).status_code == 429, "even the right password waits"


def test_resting_says_the_same_of_known_and_unknown(client, office):
    words = []
    for login in ("office", "nobody"):
        for _ in range(events.TRIES):
            sign_in(client, login, "wrong")
        words.append(said(sign_in(client, login, "wrong")))
    assert words[0] == words[1]


def test_an_account_that_rests_is_found_by_name_no_more_than_by_number(client, make):
    branch = make.branch("东湖党支部")
    member = make.member(branch, name="张三", number="M1")
    make.user(Role.MEMBER, member=member, login="M1", password_hash=hash_password(PASSWORD))
    for _ in range(events.TRIES):
        sign_in(client, "M1", "wrong")
    assert sign_in(client, "张三", PASSWORD, branch="东湖").status_code == 429


def test_after_the_rest_the_owner_is_let_in_and_the_count_begins_anew(client, office, moment):
    for _ in range(events.TRIES):
        sign_in(client, password="wrong")
    moment[0] += events.WITHIN
    assert sign_in(client).status_code == 303
    assert db.session.scalars(select(TryCount.key)).all() == [events.EVERYBODY]


def test_the_owner_with_a_known_device_gets_in_while_strangers_are_shut_out(app, client, office):
    assert sign_in(client).status_code == 303
    client.submit("/help", action="/sign-out")
    stranger = app.test_client()
    for _ in range(events.TRIES + 1):
        sign_in(stranger, password="wrong")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 303
    assert is_in(client)
    assert sign_in(app.test_client()).status_code == 429, "the owner's success opens nothing for strangers"


def test_a_known_device_has_ten_tries_too(client, office):
    sign_in(client)
    client.submit("/help", action="/sign-out")
    answers = [sign_in(client, password="wrong").status_code for _ in range(events.TRIES + 1)]
    assert answers == [422] * events.TRIES + [429]


def test_a_device_of_one_account_is_a_stranger_to_another(app, client, make, office):
    other = make.user(Role.OFFICE, login="other", password_hash=hash_password(PASSWORD))
    sign_in(client, "other")
    client.submit("/help", action="/sign-out")
    for _ in range(events.TRIES):
        sign_in(client, "office", "wrong")
    assert sign_in(client, "office").status_code == 429
    assert sign_in(client, "other").status_code == 303
    assert other.id != office.id


@pytest.mark.asvs("15.3.4")
def test_an_address_that_the_browser_claims_plays_no_part(client, office):
    for number in range(events.TRIES):
        client.submit(
            "/sign-in",
            {"login": "office", "password": "wrong"},
            action="/sign-in",
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}"},
        )
    answer = client.submit(
        "/sign-in",
        {"login": "office", "password": PASSWORD},
        action="/sign-in",
        headers={"X-Forwarded-For": "192.0.2.77"},
    )
    assert answer.status_code == 429


def test_every_refusal_is_in_the_audit(client, office):
    for _ in range(events.TRIES + 3):
        sign_in(client, password="wrong")
    rows = db.session.execute(
        select(AuditEvent.action, func.count())
        .where(AuditEvent.subject_id == office.id)
        .group_by(AuditEvent.action)
    ).all()
    assert [tuple(row) for row in rows] == [("user:sign_in_failed", events.TRIES + 3)]


def test_signing_in_is_read_without_a_lock_and_compared_without_a_transaction(session, office):
    session.commit()  # into the transaction that is rolled back: the reading begins with a rollback
    user_id = office.id
    found = sessions.find_account("office", "", "", at=AT, today=AT.date())
    assert (found.user_id, found.device_id, found.asks_code) == (user_id, None, False)
    assert not session().in_transaction()
