"""A copy of everything about one person: asked for by them or by the office, made once, theirs alone."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import nullcontext

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.copied_rows import Opened
from tests.maker import NOW
from tracker import clock, worker
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Comment, Draft, Job, Member, Role, Status, Work
from tracker.rules.erasures import code_of
from tracker.services import job_files
from tracker.services.archives import archive_campaign
from tracker.worker.runs import Run

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MOMENT = dt.datetime(2021, 7, 31, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def within(monkeypatch):
    """The worker reads in the test's own transaction; tests/cli/test_copies.py has the one that it opens."""
    monkeypatch.setattr(Run, "reading", lambda run: nullcontext())


@pytest.fixture
def moment(monkeypatch):
    """The clock, to be moved."""
    found = {"now": MOMENT}
    monkeypatch.setattr(clock, "now", lambda: found["now"])
    for view in ("copies", "jobs"):
        monkeypatch.setattr(f"tracker.views.{view}.now", lambda: found["now"])
    return found


def ask(client, address="/account/copy", **fields):
    return client.submit(address, fields, action=address)


def made(app, client, address="/account/copy", **fields):
    """The job that was asked for and done."""
    answer = ask(client, address, **fields)
    assert answer.status_code == 303, html.text_of(html.parse(answer.text))
    db.session.commit()
    assert worker.run_one(app)
    db.session.expire_all()
    return db.session.get_one(Job, int(answer.location.rsplit("/", 1)[1]))


def take(client, job):
    return client.submit(f"/jobs/{job.id}", action=f"/jobs/{job.id}/file")


def test_a_member_takes_everything_with_the_files_and_without_names_of_others(
    app, client, bureau, make, zhang
):
    me, li = bureau.people[:2]
    essay = make.record(
        bureau.campaign, "work", member=me, type="征文", title="心得一", status=Status.SUBMITTED
    )
    db.session.add(Work(record_id=essay.id, text="=1+1是我的正文"))
    db.session.add(Comment(record_id=essay.id, by_id=make.office.id, at=NOW, text="写得好"))
    make.evidence(essay, b"%PDF mine", name="../../.. 我的\\\\:*?.pdf")
    other = make.record(bureau.campaign, "work", member=li, type="征文", title="禁-别人的题目")
    make.evidence(other, b"%PDF theirs", name="禁-别人的.pdf", added_by_id=zhang.id)
    db.session.add(Draft(user_id=zhang.id, kind_id=essay.kind_id, fields={"text": "没写完"}, saved_at=NOW))
    db.session.flush()
    client.sign_in(zhang)
    assert "我的个人信息副本" in body(client.page("/account"))
    job = made(app, client)
    assert "下载" in body(client.page(f"/jobs/{job.id}"))
    copy = Opened(take(client, job).data)
    for mine in (me.name, me.number, "心得一", "=1+1是我的正文", "写得好", "没写完", bureau.one.name):
        assert mine in str(copy.data) and mine in copy.book, mine
    assert "<f>" not in copy.book
    for others in (li.name, li.number, make.office.name, make.office.login, "禁-"):
        assert others not in copy.everything, others
    (name,) = [one for one in copy.names if one.startswith("文件/")]
    assert copy.zip.read(name) == b"%PDF mine"
    assert name.count("/") == 1 and not set(name) & set("\\:*?") and name.endswith(".pdf")
    assert [one["path"] for one in copy.data["files"]] == [name]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:copy")).one()
    assert (event.actor_id, event.subject_id, event.detail["files"]) == (zhang.id, me.id, 1)


def test_what_is_said_of_a_session_with_others_stays_there(app, client, bureau, zhang):
    session = bureau.visit
    session.note = session.late_why = "禁-李四带队"
    db.session.flush()
    job = made(app, client.sign_in(zhang))
    copy = Opened(take(client, job).data)
    assert session.id in [row["id"] for row in copy.rows("record")]
    assert "禁-" not in copy.everything


def test_a_double_click_is_one_job_and_it_is_noted_once(app, client, bureau, zhang):
    client.sign_in(zhang)
    first, second = ask(client), ask(client)
    assert first.location == second.location
    assert worker.run_one(app) and not worker.run_one(app)
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:copy")).all()) == 1


def test_the_file_is_only_for_whoever_asked_and_lapses_after_three_days(
    app, client, bureau, make, zhang, moment
):
    job = made(app, client.sign_in(zhang))
    path = app.config["TRACKER"].data_dir / job.path
    for user in (make.user(Role.OFFICE), make.user(Role.AUDITOR), make.user(Role.ADMINISTRATOR)):
        other = app.test_client().sign_in(user)
        fields = html.hidden_fields(other.page("/help"))
        assert other.post(f"/jobs/{job.id}/file", data=fields).status_code == 404
        assert other.get(f"/jobs/{job.id}").status_code == 404
    assert take(client, job).status_code == 200
    moment["now"] = job.finished_at + job_files.COPIES_KEPT_FOR + dt.timedelta(minutes=1)
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(f"/jobs/{job.id}/file", data=fields).status_code == 422
    assert job_files.has_due(moment["now"]) and job_files.let_go(path.parents[1], moment["now"]) == 1
    db.session.commit()
    assert not path.exists()
    assert "已不再保存" in body(client.page("/account/copy"))


def test_without_records_and_without_a_campaign_there_is_a_copy_too(app, client, make):
    assert db.session.scalars(select(Campaign)).all() == []
    user = make.user(Role.MEMBER, member=make.member(name="钱七"))
    copy = Opened(take(client, made(app, client.sign_in(user))).data)
    assert copy.data["person"]["name"] == "钱七" and copy.rows("record") == []


def test_an_account_without_a_member_has_one_of_the_account(app, client, make):
    user = make.user(Role.ADMINISTRATOR)
    copy = Opened(take(client, made(app, client.sign_in(user))).data)
    assert [row["login"] for row in copy.rows("user_account")] == [user.login]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "user:copy")).one()
    assert (event.subject_type, event.subject_id) == ("user_account", user.id)


@pytest.fixture
def office(make, client, bureau):
    user = make.user(Role.OFFICE)
    client.sign_in(user)
    return user


def address_of(member):
    return f"/members/{member.id}/copy"


def test_the_office_has_one_made_for_somebody_who_asked(app, client, bureau, office, make):
    li = bureau.people[1]
    assert "个人信息副本" in body(client.page(f"/members/{li.id}"))
    user = make.user(Role.MEMBER, member=li)
    kind = bureau.study.kind_id
    db.session.add(Draft(user_id=user.id, kind_id=kind, fields={"text": "只有我看得到"}, saved_at=NOW))
    db.session.flush()
    job = made(app, client, address_of(li), why="in_person")
    assert li.name in body(client.page(f"/jobs/{job.id}")) and li.name not in str(job.arguments)
    copy = Opened(take(client, job).data)
    assert (copy.data["person"]["number"], copy.data["made_by"]) == (li.number, "office")
    assert "只有我看得到" not in copy.everything and "草稿" in copy.book
    assert bureau.people[0].name not in copy.everything
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:copy")).one()
    assert (event.actor_id, event.subject_id, event.detail["why"]) == (office.id, li.id, "in_person")
    own = app.test_client().sign_in(user)
    assert "生成了一个人的个人信息副本" in body(own.page("/me/everything"))


@pytest.mark.parametrize("why", ["", "nobody asked", "张三要的"])
def test_without_a_reason_of_the_list_none_is_made(client, bureau, office, why):
    answer = ask(client, address_of(bureau.people[1]), why=why)
    assert answer.status_code == 422
    assert "请选择是怎样提出的" in answer.text
    assert db.session.scalars(select(Job)).all() == []


def test_another_persons_has_to_wait_until_the_one_before_is_made(client, bureau, office):
    first = ask(client, address_of(bureau.people[1]), why="in_person")
    answer = ask(client, address_of(bureau.people[2]), why="in_person")
    assert (first.status_code, answer.status_code) == (303, 422)
    assert "还在生成" in answer.text


def test_of_who_was_erased_there_is_none_not_even_if_it_happens_meanwhile(app, client, bureau, office):
    li = bureau.people[1]
    job_page = ask(client, address_of(li), why="in_person").location
    li.number = li.name = code_of(li.id, app.config["TRACKER"].secret_key)
    db.session.commit()
    worker.run_one(app)
    db.session.expire_all()
    assert "已经按要求删除" in body(client.page(job_page))
    assert db.session.scalars(select(Job.path)).all() == [None]
    page = client.page(address_of(li))
    assert "已经按要求删除" in body(page) and "生成副本" not in body(page)
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(address_of(li), data={**fields, "why": "in_person"}).status_code == 422


@pytest.mark.settings(today=dt.date(2022, 1, 31))
def test_a_campaign_in_the_archive_is_in_it(app, client, bureau, office):
    archive_campaign(bureau.campaign, why="结束了", by=office, at=NOW, today=dt.date(2022, 1, 31))
    copy = Opened(take(client, made(app, client, address_of(bureau.people[0]), why="in_writing")).data)
    assert copy.rows("record")


def test_a_secretary_and_an_auditor_have_none_made_and_nobody_by_a_number_that_is_not_there(
    client, bureau, make, office
):
    assert client.get("/members/987654321/copy").status_code == 404
    for user in (make.user(Role.SECRETARY, bureau.one), make.user(Role.AUDITOR)):
        client.sign_in(user)
        fields = html.hidden_fields(client.page("/help"))
        member = db.session.get_one(Member, bureau.people[0].id)
        assert client.get(address_of(member)).status_code == 404
        assert client.post(address_of(member), data={**fields, "why": "in_person"}).status_code == 404
        assert "个人信息副本" not in body(client.page(f"/members/{member.id}"))


def test_a_file_that_the_disk_has_lost_is_said_to_be_lost(app, client, bureau, make, zhang):
    essay = make.record(bureau.campaign, "work", member=bureau.people[0], type="征文", title="心得")
    file = make.evidence(essay, b"%PDF")
    (app.config["TRACKER"].data_dir / "evidence" / file.stored_as).unlink()
    copy = Opened(take(client, made(app, client.sign_in(zhang))).data)
    assert copy.data["files"] == [{"evidence_id": file.id, "path": None}]
    assert io.BytesIO(copy.zip.read("清单.json")).read()
