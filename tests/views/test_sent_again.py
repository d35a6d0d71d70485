"""What is done when nobody knows whether a form was written: nothing by the tracker itself; in all, once."""

from __future__ import annotations

import functools

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.bureau import Bureau
from tests.canary_walk import keys, quick
from tests.maker import Maker
from tests.services.test_imports_at_once import at_once
from tests.views.test_faults import PAGE, TYPED, fields_of, form_again, kept, says_wait, signed_in
from tracker.db import db
from tracker.models import AuditEvent, Role, Status, User

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_a_form_whose_answer_is_lost_after_its_commit_is_run_once_and_kept_once_however_often_it_is_sent(
    fresh_app, monkeypatch
):
    """The tracker itself sends nothing twice (decision 0075): that is for whoever has the key."""
    browser = signed_in(fresh_app)
    form = {**fields_of(browser), "text": TYPED}
    real, runs = fresh_app.view_functions["suggestions.new"], []

    @functools.wraps(real)
    def counted(**values):
        runs.append(values)
        return real(**values)

    def lost():
        db.session().commit()
        monkeypatch.undo()
        raise OperationalError("COMMIT", {}, Exception("the connection broke"))

    monkeypatch.setitem(fresh_app.view_functions, "suggestions.new", counted)
    monkeypatch.setattr(db.session, "commit", lost)
    sent = browser.post(PAGE, data=form)
    says_wait(sent, 503, "没有响应")
    assert len(runs) == 1
    address, fields = form_again(sent)
    assert [browser.post(address, data=fields).status_code for _ in range(3)] == [302, 302, 302]
    assert kept(fresh_app) == [TYPED]


@pytest.mark.both  # whoever waits for a row waits in another way on each
@pytest.mark.parametrize("with_one_key", [True, False])
def test_of_clicks_at_one_moment_those_of_one_form_all_lead_to_what_was_done_and_others_are_told(
    fresh_app, with_one_key
):
    with fresh_app.app_context():
        make = Maker()
        record = make.record(Bureau(make).campaign, status=Status.SUBMITTED)
        record.entered_by_id = make.user(Role.OFFICE, login="both-hands").id
        address, user_id = f"/records/{record.id}/withdraw", record.entered_by_id
        db.session.commit()
        browser = quick(fresh_app).sign_in(db.session.get_one(User, user_id))
        form, other = ({"version": record.version, **keys(browser)} for _ in range(2))
        name = fresh_app.config["SESSION_COOKIE_NAME"]
        cookie = browser.get_cookie(name).value
    other = other if not with_one_key else form
    answers = []

    def click(fields):
        hand = fresh_app.test_client()
        hand.set_cookie(name, cookie)
        answer = hand.post(address, data=fields)
        answers.append((answer.status_code // 100, answer.location))

    assert at_once(*[functools.partial(click, one) for one in (form, other) * 4]) == [None] * 8
    with fresh_app.app_context():
        acts = db.session.scalar(select(func.count()).where(AuditEvent.action == "record:withdraw"))
    assert acts == 1
    statuses = {status for status, _ in answers}
    if with_one_key:
        assert (statuses, len({location for _, location in answers})) == ({3}, 1)
    else:
        assert statuses == {3, 4}
