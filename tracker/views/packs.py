"""Summary packs (汇总包): asked for, being made, taken away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug import Response as Answer

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.filters import day as day_in_table
from tracker.filters import file_size
from tracker.forms.base import ActForm
from tracker.forms.packs import PackForm
from tracker.forms.records import read_page
from tracker.models import Job
from tracker.queries.job_access import UNFINISHED
from tracker.queries.pack_access import TASK, pack_for, packs_page
from tracker.rules.refusal import N_, Refused
from tracker.services.job_files import expires_at
from tracker.services.jobs import queue_task
from tracker.views import job_words
from tracker.views.asof import AsOf, as_of
from tracker.views.job_words import TaskWords
from tracker.views.jobs import sent

bp = Blueprint("packs", __name__)
PARTS: dict[str, str] = {
    "charts": N_("numbers of charts"),
    "ledger": N_("ledger"),
    "bulletins": N_("bulletins"),
}


def said(job: Job) -> list[tuple[str, str]]:
    """What came of it, as pairs of label and value."""
    found: dict[str, Any] = job.result or {}
    day = dt.date.fromisoformat(job.arguments["day"])
    pairs = [(gettext("As of"), day_in_table(day)), (gettext("What is in it"), parts_words(job))]
    if "bytes" in found:
        pairs.append((gettext("Size"), file_size(found["bytes"])))
        pairs.append((gettext("Files in it"), str(found["files"])))
        pairs.append((gettext("Rows of the ledger"), str(found["rows"])))
        pairs.append((gettext("Digest of the figures"), found["digest"]))
    return pairs


def parts_words(job: Job) -> str:
    """What a pack holds beside the workbook."""
    parts = [gettext(PARTS[part]) for part in job.arguments.get("parts", []) if part in PARTS]
    return gettext(", ").join([gettext("summary workbook"), *parts])


job_words.TASKS[TASK] = TaskWords(
    N_("Summary pack"), Permission.PACK_MAKE, ("packs.index", N_("Summary packs")), said=said
)


@bp.get("/packs")
@requires(Permission.PACK_SEE)
def index() -> str:
    """Ask for a pack; those that there are."""
    asof = as_of()
    return _index(asof, PackForm(formdata=None, day=asof.day.isoformat() if asof else None))


def _index(asof: AsOf | None, form: PackForm) -> str:
    page = packs_page(asof.campaign, read_page(request.args.get("page"))) if asof else None
    return render_template(
        "packs/index.html", asof=asof, form=form, act_form=ActForm(formdata=None), page=page,
        unfinished=UNFINISHED, expires_at=expires_at, parts_words=parts_words, words=job_words,
        page_address=lambda number: url_for("packs.index", page=number),
    )  # fmt: skip


@bp.post("/packs")
@requires(Permission.PACK_MAKE)
def make() -> Answer | tuple[str, int]:
    """Have one made. The same asked for twice is made once."""
    asof = as_of() or abort(404)
    form = PackForm()
    if not form.validate():
        return _index(asof, form), 422
    try:
        day = dt.date.fromisoformat(form.day.data or "")
    except ValueError:
        day = None
    if day is None or not asof.spec.starts_on <= day <= asof.latest:
        form.day.errors = [
            gettext(
                "Choose a day from %(first)s to %(last)s.",
                first=day_in_table(asof.spec.starts_on),
                last=day_in_table(asof.latest),
            )
        ]
        return _index(asof, form), 422
    asked = {"day": day.isoformat(), "parts": form.parts()}
    try:
        job = queue_task(TASK, asked, campaign=asof.campaign, by=current_user, at=now(), is_reading=True)
    except Refused as refusal:
        form.day.errors = [gettext(refusal.msgid, **refusal.params)]
        return _index(asof, form), 422
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.post("/packs/<int(max=9007199254740991):job_id>/file")
@requires(Permission.PACK_SEE)
def file(job_id: int) -> Response:
    """A pack, to be saved; who took it away is noted."""
    return sent(pack_for(current_user, job_id) or abort(404))
