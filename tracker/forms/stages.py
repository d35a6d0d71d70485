"""The form that takes a record on to its next stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.confirmations import WordFields
from tracker.forms.entries import DayField
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.confirmations import Answers
from tracker.rules.deadlines import Deadline
from tracker.rules.pairings import is_pairing
from tracker.rules.stages import LONGEST_NOTE

# What a stage may ask for -> the fields that ask it.
FIELDS_OF = {
    "before_note": ("before",),
    "after_note": ("after",),
    "confirmation": ("said_by", "said_on", "heard"),
}


class StageForm(WordFields, TrackerForm):
    """Where the record stands from which day on, and what a stage asks for besides: only what one of those on
    offer asks is in the form. `version` is that of the record as it was seen."""

    version = VersionField()
    to = RadioField(_("Next stage"), [InputRequired(_("Choose the next stage."))], validate_choice=False)
    on = DayField(_("Reached on"), [InputRequired(_("Fill this in."))], id="stage-on")
    note = StringField(_("What was done, in a few words"), [Length(max=LONGEST_NOTE)], id="stage-note")
    before = StringField(_("How it was before"), [Length(max=LONGEST_NOTE)], id="stage-before")
    after = StringField(_("How it is now"), [Length(max=LONGEST_NOTE)], id="stage-after")

    @property
    def day(self) -> dt.date | None:
        """The day that was typed, None if it is none."""
        try:
            return dt.date.fromisoformat((self.on.data or "").strip())
        except ValueError:
            return None

    def answers(self) -> Answers:
        """What was said of that for which the stage asks."""
        before, after = ((self[name].data or "") if name in self else "" for name in ("before", "after"))
        return Answers(before, after, self.word() if "said_by" in self else None)


def read_due(args: Mapping[str, str]) -> Deadline | None:
    """Whether the board's address asks only for what is overdue, or due soon; None for all."""
    text = args.get("due", "")
    return Deadline(text) if text in set(Deadline) else None


def stage_form(
    kind: Kind, stages: tuple[Stage, ...], version: int, today: dt.date, *, posted: bool, to: str = ""
) -> StageForm:
    """The form for these next stages; a fresh one holds today, and the stage `to`, else the first."""
    chosen = to if any(stage.name == to for stage in stages) else stages[0].name if stages else ""
    form = StageForm() if posted else StageForm(formdata=None, to=chosen, on=today.isoformat())
    form.to.choices = [SelectChoice(stage.name, stage.name) for stage in stages]
    form.offer(kind)
    asked = {name for stage in stages for name in stage.asks}
    for name, fields in FIELDS_OF.items():
        for field in () if name in asked else fields:
            delattr(form, field)
    if all(stage.bureau_only for stage in stages):
        form.note.label.text = gettext("Why it is chosen, in a few words")
        form.note.flags.required = True
    if is_pairing(kind):
        form.note.label.text = gettext("What was done, or why it ends; no name")
    if not posted:
        form.version.data = version
    return form
