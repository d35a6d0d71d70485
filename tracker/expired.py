"""A session that has expired: what was sent to a view that keeps drafts goes along through the sign-in."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import validate_csrf  # type: ignore[attr-defined]  # left out of its types
from wtforms import ValidationError

from tracker.errors import LONGEST_KEPT
from tracker.forms.sessions import SignInForm


def ask_to_sign_in() -> Any:
    """Send to the sign-in. What was sent to a view that keeps drafts goes along, so that no word is lost."""
    if request.method == "GET":
        return redirect(url_for("sessions.sign_in", next=request.full_path))
    kept = _kept()
    if kept is None:
        return redirect(url_for("sessions.sign_in"))
    form = SignInForm(formdata=None)
    form.kept.data, form.next.data = kept, request.full_path
    return render_template("sessions/sign_in.html", form=form)


def _kept() -> str | None:
    """What the request's form holds, as JSON {"endpoint", "fields"}; None where nothing is to be kept.

    Only from a form of ours: its token must still fit the cookie, which outlives the session.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "keeps_drafts", False):
        return None
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return None
    fields = {**request.args.to_dict(), **request.form.to_dict()}
    for name in ("csrf_token", "submission_key"):
        fields.pop(name, None)
    kept = json.dumps({"endpoint": request.endpoint, "fields": fields}, ensure_ascii=False)
    return kept if len(kept) <= LONGEST_KEPT else None
