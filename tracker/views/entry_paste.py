"""Entering rows that were copied from a spreadsheet: shown as they were understood, then written."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.filters import day, minutes
from tracker.forms.entries import PasteForm, listed
from tracker.models import OwnerType
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import owner_id, owner_names
from tracker.rules.campaigns import Kind
from tracker.rules.ledger_entries import Entry
from tracker.rules.pasted import pasted_sheet
from tracker.rules.reach import may_enter_kind
from tracker.rules.refusal import Refused
from tracker.services.entries import enter_records
from tracker.services.pasting import check_pasted_rows, kind_of_pasted
from tracker.views import record_words as words
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import bp, entered_words, is_told, say, tell
from tracker.views.lateness import late_why, note_late


@bp.route("/enter/paste", methods=["GET", "POST"])
@requires(Permission.RECORD_ENTER)
def paste() -> Response | str | tuple[str, int]:
    """Rows copied from a spreadsheet: first shown as they were understood, then written."""
    campaign = campaign_here() or abort(404)
    spec, reach = spec_of(campaign), reach_of(current_user)
    kinds = [kind for kind in spec.kinds if may_enter_kind(kind, reach)]
    form = PasteForm()
    codes = [(kind.code, kind.name) for kind in kinds]
    form.kind.choices = listed([("", gettext("By the headings")), *codes])
    if not form.is_submitted():
        form.kind.data = request.args.get("kind", "")
        return render_template("entries/paste.html", form=form, plan=None)
    form.validate()
    plan, kind = None, None
    try:
        sheet = pasted_sheet(form.text.data or "")
        kind = next((kind for kind in kinds if kind.code == form.kind.data), None)
        kind = kind or kind_of_pasted(sheet, campaign, current_user)
        plan = check_pasted_rows(
            campaign, kind, sheet, by=current_user, today=today(), at=now(), late_why=late_why()
        )
        note_late(plan.problems)
    except Refused as refusal:
        tell(form, refusal.field, say(refusal))
    if plan is None or kind is None or plan.problems or is_told(form):
        return render_template("entries/paste.html", form=form, plan=plan, kind=kind), 422
    new = [entry for position, entry in enumerate(plan.entries) if position not in plan.skipped]
    if new and form.is_seen() and "again" not in request.form:
        records = enter_records(plan, kind, campaign, by=current_user, at=now(), is_list=True)
        flash(entered_words(len(records)), "success")
        if plan.skipped:
            left = gettext("%(count)d rows were there already and were left out.", count=len(plan.skipped))
            flash(left, "success")
        return redirect(url_for("records.index", kind=kind.code, sort="-entered"), 303)
    form.mark_seen()
    return render_template(
        "entries/paste.html",
        form=form,
        plan=plan,
        kind=kind,
        new=new,
        headings=[words.day_heading(kind), gettext("Whose"), *_further_headings(kind)],
        shown=_shown(new, kind),
    )


def _further_headings(kind: Kind) -> list[str]:
    names = [words.heading_of(kind, name) for name in words.fields_of(kind)]
    return [*names, gettext("People")] if kind.column("people") else names


def _shown(entries: list[Entry], kind: Kind) -> list[tuple[int, list[str]]]:
    """The entries in words: (row as pasted, cells in the order of the headings)."""
    names = owner_names(entries)
    found = []
    for entry in entries:
        owner = names.get((entry.owner_type, owner_id(entry)), "")
        if entry.owner_type is OwnerType.BUREAU:
            owner = gettext("The bureau")
        cells = [day(entry.happened_on) if entry.is_dated else "—", owner]
        for name in words.fields_of(kind):
            value = getattr(entry, name)
            cells.append(
                minutes(value, kind.counts_in) if name == "minutes" else "" if value is None else str(value)
            )
        if kind.column("people"):
            cells.append(str(len(entry.people) or entry.headcount or ""))
        found.append((entry.row, cells))
    return found
