"""One's own account: password, second factor, signed-in browsers."""

from __future__ import annotations

import datetime as dt
from typing import cast

import segno
from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from config import Config
from tracker import security_events as events
from tracker.access import SIGNED_IN, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.accounts import PasswordForm, RecoveryForm, SecondFactorForm, TurnOffForm
from tracker.forms.base import ActForm
from tracker.profiles import must_turn_on, profile_here, runs_out
from tracker.queries.factor_resets import last_done, open_reset
from tracker.queries.figures import bureau_name
from tracker.queries.recovery_codes import codes_left
from tracker.queries.users import sessions_of
from tracker.rules.passwords import SHORTEST
from tracker.rules.recovery_codes import FEW
from tracker.rules.refusal import Refused
from tracker.services import accounts, recovery_codes, second_factor
from tracker.services import sessions as services
from tracker.services.records import CHANGED
from tracker.services.sessions import forget_tries
from tracker.services.users import check_choice, check_password, hash_password
from tracker.views.audit_words import ROLES
from tracker.views.frame import home
from tracker.views.sessions import device_cookie, resting

bp = Blueprint("account", __name__)


def _config() -> Config:
    return cast("Config", current_app.config["TRACKER"])


def _limits() -> tuple[dt.timedelta, dt.timedelta]:
    config = _config()
    return dt.timedelta(minutes=config.idle_minutes), dt.timedelta(hours=config.session_hours)


def _key() -> str:
    return _config().secret_key


def _show(form: TurnOffForm) -> str:
    idle, longest = _limits()
    return render_template(
        "account/show.html",
        user=current_user,
        roles=ROLES,
        sessions=sessions_of(current_user, now(), idle, longest),
        idle=idle,
        longest=longest,
        form=form,
        act=ActForm(formdata=None),
        left=codes_left(current_user.id),
        few=FEW,
        reset=open_reset(current_user, now()),
        taken=None if current_user.totp_secret else last_done(current_user),
    )


@bp.get("/account")
@requires(SIGNED_IN)
def show() -> str:
    """Who I am here, what I may do, and where I am signed in."""
    return _show(TurnOffForm(formdata=None))


def _confirmed(field: Field) -> str | None:
    """Compare what was typed with the account's password: its hash if right, else an error at the field.

    Tries count here too: a browser left open is no place to guess at. The database is free meanwhile.
    """
    user_id, password_hash = current_user.id, current_user.password_hash
    keys = events.confirmation_keys_of(user_id)
    if not events.take_try(keys):
        field.errors = [*field.errors, resting()]
        return None
    if not check_password(password_hash, field.data or ""):
        events.note_failed_sign_in(user_id, stage="confirmation")
        field.errors = [*field.errors, gettext("This is not your password.")]
        return None
    events.give_back_tries(keys)
    return str(password_hash)


def _end_others(is_wanted: bool) -> None:
    """After the second step was turned on or off: sign all other browsers out, if that was ticked."""
    if is_wanted:
        device = request.cookies.get(device_cookie())
        services.end_sessions(current_user, by=current_user, at=now(), keep=current_user.token, device=device)


def _put(refusal: Refused, field: Field) -> None:
    """A "no" of the rules beside its field; what somebody else changed meanwhile is a 409."""
    if refusal.msgid == CHANGED:
        abort(409)
    field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]


@bp.route("/account/password", methods=["GET", "POST"])
@requires(SIGNED_IN)
def password() -> Response | str | tuple[str, int]:
    """Choose a new password; at the first sign-in with a slip nothing else can be done."""
    form, is_first = PasswordForm(), current_user.must_change
    if form.validate_on_submit() and (hashes := _new_hashes(form)):
        device = request.cookies.get(device_cookie())
        try:
            accounts.change_password(current_user, *hashes, at=now(), device=device)
        except Refused as refusal:
            _put(refusal, form.password)
        else:
            if is_first:
                flash(gettext("Your password is set. Nobody else knows it."), "success")
                return redirect(home(), 303)
            flash(gettext("Your password is changed. All other browsers are signed out."), "success")
            return redirect(url_for("account.show"), 303)
    page = render_template(
        "account/password.html", form=form, is_first=is_first, least=SHORTEST, profile=profile_here(),
        has_run_out=runs_out(current_user),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


def _new_hashes(form: PasswordForm) -> tuple[str, str] | None:
    """The hash of the password until now and that of the new one; None if one of them cannot be taken."""
    new = form.password.data or ""
    try:
        check_choice(current_user, new, old=form.current.data, profile=profile_here())
    except Refused as refusal:
        _put(refusal, form.password)
        return None
    old_hash = _confirmed(form.current)
    return (old_hash, hash_password(new)) if old_hash else None


@bp.post("/account/sessions/<int(max=9007199254740991):session_id>/end")
@requires(SIGNED_IN)
def end_session(session_id: int) -> Response:
    """Sign one of my browsers out."""
    if not services.end_session(current_user, session_id, at=now()):
        abort(404)
    if session_id == current_user.session_id:
        return redirect(url_for("sessions.sign_in"), 303)
    flash(gettext("That browser is signed out."), "success")
    return redirect(url_for("account.show"), 303)


@bp.route("/account/second-factor", methods=["GET", "POST"])
@requires(SIGNED_IN)
def second() -> Response | str | tuple[str, int]:
    """Turn the second step on: a picture for the device, and a first code from it."""
    if current_user.totp_secret:
        return redirect(url_for("account.show"), 303)
    form = SecondFactorForm()
    if form.validate_on_submit() and _confirmed(form.current):
        try:
            codes = second_factor.turn_on(
                current_user, form.sealed.data or "", form.code.data or "", _key(), at=now()
            )
        except Refused as refusal:
            _put(refusal, form.code)
        else:
            _end_others(form.others.data)
            flash(gettext("The second step is on. From now on each sign-in asks for a code."), "success")
            return _codes_page(codes)
    user_id, login = current_user.id, current_user.login
    secret = second_factor.open_secret(form.sealed.data or "", user_id, _key())
    if secret is None:
        secret = second_factor.new_secret()
        form.sealed.data = second_factor.seal_secret(secret, user_id, _key())
    issuer = bureau_name() or gettext("Campaign tracker")
    picture = segno.make(second_factor.address_for_device(secret, login, issuer), error="m")
    page = render_template(
        "account/second_factor.html",
        form=form,
        must=must_turn_on(current_user),
        picture=picture.svg_data_uri(scale=5, border=2, dark="#211e1b", light="#fff"),
        secret=[secret[start : start + 4] for start in range(0, len(secret), 4)],
    )
    return (page, 422) if form.is_submitted() else page


def _codes_page(codes: list[str]) -> str:
    """The only page that shows recovery codes: a second click leads back to the account."""
    db.session.flush()
    g.lands_on = url_for("account.show")
    return render_template(
        "account/recovery_codes.html", codes=codes, user=current_user, site=request.host_url.removesuffix("/")
    )


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@requires(SIGNED_IN)
def recovery() -> Response | str | tuple[str, int]:
    """Draw new recovery codes, with password and a code; those until now open nothing any more."""
    if not current_user.totp_secret:
        return redirect(url_for("account.show"), 303)
    form, status = RecoveryForm(), 422
    if form.validate_on_submit() and _confirmed(form.current):
        keys = events.code_keys_of(current_user.id, None)
        if not events.take_try(keys):
            form.code.errors, status = [*form.code.errors, resting()], 429
        elif second_factor.use_code(current_user, form.code.data or "", _config().keys, at=now()):
            forget_tries(keys)
            return _codes_page(recovery_codes.draw_codes(current_user, _key(), at=now()))
        else:
            events.note_failed_sign_in(current_user.id, stage="code")
            form.code.errors = [*form.code.errors, gettext(second_factor.WRONG)]
    page = render_template("account/new_codes.html", form=form, left=codes_left(current_user.id))
    return (page, status) if form.is_submitted() else page


@bp.post("/account/second-factor/off")
@requires(SIGNED_IN)
def drop_second() -> Response | tuple[str, int]:
    """Turn the second step off; the password says that it is really me."""
    form = TurnOffForm()
    if form.validate() and _confirmed(form.current):
        try:
            second_factor.turn_off(current_user, by=current_user, at=now())
        except Refused as refusal:
            _put(refusal, form.current)
        else:
            _end_others(form.others.data)
            flash(gettext("The second step is off."), "success")
            return redirect(url_for("account.show"), 303)
    return _show(form), 422
