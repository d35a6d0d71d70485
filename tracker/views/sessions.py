"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.access import PUBLIC, SIGNED_IN, requires
from tracker.clock import now
from tracker.forms.sessions import SignInForm
from tracker.language import LANGUAGES
from tracker.rules.addresses import local_address
from tracker.security_events import LOCKED_FOR, TRIES, note_failed_sign_in
from tracker.services.users import compare_password, sign_in_user, sign_out_user

bp = Blueprint("sessions", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC)
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for login and password; a wrong one is told in one sentence, whatever was wrong."""
    target = local_address(request.values.get("next")) or url_for("bureau.show")
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = SignInForm()
    if form.validate_on_submit():
        if _let_in(form):
            return redirect(target, 303)
        refused = gettext(
            "Login or password is wrong. "
            "After %(tries)d wrong passwords an account rests for %(minutes)d minutes.",
            tries=TRIES,
            minutes=LOCKED_FOR.seconds // 60,
        )
        form.form_errors.append(refused)
    form.next.data = target
    page = render_template("sessions/sign_in.html", form=form)
    return (page, 422) if form.is_submitted() else page


def _let_in(form: SignInForm) -> bool:
    """Try what was typed. A session of before, with whatever somebody else laid into it, is thrown away."""
    attempt = compare_password(form.login.data or "", form.password.data or "", now())
    user = sign_in_user(attempt, at=now()) if attempt.is_right else None
    if user is None:
        note_failed_sign_in(attempt.user_id)
        return False
    _forget_session()
    login_user(user)
    return True


def _forget_session() -> None:
    language = session.get("language")
    session.clear()
    if language in LANGUAGES:
        session["language"] = language


@bp.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Response:
    """End all sessions of the account."""
    sign_out_user(current_user, at=now())
    logout_user()
    _forget_session()
    return redirect(url_for("sessions.sign_in"), 303)


@bp.post("/language")
@requires(PUBLIC)
def language() -> Response:
    """Keep the language that the reader chose, and go back to the page."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(local_address(request.form.get("next")) or url_for("bureau.show"), 303)
