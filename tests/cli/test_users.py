"""flask users: accounts from the command line."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.maker import Maker
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Role, User, UserSession
from tracker.services.users import check_password

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def run(fresh_app):
    """Runs a command in a bureau with two branches that both have a first group."""
    with fresh_app.app_context():
        make = Maker()
        for name in ("东湖党支部", "西山党支部"):
            make.group(make.branch(name), name="第一党小组")
        make.member(make.branch("南山党支部"), name="张三", number="M0001")
        make.section("办公室")
        db.session.commit()
    runner = fresh_app.test_cli_runner()
    return lambda *args: runner.invoke(args=["users", *args])


def account(app, login):
    with app.app_context():
        user = db.session.scalars(select(User).where(User.login == login)).one()
        return user.password_hash, [
            (grant.role, grant.unit.name if grant.unit else None) for grant in user.grants
        ]


def test_the_first_account_is_the_offices_and_its_password_is_printed_once(fresh_app, run):
    done = run("add", "office", "--name", "机关党委办公室")
    assert done.exit_code == 0, done.output
    login, password = done.output.split()
    hashed, roles = account(fresh_app, login)
    assert roles == [(Role.OFFICE, None)]
    assert check_password(hashed, password)


def test_every_role_is_added_where_it_belongs(fresh_app, run):
    assert run("add", "s", "--name", "书记", "--role", "secretary", "--unit", "东湖党支部").exit_code == 0
    assert run("add", "h", "--name", "科长", "--role", "section_head", "--unit", "办公室").exit_code == 0
    leader = ("add", "l", "--name", "组长", "--role", "group_leader", "--unit", "第一党小组")
    assert run(*leader).exit_code == 1, "there are two of that name"
    assert run(*leader, "--branch", "西山党支部").exit_code == 0
    assert run("add", "m", "--role", "member", "--member", "M0001").exit_code == 0
    assert account(fresh_app, "m")[1] == [(Role.MEMBER, None)]
    listed = run("list").output
    for words in ("第一党小组", "M0001", "张三", "section_head"):
        assert words in listed


@pytest.mark.parametrize(
    "args",
    [
        ("--role", "secretary"),
        ("--role", "secretary", "--unit", "办公室"),
        ("--role", "office", "--unit", "东湖党支部"),
        ("--role", "member"),
        ("--role", "auditor", "--member", "M0001"),
        ("--role", "member", "--member", "M9999"),
        ("--role", "king"),
    ],
)
def test_what_makes_no_sense_is_refused_without_a_traceback(fresh_app, run, args):
    done = run("add", "x", "--name", "某人", *args)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    with fresh_app.app_context():
        assert db.session.scalars(select(User)).all() == []


def test_a_new_password_ends_the_sessions(fresh_app, run):
    first = run("add", "office", "--name", "机关党委办公室").output.split()[1]
    with fresh_app.app_context():
        user = db.session.scalars(select(User)).one()
        db.session.add(UserSession(digest="1" * 64, user_id=user.id, started_at=now(), seen_at=now()))
        db.session.commit()
    second = run("password", "office").output.split()[1]
    hashed, _ = account(fresh_app, "office")
    assert (check_password(hashed, first), check_password(hashed, second)) == (False, True)
    with fresh_app.app_context():
        assert db.session.scalars(select(UserSession)).all() == []
    assert run("password", "nobody").exit_code == 1


@pytest.mark.asvs("6.4.4")
def test_a_second_step_is_taken_away_with_a_reason_and_an_event(fresh_app, run):
    run("add", "office", "--name", "机关党委办公室")
    assert run("second-factor-off", "office", "--why", "手机丢了").exit_code == 1, "there is none"
    with fresh_app.app_context():
        db.session.scalars(select(User)).one().totp_secret = "sealed"
        db.session.commit()
    assert run("second-factor-off", "nobody", "--why", "手机丢了").exit_code == 1
    assert run("second-factor-off", "office").exit_code == 2
    assert run("second-factor-off", "office", "--why", " ").exit_code == 1
    done = run("second-factor-off", "office", "--why", "手机丢了")
    assert done.exit_code == 0, done.output
    with fresh_app.app_context():
        assert db.session.scalars(select(User)).one().totp_secret is None
        acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id.is_(None))).all()
        assert {"user:confirm_factor_reset", "user:second_factor_off", "user:end_sessions"} <= set(acts)
