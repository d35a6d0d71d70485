"""A bulletin that is issued as long work: asking for it, and its words."""

from __future__ import annotations

import datetime as dt

from flask import redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission
from tracker.clock import now
from tracker.models import Bulletin, Job
from tracker.rules.refusal import N_
from tracker.services.jobs import queue_task
from tracker.views.job_words import TASKS, TaskWords

TASK = "issue_bulletin"


def issue_later(bulletin: Bulletin, version: int, issued_on: dt.date) -> Response:
    """Have it issued as long work; its page says how far it is, and what came of it.

    Raises Refused if another bulletin of this person is being issued.
    """
    wanted = {"bulletin_id": bulletin.id, "version": version, "issued_on": issued_on.isoformat()}
    job = queue_task(TASK, wanted, campaign=bulletin.campaign, by=current_user, at=now())
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def _said(job: Job) -> list[tuple[str, str]]:
    number = (job.result or {}).get("number")
    return [(gettext("Issue number"), str(number))] if number else []


def _link(job: Job) -> tuple[str, str] | None:
    bulletin_id = (job.result or {}).get("bulletin_id")
    if bulletin_id is None:
        return None
    return url_for("bulletins.show", bulletin_id=bulletin_id), gettext("See the bulletin")


TASKS[TASK] = TaskWords(
    label=N_("Issuing a bulletin"),
    permission=Permission.BULLETIN_WRITE,
    back=("bulletins.index", N_("Bulletins")),
    counted=N_("%(done)s of %(total)s rows"),
    said=_said,
    link=_link,
)
