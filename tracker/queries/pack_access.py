"""The summary packs of a campaign, and who may take one away."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, Job, JobState, User
from tracker.queries.access import sees_bureau
from tracker.queries.paging import PER_PAGE, Page, page_within

TASK = "pack"


def packs_page(campaign: Campaign, page: int) -> Page[Job]:
    """Packs that are being made or are done, whoever asked for them, newest first."""
    where: list[ColumnElement[bool]] = [
        Job.task == TASK, Job.campaign_id == campaign.id,
        Job.state.in_((JobState.QUEUED, JobState.RUNNING, JobState.DONE)),
    ]  # fmt: skip
    total = db.session.scalar(select(func.count()).select_from(Job).where(*where)) or 0
    page = page_within(page, total)
    rows = db.session.scalars(
        select(Job)
        .where(*where)
        .order_by(Job.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Job.asked_by).lazyload(User.grants))
    )
    return Page(list(rows), page, total)


def pack_for(user: User, job_id: int) -> Job | None:
    """The pack with that id, once it is done, for one who sees the whole bureau."""
    if not sees_bureau(user):
        return None
    done = Job.id == job_id, Job.task == TASK, Job.state == JobState.DONE
    return db.session.scalar(select(Job).where(*done))
