"""What somebody is writing: kept while they type, carried through a sign-in, taken up again, thrown away."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from tracker.access import Permission, requires
from tracker.clock import local, now
from tracker.forms.base import ActForm
from tracker.forms.jots import typed_fields
from tracker.forms.records import read_id
from tracker.models import Draft, Kind, OwnerType, Record, User
from tracker.queries.access import draft_for, record_for
from tracker.queries.campaigns import campaign_by_code, spec_of
from tracker.queries.drafts import drafts_of
from tracker.rules.refusal import Refused
from tracker.services import drafts as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.views.bulletin_rescue import keep_bulletin
from tracker.views.campaign_shown import FIELD

bp = Blueprint("drafts", __name__)


def address_of(draft: Draft) -> str:
    """Where a draft is written on: the editor where its kind has a text, else the short form."""
    kind = spec_of(draft.kind.campaign).kind(draft.kind.code)
    endpoint = "jots.write" if kind.has_text else "jots.new"
    return url_for(endpoint, kind=kind.code, draft=draft.id, record=draft.record_id)


def _kind_named(code: str, shown: str | None) -> Kind | None:
    """A member's own kind of the campaign that the page showed, else of that in which they work."""
    campaign = (campaign_by_code(shown) if shown else None) or campaign_here()
    if campaign is None:
        return None
    row = next((kind for kind in campaign.kinds if kind.code == code), None)
    return row if row and OwnerType.MEMBER in spec_of(campaign).kind(code).owners else None


def _record_named(user: User, text: str | None) -> Record | None:
    """The user's own record that is being put right."""
    record_id = read_id(text)
    record = record_for(user, record_id) if record_id else None
    return record if record and record.member_id == user.member_id else None


def keep_after_sign_in(user: User, kept: str, at: dt.datetime) -> str | None:
    """Keep what a form held when the session of its writer had ended, and say where it can be sent from.

    kept: what `access` had the sign-in carry along: JSON {"endpoint", "fields"}. It comes from a browser.
    Returns the address of the editor with the draft; None if it makes no sense or is another person's.
    """
    fields = _fields_kept(kept)
    if fields is None or fields.get("writer") != str(user.id):
        return None
    if fields.get("bulletin"):
        return keep_bulletin(user, fields, at)
    if user.member_id is None:
        return None
    record = _record_named(user, fields.get("record"))
    if fields.get("record") and record is None:
        return None
    kind = record.kind if record else _kind_named(fields.get("kind", ""), fields.get(FIELD))
    typed = typed_fields(fields)
    if kind is None or not any(text.strip() for text in typed.values()):
        return None
    values: dict[str, Any] = {
        "kind_id": kind.id, "fields": typed, "at": at, "record_id": record.id if record else None,
        "is_rescue": True,
    }  # fmt: skip
    tab = fields.get("tab", "")
    try:
        try:
            draft = services.keep_draft(user, **values, seen=_seen(user, fields), tab=tab)
        except Refused as refusal:
            if refusal.msgid != CHANGED:
                raise
            draft = services.keep_draft(user, **values)  # another page wrote it meanwhile: a draft of its own
    except Refused:
        return None
    return address_of(draft)


def _fields_kept(kept: str) -> dict[str, str] | None:
    try:
        fields = json.loads(kept)["fields"]
        found = {str(name): text for name, text in fields.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_text = all(isinstance(text, str) and "\x00" not in text for text in found.values())
    return found if is_text and not any("\x00" in name for name in found) else None


def _seen(user: User, fields: Mapping[str, str]) -> tuple[Draft, int] | None:
    """The draft that was written on, with the version from which."""
    draft_id, version = read_id(fields.get("draft")), read_id(fields.get("draft_version"))
    draft = draft_for(user, draft_id) if draft_id else None
    return (draft, version or 0) if draft else None


@bp.get("/drafts")
@requires(Permission.SELF)
def index() -> str:
    """What I have begun to write."""
    campaign = campaign_here()
    kinds = [kind for kind in spec_of(campaign).kinds if OwnerType.MEMBER in kind.owners] if campaign else []
    here, drafts = campaign.id if campaign else None, drafts_of(current_user)
    return render_template(
        "drafts/index.html",
        drafts=[(draft, address_of(draft)) for draft in drafts if draft.kind.campaign_id == here],
        elsewhere=sum(draft.kind.campaign_id != here for draft in drafts),
        writes=[kind for kind in kinds if kind.has_text],
        form=ActForm(formdata=None),
    )


@bp.post("/drafts")
@requires(Permission.SELF)
def save() -> Response | tuple[Response, int]:
    """Keep what is in the editor now; asked by its script every few seconds while somebody types.

    Answers with JSON {"draft", "version", "at"}. 409 with {"state"}: 'stale', another page wrote or threw
    away the draft meanwhile (the script then keeps its text as a new one); 'writer', somebody else is signed
    in now. 422 with {"error"}: a sentence.
    """
    fields = request.form.to_dict()
    if fields.get("writer") != str(current_user.id):
        return jsonify(state="writer"), 409
    record = _record_named(current_user, fields.get("record"))
    if fields.get("record") and record is None:
        abort(404)
    kind = record.kind if record else _kind_named(fields.get("kind", ""), fields.get(FIELD))
    if kind is None:
        return jsonify(error=gettext("There is no such kind of record now.")), 422
    seen = _seen(current_user, fields)
    if fields.get("draft") and seen is None:
        return jsonify(state="stale"), 409
    try:
        draft = services.keep_draft(
            current_user,
            kind_id=kind.id,
            fields=typed_fields(fields),
            at=now(),
            record_id=record.id if record else None,
            seen=seen,
            tab=fields.get("tab", "")[:64],
        )
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            return jsonify(state="stale"), 409
        return jsonify(error=gettext(refusal.msgid, **refusal.params)), 422
    return jsonify(draft=draft.id, version=draft.version, at=f"{local(draft.saved_at):%H:%M}")


@bp.post("/drafts/<int(max=9007199254740991):draft_id>/discard")
@requires(Permission.SELF)
def discard(draft_id: int) -> WerkzeugResponse:
    """Throw a draft away."""
    draft = draft_for(current_user, draft_id) or abort(404)
    services.discard_draft(draft)
    flash(gettext("The draft is thrown away."))
    return redirect(url_for("drafts.index"), 303)
