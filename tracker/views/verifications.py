"""The queue: verify, give back, undo."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.records import read_id
from tracker.forms.verifications import (
    DecisionForm,
    UndoForm,
    as_args,
    read_moment,
    read_queue,
    read_seen,
)
from tracker.models import Campaign, Record
from tracker.queries.access import branch_for, group_for, is_office, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.closes import held_ids
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.units import branches_within
from tracker.queries.verification_rows import queue_rows
from tracker.queries.verifications import (
    MOST_AT_ONCE,
    QueueFilter,
    groups_within,
    latest_act,
    may_decide,
    queue_page,
)
from tracker.queries.waiting_counts import waiting_counts
from tracker.rules.refusal import N_, Refused
from tracker.services import verifications as services
from tracker.services.records import CHANGED
from tracker.views import record_words as words
from tracker.views.asof import campaign_here
from tracker.views.lateness import ask_why, late_why, note_late
from tracker.views.record_page import record_page
from tracker.views.verification_words import (
    done_words,
    duration_patterns,
    entered_words,
    locked_words,
    notes_words,
    reasons_offered,
)

bp = Blueprint("verifications", __name__)


def _filter(campaign: Campaign) -> QueueFilter:
    """The choices of the address; a branch or group that is not theirs is not found."""
    branch_id, group_id = read_id(request.args.get("branch")), read_id(request.args.get("group"))
    if branch_id and branch_for(current_user, branch_id) is None:
        abort(404)
    if group_id and group_for(current_user, group_id) is None:
        abort(404)
    return read_queue(request.args, campaign, branch_id, group_id, is_office(current_user))


@bp.get("/verify")
@requires(Permission.RECORD_VERIFY)
def index() -> str:
    """What waits for this verifier, oldest first."""
    campaign = campaign_here()
    if campaign is None:
        return render_template("verifications/index.html", campaign=None)
    return _queue(campaign, DecisionForm(formdata=None), set())


def _queue(campaign: Campaign, form: DecisionForm, chosen_rows: set[str]) -> str:
    """The page. chosen_rows: `seen` values whose boxes are ticked, where a form comes back with an error."""
    chosen, office = _filter(campaign), is_office(current_user)
    spec = spec_of(campaign)
    counts = waiting_counts(campaign, current_user, chosen)
    page = queue_page(campaign, current_user, chosen, counts.total)
    rows = queue_rows(page.items, campaign, current_user, str(current_app.config["TRACKER"].secret_key))
    args = as_args(chosen, campaign, office)
    length: dict[str, Any] = {"whole": "1"} if chosen.is_whole else {}
    branches = branches_within(current_user)

    def address(**changes: Any) -> str:
        given = {**args, **changes}
        return url_for("verifications.index", **{k: v for k, v in given.items() if v is not None})

    if chosen.is_whole and not form.is_submitted():
        chosen_rows = {row.seen for row in rows if not row.is_own}
    held = held_ids([record.id for record, _ in page.items], now())
    if any(record.id in held and not record.late_why for record, _ in page.items):
        ask_why()
    return render_template(
        "verifications/index.html",
        held=held,
        campaign=campaign,
        chosen=chosen,
        is_office=office,
        mine=counts.mine,
        everything=counts.everything,
        page=page,
        rows=rows,
        open_count=counts.open,
        most=MOST_AT_ONCE,
        kinds=counts.kinds,
        in_kinds=counts.in_kinds,
        branches=branches if len(branches) > 1 else [],
        groups=groups_within(current_user, chosen.branch_id),
        hides_names=bool(hidden_kinds(current_user, spec)),
        chosen_rows=chosen_rows,
        form=form,
        reasons=reasons_offered(current_user),
        act=latest_act(current_user, now() - dt.timedelta(minutes=1)),
        undo_form=UndoForm(formdata=None),
        undo_address=url_for("verifications.undo", **args),
        decide_address=url_for("verifications.decide", **args, **length),
        address=address,
        page_address=lambda number: address(page=number, **length),
        ledger_address=url_for("records.index", status="submitted", **_ledger_args(args)),
        entered_words=lambda row: entered_words(row, current_user),
        locked_words=locked_words,
        notes_words=notes_words,
        patterns=duration_patterns(),
        words=words,
    )


def _ledger_args(args: dict[str, Any]) -> dict[str, Any]:
    """The same choices as the ledger's list spells them."""
    found = {key: value for key, value in args.items() if key in ("kind", "q", "since", "until")}
    if unit := args.get("group") or args.get("branch"):
        found["unit"] = unit
    return found


@bp.post("/verify")
@requires(Permission.RECORD_VERIFY)
def decide() -> Response | tuple[str, int]:
    """Verify the chosen records, or give them back with one reason."""
    campaign = campaign_here() or abort(404)
    form, seen = DecisionForm(), read_seen(request.form.getlist("seen"))
    record = _alone(seen) if form.back.data == "record" else None
    if not form.validate():
        return _again(campaign, form, record), 422
    try:
        if form.act.data == "return":
            done = services.return_records(seen, why=form.reason(), by=current_user, at=now())
        else:
            _check_no_reason(form)
            done = services.verify_records(seen, by=current_user, at=now(), late_why=late_why())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        note_late(refusal)
        field = form.why if refusal.field == "why" else None
        said = gettext(refusal.msgid, **refusal.params)
        if field is not None:
            field.errors = [*field.errors, said]
        else:
            form.form_errors.append(said)
        return _again(campaign, form, record), 422
    flash(done_words(form.act.data == "return", len(done), len(set(seen)) - len(done)), "success")
    if record is not None:
        return redirect(url_for("records.show", record_id=record.id), 303)
    args = as_args(_filter(campaign), campaign, is_office(current_user))
    return redirect(url_for("verifications.index", **args), 303)


def _check_no_reason(form: DecisionForm) -> None:
    """Raises Refused if a reason was given: Enter in its field presses the form's first button."""
    if form.reason():
        raise Refused(N_("You gave a reason. Use “Return” to give back, or clear it to verify."), "why")


def _alone(seen: list[tuple[int, int]]) -> Record | None:
    """The one record whose own page the decision was taken on."""
    return record_for(current_user, seen[0][0]) if len(seen) == 1 else None


def _again(campaign: Campaign, form: DecisionForm, record: Record | None) -> str:
    """The page that the form stood on, with what is wrong."""
    if record is not None and may_decide(record, current_user):
        return record_page(record, decision=form)
    return _queue(campaign, form, set(request.form.getlist("seen")))


@bp.post("/verify/undo")
@requires(Permission.RECORD_VERIFY)
def undo() -> Response:
    """Take the last act back, within the minute."""
    campaign = campaign_here() or abort(404)
    form = UndoForm()
    moment = read_moment(form.moment.data)
    if moment is None or not form.validate():
        abort(400)
    try:
        done = services.undo_act(moment, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    flash(gettext("Taken back; waiting again: %(count)s.", count=len(done)), "success")
    args = as_args(_filter(campaign), campaign, is_office(current_user))
    return redirect(url_for("verifications.index", **args), 303)
