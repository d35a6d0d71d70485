"""Long work of one's own: how far it is, what came of it, the file that it made."""

from __future__ import annotations

from typing import NoReturn

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from werkzeug import Response as Answer

from tracker.access import SIGNED_IN, requires
from tracker.clock import now
from tracker.files import store
from tracker.forms.base import ActForm
from tracker.models import Job
from tracker.queries.job_access import UNFINISHED, job_for
from tracker.rules.refusal import N_, Refused
from tracker.services.job_files import drop_file, expires_at, has_lapsed, take_file
from tracker.services.jobs import CHANGED, cancel_job
from tracker.views import job_words as words

bp = Blueprint("jobs", __name__)
ID = "<int(max=9007199254740991):job_id>"
LOST = N_("This file is no longer kept. Have it made again.")


def _own(job_id: int) -> Job:
    """One's own work of a sort that one may still ask for; 404 otherwise."""
    job = job_for(current_user, job_id)
    if job is None or job.task not in words.TASKS or not words.TASKS[job.task].are_theirs():
        abort(404)
    return job


@bp.get(f"/jobs/{ID}")
@requires(SIGNED_IN)
def show(job_id: int) -> str:
    """How far it is; once it is over, what came of it."""
    job = _own(job_id)
    return render_template(
        "jobs/show.html", job=job, is_working=job.state in UNFINISHED, task=words.TASKS[job.task],
        expires_at=expires_at(job), form=ActForm(formdata=None), words=words,
    )  # fmt: skip


@bp.get(f"/jobs/{ID}/progress")
@requires(SIGNED_IN)
def progress(job_id: int) -> Response:
    """How far it is, to be swapped into the page; when it is over, the page is asked for anew."""
    job = _own(job_id)
    answer = Response(
        render_template("jobs/_progress.html", job=job, task=words.TASKS[job.task], words=words)
    )
    if job.state not in UNFINISHED:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post(f"/jobs/{ID}/cancel")
@requires(SIGNED_IN)
def cancel(job_id: int) -> Answer:
    """Stop it before it is done."""
    job = _own(job_id)
    try:
        cancel_job(job, by=current_user, at=now())
    except Refused as refusal:
        _conflict_or(refusal)
    flash(gettext("Stopped. Nothing was kept of it."), "success")
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.post(f"/jobs/{ID}/file")
@requires(SIGNED_IN)
def file(job_id: int) -> Response:
    """The file that it made, to be saved."""
    return sent(_own(job_id))


def sent(job: Job) -> Response:
    """The answer that gives the file of a job out. Raises Refused if it is no longer there."""
    path = store.found(job.path, current_app.config["TRACKER"].data_dir)
    if path is None or has_lapsed(job, now()):
        raise Refused(LOST)
    take_file(job, by=current_user, at=now())
    name = str((job.result or {}).get("filename") or path.name)
    return send_file(path, as_attachment=True, download_name=name, conditional=False, etag=False)


@bp.post(f"/jobs/{ID}/drop")
@requires(SIGNED_IN)
def drop(job_id: int) -> Answer:
    """Delete the file before its time."""
    job = _own(job_id)
    try:
        drop_file(job, data_dir=current_app.config["TRACKER"].data_dir, by=current_user, at=now())
    except Refused as refusal:
        _conflict_or(refusal)
    flash(gettext("The file is deleted."), "success")
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def _conflict_or(refusal: Refused) -> NoReturn:
    if refusal.msgid == CHANGED:
        abort(409)
    raise refusal
