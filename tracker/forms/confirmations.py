"""The forms of the community's word: noted with a stage or afterwards, and ended."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeBlank

from tracker.forms.base import TrackerForm
from tracker.forms.entries import DayField
from tracker.forms.records import read_day
from tracker.models import Heard
from tracker.rules.campaigns import Kind
from tracker.rules.confirmations import Word
from tracker.rules.refusal import N_

HEARD: dict[Heard, str] = {
    Heard.IN_PERSON: N_("in person"),
    Heard.PHONE: N_("by telephone"),
    Heard.WRITTEN: N_("in writing"),
}


class WordFields:
    """Who of the community said so, when, and how. For a form to have beside its own."""

    said_by = SelectField(_("Confirmed by"), [MayBeBlank()], validate_choice=False, id="said-by")
    said_on = DayField(_("Confirmed on"), [MayBeBlank()], id="said-on")
    heard = RadioField(_("How it was confirmed"), [MayBeBlank()], validate_choice=False)

    def offer(self, kind: Kind) -> None:
        """Fill in the lists from which to choose."""
        offices = [SelectChoice("", "—"), *(SelectChoice(one, one) for one in kind.confirmers)]
        self.said_by.choices = offices
        self.heard.choices = [SelectChoice(one, gettext(word)) for one, word in HEARD.items()]

    def word(self) -> Word | None:
        """What was chosen; None if any part of it is missing, or is no day."""
        said_by, heard = (self.said_by.data or "").strip(), self.heard.data
        said_on: dt.date | None = read_day((self.said_on.data or "").strip())
        if not said_by or said_on is None or heard not in set(Heard):
            return None
        return Word(said_by, said_on, Heard(heard))

    def note_gaps(self) -> bool:
        """Put a sentence beside each part that is missing; whether there is any."""
        gaps: list[tuple[Field, str]] = []
        if not (self.said_by.data or "").strip():
            gaps.append((self.said_by, gettext("Choose who of the community said so.")))
        if read_day((self.said_on.data or "").strip()) is None:
            gaps.append((self.said_on, gettext("Give the day on which it was confirmed.")))
        if self.heard.data not in set(Heard):
            gaps.append((self.heard, gettext("Choose how it was confirmed.")))
        for field, sentence in gaps:
            field.errors = [*field.errors, sentence]
        return bool(gaps)

    @property
    def is_begun(self) -> bool:
        """Whether any part of a word was chosen."""
        return any((one.data or "").strip() for one in (self.said_by, self.said_on, self.heard))


class ConfirmationForm(WordFields, TrackerForm):
    """The community's word, noted afterwards."""


class EndConfirmationForm(TrackerForm):
    """Why the community's word shall count no more."""

    why = StringField(
        _("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="end-why"
    )


def confirmation_form(kind: Kind, *, posted: bool) -> ConfirmationForm:
    """The form for the offices of a kind."""
    form = ConfirmationForm() if posted else ConfirmationForm(formdata=None)
    form.offer(kind)
    return form
