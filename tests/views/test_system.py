"""The administrator's page: the machine, and nothing of what it holds."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import Bureau, body
from tracker.clock import now
from tracker.db import db
from tracker.files.backup_folders import BUSY
from tracker.models import AuditEvent, Backup, Role, TryCount, UserSession
from tracker.security_events import TRIES


@pytest.fixture
def admin(make):
    return make.user(Role.ADMINISTRATOR, login="admin")


def test_the_machine_is_shown_without_anybodys_name(client, make, admin):
    bureau = Bureau(make)
    resting = make.user(Role.MEMBER, member=bureau.people[0], login="M0001")
    db.session.add(TryCount(key=f"account:{resting.id}", started_at=now(), count=TRIES))
    shown = body(client.sign_in(admin).page("/system"))
    assert "M0001" in shown
    assert not any(person.name in shown for person in bureau.people)


@pytest.mark.asvs("7.4.5")
def test_the_administrator_ends_the_sessions_of_an_account_by_its_login(app, client, make, admin):
    other = make.user(Role.OFFICE, login="office")
    browser = app.test_client().sign_in(other)
    assert browser.get("/suggestions/new").status_code == 200
    answer = client.sign_in(admin).submit("/system", {"login": "office"}, action="/system/end-sessions")
    assert answer.status_code == 303
    assert browser.get("/suggestions/new").status_code == 302
    assert db.session.scalars(select(UserSession.user_id)).all() == [admin.id]
    assert "user:end_sessions" in db.session.scalars(select(AuditEvent.action)).all()


def test_a_login_that_nobody_has_is_told_beside_its_field(client, admin):
    answer = client.sign_in(admin).submit("/system", {"login": "nobody"}, action="/system/end-sessions")
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//input[@name='login'][@aria-invalid='true']") is not None


def test_the_office_does_not_run_the_machine(client, make):
    client.sign_in(make.user(Role.OFFICE)).page("/system", 404)


def test_backups_are_shown_with_age_size_and_result(app, client, admin):
    folder = app.config["TRACKER"].backups_path
    folder.mkdir()
    (folder / "tracker-20210731T020000Z.backup").write_bytes(b"x")
    shared = {"finished_at": now(), "last_event_id": 0}
    db.session.add_all(
        [
            Backup(started_at=now() - dt.timedelta(hours=3), name="tracker-20210731T020000Z.backup",
                   size=3 * 2**20, row_count=4711, file_count=12, **shared),
            Backup(started_at=now() - dt.timedelta(hours=5), name="gone.backup", lacking_count=2, **shared),
            Backup(started_at=now(), error={"msgid": BUSY, "params": {}}, **shared),
        ]
    )  # fmt: skip
    page = client.sign_in(admin).page("/system")
    rows = [" ".join(row.itertext()) for row in page.findall(".//*[@id='backups']//tbody/tr")]
    assert len(rows) == 3
    assert "没有做成" in rows[0]
    assert all(said in rows[1] for said in ("3.0 MB", "4711", "12", "完好"))
    assert "缺文件2个" in rows[2]
    assert "已不在" in rows[2]
    assert "已不在" not in rows[1]
    said = " ".join(page.find(".//*[@id='backups']").itertext())
    assert "3小时前" in said
    assert str(app.config["TRACKER"].backup_key_path) in said


@pytest.mark.settings(backup_minutes=15)
def test_a_backup_that_is_late_is_said(client, admin):
    page = client.sign_in(admin).page("/system")
    assert page.find(".//*[@id='backups']//*[@role='alert']") is not None
