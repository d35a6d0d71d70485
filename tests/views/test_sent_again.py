"""What is done when nobody knows whether a form was written: nothing by the tracker itself; in all, once."""

from __future__ import annotations

import functools

import pytest
from sqlalchemy.exc import OperationalError

from tests.views.test_faults import PAGE, TYPED, fields_of, form_again, kept, says_wait, signed_in
from tracker.db import db

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
