"""The form of a new link for a screen: shape only."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm
from tracker.forms.entries import Asked, DayField
from tracker.rules.days import parse_day
from tracker.rules.refusal import Refused

THEMES = ("dark", "light", "auto")


class ScreenForm(TrackerForm):
    """Where the screen hangs, until when it may show the goals, and in which colours."""

    label = StringField(_("Where the screen hangs"), [Asked()], id="label")
    expires_on = DayField(_("Last day"), id="expires-on")
    theme = SelectField(
        _("Colours"),
        choices=[
            SelectChoice("dark", _("Dark")),
            SelectChoice("light", _("Light")),
            SelectChoice("auto", _("As the machine is set")),
        ],
        default="dark",
        id="theme",
        validate_choice=False,
    )

    @property
    def last_day(self) -> dt.date | None:
        """The day that was typed, None if none was. Raises Refused, with its field, for what is none."""
        if not (self.expires_on.data or "").strip():
            return None
        try:
            return parse_day(self.expires_on.data)
        except Refused as refusal:
            raise Refused(refusal.msgid, "expires_on", **refusal.params) from None


def read_theme(text: str | None) -> str:
    """One of THEMES, dark if it is none."""
    return text if text in THEMES else THEMES[0]
