"""Forms of reminders: whom to remind, and whether one wants any."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField

from tracker.forms.base import TrackerForm
from tracker.forms.records import read_id


class RemindForm(TrackerForm):
    """The members to be reminded."""

    member = SelectMultipleField(validate_choice=False)

    @property
    def member_ids(self) -> set[int]:
        """Their ids; what is none is left out."""
        return {id_ for text in self.member.data or [] if (id_ := read_id(text)) is not None}


class SwitchForm(TrackerForm):
    """The button that lets reminders reach oneself, or none. to: "on" or "off"."""

    to = HiddenField()
