"""The roster: who belongs where. Without hours, so that nobody is ranked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.forms.base import TrackerForm
from tracker.forms.members import (
    DutyForm,
    EndOfExemptionForm,
    ExemptionForm,
    MoveForm,
    as_args,
    read_roster,
)
from tracker.forms.records import read_id
from tracker.models import Member
from tracker.queries.access import branches_of, kept_member_for, roster_member_for, sees_bureau
from tracker.queries.members import branches_on, roster_page, words_on
from tracker.queries.memberships import (
    duties_used,
    events_of,
    exemption_of,
    exemptions_of,
    membership_on,
    records_staying,
    roles_left,
    stays_of,
    stretch_of,
    unit_names,
    units_to_choose,
)
from tracker.rules.memberships import Stretch
from tracker.rules.refusal import Refused
from tracker.security_events import note_reading
from tracker.services import exemptions as exempting
from tracker.services import memberships as services
from tracker.views.member_words import event_said, unit_ids
from tracker.views.own_words import ROLE_NAMES

bp = Blueprint("members", __name__)
ID = "<int(max=9007199254740991):member_id>"


@bp.get("/members")
@requires(Permission.ROSTER_SEE)
def index() -> str:
    """The roster of a day: of the whole bureau, or of the branches that the reader keeps."""
    within = None if sees_bureau(current_user) else frozenset(branches_of(current_user))
    chosen = read_roster(request.args, today(), within)
    categories, standings = words_on(chosen.day, chosen.within)

    def address(**changes: Any) -> str:
        return url_for("members.index", **{**as_args(chosen, today()), **changes})

    return render_template(
        "members/index.html",
        chosen=chosen,
        today=today(),
        page=roster_page(chosen),
        branches=branches_on(chosen.day, chosen.within),
        categories=categories,
        standings=standings,
        sort_address=lambda sort: address(sort=sort),
        page_address=lambda page: address(page=page),
        day_argument=None if chosen.day == today() else chosen.day.isoformat(),
    )


@bp.get(f"/members/{ID}")
@requires(Permission.ROSTER_SEE)
def show(member_id: int) -> str:
    """One member: where they belonged when, from what they are exempt. Opening it is noted."""
    member = roster_member_for(current_user, member_id) or abort(404)
    page, reader_id, own_id = _page(member), current_user.id, current_user.member_id
    if own_id != member_id:
        note_reading(reader_id, "member", member_id)
    return page


def _page(member: Member, wrong: TrackerForm | None = None) -> str:
    """The page, with the form that was not taken if there is one."""

    def form_of(cls: type[TrackerForm]) -> TrackerForm:
        form = wrong if isinstance(wrong, cls) else cls(formdata=None)
        form["version"].data = member.version
        return form

    stays = stays_of(member, current_user)
    present = next((one for one in stays if stretch_of(one).holds_on(today())), None)
    exemptions = exemptions_of(member, current_user, stays)
    events = events_of(member, current_user)
    names = unit_names(unit_ids(events), current_user)
    current = next((line for line in exemptions if stretch_of(line.exemption).holds_on(today())), None)
    duty, ending = form_of(DutyForm), form_of(EndOfExemptionForm)
    if wrong is not duty:
        duty["duty"].data = present.duty if present else None
    ending["exemption"].data = current.exemption.id if current else None
    return render_template(
        "members/show.html",
        member=member,
        present=present,
        memberships=stays,
        exemptions=exemptions,
        current=current,
        history=[(one, event_said(one, names)) for one in events],
        may_write=present is not None and may(Permission.ROSTER_WRITE),
        duty_form=duty,
        duties=duties_used(current_user),
        exemption_form=form_of(ExemptionForm),
        end_form=ending,
        wrong=wrong,
        today=today(),
    )


def _kept(member_id: int) -> Member:
    """The member whose roster is the reader's to write today."""
    return kept_member_for(current_user, member_id, today()) or abort(404)


@bp.get(f"/members/{ID}/move")
@requires(Permission.ROSTER_WRITE)
def move(member_id: int) -> str | tuple[str, int]:
    """Where to and from when; once that is chosen, what would change."""
    member = _kept(member_id)
    if "starts_on" not in request.args:
        return _move_page(member, MoveForm(formdata=None), is_new=True)
    form = MoveForm(request.args, meta={"csrf": False})
    is_possible = form.validate() and _check_move(member, form)
    page = _move_page(member, form, is_possible=is_possible)
    return page if is_possible else (page, 422)


def _check_move(member: Member, form: MoveForm) -> bool:
    """Whether the move can be made; what is wrong is told beside its field."""
    try:
        services.check_may_move(member, form.place(), form.day(), by=current_user, today=today())
    except Refused as refusal:
        _tell(form, refusal)
        return False
    return True


def _move_page(member: Member, form: MoveForm, *, is_new: bool = False, is_possible: bool = False) -> str:
    present = membership_on(member, today()) or abort(404)
    branches, groups, sections = units_to_choose(current_user, today())
    none = gettext("none")
    form.branch.choices = [(unit.id, unit.name) for unit in branches]
    form.group.choices = [("", none)] + [
        (unit.id, f"{unit.parent.name} · {unit.name}" if unit.parent else unit.name) for unit in groups
    ]
    form.section.choices = [("", none)] + [(unit.id, unit.name) for unit in sections]
    if is_new:
        form.starts_on.data = today()
        form.branch.data, form.group.data = present.branch_id, present.group_id
        form.section.data = present.section_id
    confirm = MoveForm(formdata=None)
    confirm.version.data = member.version
    left = roles_left(member, present, form.place()) if is_possible else []
    units = {unit.id: unit.name for unit in (*branches, *groups, *sections)}
    return render_template(
        "members/move.html",
        member=member,
        present=present,
        form=form,
        confirm=confirm if is_possible else None,
        staying=records_staying(member, present, form.day()) if is_possible else 0,
        roles=[gettext(ROLE_NAMES[grant.role]) for grant in left],
        units=units,
        today=today(),
    )


@bp.post(f"/members/{ID}/move")
@requires(Permission.ROSTER_WRITE)
def save_move(member_id: int) -> Response | tuple[str, int]:
    """Move a member to another branch, group or section, from a day."""
    member, form = _kept(member_id), MoveForm()
    if not form.validate():
        return _move_page(member, form), 422
    try:
        services.move_member(
            member, form.place(), form.day(), version=form.version.data or 0,
            by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        _tell(form, refusal)
        return _move_page(member, form), 422
    flash(gettext("Moved. What was before that day stays where it was."), "success")
    if roster_member_for(current_user, member.id) is None:
        return redirect(url_for("members.index"), 303)
    return redirect(url_for("members.show", member_id=member.id), 303)


@bp.post(f"/members/{ID}/duty")
@requires(Permission.ROSTER_WRITE)
def duty(member_id: int) -> Response | tuple[str, int]:
    """What a member does in the branch."""
    member, form = _kept(member_id), DutyForm()
    if not form.validate():
        return _page(member, form), 422
    try:
        services.set_duty(
            member,
            form.duty.data or "",
            version=form.version.data or 0,
            by=current_user,
            at=now(),
            today=today(),
        )
    except Refused as refusal:
        return _shown_again(member, form, refusal)
    return _done(member, gettext("The duty is changed."))


@bp.post(f"/members/{ID}/exempt")
@requires(Permission.ROSTER_WRITE)
def exempt(member_id: int) -> Response | tuple[str, int]:
    """Leave a member out of "all", with a reason, from a day."""
    member, form = _kept(member_id), ExemptionForm()
    if not form.validate():
        return _page(member, form), 422
    try:
        exempting.exempt_member(
            member, Stretch(form.starts_on.data, form.ends_on.data), reason=form.reason.data or "",
            version=form.version.data or 0, by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        return _shown_again(member, form, refusal)
    return _done(member, gettext("Exempt. Figures from that day on are counted without this member."))


@bp.post(f"/members/{ID}/end-exemption")
@requires(Permission.ROSTER_WRITE)
def end_exemption(member_id: int) -> Response | tuple[str, int]:
    """Count a member again, from a day."""
    member, form = _kept(member_id), EndOfExemptionForm()
    exemption = exemption_of(member, read_id(form.exemption.data) or 0)
    if not form.validate():
        return _page(member, form), 422
    if exemption is None:
        abort(409)  # somebody took it away meanwhile
    try:
        exempting.end_exemption(
            member, exemption, form.day(), version=form.version.data or 0, by=current_user, at=now(),
            today=today(),
        )  # fmt: skip
    except Refused as refusal:
        return _shown_again(member, form, refusal)
    return _done(member, gettext("The exemption ends; figures from that day on count this member again."))


def _done(member: Member, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("members.show", member_id=member.id), 303)


def _shown_again(member: Member, form: TrackerForm, refusal: Refused) -> tuple[str, int]:
    _tell(form, refusal)
    return _page(member, form), 422


def _tell(form: TrackerForm, refusal: Refused) -> None:
    """Say what is wrong beside its field; a member whom somebody else changed is a 409."""
    if refusal.msgid == services.CHANGED:
        abort(409)
    if refusal.field is None or refusal.field not in form:
        raise refusal
    field = form[refusal.field]
    field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]
