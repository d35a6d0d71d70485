"""The machine, for whoever runs it: no names, no records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import format_timedelta, gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from config import Config
from tracker import security_events as events
from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.accounts import EndSessionsForm
from tracker.models import JobState
from tracker.profiles import profile_here
from tracker.queries.backups import archives_in, last_good, latest_backups
from tracker.queries.system import machine_at
from tracker.queries.users import user_by_login
from tracker.rules.backups import is_late
from tracker.rules.refusal import N_
from tracker.services.sessions import end_sessions as end_sessions_of
from tracker.views.audit_words import ROLES

bp = Blueprint("system", __name__)
JOBS: dict[JobState, str] = {
    JobState.QUEUED: N_("waiting"),
    JobState.RUNNING: N_("being done"),
    JobState.DONE: N_("done"),
    JobState.FAILED: N_("failed"),
    JobState.CANCELLED: N_("stopped"),
}


def _page(form: EndSessionsForm) -> str:
    config = current_app.config["TRACKER"]
    machine = machine_at(
        now(),
        idle=dt.timedelta(minutes=config.idle_minutes),
        longest=dt.timedelta(hours=config.session_hours),
        tries=events.limits()[0],
        rest=events.limits()[1],
    )
    return render_template(
        "system/show.html", machine=machine, jobs=JOBS, form=form, at=now(), tries=events.limits()[0],
        backups=_backups(config), settings=config, profile=profile_here(), roles=ROLES,
    )  # fmt: skip


def _backups(config: Config) -> dict[str, Any]:
    """What came of the last backups, and how they are planned."""
    good, at = last_good(), now()
    return {
        "rows": latest_backups(),
        "good": good,
        "age": format_timedelta(at - good.started_at) if good else None,
        "is_late": is_late(
            good.started_at if good else None, every=dt.timedelta(minutes=config.backup_minutes), at=at
        ),
        "every": config.backup_minutes,
        "keep": config.backup_keep,
        "days": config.backup_days,
        "folder": config.backups_path,
        "key": config.backup_key_path,
        "names": {archive.name for archive in archives_in(config.backups_path)},
    }


@bp.get("/system")
@requires(Permission.SYSTEM_SEE)
def show() -> str:
    """Schema, database, long work, sign-ins, backups: counts only."""
    return _page(EndSessionsForm(formdata=None))


@bp.post("/system/end-sessions")
@requires(Permission.SYSTEM_SEE)
def end() -> Response | tuple[str, int]:
    """Sign one account out in every browser, known by its login."""
    form = EndSessionsForm()
    if not form.validate():
        return _page(form), 422
    user = user_by_login((form.login.data or "").strip())
    if user is None:
        form.login.errors = [*form.login.errors, gettext("There is no such login.")]
        return _page(form), 422
    is_own = user.id == current_user.id
    ended = end_sessions_of(user, by=current_user, at=now())
    flash(gettext("Browsers signed out: %(count)s.", count=ended), "success")
    return redirect(url_for("sessions.sign_in" if is_own else "system.show"), 303)
