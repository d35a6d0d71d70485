"""The buttons with which a member ticks topics and set books."""

from __future__ import annotations

from wtforms import StringField

from tracker.forms.base import TrackerForm
from tracker.forms.records import read_id


class TickForm(TrackerForm):
    """One button is pressed. tick: 'phase/list/title'; untick: 'id:version' of the record."""

    tick = StringField()
    untick = StringField()

    def asked(self) -> tuple[str, str]:
        """(code of the list, title) of what is to be ticked, '' where nothing is."""
        phase, _first, rest = (self.tick.data or "").partition("/")
        what, _second, title = rest.partition("/")
        return f"{phase}/{what}" if title else "", title

    def taken_back(self) -> tuple[int, int] | None:
        """(id, version) of the record that is to be taken back."""
        id_, _colon, version = (self.untick.data or "").partition(":")
        found = read_id(id_), read_id(version)
        return (found[0], found[1]) if found[0] and found[1] else None
