"""A bulletin issued as long work: once or not at all, and the pages learn how far it is."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bulletins import DAY, TODAY, begin
from tests.maker import NOW, Maker
from tests.services.test_bulletins import Here
from tracker import worker
from tracker.db import db
from tracker.models import Bulletin, Campaign, Grant, Job, JobState, User
from tracker.queries import frozen, issuing
from tracker.queries.proofs import proof_of
from tracker.services.bulletins import ISSUED_ALREADY, change_bulletin
from tracker.services.jobs import cancel_job, queue_task
from tracker.services.records import CHANGED
from tracker.worker import bulletins, runs

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def app_with(fresh_app):
    """A draft that is asked to be issued by a job."""
    with fresh_app.app_context():
        here = Here(Maker())
        draft = begin(here.campaign, here.office)
        ask(draft, here.office)
        db.session.commit()
        fresh_app.draft_id, fresh_app.office_id = draft.id, here.office.id
    return fresh_app


def ask(draft, by):
    arguments = {"bulletin_id": draft.id, "version": draft.version, "issued_on": TODAY.isoformat()}
    return queue_task(
        "issue_bulletin", arguments, campaign=db.session.get_one(Campaign, draft.campaign_id), by=by, at=NOW
    )


def outcome(app):
    with app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        draft = db.session.get_one(Bulletin, app.draft_id)
        return job.state, draft.number, (job.error or {}).get("msgid")


def test_it_is_issued_in_the_background_by_whoever_asked(app_with, monkeypatch):
    told = []
    monkeypatch.setattr(frozen, "REPORTED_EVERY", 1)
    monkeypatch.setattr(runs, "REPORTED_EVERY", 0)
    report = runs.Run.report
    monkeypatch.setattr(
        runs.Run, "report", lambda run, done, total: (told.append((done, total)), report(run, done, total))
    )
    assert worker.run_one(app_with)
    assert outcome(app_with) == (JobState.DONE, 1, None)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 5 + 3 * 2
    with app_with.app_context():
        job = db.session.scalars(select(Job)).one()
        draft = db.session.get_one(Bulletin, app_with.draft_id)
        assert job.result == {"bulletin_id": draft.id, "number": 1}
        assert draft.issued_by_id == app_with.office_id
        proof = proof_of(draft)
        assert (proof.faults, proof.is_unchanged) == ((), True)


def test_a_draft_that_changed_meanwhile_is_not_issued(app_with):
    with app_with.app_context():
        draft, by = (
            db.session.get_one(Bulletin, app_with.draft_id),
            db.session.get_one(User, app_with.office_id),
        )
        change_bulletin(
            draft, 1, title="别的", text="别的。", as_of=DAY, today=TODAY, by=by, at=NOW
        )  # fmt: skip
        db.session.commit()
    assert worker.run_one(app_with)
    assert outcome(app_with) == (JobState.FAILED, None, CHANGED)


def test_what_was_issued_meanwhile_is_not_issued_again(app_with):
    worker.run_one(app_with)
    with app_with.app_context():
        draft, by = (
            db.session.get_one(Bulletin, app_with.draft_id),
            db.session.get_one(User, app_with.office_id),
        )
        ask(draft, by)
        db.session.commit()
    assert worker.run_one(app_with)
    assert outcome(app_with) == (JobState.FAILED, 1, ISSUED_ALREADY)


def test_whoever_is_no_longer_of_the_office_issues_nothing(app_with):
    with app_with.app_context():
        for grant in db.session.scalars(select(Grant).where(Grant.user_id == app_with.office_id)):
            db.session.delete(grant)
        db.session.commit()
    assert worker.run_one(app_with)
    assert outcome(app_with) == (JobState.FAILED, None, bulletins.OUT_OF_REACH)


def test_work_that_is_stopped_while_it_reads_leaves_nothing(app_with, monkeypatch):
    monkeypatch.setattr(runs, "REPORTED_EVERY", 0)
    count = issuing.count_figures

    def stop(*args):
        with app_with.app_context():
            job = db.session.scalars(select(Job)).one()
            cancel_job(job, by=db.session.get_one(User, app_with.office_id), at=NOW)
            db.session.commit()
            db.session.remove()
        return count(*args)

    monkeypatch.setattr(issuing, "count_figures", stop)
    assert worker.run_one(app_with)
    assert outcome(app_with) == (JobState.CANCELLED, None, None)


def test_the_moment_of_issue_is_before_the_rows_were_read(app_with, monkeypatch):
    seen = []
    read = bulletins.issue_of
    monkeypatch.setattr(
        bulletins, "issue_of", lambda *args: (seen.append(dt.datetime.now(dt.UTC)), read(*args))[1]
    )
    worker.run_one(app_with)
    with app_with.app_context():
        assert db.session.get_one(Bulletin, app_with.draft_id).issued_at <= seen[0]
