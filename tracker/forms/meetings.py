"""The form of a meeting's minutes."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField
from tracker.forms.records import read_id
from tracker.models import Assignment, Meeting, Record
from tracker.services.meetings import SaidOfMeeting


class MeetingForm(TrackerForm):
    """Minutes of one meeting. A session of the ledger that tells of it says its day and its agenda."""

    version = VersionField()
    number = StringField(_("Number of the meeting"), [Asked()], id="meeting-number")
    record = SelectField(_("Is it in the ledger already?"), validate_choice=False, id="meeting-record")
    held_on = DayField(_("Day of the meeting"), id="meeting-day")
    chair = StringField(_("Chaired by"), [Asked()], id="meeting-chair")
    studied = TextAreaField(_("What was studied"), render_kw={"rows": "5"}, id="meeting-studied")
    text = TextAreaField(_("Text of the minutes"), render_kw={"rows": "8"}, id="meeting-text")
    looked_at = SelectMultipleField(
        _("Assignments that it looked at"), validate_choice=False, id="meeting-looked-at"
    )

    def offer(self, sessions: Iterable[Record], assignments: Iterable[Assignment]) -> None:
        """Let one of these sessions, and any of these assignments, be chosen."""
        self.record.choices = [
            SelectChoice("", gettext("no, its day and agenda are written here")),
            *(SelectChoice(str(one.id), f"{one.happened_on.isoformat()} {_named(one)}") for one in sessions),
        ]
        self.looked_at.choices = [
            SelectChoice(str(one.id), f"{one.text}（{one.unit.name if one.unit else one.in_charge}）")
            for one in assignments
        ]

    @property
    def said(self) -> SaidOfMeeting:
        """What it says."""
        ids = [read_id(text) or 0 for text in self.looked_at.data or []]
        return SaidOfMeeting(
            number=self.number.data or "", held_on=self.held_on.data or "", chair=self.chair.data or "",
            studied=self.studied.data or "", text=self.text.data or "", record_id=read_id(self.record.data),
            looked_at=ids,
        )  # fmt: skip


def _named(record: Record) -> str:
    return " · ".join(part for part in (record.type or record.kind.name, record.title) if part)


def filled(meeting: Meeting, looked_at: Iterable[int]) -> dict[str, object]:
    """What the form holds that says this meeting."""
    return {
        "version": meeting.version, "number": meeting.number, "record": str(meeting.record_id or ""),
        "held_on": "" if meeting.record_id else meeting.held_on.isoformat(), "chair": meeting.chair,
        "studied": meeting.studied or "", "text": meeting.text or "",
        "looked_at": [str(id_) for id_ in looked_at],
    }  # fmt: skip
