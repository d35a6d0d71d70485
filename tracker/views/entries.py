"""Entering records: what there is to enter, one record of any kind, correcting and withdrawing it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.entries import cells_of
from tracker.forms.records import WithdrawalForm, read_day, read_id
from tracker.hygiene import takes_files
from tracker.models import Campaign, Plan, Record
from tracker.queries.access import reach_of, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import member_to_enter_for, typed_values
from tracker.queries.evidence import has_evidence
from tracker.rules.addresses import local_address
from tracker.rules.campaigns import Kind
from tracker.rules.entries import named_columns, typed_person
from tracker.rules.grids import fits_grid, fits_list
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.reach import Reach, may_enter_kind
from tracker.rules.refusal import N_, Refused
from tracker.services import entries as services
from tracker.services.entries import Row
from tracker.services.plans import hold_plan
from tracker.services.records import CHANGED
from tracker.services.ticks import is_tick
from tracker.views import entry_lists, entry_paste
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import (
    KIND,
    RECORD,
    Desk,
    bp,
    desk_for,
    entered_words,
    form_of,
    is_told,
    say,
    tell,
    tell_all,
)
from tracker.views.lateness import checked_entries
from tracker.views.plan_entry import arrived, plan_asked, said_by
from tracker.views.uploads import Uploads, read_uploads

__all__ = ["bp", "entry_lists", "entry_paste"]  # these add their pages to the blueprint
OVERTAKEN = N_(
    "Somebody changed this record meanwhile. What you typed is still here: compare it with the record as it "
    "stands now, then save it again."
)
CLOSED_MEANWHILE = N_(
    "Meanwhile this record was verified or withdrawn, and cannot be changed here any more. What you typed is "
    "still here, for you to copy."
)
WAYS = ("several", "week", "paper")


@bp.get("/enter")
@requires(Permission.RECORD_ENTER)
def index() -> str:
    """What may be entered, and in which ways."""
    campaign, reach = campaign_here(), reach_of(current_user)
    kinds = spec_of(campaign).kinds if campaign else ()
    return render_template(
        "entries/index.html",
        campaign=campaign,
        lines=[(kind, ways_of(kind, reach)) for kind in kinds if may_enter_kind(kind, reach)],
    )


def ways_of(kind: Kind, reach: Reach) -> list[str]:
    """The ways beside one record at a time in which somebody may enter a kind for others."""
    if not reach.enters_for_members or not fits_list(kind):
        return []
    return list(WAYS) if fits_grid(kind) else ["several"]


@bp.route(f"/enter/{KIND}", methods=["GET", "POST"])
@requires(Permission.RECORD_WRITE)
@takes_files
def new(kind_code: str) -> Response | str | tuple[str, int]:
    """One record of a kind, with files if somebody wants to add some."""
    uploads = read_uploads()
    desk = desk_for(kind_code)
    planned = plan_asked(desk)
    form = form_of(desk, **(said_by(planned) if planned else _preset(desk)))
    if not form.is_submitted():
        return _page(desk, form, planned=planned)
    plan = _checked(desk, form, uploads)
    if not is_told(form):
        text = form.text.data if desk.kind.has_text else None
        records = services.enter_records(
            plan,
            desk.kind,
            desk.campaign,
            by=current_user,
            at=now(),
            text=text,
            has_files=bool(uploads.files),
        )
        if planned is not None:
            try:
                hold_plan(planned, records[0], by=current_user, at=now())
            except Refused as refusal:
                return _held_already(desk, form, refusal), 409
        uploads.keep(records[0])
        flash(entered_words(len(records)), "success")
        return redirect(url_for("records.show", record_id=records[0].id), 303)
    return _page(desk, form, planned=planned), 422


def _held_already(desk: Desk, form: Any, refusal: Refused) -> str:
    """The form with everything that was typed, after somebody else reported the plan meanwhile."""
    db.session.rollback()
    tell(form, None, say(refusal))
    return _page(desk, form)


def _preset(desk: Desk) -> dict[str, Any]:
    """What a fresh form holds: the day that the address names, else today; the member whom it names."""
    asked = read_day(request.args.get("day"))
    day = asked if asked and desk.spec.starts_on <= asked <= desk.last else desk.last
    found: dict[str, Any] = {"happened_on": day.isoformat() if day >= desk.spec.starts_on else ""}
    if member_id := read_id(request.args.get("member")):
        member = member_to_enter_for(desk.reach, member_id, today()) or abort(404)
        found["member"] = typed_person(member.name, member.number)
    return found


def _checked(desk: Desk, form: Any, uploads: Uploads, correcting: Record | None = None) -> LedgerPlan:
    """What the form would write; all that is wrong with it stands beside its fields then."""
    form.validate()
    uploads.tell(form)
    cells, refused = cells_of(form, desk.kind, desk.owners, request.form.getlist("tick"))
    plan = checked_entries(desk.campaign, desk.kind, [Row(1, cells)], correcting=correcting)
    tell_all(form, desk.kind, plan.problems, refused)
    if desk.kind.has_text:
        try:
            services.check_text(form.text.data, desk.kind, has_files=_has_files(uploads, correcting))
        except Refused as refusal:
            tell(form, "text", say(refusal))
    return plan


def _has_files(uploads: Uploads, record: Record | None) -> bool:
    return bool(uploads.files) or (record is not None and has_evidence(record))


def _page(desk: Desk, form: Any, record: Record | None = None, planned: Plan | None = None) -> str:
    return render_template(
        "entries/new.html",
        kind=desk.kind,
        form=form,
        owners=desk.owners,
        offers_people="people" in form._fields and bool(desk.owners.members),
        groups=entry_lists.by_place(desk.owners.members) if _expects_all(desk.kind, form) else [],
        ticked=arrived(planned) if planned and not form.is_submitted() else request.form.getlist("tick"),
        ways=ways_of(desk.kind, desk.reach) if record is None else [],
        record=record,
        planned=planned,
        is_open=record is None or record.status in services.OPEN,
        withdrawal=WithdrawalForm(formdata=None, version=form.version.data, next=form.next.data)
        if record
        else None,
    )


def _expects_all(kind: Kind, form: Any) -> bool:
    """Whether everybody of a unit is expected, so that people are ticked unit by unit."""
    return bool(kind.absence_reasons) and "people" in form._fields


@bp.route(f"/records/{RECORD}/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_WRITE)
@takes_files
def correct(record_id: int) -> Response | str | tuple[str, int]:
    """Put a record right that does not count yet; what was returned waits for verification again."""
    uploads = read_uploads()
    record = _own_record(record_id)
    if record.status not in services.OPEN and request.method == "GET":
        return redirect(url_for("records.show", record_id=record.id))
    campaign = db.session.get_one(Campaign, record.campaign_id)
    if record.follows_id is not None or is_tick(record, campaign):
        abort(404)  # a later stage is withdrawn and entered anew, a tick is ticked or not
    desk = desk_for(record.kind.code, campaign)
    values = typed_values(record, desk.kind)
    spreads = [name for name, column in named_columns(desk.kind) if column.spread is not None]
    form = form_of(
        desk, [name for name in spreads if name not in values], is_correction=True,
        **{**values, "version": record.version, "next": local_address(request.args.get("next")) or ""},
    )  # fmt: skip
    if not form.is_submitted():
        return _page(desk, form, record)
    if record.status not in services.OPEN:  # before its faults: nothing can be put right any more
        uploads.remind(form)
        return _overtaken(desk, form, record_id), 409
    plan = _checked(desk, form, uploads, record)
    if is_told(form):
        uploads.remind(form)
        return _page(desk, form, record), 422
    try:
        services.correct_record(
            record, plan, desk.kind, version=form.version.data or 0, by=current_user, at=now(),
            text=form.text.data if desk.kind.has_text else None, has_files=_has_files(uploads, record),
        )  # fmt: skip
        uploads.keep(record)
    except Refused as refusal:
        if refusal.field == "files":
            tell(form, "files", say(refusal))
            db.session.rollback()
            return _page(desk, form, db.session.get_one(Record, record_id)), 422
        if refusal.msgid != CHANGED:
            raise
        uploads.remind(form)
        return _overtaken(desk, form, record_id), 409
    flash(gettext("Corrected. It waits to be verified again."), "success")
    return redirect(local_address(form.next.data) or url_for("records.show", record_id=record.id), 303)


def _overtaken(desk: Desk, form: Any, record_id: int) -> str:
    """The form with everything that was typed, after somebody else changed the record meanwhile."""
    db.session.rollback()
    record = db.session.get_one(Record, record_id)
    if record.status in services.OPEN:
        form.version.data, form.version.raw_data = record.version, None
        tell(form, None, gettext(OVERTAKEN))
    else:
        tell(form, None, gettext(CLOSED_MEANWHILE))
    return _page(desk, form, record)


@bp.post(f"/records/{RECORD}/withdraw")
@requires(Permission.RECORD_WRITE)
def withdraw(record_id: int) -> Response:
    """Take a record back that does not count yet."""
    record, form = _own_record(record_id), WithdrawalForm()
    try:
        services.withdraw_record(record, version=form.version.data or 0, by=current_user, at=now())
    except Refused as refusal:
        _conflict_or_raise(refusal)
    flash(gettext("Withdrawn. The record stays on file and counts nowhere."), "success")
    return redirect(local_address(form.next.data) or url_for("records.show", record_id=record.id), 303)


def _own_record(record_id: int) -> Record:
    """A record that the reader may see and has entered, or that is about them; 404 otherwise."""
    record = record_for(current_user, record_id) or abort(404)
    return record if services.is_theirs(record, current_user) else abort(404)


def _conflict_or_raise(refusal: Refused) -> None:
    if refusal.msgid == CHANGED:
        abort(409)
    raise refusal
