"""Roles: which go together, where they are held, and that the office never loses its last account."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import pytest
from sqlalchemy import func, select

from tests.maker import Maker
from tests.signing_in import actions
from tracker.db import db
from tracker.models import AuditEvent, Grant, Role, User
from tracker.rules.grants import check_roles, may_issue
from tracker.rules.refusal import Refused
from tracker.services.accounts import disable_user, enable_user
from tracker.services.grants import give_role, hand_over, revoke_role
from tracker.services.records import CHANGED
from tracker.services.users import create_user

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

AT = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)
TODAY = AT.date()
PASSWORD = "湖边的第一棵柳树发芽了"


def roles(user):
    rows = db.session.execute(select(Grant.role, Grant.unit_id).where(Grant.user_id == user.id))
    return sorted((str(role), unit_id) for role, unit_id in rows)


# --- which go together ---


@pytest.mark.parametrize("other", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_whoever_runs_the_machine_has_no_other_role(other):
    with pytest.raises(Refused):
        check_roles({Role.ADMINISTRATOR, other})
    check_roles({Role.ADMINISTRATOR})


@pytest.mark.parametrize("other", [role for role in Role if role is not Role.AUDITOR])
def test_whoever_audits_has_no_other_role(other):
    with pytest.raises(Refused):
        check_roles({Role.AUDITOR, other})
    check_roles({Role.AUDITOR})


def test_all_the_others_go_together():
    others = set(Role) - {Role.ADMINISTRATOR, Role.AUDITOR}
    for pair in itertools.combinations(others, 2):
        check_roles(set(pair))
    check_roles(others)
    check_roles(set())


def test_who_may_draw_a_password_for_whom():
    member, leader = [(Role.MEMBER, None)], [(Role.MEMBER, None), (Role.GROUP_LEADER, 1)]
    here = {"is_office": False, "branches": {1}, "is_own": False}
    assert may_issue(member, **here)
    assert may_issue(leader, **here)
    assert may_issue([], **here)
    assert not may_issue([(Role.GROUP_LEADER, 2)], **here)
    for role in set(Role) - {Role.MEMBER, Role.GROUP_LEADER}:
        assert not may_issue([*member, (role, 1)], **here), role
        assert may_issue([*member, (role, 1)], is_office=True, branches=set(), is_own=False)
    assert not may_issue(member, is_office=True, branches={1}, is_own=True)


# --- giving and taking ---


def test_a_role_is_given_at_its_sort_of_unit_and_noted_with_ids_only(make):
    branch = make.branch("东湖党支部")
    user = make.user(Role.MEMBER, member=make.member(branch, name="张三"))
    give_role(user, Role.SECRETARY, branch, by=make.office, at=AT)
    assert roles(user) == [("member", None), ("secretary", branch.id)]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "grant:give")).one()
    assert (event.actor_id, event.subject_id) == (make.office.id, user.id)
    assert event.detail == {"role": "secretary", "unit_id": branch.id}


def test_what_does_not_fit_is_refused(make):
    branch = make.branch()
    group, section = make.group(branch), make.section()
    user = make.user(Role.OFFICE)
    wrong = [
        (Role.SECRETARY, None), (Role.SECRETARY, group), (Role.GROUP_LEADER, branch),
        (Role.SECTION_HEAD, branch), (Role.OFFICE, branch), (Role.OFFICE, None), (Role.MEMBER, None),
        (Role.AUDITOR, None),
        (Role.ADMINISTRATOR, None), (Role.DEPUTY, section),
    ]  # fmt: skip
    for role, unit in wrong:
        with pytest.raises(Refused):
            give_role(user, role, unit, by=make.office, at=AT)
    assert roles(user) == [("office", None)]


def test_the_same_role_at_two_units_is_two_grants_and_at_one_only_one(make):
    one, two = make.branch(), make.branch()
    user = make.user(Role.SECRETARY, one)
    give_role(user, Role.SECRETARY, two, by=make.office, at=AT)
    with pytest.raises(Refused):
        give_role(user, Role.SECRETARY, two, by=make.office, at=AT)
    assert len(roles(user)) == 2


def test_a_role_is_taken_away_once(make):
    branch = make.branch()
    user = make.user(Role.SECRETARY, branch)
    grant_id = user.grants[0].id
    revoke_role(user, grant_id, by=make.office, at=AT)
    assert roles(user) == []
    with pytest.raises(Refused) as refusal:
        revoke_role(user, grant_id, by=make.office, at=AT)
    assert refusal.value.msgid == CHANGED
    assert actions() == ["grant:revoke"]


def test_anothers_grant_is_not_taken_by_its_id(make):
    user, other = make.user(Role.OFFICE), make.user(Role.OFFICE)
    with pytest.raises(Refused):
        revoke_role(user, other.grants[0].id, by=make.office, at=AT)
    assert roles(other) == [("office", None)]


def test_an_account_is_opened_with_roles_that_go_together_only(make):
    member = make.member()
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(Refused):
            create_user("x", "某人", role, None, PASSWORD, by=None, at=AT, member=member)
    user = create_user("y", "某人", Role.OFFICE, None, PASSWORD, by=None, at=AT, member=member)
    assert roles(user) == [("member", None), ("office", None)]


@pytest.mark.parametrize(
    ("login", "role", "password", "field"),
    [
        ("a b", Role.OFFICE, PASSWORD, "login"),
        ("", Role.OFFICE, PASSWORD, "login"),
        ("x" * 65, Role.OFFICE, PASSWORD, "login"),
        ("new", Role.OFFICE, "short", "password"),
        ("new", Role.SECRETARY, PASSWORD, "unit"),
        ("new", Role.MEMBER, PASSWORD, "member"),
        ("ＯＦＦＩＣＥ", Role.OFFICE, PASSWORD, "login"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(make, login, role, password, field):
    make.user(Role.OFFICE, login="office")
    with pytest.raises(Refused) as refusal:
        create_user(login, "某人", role, None, password, by=None, at=AT)
    assert refusal.value.field == field


# --- the last account of the office ---


def test_the_office_keeps_its_last_account(make):
    last, shut = make.user(Role.OFFICE), make.user(Role.OFFICE)
    by = make.user(None)
    disable_user(shut, by=by, at=AT)
    for act in (
        lambda: revoke_role(last, last.grants[0].id, by=by, at=AT),
        lambda: disable_user(last, by=by, at=AT),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.msgid != CHANGED
    enable_user(shut, by=by, at=AT)
    revoke_role(last, last.grants[0].id, by=by, at=AT)
    assert roles(last) == []


def test_nobody_disables_themselves_and_nothing_is_disabled_twice(make):
    user, other = make.user(Role.OFFICE), make.user(Role.OFFICE)
    with pytest.raises(Refused):
        disable_user(user, by=user, at=AT)
    disable_user(other, by=user, at=AT)
    with pytest.raises(Refused) as refusal:
        disable_user(other, by=user, at=AT)
    assert refusal.value.msgid in (
        CHANGED,
        "This is the last account of the office. Give somebody else the role first.",
    )
    enable_user(other, by=user, at=AT)
    with pytest.raises(Refused):
        enable_user(other, by=user, at=AT)


@pytest.mark.slow
@pytest.mark.parametrize("ways", [("revoke", "revoke"), ("disable", "disable"), ("revoke", "disable")])
def test_of_two_who_take_the_last_two_away_at_once_one_is_refused(fresh_app, ways):
    for _ in range(5):
        with fresh_app.app_context():
            db.session.query(Grant).delete()
            make = Maker()
            by = make.user(None, login=f"by{_}")
            ids = [make.user(Role.OFFICE, login=f"o{_}-{n}").id for n in range(2)]
            by_id = by.id
            db.session.commit()
        barrier, refused = threading.Barrier(2), []

        def take(user_id, way, barrier=barrier, refused=refused, by_id=by_id):
            with fresh_app.app_context():
                barrier.wait()
                user, by = db.session.get_one(User, user_id), db.session.get_one(User, by_id)
                try:
                    if way == "revoke":
                        revoke_role(user, user.grants[0].id, by=by, at=AT)
                    else:
                        disable_user(user, by=by, at=AT)
                    db.session.commit()
                except Refused:
                    db.session.rollback()
                    refused.append(user_id)

        threads = [threading.Thread(target=take, args=pair) for pair in zip(ids, ways, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with fresh_app.app_context():
            left = db.session.scalar(
                select(func.count(Grant.id))
                .join(User)
                .where(Grant.role == Role.OFFICE, User.is_disabled.is_(False))
            )
        assert (len(refused), left) == (1, 1)


@pytest.mark.slow
def test_of_two_who_give_one_role_at_once_one_is_refused(fresh_app):
    with fresh_app.app_context():
        make = Maker()
        user_id, by_id = make.user(None).id, make.user(Role.OFFICE).id
        db.session.commit()
    barrier, refused = threading.Barrier(2), []

    def give(role):
        with fresh_app.app_context():
            barrier.wait()
            user, by = db.session.get_one(User, user_id), db.session.get_one(User, by_id)
            try:
                give_role(user, role, None, by=by, at=AT)
                db.session.commit()
            except Refused:
                db.session.rollback()
                refused.append(role)

    threads = [threading.Thread(target=give, args=(role,)) for role in (Role.ADMINISTRATOR, Role.OFFICE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh_app.app_context():
        held = db.session.scalars(select(Grant.role).where(Grant.user_id == user_id)).all()
    assert (len(refused), len(held)) == (1, 1)


# --- handing a branch over ---


def test_a_branch_is_handed_over_in_one_act(make):
    branch = make.branch()
    old, new = (make.user(Role.MEMBER, member=make.member(branch)) for _ in range(2))
    give_role(old, Role.SECRETARY, branch, by=make.office, at=AT)
    grant = next(grant for grant in old.grants if grant.role is Role.SECRETARY)
    hand_over(branch, grant.id, old, new, by=make.office, at=AT, today=TODAY)
    assert roles(old) == [("member", None)]
    assert roles(new) == [("member", None), ("secretary", branch.id)]
    assert actions() == ["grant:give", "grant:revoke", "grant:give"]


def test_it_is_handed_to_somebody_of_the_branch_and_only_by_whoever_has_it(make):
    branch, other = make.branch(), make.branch()
    old = make.user(Role.SECRETARY, branch)
    grant_id = old.grants[0].id
    left = make.user(Role.MEMBER, member=make.member(branch, ends_on=TODAY))
    shut = make.user(Role.MEMBER, member=make.member(branch))
    shut.is_disabled = True
    auditor = make.user(Role.AUDITOR)
    for nobody in (make.user(Role.MEMBER, member=make.member(other)), left, shut, auditor):
        with pytest.raises(Refused) as refusal:
            hand_over(branch, grant_id, old, nobody, by=make.office, at=AT, today=TODAY)
        assert refusal.value.field == "to"
    new = make.user(Role.MEMBER, member=make.member(branch))
    for place, holder in ((other, old), (branch, new)):
        with pytest.raises(Refused) as refusal:
            hand_over(place, grant_id, holder, new, by=make.office, at=AT, today=TODAY)
        assert refusal.value.msgid == CHANGED
    assert roles(old) == [("secretary", branch.id)]
