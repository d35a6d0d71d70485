"""The shape of a suggestion."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class SuggestionForm(TrackerForm):
    """One text; the page it came from is filled in."""

    text = TextAreaField(
        _("What could be left out or made easier?"),
        [InputRequired(_("Say what could be left out or made easier.")), Length(max=2000)],
    )
    page = HiddenField()
