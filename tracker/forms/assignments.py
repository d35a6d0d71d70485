"""Forms of the plan: an item set or changed, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField
from tracker.forms.records import read_id, read_page, read_sort, read_text
from tracker.models import Assignment, Meeting, Unit
from tracker.queries.assignments import SHOWN, SORTS, PlanChoice
from tracker.services.assignments import Said


class AssignmentForm(TrackerForm):
    """One item of the plan. `why` is asked for another day only; `version` is the one that was seen."""

    version = VersionField()
    text = StringField(_("What is to be done"), [Asked()], id="assignment-text")
    unit = SelectField(_("Unit in charge"), validate_choice=False, id="assignment-unit")
    in_charge = StringField(_("Or an office that is no unit here"), id="assignment-in-charge")
    due_on = DayField(_("To be done by"), [Asked()], id="assignment-due")
    meeting = SelectField(_("Decided at"), validate_choice=False, id="assignment-meeting")
    why = StringField(_("Why the day is changed"), id="assignment-why")

    def offer(self, units: Iterable[Unit], meetings: Iterable[Meeting]) -> None:
        """Let one of these be chosen."""
        none = SelectChoice("", gettext("Choose"))
        self.unit.choices = [none, *(SelectChoice(str(unit.id), unit.name) for unit in units)]
        none = SelectChoice("", gettext("no meeting"))
        self.meeting.choices = [
            none,
            *(SelectChoice(str(one.id), f"{one.number}（{one.held_on.isoformat()}）") for one in meetings),
        ]

    @property
    def said(self) -> Said:
        """What it says."""
        return Said(
            text=self.text.data or "", due_on=self.due_on.data or "", unit_id=read_id(self.unit.data),
            in_charge=self.in_charge.data or "", meeting_id=read_id(self.meeting.data),
        )  # fmt: skip


def filled(row: Assignment) -> dict[str, object]:
    """What the form holds that says this assignment."""
    return {
        "version": row.version, "text": row.text, "unit": str(row.unit_id or ""),
        "in_charge": row.in_charge or "", "due_on": row.due_on.isoformat(),
        "meeting": str(row.meeting_id or ""),
    }  # fmt: skip


class SayForm(TrackerForm):
    """What is said of an assignment. `act` is the button, `version` the one that was seen."""

    version = VersionField()
    act = HiddenField()
    text = StringField(_("In a few words"), id="say-text")


def read_choice(args: Mapping[str, str], units: Iterable[Unit]) -> PlanChoice:
    """The reader's choices from an address. What makes no sense is as if it had not been chosen."""
    shown, unit_id = args.get("show", ""), read_id(args.get("unit"))
    return PlanChoice(
        shown=shown if shown in SHOWN else "",
        unit=next((unit for unit in units if unit.id == unit_id), None),
        text=read_text(args.get("q")),
        sort=read_sort(args.get("sort"), SORTS, ""),
        page=read_page(args.get("page")),
    )


def as_args(chosen: PlanChoice) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page."""
    found = {
        "show": chosen.shown, "unit": chosen.unit.id if chosen.unit else None, "q": chosen.text,
        "sort": chosen.sort,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}
