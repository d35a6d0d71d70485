"""Long work of any sort: asked for once at a time, claimed with what was asked, stopped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.maker import NOW
from tracker.db import db
from tracker.models import Job, JobState, User
from tracker.rules.refusal import Refused
from tracker.services import jobs
from tracker.services.archives import archive_campaign
from tracker.services.jobs import Given

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROOT = Path(__file__).parents[2]
LATER = NOW + dt.timedelta(hours=1)


def ask(make: Any, arguments: dict[str, Any] | None = None, by: User | None = None, **more: Any) -> Job:
    given = {"campaign": None, "by": by or make.office, "at": NOW, **more}
    return jobs.queue_task("count", arguments or {}, **given)


def test_the_same_asked_for_twice_is_one_job(make):
    first = ask(make, {"day": "2021-06-26"})
    assert ask(make, {"day": "2021-06-26"}).id == first.id
    assert ask(make, {"day": "2021-06-26"}, by=make.user()).id != first.id


def test_another_one_of_the_same_sort_has_to_wait(make):
    ask(make, {"day": "2021-06-26"})
    with pytest.raises(Refused, match="still being made"):
        ask(make, {"day": "2021-06-27"})
    with pytest.raises(Refused, match="still being made"):
        ask(make, {"day": "2021-06-26"}, campaign=make.campaign())


def test_what_is_over_may_be_asked_for_again(make):
    first = ask(make)
    claim = jobs.claim_job(NOW)
    assert claim is not None
    jobs.finish_job(claim, at=NOW, given=Given({"count": 3}))
    second = ask(make)
    assert second.id != first.id
    db.session.refresh(first)
    assert (first.state, first.result, first.path) == (JobState.DONE, {"count": 3}, None)


def test_a_claim_carries_what_was_asked(make):
    campaign = make.campaign()
    ask(make, {"day": "2021-06-26"}, campaign=campaign)
    claim = jobs.claim_job(NOW)
    assert claim is not None
    assert (claim.task, claim.batch_id, claim.campaign_id) == ("count", None, campaign.id)
    assert claim.arguments == {"day": "2021-06-26"}


@pytest.mark.parametrize("is_begun", [False, True])
def test_what_is_stopped_stays_stopped(make, is_begun):
    job = ask(make)
    claim = jobs.claim_job(NOW) if is_begun else None
    jobs.cancel_job(job, by=make.office, at=NOW)
    assert job.state is JobState.CANCELLED
    assert jobs.claim_job(LATER) is None
    if claim is not None:
        assert not jobs.note_progress(claim, 1, 2, at=NOW)
        with pytest.raises(Refused, match="faster"):
            jobs.finish_job(claim, at=NOW, given=Given({}))
    with pytest.raises(Refused, match="faster"):
        jobs.cancel_job(job, by=make.office, at=NOW)


def test_an_import_is_not_stopped_like_that(make):
    batch = make.batch(state="uploaded")
    job = jobs.queue_job("check", batch, by=make.office, at=NOW)
    with pytest.raises(Refused, match="faster"):
        jobs.cancel_job(job, by=make.office, at=NOW)


def test_only_what_reads_may_be_asked_for_in_the_archive(make):
    campaign = make.campaign()
    today = dt.date(2022, 1, 31)
    db.session.commit()  # the gate asks once a transaction whether a campaign is open
    archive_campaign(campaign, why="结束了", by=make.office, at=NOW, today=today)
    with pytest.raises(Refused, match="in the archive"), db.session.begin_nested():
        ask(make, campaign=campaign)
    job = ask(make, campaign=campaign, is_reading=True)
    jobs.cancel_job(job, by=make.office, at=NOW)


def test_work_on_an_import_of_a_campaign_in_the_archive_is_refused(make):
    campaign = make.campaign()
    batch = make.batch(campaign, "committed")
    db.session.commit()  # the gate asks once a transaction whether a campaign is open
    archive_campaign(campaign, why="结束了", by=make.office, at=NOW, today=dt.date(2022, 1, 31))
    with pytest.raises(Refused, match="in the archive"), db.session.begin_nested():
        jobs.queue_job("undo", batch, by=make.office, at=NOW)
