"""Accounts of members: slips for a whole branch, for one, and for whom not."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests import html
from tests.signing_in import PASSWORD, actions, is_in, sign_in
from tracker import security_events as events
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, KnownDevice, Role, TryCount, User
from tracker.services.accounts import VALID_FOR, draw
from tracker.services.users import COMMAND_LINE, command_line_user, hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]


@pytest.fixture
def world(make):
    """A branch with its secretary and three members, of whom one is in; and another branch."""
    branch, other = make.branch("东湖党支部"), make.branch("西山党支部")
    group = make.group(branch)
    people = [
        make.member(branch, group, name=name, number=f"M{n}") for n, name in enumerate("甲乙丙", start=1)
    ]
    stranger = make.member(other, name="外人", number="M9")
    gone = make.member(branch, name="走了", number="M8", ends_on=dt.date(2021, 1, 1))
    hashed = hash_password(PASSWORD)
    used = make.user(Role.MEMBER, member=people[0], login="M1", password_hash=hashed)
    keeper_member = make.member(branch, name="书记", number="M7")
    return SimpleNamespace(
        branch=branch, other=other, group=group, people=people, stranger=stranger, gone=gone, used=used,
        secretary=make.user(Role.SECRETARY, branch, member=keeper_member, login="M7", password_hash=hashed),
        deputy=make.user(Role.DEPUTY, branch, login="deputy", password_hash=hashed),
        office=make.user(Role.OFFICE, login="office", password_hash=hashed),
    )  # fmt: skip


def post(client, data):
    fields = html.hidden_fields(client.page("/help"))
    return client.post("/accounts/slips", data={**fields, **data})


def slips(answer):
    """login → password, as the page shows them."""
    assert answer.status_code == 200, answer.status_code
    found = {}
    for slip in html.parse(answer.text).iter("article"):
        password = next(dd for dd in slip.iter("dd") if dd.get("class") == "slip-password")
        found[slip.get("data-login")] = html.text_of(password)
    return found


def users():
    return db.session.scalar(select(func.count()).select_from(User))


def states(root):
    return {
        html.text_of(row.find("th")): next(
            e.get("data-state") for e in row.iter("span") if e.get("data-state")
        )
        for row in root.findall(".//tbody/tr")
    }


def test_a_secretary_sees_todays_members_of_the_own_branch_and_their_state(client, world):
    root = client.sign_in(world.secretary).page("/accounts")
    assert states(root) == {"甲": "in_use", "乙": "none", "丙": "none", "书记": "in_use"}


def test_the_office_sees_all_and_finds_by_branch_name_pinyin_and_number(client, world):
    client.sign_in(world.office)
    assert len(states(client.page("/accounts"))) == 5
    assert set(states(client.page(f"/accounts?branch={world.other.id}"))) == {"外人"}
    for text in ("外人", "wairen", "wr", "M9"):
        assert set(states(client.page(f"/accounts?q={text}"))) == {"外人"}, text
    assert "甲" not in states(client.page("/accounts?open=1"))


def test_anothers_branch_is_not_there(client, world):
    client.sign_in(world.secretary).page(f"/accounts?branch={world.other.id}", 404)


def test_when_somebody_signed_in_is_nobodys_business(client, world):
    world.used.signed_in_at = dt.datetime(2019, 2, 3, 4, 5, tzinfo=dt.UTC)
    client.sign_in(world.office)
    for url in ("/accounts", f"/accounts/{world.used.id}", "/accounts/staff"):
        assert "2019" not in client.get(url).text


def test_a_slip_for_a_whole_branch_in_one_act(client, app, world):
    client.sign_in(world.secretary)
    found = slips(post(client, {"branch": world.branch.id, "all": "1"}))
    assert set(found) == {"M2", "M3"}, "whoever is in already, and whoever has left, gets none"
    made = db.session.scalars(select(User).where(User.login.in_(found))).all()
    for user in made:
        assert (user.must_change, [grant.role for grant in user.grants]) == (True, [Role.MEMBER])
        assert abs(user.slip_until - now() - VALID_FOR) < dt.timedelta(minutes=1)
    assert actions().count("user:create") == 2
    assert not any(
        password in str(event.detail)
        for event in db.session.scalars(select(AuditEvent))
        for password in found.values()
    )
    browser = app.test_client()
    assert sign_in(browser, "M2", found["M2"]).status_code == 303
    assert browser.get("/me").location == "/account/password"


def test_repeated_it_prints_again_for_whoever_has_not_used_it_and_touches_nobody_else(client, world):
    client.sign_in(world.secretary)
    first = slips(post(client, {"branch": world.branch.id, "all": "1"}))
    owner = db.session.scalars(select(User).where(User.login == "M2")).one()
    owner.must_change, owner.slip_until = False, None  # M2 chose a password
    before = owner.password_hash
    second = slips(post(client, {"branch": world.branch.id, "all": "1"}))
    assert set(second) == {"M3"}
    assert second["M3"] != first["M3"]
    db.session.refresh(owner)
    assert owner.password_hash == before
    assert users() == 6


def test_the_page_of_slips_is_shown_once(client, world):
    client.sign_in(world.secretary)
    data = {**html.hidden_fields(client.page("/help")), "member": world.people[1].id}
    first = slips(client.post("/accounts/slips", data=data))
    again = client.post("/accounts/slips", data=data)
    assert again.status_code == 302
    assert again.location.startswith("/accounts")
    assert not any(password in client.get("/accounts").text for password in first.values())
    assert actions().count("user:create") == 1


def test_slips_are_not_kept_by_the_browser(client, world):
    client.sign_in(world.secretary)
    answer = post(client, {"member": world.people[1].id})
    assert answer.headers["Cache-Control"] == "no-store"


def test_those_who_were_ticked_get_one_and_nobody_else(client, world):
    client.sign_in(world.deputy)
    found = slips(post(client, {"member": [world.people[1].id, world.people[0].id]}))
    assert set(found) == {"M1", "M2"}


def test_a_forgotten_password_is_a_new_slip_which_ends_everything_before(client, app, world):
    theirs = app.test_client()
    sign_in(theirs, "M1")
    for _ in range(events.TRIES):  # and strangers have used up the account's tries
        sign_in(app.test_client(), "M1", "wrong")
    client.sign_in(world.secretary)
    found = slips(post(client, {"only": world.people[0].id, "member": [world.people[1].id]}))
    assert set(found) == {"M1"}, "the button of one row means this row"
    assert not is_in(theirs)
    fresh = app.test_client()
    assert sign_in(fresh, "M1", PASSWORD).status_code == 422
    assert sign_in(fresh, "M1", found["M1"]).status_code == 303
    assert [row for row in db.session.scalars(select(TryCount.key)) if row.startswith("account:")] == []
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "user:slip")).all()
    assert (event.actor_id, event.subject_id, event.detail) == (world.secretary.id, world.used.id, {})
    assert len(db.session.scalars(select(KnownDevice).where(KnownDevice.user_id == world.used.id)).all()) == 1


def refused(client, data, status):
    before = dict(db.session.execute(select(User.id, User.password_hash)).all())
    answer = post(client, data)
    assert answer.status_code == status
    assert dict(db.session.execute(select(User.id, User.password_hash)).all()) == before


@pytest.mark.parametrize("whose", ["stranger", "gone"])
def test_a_secretary_issues_for_todays_own_members_only(client, world, whose):
    client.sign_in(world.secretary)
    refused(client, {"member": getattr(world, whose).id}, 404)
    refused(client, {"member": [world.people[1].id, getattr(world, whose).id]}, 404)


def test_nor_for_another_branch_a_missing_member_or_nobody(client, world):
    client.sign_in(world.secretary)
    refused(client, {"branch": world.other.id, "all": "1"}, 404)
    refused(client, {"branch": world.other.id, "member": world.people[1].id}, 404)
    refused(client, {"all": "1"}, 404)
    refused(client, {"member": 999999}, 404)
    refused(client, {}, 422)
    refused(client, {"member": "x"}, 422)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SECRETARY, Role.DEPUTY, Role.SECTION_HEAD])
def test_a_secretary_does_not_become_somebody_mightier_by_a_slip(client, make, world, role):
    unit = {Role.SECTION_HEAD: make.section()}.get(role, None if role is Role.OFFICE else world.branch)
    mighty = make.member(world.branch, number="M5")
    make.user(role, unit, member=mighty, login="M5", password_hash="x")
    client.sign_in(world.secretary)
    refused(client, {"member": mighty.id}, 404)
    refused(client, {"member": [world.people[1].id, mighty.id]}, 404)
    client.sign_in(world.office)
    assert set(slips(post(client, {"member": mighty.id}))) == {"M5"}


def test_a_leader_of_an_own_group_is_helped_and_one_of_another_branchs_is_not(client, make, world):
    here, there = (make.member(world.branch, number=number) for number in ("M5", "M6"))
    make.user(Role.GROUP_LEADER, world.group, member=here, login="M5", password_hash="x")
    make.user(Role.GROUP_LEADER, make.group(world.other), member=there, login="M6", password_hash="x")
    client.sign_in(world.secretary)
    assert set(slips(post(client, {"member": here.id}))) == {"M5"}
    refused(client, {"member": there.id}, 404)


def test_in_the_mass_act_those_whom_only_the_office_may_help_are_left_out(client, make, world):
    mighty = make.member(world.branch, number="M5")
    user = make.user(Role.OFFICE, member=mighty, login="M5", password_hash="x")
    user.must_change, user.slip_until = True, now() + VALID_FOR
    client.sign_in(world.secretary)
    assert set(slips(post(client, {"branch": world.branch.id, "all": "1"}))) == {"M2", "M3"}


def test_nobody_draws_a_password_for_themselves(client, make, world):
    client.sign_in(world.secretary)
    refused(client, {"member": world.secretary.member_id}, 404)
    office = make.user(Role.OFFICE, member=make.member(world.branch, number="M6"), password_hash="x")
    client.sign_in(office)
    refused(client, {"member": office.member_id}, 404)


def test_a_disabled_account_gets_no_slip(client, world):
    world.used.is_disabled = True
    client.sign_in(world.secretary)
    refused(client, {"member": world.people[0].id}, 422)
    assert set(slips(post(client, {"branch": world.branch.id, "all": "1"}))) == {"M2", "M3"}


def test_a_number_that_is_anothers_login_is_told_and_nothing_is_made(client, make, world):
    make.user(Role.AUDITOR, login="M2")
    client.sign_in(world.secretary)
    refused(client, {"branch": world.branch.id, "all": "1"}, 422)


def test_a_leader_of_a_group_prints_no_slips(client, make, world):
    client.sign_in(make.user(Role.GROUP_LEADER, world.group)).page("/accounts", 404)


def test_two_hundred_slips_are_drawn_in_no_time():
    start = now()
    drawn = draw(200)
    assert len({one.password for one in drawn}) == 200
    assert now() - start < dt.timedelta(seconds=3)


def test_the_commands_own_account_is_not_there(client, world):
    user = command_line_user()
    client.sign_in(world.office).page(f"/accounts/{user.id}", 404)
    assert COMMAND_LINE not in client.get("/accounts/staff").text


def test_the_list_costs_the_same_for_two_members_and_for_fifty(client, make, world, statements):
    client.sign_in(world.office).page("/accounts")
    with statements() as few:
        client.page("/accounts")
    for number in range(40):
        member = make.member(world.branch, number=f"X{number}")
        if number % 2:
            make.user(Role.MEMBER, member=member)
    with statements() as many:
        client.page("/accounts")
    assert len(many) <= len(few) + 1
