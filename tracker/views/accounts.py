"""Accounts of members, and slips with first passwords; accounts of everybody, for the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.accounts import AccountForm, GrantForm
from tracker.forms.base import ActForm
from tracker.forms.factor_resets import ResetForm
from tracker.forms.records import read_id, read_page, read_text
from tracker.models import Role, User
from tracker.queries import accounts as queries
from tracker.queries.access import account_for, branch_for, kept_member_for
from tracker.queries.accounts import AccountFilter, State
from tracker.queries.factor_resets import has_confirmer, open_reset, open_resets
from tracker.queries.holders import grants_page
from tracker.queries.units import branches_within
from tracker.rules.factor_resets import LASTS
from tracker.rules.refusal import N_, Refused
from tracker.security_events import keys_of
from tracker.services import accounts as services
from tracker.services.records import CHANGED
from tracker.services.sessions import end_sessions as end_sessions_of
from tracker.services.sessions import forget_tries
from tracker.services.users import add_user
from tracker.views.audit_words import ROLES
from tracker.views.grant_choices import offer_roles, unit_chosen

bp = Blueprint("accounts", __name__)
ID = "<int(max=9007199254740991):user_id>"
STATES: dict[State, tuple[str, str, str]] = {
    State.NONE: (N_("No account"), "mute", "minus"),
    State.SLIP: (N_("Slip given out"), "warn", "history"),
    State.SLIP_OVER: (N_("Slip has run out"), "warn", "alert-triangle"),
    State.IN_USE: (N_("In use"), "ok", "circle-check"),
    State.DISABLED: (N_("Disabled"), "mute", "ban"),
}


def _read_filter() -> AccountFilter:
    args = request.args
    branch_id = read_id(args.get("branch"))
    if branch_id and branch_for(current_user, branch_id) is None:
        abort(404)
    return AccountFilter(
        branch_id, read_text(args.get("q")), args.get("open") == "1", read_page(args.get("page"))
    )


def _index(chosen: AccountFilter, refusal: Refused | None = None) -> str:
    branches = branches_within(current_user)
    branch_id = chosen.branch_id or (branches[0].id if len(branches) == 1 else None)
    args: dict[str, Any] = {
        "branch": chosen.branch_id, "q": chosen.text or None, "open": "1" if chosen.is_open else None
    }  # fmt: skip
    return render_template(
        "accounts/index.html",
        chosen=chosen,
        page=queries.accounts_page(current_user, chosen, at=now(), day=today()),
        branches=branches,
        branch=branch_for(current_user, branch_id) if branch_id else None,
        open_count=queries.open_count(current_user, branch_id, today()) if branch_id else 0,
        states=STATES,
        form=ActForm(formdata=None),
        refusal=refusal,
        days=services.VALID_FOR.days,
        page_address=lambda number: url_for("accounts.index", **args, page=number),
        address=lambda **changes: url_for("accounts.index", **{**args, **changes}),
    )


@bp.get("/accounts")
@requires(Permission.ACCOUNT_ISSUE)
def index() -> str:
    """The members whom the reader keeps, and the state of their accounts."""
    return _index(_read_filter())


@bp.post("/accounts/slips")
@requires(Permission.ACCOUNT_ISSUE)
def issue() -> Response | str | tuple[str, int]:
    """Draw first passwords: for those who were ticked, for one, or for a whole branch. Shown once."""
    chosen, branch_id = _people_asked()
    day = today()

    def people() -> list[Any]:
        return queries.people_to_issue(current_user, day=day, member_ids=chosen, branch_id=branch_id)

    db.session.rollback()  # nobody need wait for the lock while the passwords are hashed
    db.session.connection(execution_options={"read_only": True})
    count = len(people())
    db.session.rollback()
    drawn = services.draw(min(count, services.MOST_SLIPS))
    found = people()
    if any(not queries.is_issuable(current_user, user) for _, _, user in found):
        abort(404)  # an account with other roles, or one's own: the page offers neither
    try:
        slips = services.issue_slips(found, drawn, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        db.session.rollback()
        return _index(AccountFilter(branch_id), refusal), 422
    return slips_page(slips, url_for("accounts.index", branch=request.form.get("branch") or None))


def _people_asked() -> tuple[list[int] | None, int | None]:
    """The members named in the form, or the branch all of which is meant. Out of reach is a 404."""
    form = request.form
    branch_id = read_id(form.get("branch"))
    if branch_id is not None:
        branch_for(current_user, branch_id) or abort(404)
    if form.get("all"):
        return None, branch_id or abort(404)
    named = [form["only"]] if form.get("only") else form.getlist("member")
    ids = {id_ for text in named if (id_ := read_id(text))}
    if not all(kept_member_for(current_user, id_, today()) for id_ in ids):
        abort(404)
    return sorted(ids), branch_id


def slips_page(slips: list[services.Slip], back: str) -> str:
    """The page of slips, the only one that shows the passwords: a second click leads back to the list."""
    for slip in slips:  # whoever was shut out by wrong tries can come in with the slip
        typed = {slip.user.login, slip.user.name}
        forget_tries([key for text in typed for key in keys_of(slip.user.id, None, text)[1:]])
    db.session.flush()
    g.lands_on = back
    return render_template(
        "accounts/slips.html",
        slips=slips,
        back=back,
        site=request.host_url.removesuffix("/"),
        days=services.VALID_FOR.days,
    )


@bp.get("/accounts/staff")
@requires(Permission.GRANT_WRITE)
def staff() -> str:
    """Who holds another role than a member's own, by unit; and the accounts of nobody on the roster."""
    return render_template(
        "accounts/staff.html",
        page=grants_page(read_page(request.args.get("page"))),
        others=queries.accounts_without_member(),
        resets=open_resets(now()),
        lasts=LASTS,
        roles=ROLES,
        states=STATES,
        state_of=lambda user: queries.state_of(user, now()),
        page_address=lambda number: url_for("accounts.staff", page=number),
    )


@bp.get("/accounts/new")
@requires(Permission.GRANT_WRITE)
def new() -> str:
    """An account for somebody who is on no roster, or for a member with another role at once."""
    return _new(AccountForm(formdata=None))


def _new(form: AccountForm) -> str:
    offer_roles(form)
    return render_template("accounts/new.html", form=form)


@bp.post("/accounts")
@requires(Permission.GRANT_WRITE)
def add() -> Response | str | tuple[str, int]:
    """Open an account with one role, and print its slip."""
    form = AccountForm()
    offer_roles(form)
    if not form.validate():
        return _new(form), 422
    unit = unit_chosen(form)
    number = (form.member.data or "").strip()
    member = queries.present_member_by_number(number, today()) if number else None
    if number and member is None:
        form.member.errors = [*form.member.errors, gettext("Nobody on today's roster has this number.")]
        return _new(form), 422
    (drawn,), at = services.draw(1), now()
    try:
        user = add_user(
            form.login.data or "", form.name.data or "", Role(form.role.data), unit, drawn.password_hash,
            by=current_user, at=at, member=member, slip_until=at + services.VALID_FOR,
        )  # fmt: skip
    except Refused as refusal:
        field = form[refusal.field or "login"]
        field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]
        return _new(form), 422
    slip = services.Slip(user, unit, drawn.password, at + services.VALID_FOR)
    return slips_page([slip], url_for("accounts.show", user_id=user.id))


def account_page(user: User, form: GrantForm, reset_form: ResetForm | None = None) -> str:
    """The page of one account, with the forms that give it a role and ask to take its second step away."""
    offer_roles(form)
    at = now()
    return render_template(
        "accounts/show.html",
        user=user,
        state=queries.state_of(user, at),
        states=STATES,
        roles=ROLES,
        form=form,
        reset=open_reset(user, at),
        reset_form=reset_form or ResetForm(formdata=None),
        has_confirmer=has_confirmer(user, current_user),
        lasts=LASTS,
        act=ActForm(formdata=None),
        is_issuable=queries.is_issuable(current_user, user),
        days=services.VALID_FOR.days,
        may_write=may(Permission.GRANT_WRITE),
    )


@bp.get(f"/accounts/{ID}")
@requires(Permission.GRANT_WRITE)
def show(user_id: int) -> str:
    """One account: whose it is, its state, its roles. Not when it was last used."""
    return account_page(account_for(current_user, user_id) or abort(404), GrantForm(formdata=None))


@bp.post(f"/accounts/{ID}/slip")
@requires(Permission.GRANT_WRITE)
def slip(user_id: int) -> str:
    """A new first password for one account, on the roster or not."""
    user = account_for(current_user, user_id) or abort(404)
    if not queries.is_issuable(current_user, user):
        abort(404)
    (drawn,) = services.draw(1)
    try:
        issued = services.renew_slip(user, drawn, by=current_user, at=now())
    except Refused as refusal:
        _changed(refusal)
    return slips_page([issued], url_for("accounts.show", user_id=user_id))


def _changed(refusal: Refused) -> None:
    """What somebody else changed meanwhile is a 409; the other sentences are a page of their own."""
    if refusal.msgid == CHANGED:
        abort(409)
    raise refusal


def _back(user_id: int, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@bp.post(f"/accounts/{ID}/disable")
@requires(Permission.GRANT_WRITE)
def disable(user_id: int) -> Response:
    """Shut an account and sign it out everywhere."""
    user = account_for(current_user, user_id) or abort(404)
    try:
        services.disable_user(user, by=current_user, at=now())
    except Refused as refusal:
        _changed(refusal)
    return _back(user_id, gettext("The account is disabled; nobody is signed in with it any more."))


@bp.post(f"/accounts/{ID}/enable")
@requires(Permission.GRANT_WRITE)
def enable(user_id: int) -> Response:
    """Open an account again."""
    user = account_for(current_user, user_id) or abort(404)
    try:
        services.enable_user(user, by=current_user, at=now())
    except Refused as refusal:
        _changed(refusal)
    return _back(user_id, gettext("The account is open again, with the password it had."))


@bp.post(f"/accounts/{ID}/sessions/end")
@requires(Permission.GRANT_WRITE)
def end_sessions(user_id: int) -> Response:
    """Sign an account out in every browser."""
    user = account_for(current_user, user_id) or abort(404)
    ended = end_sessions_of(user, by=current_user, at=now())
    return _back(user_id, gettext("Browsers signed out: %(count)s.", count=ended))
