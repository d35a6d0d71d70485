"""Signing in and out, and the language of the pages."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker import security_events as events
from tracker.access import PUBLIC, SIGNED_IN, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.sessions import CodeForm, SignInForm
from tracker.language import LANGUAGES
from tracker.models import User
from tracker.queries.recovery_codes import codes_left
from tracker.queries.start import has_accounts
from tracker.rules.addresses import local_address
from tracker.rules.browsers import browser_words
from tracker.rules.refusal import N_
from tracker.rules.tokens import digest_of
from tracker.services import recovery_codes, second_factor
from tracker.services import sessions as services
from tracker.services.factor_resets import note_told
from tracker.views.drafts import keep_after_sign_in

bp = Blueprint("sessions", __name__)
YEAR = 365 * 24 * 3600
PENDING, PENDING_FOR = "second_step", dt.timedelta(minutes=5)
RESTING = N_(
    "There were too many wrong tries. Try again in %(minutes)d minutes, or ask your secretary for a new slip."
)
WRONG = N_(
    "Number, name or password is wrong. After %(tries)d wrong passwords an account rests %(minutes)d minutes."
)
WRONG_RECOVERY = N_("This recovery code is not right, or it was used already. Each one works once.")
USED_RECOVERY = N_(
    "You used a recovery code; %(left)d are left. If the device is lost for good, turn the second step off "
    "under “My account” and on again with the new device."
)
TAKEN_AWAY = N_(
    "The party office took the second step of your account away, because your device was said to be lost. "
    "If you did not ask for it, change your password now and tell the party office. “My account” says who "
    "did it."
)


def resting() -> str:
    """What is said to whoever has no try left."""
    return gettext(RESTING, minutes=events.limits()[1].total_seconds() // 60)


def _wrong() -> str:
    tries, rest = events.limits()
    return gettext(WRONG, tries=tries, minutes=rest.total_seconds() // 60)


def device_cookie() -> str:
    """The name of the cookie by which a browser is known again."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC)
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for number (or name and branch) and password; what was wrong is never told apart."""
    target = local_address(request.values.get("next")) or url_for("bureau.show")
    if current_user.is_authenticated:
        return redirect(target, 303)
    if request.method == "GET" and not has_accounts():
        return render_template("start/nobody.html")
    form, status = SignInForm(), 422
    if form.validate_on_submit():
        answer = _try_password(form, target)
        if not isinstance(answer, int):
            return answer
        status = answer
    form.next.data = target
    page = render_template("sessions/sign_in.html", form=form)
    return (page, status) if form.is_submitted() else page


def _try_password(form: SignInForm, target: str) -> Response | str | int:
    """Try what was typed: an answer that lets in or asks for a code, or the status of the form again."""
    login, device = form.login.data or "", request.cookies.get(device_cookie(), "")
    account = services.find_account(login, form.branch.data or "", device, at=now(), today=today())
    keys = events.keys_of(account.user_id, account.device_id, login)
    if not events.take_try(keys):
        events.note_failed_sign_in(account.user_id, stage="resting")
        form.form_errors.append(resting())
        return 429
    is_right, rehashed = services.password_fits(account, form.password.data or "")
    if not is_right or account.user_id is None:
        events.note_failed_sign_in(account.user_id)
        form.form_errors.append(_wrong())
        return 422
    events.give_back_tries(keys)
    if account.asks_code:
        if rehashed:
            services.renew_hash(account, rehashed)
        return _ask_code(account.user_id, rehashed or account.password_hash or "", target, form.kept.data)
    answer = _open(account.user_id, rehashed, target, form.kept.data)
    if answer is None:
        form.form_errors.append(_wrong())
        return 422
    return answer


def _ask_code(user_id: int, password_hash: str, target: str, kept: str | None) -> str:
    """The form of the second step. Until its code is right nobody is signed in: the cookie only says whose
    password was right, with which password, and when."""
    session[PENDING] = {"user": user_id, "at": now().timestamp(), "of": digest_of(password_hash)}
    form = CodeForm(formdata=None)
    form.next.data, form.kept.data = target, kept
    return render_template("sessions/code.html", form=form)


def _pending() -> User | None:
    """Whose second step this browser stands before; None if there is none, or it waited too long."""
    pending = session.get(PENDING)
    if not isinstance(pending, dict) or now().timestamp() - pending["at"] > PENDING_FOR.total_seconds():
        return None
    user = db.session.get(User, pending["user"])
    is_same = user is not None and digest_of(user.password_hash) == pending["of"]
    return user if user and is_same and user.is_active and user.totp_secret else None


@bp.route("/sign-in/code", methods=["GET", "POST"])
@requires(PUBLIC)
def code() -> Response | str | tuple[str, int]:
    """The second step: six digits from the owner's device, or a recovery code."""
    target = local_address(request.values.get("next")) or url_for("bureau.show")
    if current_user.is_authenticated:
        return redirect(target, 303)
    user, form, status = _pending(), CodeForm(), 422
    if user is None:
        session.pop(PENDING, None)
        flash(gettext("That took too long. Sign in again."), "warning")
        if form.is_submitted() and form.kept.data:  # what somebody wrote goes along
            again = SignInForm(formdata=None)
            again.next.data, again.kept.data = target, form.kept.data
            return render_template("sessions/sign_in.html", form=again), 422
        return redirect(url_for("sessions.sign_in", next=local_address(request.values.get("next"))), 303)
    if form.validate_on_submit():
        answer = _try_code(user, form, target)
        if not isinstance(answer, int):
            return answer
        status = answer
    form.next.data = target
    page = render_template("sessions/code.html", form=form)
    return (page, status) if form.is_submitted() else page


def _try_code(user: User, form: CodeForm, target: str) -> Response | int:
    """Try a code: an answer that lets in, or the status with which the form is shown again."""
    user_id = user.id
    account = services.account_of(user, request.cookies.get(device_cookie(), ""))
    keys = events.code_keys_of(user_id, account.device_id)
    if not events.take_try(keys):
        events.note_failed_sign_in(user_id, stage="code resting")
        form.form_errors.append(resting())
        return 429
    secrets, recovery = current_app.config["TRACKER"].keys, (form.recovery.data or "").strip()
    user = db.session.get_one(User, user_id)
    if recovery:
        field, wrong = form.recovery, WRONG_RECOVERY
        is_right = recovery_codes.use_recovery_code(user, recovery, secrets, at=now())
    else:
        field, wrong = form.code, second_factor.WRONG
        is_right = second_factor.use_code(user, form.code.data or "", secrets, at=now())
    if is_right:
        services.forget_tries(keys)
        answer = _open(user_id, None, target, form.kept.data)
        if answer is not None:
            if recovery:
                flash(gettext(USED_RECOVERY, left=codes_left(user_id)), "warning")
            return answer
    events.note_failed_sign_in(user_id, stage="code")
    field.errors = [*field.errors, gettext(wrong)]
    return 422


def _open(user_id: int, rehashed: str | None, target: str, kept: str | None) -> Response | None:
    """Open a session: the answer that lets in, to where somebody was going or to what they were writing.

    None if the account was disabled meanwhile.
    """
    at = now()
    opened = services.sign_in_user(
        user_id,
        rehashed=rehashed,
        browser=browser_words(request.user_agent.string),
        device_token=request.cookies.get(device_cookie(), ""),
        at=at,
    )
    if opened is None:
        return None
    if kept:  # `next` is then the address of a form, which cannot be opened
        target = keep_after_sign_in(opened.user, kept, at) or url_for("bureau.show")
    is_told = note_told(opened.user, at=at)
    response = let_in(opened, target)
    if is_told:  # after `let_in`, which empties the cookie
        flash(gettext(TAKEN_AWAY), "warning")
    return response


def let_in(opened: services.Opened, target: str) -> Response:
    """Answer with the cookies of a new session. What somebody laid into the old one is thrown away."""
    forget_session()
    login_user(opened.user)
    response = redirect(target, 303)
    response.set_cookie(
        device_cookie(),
        opened.device_token,
        max_age=YEAR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_session() -> None:
    """Empty the cookie but for the language that was chosen."""
    language = session.get("language")
    session.clear()
    if language in LANGUAGES:
        session["language"] = language


@bp.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Response:
    """End this session; with `everywhere`, all of them."""
    if request.form.get("everywhere"):
        services.end_sessions(current_user, by=current_user, at=now())
    else:
        services.sign_out_user(current_user, at=now())
    logout_user()
    forget_session()
    response = redirect(url_for("sessions.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/language")
@requires(PUBLIC)
def language() -> Response:
    """Keep the language that the reader chose, and go back to the page."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(local_address(request.form.get("next")) or url_for("bureau.show"), 303)
