"""The office's pages on who may do what where: one account, a new one, and handing a branch over."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.signing_in import PASSWORD, actions, is_in, sign_in
from tests.views.test_accounts import slips
from tracker.db import db
from tracker.models import Grant, Paper, Role, Status, User
from tracker.services.users import hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
AT = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)
TODAY = AT.date()


@pytest.fixture
def world(make):
    branch = make.branch("东湖党支部")
    group = make.group(branch)
    members = [
        make.member(branch, group, name=name, number=f"M{n}") for n, name in enumerate("甲乙", start=1)
    ]
    hashed = hash_password(PASSWORD)
    return SimpleNamespace(
        branch=branch, group=group, members=members,
        holder=make.user(Role.SECRETARY, branch, login="M1", member=members[0], password_hash=hashed),
        heir=make.user(Role.MEMBER, login="M2", member=members[1], password_hash=hashed),
        office=make.user(Role.OFFICE, login="office", password_hash=hashed),
    )  # fmt: skip


@pytest.fixture
def desk(client, world):
    """The office, signed in."""
    return client.sign_in(world.office)


def act(client, user, what, **data):
    return client.submit(f"/accounts/{user.id}", data, action=f"/accounts/{user.id}/{what}")


def held(user):
    rows = db.session.execute(select(Grant.role, Grant.unit_id).where(Grant.user_id == user.id)).all()
    return sorted((str(role), unit_id) for role, unit_id in rows)


def test_a_role_is_given_and_taken_on_the_page_of_an_account(desk, world):
    answer = act(desk, world.heir, "grants", role="deputy", unit=str(world.branch.id))
    assert (answer.status_code, answer.location) == (303, f"/accounts/{world.heir.id}")
    assert held(world.heir) == [("deputy", world.branch.id), ("member", None)]
    (grant,) = [grant for grant in world.heir.grants if grant.role is Role.DEPUTY]
    assert act(desk, world.heir, f"grants/{grant.id}/revoke").status_code == 303
    assert held(world.heir) == [("member", None)]
    assert actions() == ["grant:give", "grant:revoke"]


@pytest.mark.parametrize(
    ("role", "unit"), [("secretary", ""), ("auditor", ""), ("administrator", ""), ("member", "")]
)
def test_what_does_not_fit_is_said_beside_its_field(desk, world, role, unit):
    answer = act(desk, world.heir, "grants", role=role, unit=unit)
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//select[@aria-invalid='true']") is not None
    assert held(world.heir) == [("member", None)]


def test_choices_that_are_not_offered_are_not_taken(desk, world):
    for data in (
        {"role": "king", "unit": ""},
        {"role": "secretary", "unit": "999999"},
        {"role": "", "unit": ""},
    ):
        assert act(desk, world.heir, "grants", **data).status_code == 422


def test_a_secretary_gives_no_roles(client, world):
    client.sign_in(world.holder)
    fields = html.hidden_fields(client.page("/help"))
    for url in (f"/accounts/{world.heir.id}/grants", f"/accounts/{world.holder.id}/grants", "/accounts"):
        assert client.post(url, data={**fields, "role": "office", "unit": ""}).status_code == 404
    assert held(world.holder) == [("member", None), ("secretary", world.branch.id)]


def test_the_last_office_keeps_its_role_and_says_why(desk, world):
    grant = world.office.grants[0]
    assert act(desk, world.office, f"grants/{grant.id}/revoke").status_code == 422
    assert held(world.office) == [("office", None)]


def test_who_gives_the_own_role_away_lands_on_the_own_page(desk, make, world):
    make.user(Role.OFFICE)
    answer = act(desk, world.office, f"grants/{world.office.grants[0].id}/revoke")
    assert answer.location == "/account"


def test_a_grant_of_another_account_is_not_taken_on_this_page(desk, world):
    fields = html.hidden_fields(desk.page("/help"))
    url = f"/accounts/{world.heir.id}/grants/{world.holder.grants[0].id}/revoke"
    assert desk.post(url, data=fields).status_code == 404


def test_an_account_is_disabled_signed_out_and_enabled_again(app, desk, world):
    theirs = app.test_client()
    sign_in(theirs, "M2")
    assert act(desk, world.heir, "disable").status_code == 303
    assert not is_in(theirs)
    assert sign_in(theirs, "M2").status_code == 422
    fields = html.hidden_fields(desk.page("/help"))
    assert desk.post(f"/accounts/{world.heir.id}/disable", data=fields).status_code == 409
    assert act(desk, world.heir, "enable").status_code == 303
    assert sign_in(theirs, "M2").status_code == 303


def test_all_sessions_of_an_account_are_ended(app, desk, world):
    theirs = [app.test_client() for _ in range(2)]
    for browser in theirs:
        sign_in(browser, "M2")
    assert act(desk, world.heir, "sessions/end").status_code == 303
    assert [is_in(browser) for browser in theirs] == [False, False]
    assert is_in(desk)


def test_one_accounts_slip_is_printed_and_not_ones_own(app, desk, world):
    found = slips(act(desk, world.heir, "slip"))
    assert set(found) == {"M2"}
    assert sign_in(app.test_client(), "M2", found["M2"]).status_code == 303
    fields = html.hidden_fields(desk.page("/help"))
    assert desk.post(f"/accounts/{world.office.id}/slip", data=fields).status_code == 404


# --- an account for somebody else ---


def new(client, **data):
    filled = {"name": "纪检", "login": "audit2", "role": "auditor", "unit": "", "member": "", **data}
    return client.submit("/accounts/new", filled, action="/accounts")


def test_an_account_for_an_auditor_comes_with_its_slip(app, desk):
    found = slips(new(desk))
    assert set(found) == {"audit2"}
    user = db.session.scalars(select(User).where(User.login == "audit2")).one()
    assert (user.must_change, user.member_id, held(user)) == (True, None, [("auditor", None)])
    browser = app.test_client()
    sign_in(browser, "audit2", found["audit2"])
    assert browser.get("/audit").location == "/account/password"


def test_a_member_gets_an_account_with_another_role_at_once(desk, make, world):
    member = make.member(world.branch, number="M5")
    slips(new(desk, login="M5", role="section_head", unit=str(make.section().id), member="M5"))
    user = db.session.scalars(select(User).where(User.login == "M5")).one()
    assert user.member_id == member.id
    assert [role for role, _ in held(user)] == ["member", "section_head"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": "office"}, "login"),
        ({"login": "a b"}, "login"),
        ({"name": ""}, "name"),
        ({"role": "secretary"}, "unit"),
        ({"role": "member"}, "member"),
        ({"member": "M2"}, "role"),
        ({"member": "没有"}, "member"),
        ({"role": "king"}, "role"),
    ],
)
def test_an_account_that_makes_no_sense_is_not_opened(desk, wrong, field):
    before = len(db.session.scalars(select(User.id)).all())
    answer = new(desk, **wrong)
    assert answer.status_code == 422
    assert html.parse(answer.text).find(f".//*[@name='{field}'][@aria-invalid='true']") is not None
    assert len(db.session.scalars(select(User.id)).all()) == before


def test_who_keeps_what_is_listed_without_plain_members(desk, world):
    shown = body(desk.page("/accounts/staff"))
    assert "东湖党支部" in shown
    assert "M1" in shown
    assert "M2" not in shown


# --- handing over ---


def hand_over(client, world, **data):
    (grant,) = [grant for grant in world.holder.grants if grant.role is Role.SECRETARY]
    url = f"/accounts/hand-over?branch={world.branch.id}"
    filled = {"grant": str(grant.id), "to": str(world.heir.id), "branch": world.branch.id, **data}
    fields = html.hidden_fields(client.page(url), "/accounts/hand-over")
    return client.post("/accounts/hand-over", data={**fields, **filled})


def test_the_page_counts_what_passes_over(desk, make, world):
    campaign = make.campaign()
    kind = campaign.kinds[0].code
    for status in (Status.SUBMITTED, Status.SUBMITTED, Status.VERIFIED):
        make.record(campaign, kind, member=world.members[0], minutes=30, status=status)
    stranger = make.member(make.branch())
    make.record(campaign, kind, member=stranger, minutes=30, status=Status.SUBMITTED)
    db.session.add(
        Paper(
            code="X", kind_id=campaign.kinds[0].id, unit_id=world.group.id, starts_on=TODAY, days=7,
            member_ids=[], printed_by_id=world.holder.id, printed_at=AT,
        )
    )  # fmt: skip
    db.session.flush()
    root = desk.page(f"/accounts/hand-over?branch={world.branch.id}")
    counts = [
        html.text_of(dd)
        for dl in root.iter("dl")
        if "counts" in (dl.get("class") or "")
        for dd in dl.iter("dd")
    ]
    assert counts == ["2", "2", "0", "1"]


def test_the_office_hands_a_branch_over(desk, world):
    answer = hand_over(desk, world)
    assert (answer.status_code, answer.location) == (303, f"/accounts/hand-over?branch={world.branch.id}")
    assert held(world.holder) == [("member", None)]
    assert held(world.heir) == [("member", None), ("secretary", world.branch.id)]


def test_only_to_somebody_who_is_offered(desk, make, world):
    stranger = make.user(Role.MEMBER, member=make.member(make.branch()))
    for to in ("", str(stranger.id), str(world.office.id), "999999", "x"):
        assert hand_over(desk, world, to=to).status_code == 422
    assert held(world.holder) == [("member", None), ("secretary", world.branch.id)]


def test_a_missing_branch_is_not_there(desk, world):
    desk.page("/accounts/hand-over?branch=999999", 404)
    desk.page(f"/accounts/hand-over?branch={world.group.id}", 404)
    assert "东湖党支部" in body(desk.page("/accounts/hand-over"))
