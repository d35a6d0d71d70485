"""A lost second step: one of the office asks, another one confirms within three days, and then it goes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.maker import Maker
from tests.services.test_imports_at_once import at_once
from tests.services.test_recovery_codes import AT, turned_on
from tracker.db import db
from tracker.models import AuditEvent, FactorReset, RecoveryCode, ResetState, Role, User, UserSession
from tracker.queries.factor_resets import has_confirmer, open_reset, open_resets
from tracker.rules.factor_resets import LASTS
from tracker.rules.refusal import Refused
from tracker.services import factor_resets as services
from tracker.services.records import CHANGED
from tracker.services.second_factor import turn_off

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WHY = "本人到办公室来，出示了工作证"


@pytest.fixture
def desk(make):
    """Three of the office; the first one has lost what they had."""
    lost, asks, confirms = (make.user(Role.OFFICE) for _ in range(3))
    turned_on(lost)
    db.session.add(UserSession(digest="3" * 64, user_id=lost.id, started_at=AT, seen_at=AT))
    db.session.flush()
    return SimpleNamespace(lost=lost, asks=asks, confirms=confirms)


def ask(desk, at=AT):
    return services.ask_reset(desk.lost, WHY, by=desk.asks, at=at)


def is_on(session, user):
    session.refresh(user)
    return user.totp_secret is not None


@pytest.mark.asvs("6.4.4")
def test_until_a_second_person_confirms_it_stands(desk, session):
    reset = ask(desk)
    assert is_on(session, desk.lost)
    assert open_resets(AT) == [reset]
    services.confirm_reset(reset, by=desk.confirms, at=AT + dt.timedelta(hours=71))
    assert not is_on(session, desk.lost)
    assert session.scalars(select(RecoveryCode)).all() == []
    assert session.scalars(select(UserSession)).all() == []
    session.refresh(reset)
    assert (reset.state, reset.asked_by_id, reset.closed_by_id) == (
        ResetState.DONE, desk.asks.id, desk.confirms.id
    )  # fmt: skip
    acts = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert acts[-4:] == [
        "user:ask_factor_reset", "user:confirm_factor_reset", "user:second_factor_off", "user:end_sessions",
    ]  # fmt: skip


@pytest.mark.asvs("6.4.4")
def test_neither_who_asked_nor_whose_account_it_is_confirms(desk, session):
    reset = ask(desk)
    for somebody in (desk.asks, desk.lost):
        with pytest.raises(Refused) as refusal:
            services.confirm_reset(reset, by=somebody, at=AT)
        assert refusal.value.msgid == services.ANOTHER
    assert is_on(session, desk.lost)


@pytest.mark.parametrize("who", ["asks", "lost"])
def test_the_database_itself_takes_no_confirmation_by_the_same_person(desk, session, who):
    reset = ask(desk)
    done = {"state": ResetState.DONE, "closed_by_id": getattr(desk, who).id, "closed_at": AT}
    with pytest.raises(IntegrityError):
        session.execute(update(FactorReset).where(FactorReset.id == reset.id).values(done))


@pytest.mark.asvs("6.4.4")
def test_after_three_days_it_is_none_and_can_be_asked_for_again(desk, session):
    reset, later = ask(desk), AT + LASTS
    assert open_reset(desk.lost, later) is None
    with pytest.raises(Refused) as refusal:
        services.confirm_reset(reset, by=desk.confirms, at=later)
    assert refusal.value.msgid == CHANGED
    assert is_on(session, desk.lost)
    again = ask(desk, later)
    session.refresh(reset)
    assert (reset.state, again.state) == (ResetState.EXPIRED, ResetState.OPEN)


def test_what_was_withdrawn_is_confirmed_no_more_nor_withdrawn_twice(desk, session):
    reset = ask(desk)
    services.withdraw_reset(reset, by=desk.asks, at=AT)
    for act in (services.confirm_reset, services.withdraw_reset):
        with pytest.raises(Refused) as refusal:
            act(reset, by=desk.confirms, at=AT)
        assert refusal.value.msgid == CHANGED
    assert is_on(session, desk.lost)


def test_nobody_asks_for_themselves_twice_without_reason_or_for_nothing(desk, make):
    for user, why in ((desk.asks, WHY), (desk.lost, "  "), (desk.lost, "长" * 201), (desk.confirms, WHY)):
        with pytest.raises(Refused) as refusal:
            services.ask_reset(user, why, by=desk.asks, at=AT)
        assert refusal.value.field == "reason"
    ask(desk)
    with pytest.raises(Refused):
        services.ask_reset(desk.lost, WHY, by=desk.confirms, at=AT)


def test_who_turns_it_off_and_on_with_a_new_device_keeps_the_new_one(desk, session):
    reset = ask(desk)
    turn_off(desk.lost, by=desk.lost, at=AT)
    session.refresh(desk.lost)
    turned_on(desk.lost)
    with pytest.raises(Refused) as refusal:
        services.confirm_reset(reset, by=desk.confirms, at=AT)
    assert refusal.value.msgid == CHANGED
    assert is_on(session, desk.lost)


def test_the_one_concerned_is_told_once(desk):
    assert not services.note_told(desk.lost, at=AT)
    services.confirm_reset(ask(desk), by=desk.confirms, at=AT)
    assert services.note_told(desk.lost, at=AT)
    assert not services.note_told(desk.lost, at=AT)


def test_the_command_line_does_it_at_once_with_its_event(desk, session):
    reset = ask(desk)
    services.reset_at_once(desk.lost, WHY, at=AT)
    assert not is_on(session, desk.lost)
    session.refresh(reset)
    assert reset.state is ResetState.WITHDRAWN
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor_id) == ("user:confirm_factor_reset", None)
    assert services.note_told(desk.lost, at=AT)
    with pytest.raises(Refused):
        services.reset_at_once(desk.lost, WHY, at=AT)


def test_a_third_account_of_the_office_is_needed_that_is_not_disabled(desk, make):
    assert has_confirmer(desk.lost, desk.asks)
    desk.confirms.is_disabled = True
    make.user(Role.AUDITOR)
    db.session.flush()
    assert not has_confirmer(desk.lost, desk.asks)


@pytest.mark.asvs("6.4.4")
def test_of_ten_who_ask_at_once_one_request_is_open(fresh_app):
    with fresh_app.app_context():
        lost, asks = Maker().user(Role.OFFICE), Maker().user(Role.OFFICE, login="asks")
        turned_on(lost)
        ids = lost.id, asks.id
        db.session.commit()

    def send():
        with fresh_app.app_context():
            user, by = (db.session.get_one(User, one) for one in ids)
            services.ask_reset(user, WHY, by=by, at=AT)
            db.session.commit()

    raised = [type(error) for error in at_once(*[send] * 10)]
    assert (raised.count(type(None)), raised.count(Refused)) == (1, 9)
