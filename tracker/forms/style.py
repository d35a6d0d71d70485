"""A form with one field of each sort, for the page of components."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Optional

from tracker.forms.base import TrackerForm


class SampleForm(TrackerForm):
    """It is shown and never sent."""

    name = StringField(_("Name"), [InputRequired()])
    amount = StringField(_("Duration"), [InputRequired(_("Say how long it took."))])
    kind = SelectField(_("Kind"), choices=[SelectChoice("", "—")])
    day = DateField(_("Day"), [Optional()])
    text = TextAreaField(_("Text"), [Optional()])
    sure = BooleanField(_("Verified"))
