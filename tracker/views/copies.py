"""Copies of what is kept about one person: one's own, and those that the office has made for somebody."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug import Response as Answer

from tracker.access import SIGNED_IN, Permission, requires
from tracker.clock import now
from tracker.files.personal_catalogue import catalogue
from tracker.filters import file_size
from tracker.forms.base import ActForm
from tracker.forms.copies import CopyForm
from tracker.models import Job, Member
from tracker.queries.access import roster_member_for
from tracker.queries.job_access import UNFINISHED, last_jobs
from tracker.rules.copies import ASKED
from tracker.rules.refusal import N_, Refused
from tracker.services.copies import ask_copy_for, ask_own_copy, is_erased
from tracker.services.job_files import COPIES_KEPT_FOR, OTHERS_COPY, OWN_COPY, expires_at
from tracker.views import job_words
from tracker.views.audit_acts import ACTS
from tracker.views.job_words import TaskWords
from tracker.worker import copy_book

bp = Blueprint("copies", __name__)
MEMBER = "/members/<int(max=9007199254740991):member_id>/copy"
LABEL = N_("Copy of what is kept about me")


def _said(job: Job) -> list[tuple[str, str]]:
    """What came of it: of whom it is where it is somebody else's, how much is in it."""
    found = job.result or {}
    pairs = []
    if member := _member_of(job):
        asked = ASKED[job.arguments["why"]]
        pairs.append((gettext("Of whom"), f"{member.name} · {member.number}"))
        pairs.append((gettext("How they asked"), gettext(asked)))
    if "bytes" in found:
        pairs.append((gettext("Size"), file_size(found["bytes"])))
        pairs.append((gettext("Rows in it"), str(found["rows"])))
        pairs.append((gettext("Files of theirs") if member else gettext("My files"), str(found["files"])))
    return pairs


def _member_of(job: Job) -> Member | None:
    return roster_member_for(current_user, job.arguments["member_id"]) if job.task == OTHERS_COPY else None


copy_book.ACTS.update({name: act.words for name, act in ACTS.items()})
job_words.TASKS[OWN_COPY] = TaskWords(
    LABEL, SIGNED_IN, ("account.show", N_("My account")), N_("%(done)s of %(total)s parts"), _said
)
job_words.TASKS[OTHERS_COPY] = TaskWords(
    N_("Copy of what is kept about a member"), Permission.COPY_MAKE, ("members.index", N_("Members")),
    N_("%(done)s of %(total)s parts"), _said,
)  # fmt: skip


def _page(member: Member | None, form: ActForm | CopyForm) -> str:
    """What goes along, the button, those made before. member: None for one's own."""
    task, asked = (OWN_COPY, {}) if member is None else (OTHERS_COPY, {"member_id": member.id})
    return render_template(
        "copies/show.html",
        member=member,
        form=form,
        erased=member is not None and is_erased(member, current_app.config["TRACKER"].keys),
        jobs=last_jobs(current_user, task, asked),
        unfinished=UNFINISHED,
        expires_at=expires_at,
        days=COPIES_KEPT_FOR.days,
        words=job_words,
        own_only=[one.title for one in catalogue().copies.values() if one.is_own],
    )


@bp.get("/account/copy")
@requires(SIGNED_IN)
def own() -> str:
    """A copy of everything about me: what it is, and those made before."""
    return _page(None, ActForm(formdata=None))


@bp.post("/account/copy")
@requires(SIGNED_IN)
def make_own() -> Answer | tuple[str, int]:
    """Have everything about me copied: JSON, a workbook, my files."""
    form = ActForm()
    if not form.validate():
        return _page(None, form), 422
    return redirect(url_for("jobs.show", job_id=ask_own_copy(current_user, now()).id), 303)


@bp.get(MEMBER)
@requires(Permission.COPY_MAKE)
def for_member(member_id: int) -> str:
    """A copy of everything about somebody who asked the office for it."""
    return _page(roster_member_for(current_user, member_id) or abort(404), CopyForm(formdata=None))


@bp.post(MEMBER)
@requires(Permission.COPY_MAKE)
def make_for(member_id: int) -> Answer | tuple[str, int]:
    """Have everything about them copied, with how they asked for it."""
    member, form = roster_member_for(current_user, member_id) or abort(404), CopyForm()
    if not form.validate():
        return _page(member, form), 422
    keys = current_app.config["TRACKER"].keys
    try:
        job = ask_copy_for(member, form.why.data or "", by=current_user, at=now(), keys=keys)
    except Refused as refusal:
        form.why.errors = [*form.why.errors, gettext(refusal.msgid, **refusal.params)]
        return _page(member, form), 422
    return redirect(url_for("jobs.show", job_id=job.id), 303)
