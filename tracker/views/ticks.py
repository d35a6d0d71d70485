"""Ticks of topics and set books: by the member, and the check by the branch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.forms.ticks import TickForm
from tracker.forms.verifications import DecisionForm, UndoForm, read_seen
from tracker.models import Campaign, Member, Status, Unit
from tracker.queries.access import branch_for, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.rosters import member_names, roster_as_of
from tracker.queries.ticks import Ticks, ticks_among, ticks_of
from tracker.queries.verifications import MOST_AT_ONCE, latest_act
from tracker.rules.pseudonyms import member_code
from tracker.rules.refusal import Refused
from tracker.rules.ticks import TickList, tick_lists
from tracker.services import ticks as services
from tracker.services import verifications
from tracker.services.entries import is_theirs
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.views.lateness import late_why, note_late
from tracker.views.verification_words import done_words, reasons_offered

bp = Blueprint("ticks", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A member of the branch with every list. name: a code where the reader sees no names."""

    member_id: int
    name: str
    ticks: dict[str, Ticks]


@bp.post("/me/ticks")
@requires(Permission.SELF)
def save() -> Response:
    """Tick one topic or book of one's own, or take one back."""
    campaign, member = campaign_here() or abort(404), current_user.member or abort(404)
    form = TickForm()
    back = form.taken_back()
    try:
        if back is not None:
            _take_back(campaign, *back)
        else:
            _tick(campaign, member, form)
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        note_late(refusal)
        raise
    return redirect(url_for("me.show", _anchor="ticks"), 303)


def _tick(campaign: Campaign, member: Member, form: TickForm) -> None:
    code, title = form.asked()
    services.tick_title(campaign, code, title, member, by=current_user, today=today(), at=now())
    flash(gettext("Ticked: %(title)s. It counts once your branch has confirmed it.", title=title), "success")


def _take_back(campaign: Campaign, record_id: int, version: int) -> None:
    record = record_for(current_user, record_id) or abort(404)
    if not is_theirs(record, current_user) or not services.is_tick(record, campaign):
        abort(404)
    services.untick(record, version=version, by=current_user, at=now())
    flash(gettext("No longer ticked: %(title)s.", title=record.title), "success")


@bp.get("/branches/<int(max=9007199254740991):unit_id>/ticks")
@requires(Permission.RECORD_VERIFY)
def branch(unit_id: int) -> str:
    """Members × topics and books of a branch: what is ticked, what waits to be confirmed."""
    return _branch(branch_for(current_user, unit_id) or abort(404), DecisionForm(formdata=None))


def _branch(unit: Unit, form: DecisionForm) -> str:
    campaign = campaign_here()
    lists = tick_lists(spec_of(campaign)) if campaign else ()
    rows = _rows(campaign, unit, lists) if campaign and lists else []
    waiting = [
        f"{record.id}:{record.version}"
        for row in rows
        for ticks in row.ticks.values()
        for record in ticks.records.values()
        if record.status is Status.SUBMITTED and not is_theirs(record, current_user)
    ]
    chosen = set(waiting[:MOST_AT_ONCE]) if request.args.get("whole") == "1" else set()
    return render_template(
        "ticks/branch.html",
        unit=unit,
        lists=lists,
        rows=rows,
        waiting=len(waiting),
        most=MOST_AT_ONCE,
        chosen_rows=set(request.form.getlist("seen")) if form.is_submitted() else chosen,
        is_own=lambda record: is_theirs(record, current_user),
        form=form,
        reasons=reasons_offered(current_user),
        act=latest_act(current_user, now() - dt.timedelta(minutes=1)),
        undo_form=UndoForm(formdata=None),
    )


def _rows(campaign: Campaign, unit: Unit, lists: tuple[TickList, ...]) -> list[Row]:
    """The branch's members of today, by name."""
    ids = list(
        dict.fromkeys(row.member_id for row in roster_as_of(today()).members if row.branch_id == unit.id)
    )
    ticks, key = ticks_of(campaign, ids, lists), str(current_app.config["TRACKER"].secret_key)
    hidden = hidden_kinds(current_user, spec_of(campaign))
    are_hidden = any(one.kind.code in hidden for one in lists)
    names = {id_: member_code(key, id_) for id_ in ids} if are_hidden else member_names(ids)
    return sorted(
        (Row(id_, names[id_], ticks[id_]) for id_ in ids), key=lambda row: (row.name, row.member_id)
    )


@bp.post("/branches/<int(max=9007199254740991):unit_id>/ticks")
@requires(Permission.RECORD_VERIFY)
def decide(unit_id: int) -> Response | tuple[str, int]:
    """Confirm the chosen ticks, or give them back with one reason."""
    unit = branch_for(current_user, unit_id) or abort(404)
    campaign = campaign_here() or abort(404)
    form, seen = DecisionForm(), read_seen(request.form.getlist("seen"))
    known = ticks_among(campaign, [id_ for id_, _ in seen])  # other records are read before they are verified
    seen = [one for one in seen if one[0] in known]
    is_return = form.act.data == "return"
    try:
        if not form.validate():
            return _branch(unit, form), 422
        if is_return:
            done = verifications.return_records(seen, why=form.reason(), by=current_user, at=now())
        else:
            done = verifications.verify_records(seen, by=current_user, at=now(), late_why=late_why())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        said = gettext(refusal.msgid, **refusal.params)
        if refusal.field == "why":
            form.why.errors = [*form.why.errors, said]
        else:
            form.form_errors.append(said)
        return _branch(unit, form), 422
    flash(done_words(is_return, len(done), len(set(seen)) - len(done)), "success")
    return redirect(url_for("ticks.branch", unit_id=unit.id), 303)
