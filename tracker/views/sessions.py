"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker import security_events as events
from tracker.access import PUBLIC, SIGNED_IN, requires
from tracker.clock import now, today
from tracker.forms.sessions import SignInForm
from tracker.language import LANGUAGES
from tracker.rules.addresses import local_address
from tracker.rules.browsers import browser_words
from tracker.services import sessions as services

bp = Blueprint("sessions", __name__)
YEAR = 365 * 24 * 3600


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
    form, status = SignInForm(), 422
    if form.validate_on_submit():
        answer = _try(form, target)
        if not isinstance(answer, int):
            return answer
        status = answer
    form.next.data = target
    page = render_template("sessions/sign_in.html", form=form)
    return (page, status) if form.is_submitted() else page


def _try(form: SignInForm, target: str) -> Response | int:
    """Try what was typed: an answer that lets in, or the status with which the form is shown again."""
    login, device = form.login.data or "", request.cookies.get(device_cookie(), "")
    account = services.find_account(login, form.branch.data or "", device, at=now(), today=today())
    keys = events.keys_of(account.user_id, account.device_id, login)
    if not events.take_try(keys):
        events.note_failed_sign_in(account.user_id, stage="resting")
        form.form_errors.append(
            gettext(
                "There were too many wrong tries. Try again in an hour, or ask your secretary for a new slip."
            )
        )
        return 429
    is_right, rehashed = services.password_fits(account, form.password.data or "")
    if is_right and account.user_id is not None:
        events.give_back_tries(keys)
        opened = services.sign_in_user(
            account.user_id,
            rehashed=rehashed,
            browser=browser_words(request.user_agent.string),
            device_token=device,
            at=now(),
        )
        if opened is not None:
            return let_in(opened, target)
    events.note_failed_sign_in(account.user_id)
    form.form_errors.append(
        gettext(
            "Number, name or password is wrong. After %(tries)d wrong passwords an account rests an hour.",
            tries=events.TRIES,
        )
    )
    return 422


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
