"""For somebody who has lost device and recovery codes: one of the office asks, another one confirms."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.accounts import GrantForm
from tracker.forms.factor_resets import ResetForm
from tracker.models import FactorReset
from tracker.queries.access import account_for
from tracker.queries.factor_resets import reset_for
from tracker.rules.refusal import Refused
from tracker.services import factor_resets as services
from tracker.services.records import CHANGED
from tracker.views.accounts import account_page

bp = Blueprint("factor_resets", __name__)
ID = "<int(max=9007199254740991):reset_id>"


@bp.post("/accounts/<int(max=9007199254740991):user_id>/second-factor/reset")
@requires(Permission.GRANT_WRITE)
def ask(user_id: int) -> Response | tuple[str, int]:
    """Ask that somebody's second step be taken away."""
    user = account_for(current_user, user_id) or abort(404)
    form = ResetForm()
    if form.validate():
        try:
            services.ask_reset(user, form.reason.data or "", by=current_user, at=now())
        except Refused as refusal:
            form.reason.errors = [*form.reason.errors, gettext(refusal.msgid, **refusal.params)]
        else:
            flash(gettext("Asked for. Somebody else of the office must confirm it on this page."), "success")
            return redirect(url_for("accounts.show", user_id=user_id), 303)
    return account_page(user, GrantForm(formdata=None), form), 422


def _asked(reset_id: int) -> FactorReset:
    return reset_for(current_user, reset_id) or abort(404)


@bp.post(f"/factor-resets/{ID}/confirm")
@requires(Permission.GRANT_WRITE)
def confirm(reset_id: int) -> Response:
    """The second person: take the second step away."""
    reset = _asked(reset_id)
    user_id = reset.user_id
    try:
        services.confirm_reset(reset, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    flash(gettext("The second step is off for this account, and it is signed out everywhere."), "success")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@bp.post(f"/factor-resets/{ID}/withdraw")
@requires(Permission.GRANT_WRITE)
def withdraw(reset_id: int) -> Response:
    """Let a request be none."""
    reset = _asked(reset_id)
    user_id = reset.user_id
    try:
        services.withdraw_reset(reset, by=current_user, at=now())
    except Refused:
        abort(409)
    flash(gettext("Withdrawn: the second step stays as it is."), "success")
    return redirect(url_for("accounts.show", user_id=user_id), 303)
