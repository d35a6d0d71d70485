"""The form by which the office has a copy made for somebody."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from tracker.forms.base import TrackerForm
from tracker.rules.copies import ASKED, UNSAID


class CopyForm(TrackerForm):
    """How the person asked for it."""

    why = RadioField(
        lazy_gettext("How they asked"),
        [InputRequired(lazy_gettext(UNSAID))],
        choices=[SelectChoice(name, lazy_gettext(words)) for name, words in ASKED.items()],
        validate_choice=False,
        id="copy-why",
    )
