"""Recovery codes: ten, kept as digests, each of use once, and gone with the second step."""

from __future__ import annotations

import datetime as dt
import math

import pyotp
import pytest
from sqlalchemy import func, select

from tests.maker import Maker
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import AuditEvent, RecoveryCode, Role, User
from tracker.rules.recovery_codes import digest_of_code
from tracker.rules.tokens import ALPHABET, new_recovery_code
from tracker.services import recovery_codes as services
from tracker.services import second_factor
from tracker.services.accounts import change_password, draw, renew_slip

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

AT = dt.datetime(2021, 6, 26, 8, 0, 10, tzinfo=dt.UTC)
KEY = "only-for-tests-" * 4


def turned_on(user):
    """The codes that somebody is shown who turns the second step on."""
    secret = second_factor.new_secret()
    sealed = second_factor.seal_secret(secret, user.id, KEY)
    codes = second_factor.turn_on(user, sealed, pyotp.TOTP(secret).at(AT), KEY, at=AT)
    db.session.flush()
    db.session.refresh(user)
    return codes


def left(session):
    return session.scalar(select(func.count(RecoveryCode.id)))


@pytest.fixture
def user(make):
    return make.user(Role.OFFICE, login="office")


@pytest.mark.asvs("6.5.4")
@pytest.mark.asvs("6.5.3")
def test_a_code_has_more_than_80_bits_in_groups_without_what_paper_confuses():
    codes = {new_recovery_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert [len(part) for part in code.split("-")] == [4] * 5
        assert set(code) <= set(ALPHABET) | {"-"}
        assert not set(code) & set("0o1il")
    assert 20 * math.log2(len(ALPHABET)) > 80


@pytest.mark.asvs("6.5.2")
def test_ten_are_drawn_with_the_second_step_and_only_their_digests_are_kept(user, session):
    codes = turned_on(user)
    assert len(set(codes)) == 10
    kept = session.scalars(select(RecoveryCode)).all()
    assert {row.digest for row in kept} == {digest_of_code(code, user.id, KEY) for code in codes}
    stored = " ".join(f"{row.digest} {row.user_id} {row.drawn_at}" for row in kept).lower()
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert digest_of_code(codes[0], user.id, KEY) != digest_of_code(codes[0], user.id, KEY + "x")
    assert digest_of_code(codes[0], user.id, KEY) != digest_of_code(codes[0], user.id + 1, KEY)


@pytest.mark.asvs("6.5.1")
def test_each_is_of_use_once_and_the_audit_does_not_say_which(user, session):
    codes = turned_on(user)
    assert services.use_recovery_code(user, codes[3], (KEY,), at=AT)
    assert not services.use_recovery_code(user, codes[3], (KEY,), at=AT)
    assert left(session) == 9
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.subject_id, event.detail) == ("user:use_recovery_code", user.id, {})


def test_capitals_blanks_width_and_dashes_make_no_difference(user):
    first, second, third, *_ = turned_on(user)
    assert services.use_recovery_code(user, first.upper().replace("-", " "), (KEY,), at=AT)
    assert services.use_recovery_code(user, second.replace("-", ""), (KEY,), at=AT)
    wide = third.translate({ord(char): ord(char) + 0xFEE0 for char in set(third)})
    assert services.use_recovery_code(user, wide, (KEY,), at=AT)


@pytest.mark.parametrize("typed", ["", "-", "0000-0000-0000-0000-0000", "密码" * 30, "k7mp' OR 1=1 --"])
def test_what_is_no_code_opens_nothing(user, session, typed):
    turned_on(user)
    assert not services.use_recovery_code(user, typed, (KEY,), at=AT)
    assert left(session) == 10


def test_anothers_code_and_one_under_another_key_open_nothing(user, make):
    codes = turned_on(user)
    other = make.user(Role.OFFICE)
    turned_on(other)
    assert not services.use_recovery_code(other, codes[0], (KEY,), at=AT)
    assert not services.use_recovery_code(user, codes[0], ("another key" * 4,), at=AT)


@pytest.mark.asvs("11.2.2")
def test_those_drawn_under_a_former_key_are_of_use_once(user, session):
    codes, new = turned_on(user), "a new key" * 4
    assert services.use_recovery_code(user, codes[0], (new, KEY), at=AT)
    assert not services.use_recovery_code(user, codes[0], (new, KEY), at=AT)
    assert not services.use_recovery_code(user, codes[1], (new,), at=AT), "without it they open nothing"
    assert left(session) == 9


def test_new_ones_end_the_old_ones_of_this_account_only(user, make, session):
    old, other = turned_on(user), make.user(Role.OFFICE)
    theirs = turned_on(other)
    new = services.draw_codes(user, KEY, at=AT)
    assert not services.use_recovery_code(user, old[0], (KEY,), at=AT)
    assert services.use_recovery_code(user, new[0], (KEY,), at=AT)
    assert services.use_recovery_code(other, theirs[0], (KEY,), at=AT)
    assert left(session) == 18


@pytest.mark.asvs("6.4.3")
def test_they_stay_with_a_new_password_and_a_new_slip_and_go_with_the_second_step(user, make, session):
    turned_on(user)
    change_password(user, user.password_hash, "another hash", at=AT)
    renew_slip(user, draw(1)[0], by=make.user(Role.OFFICE), at=AT)
    assert left(session) == 10
    second_factor.turn_off(user, by=user, at=AT)
    assert left(session) == 0


@pytest.mark.asvs("6.5.1")
def test_of_twenty_who_send_one_code_at_once_one_gets_in(fresh_app):
    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        code, user_id = turned_on(user)[0], user.id
        db.session.commit()
    got = []

    def send():
        with fresh_app.app_context():
            got.append(services.use_recovery_code(db.session.get_one(User, user_id), code, (KEY,), at=AT))
            db.session.commit()

    assert at_once(*[send] * 20) == [None] * 20
    assert sorted(got) == [False] * 19 + [True]
    with fresh_app.app_context():
        assert db.session.scalar(select(func.count(RecoveryCode.id))) == 9
