"""What goes by itself goes on its day, and not before."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests.maker import NOW
from tracker.db import db
from tracker.models import KnownDevice, Role, SavedFilter, Submission, UserSession
from tracker.services import retention

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute
LONGEST = dt.timedelta(hours=12)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def rows_of(user, at):
    """A row of each sort, as old as `at`."""
    mark = f"{int(at.timestamp()):064x}"
    return {
        "session": UserSession(digest=mark, user_id=user.id, started_at=at, seen_at=at),
        "form": Submission(user_id=user.id, key=mark, content=mark, location="/", at=at),
        "filter": SavedFilter(
            user_id=user.id, page="records", name=mark[-6:], query="q=x", saved_at=at, removed_at=at
        ),
        "device": KnownDevice(user_id=user.id, digest=mark, used_at=at),
    }


@pytest.mark.parametrize(
    ("noun", "kept"),
    [("session", LONGEST), ("form", 7 * DAY), ("filter", DAY), ("device", 400 * DAY)],
)
def test_each_sort_of_row_goes_when_its_time_is_up_and_not_before(make, noun, kept):
    user = make.user(Role.OFFICE)
    young, old = rows_of(user, NOW - kept + HOUR)[noun], rows_of(user, NOW - kept - HOUR)[noun]
    db.session.add(young)
    db.session.flush()
    assert not retention.is_due(NOW, LONGEST)
    db.session.add(old)
    db.session.flush()
    assert retention.is_due(NOW, LONGEST)
    assert retention.let_go(NOW, LONGEST) == 1
    assert list(db.session.scalars(select(type(young).id))) == [young.id]
    assert not retention.is_due(NOW, LONGEST)


def test_a_filter_that_is_in_use_stays_however_old(make):
    user = make.user(Role.OFFICE)
    db.session.add(
        SavedFilter(user_id=user.id, page="records", name="常用", query="q=x", saved_at=NOW - 900 * DAY)
    )
    db.session.flush()
    assert retention.let_go(NOW, LONGEST) == 0
    assert db.session.scalar(select(func.count(SavedFilter.id))) == 1
