"""A request to take a second step away whose reason is marked: only the office sees it."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import FactorReset


def a_reset(user, by, reason="手机丢了"):
    """An open request for an account."""
    reset = FactorReset(user_id=user.id, reason=reason, asked_by_id=by.id, asked_at=NOW)
    db.session.add(reset)
    db.session.flush()
    return reset


def add_resets(marked, whose):
    """One for somebody of the other branch, one for the secretary of the own."""
    for pool, user in ((marked.foreign, marked.writer), (marked.own, marked.users["secretary"])):
        reset = a_reset(user, marked.office, marked.mark(whose, "factor_reset.reason"))
        pool["reset_id"] = [reset.id]
