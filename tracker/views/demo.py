"""The demo bureau, for whoever runs the machine: load it into an empty installation, remove it again."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.base import ActForm
from tracker.forms.demo import SAID, RemoveForm
from tracker.queries import demo as queries
from tracker.rules.refusal import N_, Refused
from tracker.services.deletions import delete_once_committed
from tracker.services.demo import NOT_EMPTY, remove_demo
from tracker.services.jobs import queue_task
from tracker.views.job_words import TASKS, TaskWords
from tracker.worker.demo import DAY, PASSWORDS, demo_accounts

bp = Blueprint("demo", __name__)
TASK = "load_demo"
NOUNS: dict[str, str] = {
    "members": N_("Members"),
    "records": N_("Records"),
    "imports": N_("Imports"),
    "bulletins": N_("Bulletins"),
    "accounts": N_("Accounts"),
    "campaigns": N_("Other campaigns"),
}
TASKS[TASK] = TaskWords(
    label=N_("Loading the demo bureau"),
    permission=Permission.SYSTEM_SEE,
    back=("demo.show", N_("Demo bureau")),
    link=lambda job: (url_for("demo.show"), gettext("Accounts of the demo")) if job.finished_at else None,
)


@bp.get("/demo")
@requires(Permission.SYSTEM_SEE)
def show() -> str:
    """Whether it is loaded, with which accounts; or that it can be, or why not."""
    return _page(RemoveForm(formdata=None))


def _page(form: RemoveForm) -> str:
    campaign = queries.demo_campaign()
    return render_template(
        "demo/show.html",
        campaign=campaign,
        is_empty=queries.is_empty(),
        held=queries.held_by_demo() if campaign else {},
        in_the_way=queries.in_the_way(campaign) if campaign else {},
        accounts=demo_accounts(current_app.config["TRACKER"].data_dir) if campaign else [],
        nouns=NOUNS,
        day=DAY,
        said=SAID,
        form=form,
        act_form=ActForm(formdata=None),
    )


@bp.post("/demo/load")
@requires(Permission.SYSTEM_SEE)
def load() -> Response:
    """Have it loaded as long work; its page says when it is there."""
    if not queries.is_empty():
        raise Refused(NOT_EMPTY)
    job = queue_task(TASK, {}, campaign=None, by=current_user, at=now())
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.post("/demo/remove")
@requires(Permission.SYSTEM_SEE)
def remove() -> Response | tuple[str, int]:
    """Remove it, once the words were typed."""
    form = RemoveForm()
    if not form.validate():
        return _page(form), 422
    data_dir = current_app.config["TRACKER"].data_dir
    try:
        remove_demo(data_dir=data_dir, by=current_user, at=now())
    except Refused as refusal:
        form.said.errors = [gettext(refusal.msgid, **refusal.params)]
        return _page(form), 422
    delete_once_committed(data_dir / PASSWORDS)
    flash(gettext("The demo bureau is removed. The tracker is empty again."), "success")
    return redirect(url_for("start.show"), 303)
