"""The guided tour of each role: each page opens, what it points at is there; who says no is asked no more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.signing_in import sign_in
from tests.test_access import peopled
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Role, User
from tracker.services.accounts import draw, renew_slip
from tracker.views.tour_stops import TOURS
from tracker.views.tours import TOURS_IN_ORDER

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PASSWORD = "东湖 correct horse 7"


@pytest.fixture
def bureau(make):
    """One row of everything, and people of every role."""
    return peopled(make)


@pytest.fixture
def users(bureau):
    return {user.grants[0].role: user for user in reversed(bureau.users.values())}


def tour_of(root):
    """The card of the page: its words, and its link onwards."""
    card = next((one for one in root.iter("aside") if one.get("class") == "tour"), None)
    if card is None:
        return None, None
    onwards = [one.get("href") for one in card.iter("a") if html.text_of(one) == "下一步"]
    return html.text_of(card), (onwards or [None])[0]


def test_every_role_has_a_tour():
    assert set(TOURS) == set(Role) == set(TOURS_IN_ORDER)


@pytest.mark.parametrize("role", list(Role))
def test_each_step_opens_and_what_it_points_at_is_there(client, users, role):
    client.sign_in(users[role])
    links = [one.get("href") for one in client.page("/help").iter("a")]
    address = next(one for one in links if f"tour={role}.1" in (one or ""))
    for number, stop in enumerate(TOURS[role], start=1):
        path, _, anchor = address.partition("#")
        root = client.page(path)
        said, onwards = tour_of(root)
        assert f"第{number}步，共{len(TOURS[role])}步" in said
        assert stop.text not in said, "not translated"
        assert anchor == stop.anchor
        assert root.find(f".//*[@id='{anchor}']") is not None, f"{path} has no {anchor}"
        assert (onwards is None) == (number == len(TOURS[role]))
        address = onwards


@pytest.mark.parametrize(
    "asked", ["office.1", "member.9", "member.0", "member.x", "member", "nobody.1", "member.²", "<b>.1"]
)
def test_a_tour_of_others_or_no_step_of_it_shows_no_card(client, users, asked):
    client.sign_in(users[Role.MEMBER])
    assert tour_of(client.page(f"/me?tour={asked}")) == (None, None)


def test_it_is_offered_after_the_first_slip_and_no_more_once_somebody_said_no(
    app, make, bureau, quick_hashes
):
    user = make.user(Role.SECRETARY, bureau.branch, login="shuji")
    for is_first in (True, False):
        (drawn,) = draw(1)
        renew_slip(user, drawn, by=make.office, at=now())
        client = app.test_client()
        assert sign_in(client, "shuji", drawn.password).status_code == 303
        new = {"current": drawn.password, "password": PASSWORD, "again": PASSWORD}
        client.submit("/account/password", new, action="/account/password")
        page = client.page(f"/branches/{bureau.branch.id}")
        assert ("带我看一遍" in body(page)) == is_first
        assert "带我看一遍" not in body(client.page("/members"))
        if is_first:
            before = len(db.session.scalars(select(AuditEvent.id)).all())
            answer = client.submit(f"/branches/{bureau.branch.id}", action="/tours/end")
            assert answer.status_code == 303
            assert len(db.session.scalars(select(AuditEvent.id)).all()) == before
            assert "带我看一遍" not in body(client.page(f"/branches/{bureau.branch.id}"))
        db.session.expire_all()
        assert db.session.get_one(User, user.id).wants_tour is False


def test_nobody_ends_the_tour_of_another(client, users):
    users[Role.MEMBER].wants_tour = users[Role.SECRETARY].wants_tour = True
    client.sign_in(users[Role.MEMBER])
    client.submit("/me", action="/tours/end")
    assert db.session.get_one(User, users[Role.SECRETARY].id).wants_tour is True
    assert db.session.get_one(User, users[Role.MEMBER].id).wants_tour is False
