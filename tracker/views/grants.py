"""Who may do what where: giving a role, taking it, handing a branch over."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.forms.accounts import GrantForm, HandOverForm
from tracker.forms.base import ActForm
from tracker.forms.records import read_id
from tracker.models import Role, Unit
from tracker.queries.access import account_for, branch_for
from tracker.queries.accounts import holders_of, successors_in, work_of
from tracker.queries.units import branches_within
from tracker.rules.refusal import Refused
from tracker.services import grants as services
from tracker.services.records import CHANGED
from tracker.views.accounts import ID, account_page
from tracker.views.asof import campaign_here
from tracker.views.audit_words import ROLES
from tracker.views.grant_choices import offer_roles, unit_chosen

bp = Blueprint("grants", __name__)


@bp.post(f"/accounts/{ID}/grants")
@requires(Permission.GRANT_WRITE)
def give(user_id: int) -> Response | tuple[str, int]:
    """Give an account one more role."""
    user, form = account_for(current_user, user_id) or abort(404), GrantForm()
    offer_roles(form)
    if not form.validate():
        return account_page(user, form), 422
    try:
        services.give_role(user, Role(form.role.data), unit_chosen(form), by=current_user, at=now())
    except Refused as refusal:
        field = form.unit if refusal.field == "unit" else form.role
        field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]
        return account_page(user, form), 422
    flash(gettext("The role is given."), "success")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@bp.post(f"/accounts/{ID}/grants/<int(max=9007199254740991):grant_id>/revoke")
@requires(Permission.GRANT_WRITE)
def revoke(user_id: int, grant_id: int) -> Response:
    """Take one role away."""
    user = account_for(current_user, user_id) or abort(404)
    if not any(grant.id == grant_id for grant in user.grants):
        abort(404)
    try:
        services.revoke_role(user, grant_id, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    flash(gettext("The role is taken away."), "success")
    is_mine = user_id == current_user.id  # and perhaps it was the one that showed this page
    return redirect(url_for("account.show") if is_mine else url_for("accounts.show", user_id=user_id), 303)


@bp.route("/accounts/hand-over", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE)
def hand_over() -> Response | str | tuple[str, int]:
    """A branch gets another secretary or deputy: who, what lies open there, and the act itself."""
    branch_id = read_id(request.values.get("branch"))
    branch = (branch_for(current_user, branch_id) or abort(404)) if branch_id else None
    if branch is None:
        return render_template("accounts/hand_over.html", branch=None, branches=branches_within(current_user))
    form = HandOverForm()
    _offer(form, branch)
    if form.validate_on_submit():
        done = _hand_over(form, branch)
        if done is not None:
            return done
    campaign = campaign_here()
    page = render_template(
        "accounts/hand_over.html",
        branch=branch,
        branches=branches_within(current_user),
        holders=holders_of(branch),
        form=form,
        work=work_of(branch, campaign.id if campaign else None, today()),
        roles=ROLES,
        today=today(),
        act=ActForm(formdata=None),
    )
    return (page, 422) if form.is_submitted() else page


def _offer(form: HandOverForm, branch: Unit) -> None:
    form.grant.choices = [
        (str(grant.id), f"{grant.user.name} · {gettext(ROLES[grant.role])}") for grant in holders_of(branch)
    ]
    form.to.choices = [("", gettext("Choose")), *(
        (str(user.id), f"{user.name} · {user.login}") for user in successors_in(branch, today())
    )]  # fmt: skip


def _hand_over(form: HandOverForm, branch: Unit) -> Response | None:
    """Do it: the answer, or None with the sentence in the form."""
    grant = next(grant for grant in holders_of(branch) if str(grant.id) == form.grant.data)
    holder, successor = grant.user, account_for(current_user, int(form.to.data)) or abort(404)
    role, name = grant.role, successor.name
    try:
        services.hand_over(branch, grant.id, holder, successor, by=current_user, at=now(), today=today())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        form.to.errors = [*form.to.errors, gettext(refusal.msgid, **refusal.params)]
        return None
    flash(
        gettext(
            "From today %(name)s is %(role)s of %(branch)s.",
            name=name,
            role=gettext(ROLES[role]),
            branch=branch.name,
        ),
        "success",
    )
    return redirect(url_for("grants.hand_over", branch=branch.id), 303)
