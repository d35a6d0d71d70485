"""Copies of what is kept about a person with real commits: on the command line, and by the worker."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.copied_rows import Opened
from tests.maker import NOW, Maker
from tracker import worker
from tracker.db import db
from tracker.models import AuditEvent, Job, JobState, Role, User
from tracker.rules.erasures import code_of
from tracker.services.copies import ask_own_copy

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def here(fresh_app):
    """Two members with a record each; the first has an account."""
    with fresh_app.app_context():
        make = Maker()
        campaign, branch = make.campaign(), make.branch()
        people = [
            make.member(branch, name=name, number=number)
            for name, number in (("张三", "工一"), ("李四", "工二"))
        ]
        for one in people:
            make.record(campaign, member=one, minutes=60, title=f"{one.number}读的书")
        make.user(Role.MEMBER, member=people[0])
        db.session.commit()
    return fresh_app


def export(app, number, folder):
    return app.test_cli_runner().invoke(args=["members", "export", number, "--into", str(folder)])


def events(app, action):
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()
        return [(one.actor_id, one.subject_type, one.subject_id) for one in found]


def test_the_operator_writes_a_copy_into_a_folder_and_it_is_noted(here, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    shown = export(here, "工二", folder)
    assert shown.exit_code == 0, shown.output
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    copy = Opened(path.read_bytes())
    assert copy.data["made_by"] == "command_line" and "工二读的书" in copy.book
    assert "张三" not in copy.everything and "工一" not in copy.everything
    assert [actor for actor, *_ in events(here, "member:copy")] == [None]
    again = export(here, "工二", folder)
    assert again.exit_code == 1 and "已经存在" in again.output
    assert len(events(here, "member:copy")) == 1 and [*folder.iterdir()] == [path]


def test_of_nobody_and_of_who_was_erased_nothing_is_written(here, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    assert "没有这个号" in export(here, "没有这个号", folder).output
    with here.app_context():
        user = db.session.scalars(select(User).where(User.member_id.is_not(None))).one()
        user.member.number = code = code_of(user.member_id, here.config["TRACKER"].secret_key)
        db.session.commit()
    shown = export(here, code, folder)
    assert shown.exit_code == 1 and "已经按要求删除" in shown.output
    assert [*folder.iterdir()] == [] and events(here, "member:copy") == []


def test_the_worker_makes_it_while_the_ledger_may_change(here):
    with here.app_context():
        user = db.session.scalars(select(User).where(User.member_id.is_not(None))).one()
        ask_own_copy(user, NOW)
        db.session.commit()
    worker.work(here, once=True)
    with here.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.error) == (JobState.DONE, None)
        copy = Opened((here.config["TRACKER"].data_dir / str(job.path)).read_bytes())
        assert "工一读的书" in copy.book and copy.data["made_by"] == "self"
        assert job.result is not None and job.result["rows"] == sum(
            len(one["rows"]) for one in copy.data["tables"].values()
        ) + len(copy.data["deeds"])
    assert len(events(here, "member:copy")) == 1
