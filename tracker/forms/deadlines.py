"""The form that changes the day on which a record is due."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import DayField
from tracker.forms.records import read_day


class DeadlineForm(TrackerForm):
    """Another due day, and why. An empty day takes it away. `version`: of the record as it was seen."""

    version = VersionField()
    due_on = DayField(_("New due day"), id="due-on")
    why = StringField(
        _("Why it is changed"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="due-why"
    )

    @property
    def is_day(self) -> bool:
        """Whether a day was typed, or nothing."""
        return not (self.due_on.data or "").strip() or self.day is not None

    @property
    def day(self) -> dt.date | None:
        """The day that was typed, None for none."""
        return read_day((self.due_on.data or "").strip())
