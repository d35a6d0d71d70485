"""A member's own entries: hours in two taps, essays in an editor that loses no word."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from tracker.access import Permission, keeps_drafts, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.filters import minutes, short_day
from tracker.forms import jots as forms
from tracker.forms.jots import JotForm
from tracker.forms.records import read_id
from tracker.hygiene import takes_files
from tracker.models import Campaign, Draft, Member, Record
from tracker.queries.access import draft_for, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.evidence import has_evidence
from tracker.queries.own_records import OPEN, last_entered
from tracker.rules.campaigns import Kind
from tracker.rules.refusal import Problem, Refused
from tracker.services import drafts
from tracker.services import entries as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.views.jot_hours import hours_form
from tracker.views.jot_kinds import is_hours, own_kinds, typed_kinds
from tracker.views.lateness import checked_entries
from tracker.views.near_words import is_advised
from tracker.views.overlap_words import is_asked
from tracker.views.uploads import Uploads, read_uploads

bp = Blueprint("jots", __name__)
ROW = 1  # a form says one row
BLANK = "Fill in this cell."  # the word of the rules, who speak of spreadsheets


def closed_why(campaign: Campaign | None, member: Member | None) -> str | None:
    """Why nothing can be entered, as a word for the page; None if something can."""
    if campaign is None:
        return "no_campaign"
    if member is None:
        return "no_member"
    return "not_begun" if today() < campaign.starts_on else None


def _closed(why: str, campaign: Campaign | None) -> str | tuple[str, int]:
    page = render_template("jots/closed.html", why=why, campaign=campaign)
    return (page, 422) if request.method == "POST" else page


def chosen(kinds: list[Kind]) -> Kind | None:
    """The kind that is asked for, else the first."""
    code = request.values.get("kind", "")
    if not code:
        return next(iter(kinds), None)
    return next((kind for kind in kinds if kind.code == code), None) or abort(404)


@bp.route("/jot", methods=["GET", "POST"])
@requires(Permission.SELF)
@keeps_drafts
@takes_files
def new() -> Response | str | tuple[str, int]:
    """Note hours of one's own: day, duration, how. It waits for verification."""
    uploads = read_uploads()
    campaign, member = campaign_here(), current_user.member
    why = closed_why(campaign, member)
    if why or campaign is None or member is None:
        return _closed(why or "", campaign)
    spec = spec_of(campaign)
    kinds = [kind for kind in own_kinds(spec) if is_hours(kind)]
    kind = chosen(kinds)
    if kind is None:
        return render_template("jots/new.html", kind=None, others=typed_kinds(spec), spec=spec)
    last = last_entered(member, next(row for row in campaign.kinds if row.code == kind.code))
    form_class = hours_form(kind, campaign, last)
    draft = _draft(kind, campaign)
    status = 200
    if request.method == "POST":
        form = form_class()
        status = enter(form, kind, campaign, member, uploads) or 0
        if not status:
            return redirect(url_for("me.show"), 303)
        uploads.remind(form)
    else:
        day = min(today(), campaign.ends_on)
        form = form_class(formdata=None, data=_start(forms.presets_of(last, day), kind, draft))
    page = render_template(
        "jots/new.html",
        kind=kind,
        kinds=kinds,
        others=typed_kinds(spec),
        spec=spec,
        form=form,
        is_preset=last is not None and draft is None,
        latest=min(today(), campaign.ends_on),
    )
    return page if status == 200 else (page, status)


@bp.route("/jot/write", methods=["GET", "POST"])
@requires(Permission.SELF)
@keeps_drafts
@takes_files
def write() -> Response | str | tuple[str, int]:
    """Write an essay, or put one right that came back. Kept as a draft while it is typed. Files may stand in
    place of the text."""
    uploads = read_uploads()
    record = _record()
    campaign = db.session.get_one(Campaign, record.campaign_id) if record else campaign_here()
    member = current_user.member
    why = closed_why(campaign, member)
    if why or campaign is None or member is None:
        return _closed(why or "", campaign)
    kinds = [kind for kind in own_kinds(spec_of(campaign)) if kind.has_text]
    if record:
        kinds = [kind for kind in kinds if kind.code == record.kind.code] or abort(404)
        kind: Kind | None = kinds[0]
    else:
        kind = chosen(kinds)
    if kind is None:
        return _closed("no_text", campaign)
    form_class, draft, status = forms.text_form(kind), _draft(kind, campaign), 200
    if request.method == "POST":
        form = form_class()
        status = enter(form, kind, campaign, member, uploads, record) or 0
        if not status:
            return redirect(url_for("me.show"), 303)
        uploads.remind(form)
    else:
        start = (
            _written(record, kind) if record else {"happened_on": min(today(), campaign.ends_on).isoformat()}
        )
        form = form_class(formdata=None, data=_start(start, kind, draft, record))
    page = render_template(
        "jots/write.html",
        kind=kind,
        kinds=kinds,
        form=form,
        record=record,
        draft=draft,
        least=services.SHORTEST_TEXT,
        most=services.LONGEST_TEXT,
        latest=min(today(), campaign.ends_on),
        spec=spec_of(campaign),
    )
    return page if status == 200 else (page, status)


def _record() -> Record | None:
    """The user's own record that is to be put right; a wrong id, another's, one that counts: not found."""
    text = request.values.get("record", "")
    if not text:
        return None
    record_id = read_id(text) or abort(404)
    record = record_for(current_user, record_id) or abort(404)
    is_own = record.member_id is not None and record.member_id == current_user.member_id
    if not is_own or (record.status not in OPEN and request.method == "GET"):
        abort(404)
    return record


def _draft(kind: Kind, campaign: Campaign) -> Draft | None:
    """The user's own draft that is asked for, if it is one of this kind of the campaign."""
    draft_id = read_id(request.values.get("draft"))
    draft = draft_for(current_user, draft_id) if draft_id else None
    if draft is not None and (draft.kind.campaign_id, draft.kind.code) == (campaign.id, kind.code):
        return draft
    return abort(404) if request.method == "GET" and request.args.get("draft") else None


def _start(
    fields: dict[str, Any], kind: Kind, draft: Draft | None, record: Record | None = None
) -> dict[str, Any]:
    """What the form shows at first: what was kept goes before what is preset."""
    if draft is not None:
        fields = fields | draft.fields
    fields |= {"kind": kind.code, "writer": str(current_user.id)}
    if draft is not None:
        fields |= {"draft": str(draft.id), "draft_version": str(draft.version)}
    if record is not None:
        fields |= {"record": str(record.id), "version": record.version}
    fields.pop("tab", None)  # each page draws its own
    return fields


def _written(record: Record, kind: Kind) -> dict[str, Any]:
    """What a record says now, for the form."""
    fields: dict[str, Any] = {}
    for column in forms.columns_asked(kind):
        value = getattr(record, column.field, None)
        fields[column.field] = "" if value is None else str(value)
    if record.minutes:
        fields["minutes"] = minutes(record.minutes, kind.counts_in)
    return fields | {"text": record.work.text if record.work else ""}


def enter(
    form: JotForm,
    kind: Kind,
    campaign: Campaign,
    member: Member,
    uploads: Uploads,
    record: Record | None = None,
) -> int | None:
    """Write what was typed. None if it is written, else the status with which the form is shown again."""
    is_good = form.validate()
    if not uploads.tell(form) or not is_good:
        return 422
    row = services.Row(ROW, forms.cells_of(form, kind, member, record))
    plan = checked_entries(campaign, kind, [row], correcting=record)
    for problem in plan.problems:
        _tell(form, kind, problem)
    if plan.problems:
        return 422
    text = form["text"].data if "text" in form else None
    has_files = bool(uploads.files) or (record is not None and has_evidence(record))
    if text and kind.has_text and not is_advised(form, text, campaign, record):
        return 422
    if not kind.has_text and not is_asked(form, kind, campaign, plan.entries[0]):
        return 422
    try:
        if record is None:
            (written,) = services.enter_records(
                plan, kind, campaign, by=current_user, at=now(), text=text, has_files=has_files
            )
        else:
            written = record
            services.correct_record(
                record, plan, kind, version=form.version.data or 0, by=current_user, at=now(), text=text,
                has_files=has_files,
            )  # fmt: skip
        uploads.keep(written)
    except Refused as refusal:
        _say(form, forms.named(form, refusal.field), gettext(refusal.msgid, **refusal.params))
        db.session.rollback()
        return 409 if refusal.msgid == CHANGED else 422
    _drop_draft(form, kind)
    amount = minutes(written.minutes, kind.counts_in) if written.minutes else (written.title or "")
    flash(
        gettext(
            "Noted: %(day)s, %(kind)s, %(what)s. It waits to be verified and counts from then on.",
            day=short_day(written.happened_on), kind=kind.name, what=amount,
        )
    )  # fmt: skip
    return None


def _tell(form: JotForm, kind: Kind, problem: Problem) -> None:
    """Put a problem of the rules beside the field that it is about."""
    blank = problem.msgid == BLANK
    words = gettext("Fill this in.") if blank else gettext(problem.msgid, **problem.params)
    _say(form, forms.field_at_fault(form, kind, problem.column), words)


def _say(form: JotForm, field: Field | None, words: str) -> None:
    if field is None:
        form.form_errors.append(words)
    else:
        field.errors = [*field.errors, words]


def _drop_draft(form: JotForm, kind: Kind) -> None:
    """What was sent is no draft any more."""
    draft_id = read_id(form.draft.data)
    draft = draft_for(current_user, draft_id) if draft_id else None
    if draft is not None and draft.kind.code == kind.code:
        drafts.drop_sent(draft, version=read_id(form.draft_version.data) or 0, tab=form.tab.data or "")
