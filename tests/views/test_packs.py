"""Summary packs: asked for once, made by the worker, listed, taken away by who sees the whole bureau."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import DAY
from tests.canary_jobs import a_job
from tests.maker import NOW, SHIPPED
from tests.packs import Opened
from tracker import worker
from tracker.db import db
from tracker.models import AuditEvent, Job, JobState, Role
from tracker.services.archives import archive_campaign

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ASKED = {"day": DAY.isoformat(), "charts": "y", "ledger": "y"}


@pytest.fixture
def office(make, client, bureau):
    user = make.user(Role.OFFICE)
    client.sign_in(user)
    return user


def ask(client, **fields):
    return client.submit("/packs", {**ASKED, **fields}, action="/packs")


def made(app, campaign, by, **fields):
    folder = app.config["TRACKER"].data_dir / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1-a.zip").write_bytes(b"PK")
    result = {"filename": "汇总包-2021-06-26.zip", "bytes": 2, "files": 3, "rows": 9, "digest": "ab"}
    given = {"state": JobState.DONE, "path": "jobs/1-a.zip", "finished_at": NOW, "result": result}
    arguments = {"day": DAY.isoformat(), "parts": ["ledger"]}
    return a_job(campaign, by, arguments=arguments, **{**given, **fields})


def test_the_office_asks_for_one_and_comes_to_its_progress(client, office, bureau):
    answer = ask(client)
    job = db.session.scalars(select(Job)).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (job.task, job.campaign_id) == ("pack", bureau.campaign.id)
    assert job.arguments["day"] == DAY.isoformat()
    assert set(job.arguments["parts"]) >= {"charts", "ledger"}
    assert "汇总包" in html.text_of(client.page(f"/jobs/{job.id}"))
    assert "排队中" in html.text_of(client.page("/packs"))


def test_a_second_click_comes_to_the_same_one_and_another_wish_has_to_wait(client, office):
    first, second = ask(client), ask(client)
    assert first.location == second.location
    assert len(db.session.scalars(select(Job)).all()) == 1
    answer = ask(client, day="2021-06-25")
    assert answer.status_code == 422
    assert "还在生成" in answer.text


@pytest.mark.parametrize("day", ["", "昨天", "2021-02-30", "2021-02-25", "2021-08-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(client, office, day):
    answer = ask(client, day=day)
    assert answer.status_code == 422
    assert "pack-day-error" in answer.text
    assert db.session.scalars(select(Job)).all() == []


@pytest.mark.parametrize("role", [Role.OFFICE, Role.AUDITOR])
def test_who_sees_the_bureau_takes_one_away_whoever_asked_for_it(client, app, bureau, make, role):
    job = made(app, bureau.campaign, make.user(Role.OFFICE))
    reader = make.user(role)
    client.sign_in(reader)
    answer = client.submit("/packs", action=f"/packs/{job.id}/file")
    assert (answer.status_code, answer.data) == (200, b"PK")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "job:read")).one()
    assert (event.actor_id, event.subject_id) == (reader.id, job.id)


def test_an_auditor_reads_the_list_and_has_none_made(client, make, bureau):
    client.sign_in(make.user(Role.AUDITOR))
    assert 'action="/packs"' not in client.get("/packs").text
    fields = html.hidden_fields(client.page("/help"))
    assert client.post("/packs", data={**ASKED, **fields}).status_code == 404


def test_what_is_not_done_or_no_pack_or_deleted_is_not_taken_away(client, office, app, bureau):
    waiting = a_job(bureau.campaign, office, arguments={"day": "2021-06-26", "parts": []})
    other = a_job(None, office, "count")
    fields = html.hidden_fields(client.page("/help"))
    for job in (waiting, other):
        assert client.post(f"/packs/{job.id}/file", data=fields).status_code == 404
    gone = made(app, bureau.campaign, office, path=None)
    assert "已不再保存" in html.text_of(client.page("/packs"))
    assert client.post(f"/packs/{gone.id}/file", data=fields).status_code == 422


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.user(Role.OFFICE))
    assert "还没有行动计划" in html.text_of(client.page("/packs"))


def test_packs_of_another_campaign_are_not_listed(client, office, app, make):
    text = SHIPPED.read_text(encoding="utf-8")
    other = make.campaign(text.replace("qigeyibai-2021", "another"))
    made(app, other, office)
    assert "还没有生成过" in html.text_of(client.page("/packs"))


@pytest.mark.settings(today=dt.date(2022, 1, 31))
def test_of_a_campaign_in_the_archive_one_can_still_be_made(client, office, bureau):
    archive_campaign(bureau.campaign, why="结束了", by=office, at=NOW, today=dt.date(2022, 1, 31))
    db.session.commit()
    assert ask(client).status_code == 303


def test_the_worker_makes_what_the_page_asked_for(fresh_app):
    from tests.bureau import Bureau
    from tests.maker import Maker

    with fresh_app.app_context():
        make = Maker()
        bureau, user = Bureau(make), make.user(Role.OFFICE)
        bureau_id, user_id = bureau.campaign.id, user.id
        db.session.commit()
        client = fresh_app.test_client().sign_in(user)
        answer = ask(client)
        assert answer.status_code == 303
        db.session.remove()
    worker.work(fresh_app, once=True)
    with fresh_app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.campaign_id, job.asked_by_id) == (JobState.DONE, bureau_id, user_id)
        pack = Opened((fresh_app.config["TRACKER"].data_dir / str(job.path)).read_bytes())
        assert job.result is not None
        assert job.result["rows"] == sum(
            1 for name in pack.names if name.startswith("台账") for row in _data(pack, name)
        )
        assert job.result["digest"] == pack.manifest["figures_sha256"]


def _data(pack, name):
    book = pack.book(name)
    return [row for sheet in book.worksheets[:-1] for row in list(sheet.iter_rows())[1:] if row[0].value]
