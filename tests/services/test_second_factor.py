"""The second step: sealed for one account, each code once, turned on only by a right one."""

from __future__ import annotations

import datetime as dt
import threading

import pyotp
import pytest
from sqlalchemy import select

from tests.maker import Maker
from tracker.db import db
from tracker.models import AuditEvent, Role, User
from tracker.rules.refusal import Refused
from tracker.services import second_factor as services
from tracker.services.accounts import draw, renew_slip

AT = dt.datetime(2021, 6, 26, 8, 0, 10, tzinfo=dt.UTC)
KEY = "only-for-tests-" * 4


@pytest.fixture
def user(make):
    return make.user(Role.OFFICE, login="office")


def turned_on(user):
    secret = services.new_secret()
    code = pyotp.TOTP(secret).at(AT)
    services.turn_on(user, services.seal_secret(secret, user.id, KEY), code, KEY, at=AT)
    db.session.refresh(user)
    return pyotp.TOTP(secret)


def test_a_sealed_secret_opens_for_its_account_with_its_key_only():
    sealed = services.seal_secret("ABCDEFGH", 7, KEY)
    assert services.open_secret(sealed, 7, KEY) == "ABCDEFGH"
    assert services.open_secret(sealed, 8, KEY) is None, "moved to another row it does not open"
    assert services.open_secret(sealed, 7, KEY + "x") is None
    assert "ABCDEFGH" not in sealed
    assert services.seal_secret("ABCDEFGH", 7, KEY) != sealed, "each sealing has a nonce of its own"


@pytest.mark.asvs("11.3.3")
def test_a_sealed_secret_that_was_touched_anywhere_does_not_open():
    sealed = services.seal_secret(services.new_secret(), 7, KEY)
    for place in range(len(sealed) - 3):  # the last characters may be padding
        other = "A" if sealed[place] != "A" else "B"
        assert services.open_secret(sealed[:place] + other + sealed[place + 1 :], 7, KEY) is None, place
    for text in ("", "1.", "1.!!!", "2." + sealed[2:], sealed[:10], "密"):
        assert services.open_secret(text, 7, KEY) is None


@pytest.mark.asvs("6.5.4")
def test_a_secret_fits_its_column_and_has_160_bits():
    secret = services.new_secret()
    assert len(secret) == 32
    assert len(services.seal_secret(secret, 2**53, KEY)) < 400


def test_it_is_turned_on_by_a_right_code_and_noted(user, session):
    secret = services.new_secret()
    sealed = services.seal_secret(secret, user.id, KEY)
    for wrong in ("000000", "", "12345", "abcdef", pyotp.TOTP(secret).at(AT + dt.timedelta(minutes=5))):
        with pytest.raises(Refused) as refusal:
            services.turn_on(user, sealed, wrong, KEY, at=AT)
        assert refusal.value.field == "code"
    assert session.scalar(select(User.totp_secret)) is None
    services.turn_on(user, sealed, pyotp.TOTP(secret).at(AT), KEY, at=AT)
    assert session.scalar(select(User.totp_secret)) == sealed
    assert session.scalars(select(AuditEvent.action)).all() == [
        "user:second_factor_on",
        "user:draw_recovery_codes",
    ]


def test_it_is_not_turned_on_twice_nor_with_anothers_secret(user, make):
    turned_on(user)
    secret = services.new_secret()
    sealed = services.seal_secret(secret, user.id, KEY)
    with pytest.raises(Refused):
        services.turn_on(user, sealed, pyotp.TOTP(secret).at(AT), KEY, at=AT)
    other = make.user(Role.OFFICE)
    with pytest.raises(Refused):
        services.turn_on(other, sealed, pyotp.TOTP(secret).at(AT), KEY, at=AT)


@pytest.mark.asvs("6.5.1")
def test_a_code_works_once_and_none_before_it(user, session):
    totp = turned_on(user)
    assert not services.use_code(user, totp.at(AT), (KEY,), at=AT), "the code that turned it on is used up"
    later = AT + dt.timedelta(seconds=60)
    code = totp.at(later)
    assert services.use_code(user, code, (KEY,), at=later)
    session.refresh(user)
    assert not services.use_code(user, code, (KEY,), at=later)
    assert not services.use_code(user, totp.at(later - dt.timedelta(seconds=30)), (KEY,), at=later)
    assert services.use_code(user, totp.at(later + dt.timedelta(seconds=30)), (KEY,), at=later)


@pytest.mark.asvs("6.5.5")
def test_a_clock_may_be_off_by_half_a_minute_and_no_more(user):
    totp = turned_on(user)
    start = AT + dt.timedelta(minutes=10)
    for seconds, is_right in ((-90, False), (-60, False), (60, False), (90, False), (-30, True), (30, True)):
        code = totp.at(start + dt.timedelta(seconds=seconds))
        assert services.use_code(user, code, (KEY,), at=start) is is_right, seconds


def test_blanks_and_wide_digits_are_read(user):
    totp = turned_on(user)
    later = AT + dt.timedelta(minutes=1)
    code = totp.at(later)
    assert services.use_code(
        user,
        f" {code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        (KEY,),
        at=later,
    )


def test_a_changed_key_of_the_installation_takes_no_code(user):
    totp = turned_on(user)
    later = AT + dt.timedelta(minutes=1)
    assert not services.use_code(user, totp.at(later), ("another key" * 4,), at=later)


@pytest.mark.asvs("11.2.2")
def test_a_former_key_opens_what_it_sealed_once_and_the_present_one_from_then_on(user, session):
    totp, new = turned_on(user), "a new key" * 4
    later = AT + dt.timedelta(minutes=1)
    assert not services.use_code(user, "000000", (new, KEY), at=later)
    session.refresh(user)
    assert services.open_secret(user.totp_secret, user.id, KEY), "a wrong code seals nothing anew"
    assert services.use_code(user, totp.at(later), (new, KEY), at=later)
    assert not services.use_code(user, totp.at(later), (new, KEY), at=later), "it is used up"
    session.refresh(user)
    assert services.open_secret(user.totp_secret, user.id, KEY) is None
    after = later + dt.timedelta(minutes=1)
    assert services.use_code(user, totp.at(after), (new,), at=after), "the former key is not needed any more"


@pytest.mark.asvs("6.4.3")
def test_a_new_slip_leaves_it_on_and_the_office_takes_it_off(user, make, session):
    turned_on(user)
    office = make.user(Role.OFFICE)
    renew_slip(user, draw(1)[0], by=office, at=AT)
    session.refresh(user)
    assert user.totp_secret is not None
    services.turn_off(user, by=office, at=AT)
    session.refresh(user)
    assert (user.totp_secret, user.totp_step) == (None, None)
    with pytest.raises(Refused):
        services.turn_off(user, by=office, at=AT)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor_id, event.subject_id) == ("user:second_factor_off", office.id, user.id)


@pytest.mark.slow
@pytest.mark.asvs("6.5.1")
def test_of_ten_who_send_one_code_at_once_one_gets_in(fresh_app):
    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        totp, user_id = turned_on(user), user.id
        db.session.commit()
    later = AT + dt.timedelta(minutes=1)
    barrier, got = threading.Barrier(10), []

    def send():
        with fresh_app.app_context():
            one = db.session.get_one(User, user_id)
            db.session.expunge(one)
            db.session.rollback()
            barrier.wait()
            got.append(services.use_code(one, totp.at(later), (KEY,), at=later))
            db.session.commit()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 9 + [True]
