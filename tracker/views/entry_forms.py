"""What the pages on which records are entered share: the kind, for whom, the form, and its problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort
from flask_babel import gettext
from flask_login import current_user

from tracker.clock import today
from tracker.filters import day_words
from tracker.forms.entries import FormShape, Owners, entry_form, notes_of, place_of
from tracker.models import Campaign
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import (
    OPEN_WORDS,
    member_to_enter_for,
    members_to_enter_for,
    units_to_enter_for,
    words_used,
)
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.reach import Reach, may_enter_kind
from tracker.rules.refusal import N_, Problem, Refused
from tracker.views.asof import campaign_here

bp = Blueprint("entries", __name__)
KIND = "<string(maxlength=40):kind_code>"
RECORD = "<int(max=9007199254740991):record_id>"
# The same refusals in the words of a form, which has no cells and no rows.
IN_A_FORM = {
    "Fill in this cell.": N_("Fill this in."),
    "%(name)s comes to %(minutes)s minutes on %(day)s (at most %(most)s), in rows: %(rows)s.": N_(
        "With this, %(name)s would come to %(minutes)s minutes on %(day)s; at most %(most)s are possible."
    ),
    "The cell holds a control character (U+%(code)s). Type the text again.": N_(
        "There is a control character in it (U+%(code)s). Type the text again."
    ),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One kind of one campaign, and for whom the reader may enter it."""

    campaign: Campaign
    spec: CampaignSpec
    kind: Kind
    reach: Reach
    owners: Owners

    @property
    def last(self) -> dt.date:
        """The last day that a record may have."""
        return min(self.spec.ends_on, today())

    @property
    def kind_id(self) -> int:
        return next(one.id for one in self.campaign.kinds if one.code == self.kind.code)


def desk_for(kind_code: str, campaign: Campaign | None = None) -> Desk:
    """The kind with that code, if the reader may enter it for somebody; 404 otherwise."""
    campaign = campaign or campaign_here() or abort(404)
    spec = spec_of(campaign)
    kind = next((kind for kind in spec.kinds if kind.code == kind_code), None) or abort(404)
    reach = reach_of(current_user)
    if not may_enter_kind(kind, reach):
        abort(404)
    return Desk(campaign, spec, kind, reach, _owners(kind, reach))


def _owners(kind: Kind, reach: Reach) -> Owners:
    units = units_to_enter_for(reach, kind)
    asks_people = "member" in kind.owners or kind.column("people") is not None
    if "member" in kind.owners and not reach.enters_for_members and not units and reach.member_id:
        only = member_to_enter_for(reach, reach.member_id, today()) or abort(404)
        return Owners(only=only)
    return Owners(members_to_enter_for(reach, today()) if asks_people else [], units)


def form_of(
    desk: Desk, leave_out: Collection[str] = (), *, is_correction: bool = False, **filled: Any
) -> Any:
    """The form of the desk's kind; `filled` is what it holds before anybody typed."""
    words = {name: words_used(desk.campaign, desk.kind, name, desk.reach) for name in _open_fields(desk.kind)}
    if desk.kind.sources_open:
        words["source"] = [*dict.fromkeys([one.name for one in desk.kind.sources] + words.get("source", []))]
    shape = FormShape(
        desk.owners, words, desk.spec.starts_on, desk.last, leave_out, is_bureau=desk.reach.bureau,
        has_text=desk.kind.has_text and "text" not in leave_out, is_correction=is_correction,
    )  # fmt: skip
    form = entry_form(desk.kind, shape, **filled)
    form.words, form.notes = words, notes_of(desk.kind)
    return form


def _open_fields(kind: Kind) -> list[str]:
    closed = {"type": bool(kind.types), "source": bool(kind.sources) and not kind.sources_open}
    return [name for name in OPEN_WORDS if kind.column(name) and not closed.get(name)]


def say(problem: Problem | Refused) -> str:
    """A problem in the reader's language and in the words of a form."""
    params = dict(problem.params)
    if isinstance(day := params.get("day"), str):
        params["day"] = _day_said(day)
    return gettext(IN_A_FORM.get(problem.msgid, problem.msgid), **params)


def _day_said(text: str) -> str:
    try:
        return day_words(dt.date.fromisoformat(text))
    except ValueError:
        return text


def tell(form: Any, field: str | None, sentence: str) -> None:
    """Put a sentence beside its field, or above all; each once."""
    if field is not None and field in form._fields:
        if sentence not in form[field].errors:
            form[field].errors = [*form[field].errors, sentence]
    elif sentence not in form.form_errors:
        form.form_errors = [*form.form_errors, sentence]


def tell_all(form: Any, kind: Kind, problems: Iterable[Problem], refused: Iterable[Refused] = ()) -> None:
    """Put every problem of a row beside its field. One that was refused before it was a row is told alone."""
    told = {refusal.field for refusal in refused}
    for refusal in refused:
        tell(form, refusal.field, say(refusal))
    for problem in problems:
        place = place_of(form, kind, problem)
        if told and (place in told or place is None):
            continue  # that nobody is named is said already
        tell(form, place, say(problem))


def is_told(form: Any) -> bool:
    """Whether anything is wrong with the form."""
    return bool(form.errors)


def entered_words(count: int) -> str:
    """What is said after entering."""
    if count == 1:
        return gettext("Entered. It counts as soon as somebody else has verified it.")
    return gettext(
        "%(count)d records entered. They count as soon as somebody else has verified them.", count=count
    )
