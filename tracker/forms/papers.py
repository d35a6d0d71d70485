"""The shape of asking for a tally sheet."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from tracker.forms.base import TrackerForm


class PaperForm(TrackerForm):
    """A unit, a kind, and any day of the week that the sheet is for. The view gives the lists."""

    unit = SelectField(_("For whom"), [InputRequired(_("Choose from the list."))], id="unit")
    kind = SelectField(_("What is noted"), [InputRequired(_("Choose from the list."))], id="kind")
    week = DateField(_("A day of the week"), [InputRequired(_("Choose a day."))], id="week")
