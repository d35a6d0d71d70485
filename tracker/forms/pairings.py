"""The forms of a pairing: a visit, need or measure; what is sealed; opening it, and deleting it."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TypeVar

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import DayField
from tracker.forms.records import read_day
from tracker.models import DeletedWhy, NoteSort, OpenedWhy
from tracker.rules.pairings import LONGEST, LONGEST_NOTE

SORTS = {NoteSort.VISIT: _("Visit"), NoteSort.NEED: _("Need"), NoteSort.MEASURE: _("Measure")}
OPENED_WHY = {
    OpenedWhy.VISIT: _("I am going to visit"),
    OpenedWhy.CALL: _("I have to call"),
    OpenedWhy.CHECK: _("To see whether it is still right"),
    OpenedWhy.HAND_OVER: _("To hand the pairing over"),
    OpenedWhy.EMERGENCY: _("An emergency"),
}
DELETED_WHY = {
    DeletedWhy.ENDED: _("The pairing has ended"),
    DeletedWhy.ASKED: _("The person asks for it"),
    DeletedWhy.MISTAKE: _("Written by mistake"),
    DeletedWhy.DUE: _("Its day had come"),
}
Choice = TypeVar("Choice", bound=enum.StrEnum)


def _choices(words: dict[Choice, str], *without: Choice) -> list[SelectChoice]:
    return [SelectChoice(str(one), label) for one, label in words.items() if one not in without]


def _chosen(sort: type[Choice], text: str | None) -> Choice | None:
    """The choice of that name, None if there is none."""
    return next((one for one in sort if one == text), None)


class NoteForm(TrackerForm):
    """One visit, need or measure."""

    sort = RadioField(
        _("What"), choices=_choices(SORTS), default=NoteSort.VISIT, validate_choice=False, id="note-sort"
    )
    on = DayField(_("Day"), [InputRequired(_("Fill this in."))], id="note-on")
    text = StringField(_("In a few words"), [Length(max=LONGEST_NOTE)], id="note-text")

    @property
    def chosen(self) -> NoteSort | None:
        return _chosen(NoteSort, self.sort.data)

    @property
    def day(self) -> dt.date | None:
        return read_day((self.on.data or "").strip())


class SealForm(TrackerForm):
    """What is to be sealed. `version` is that of what is sealed now, 0 where there is nothing.

    Never kept as a draft, nor carried through a sign-in: both would lie in clear.
    """

    version = VersionField()
    name = StringField(
        _("Name"), [InputRequired(_("Write the name.")), Length(max=LONGEST["name"])], id="seal-name"
    )
    contact = StringField(_("Phone or other contact"), [Length(max=LONGEST["contact"])], id="seal-contact")
    address = StringField(_("Where to find the person"), [Length(max=LONGEST["address"])], id="seal-address")
    delete_on = DayField(_("To be deleted on"), [InputRequired(_("Fill this in."))], id="seal-delete-on")

    @property
    def words(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("name", "contact", "address")}

    @property
    def day(self) -> dt.date | None:
        return read_day((self.delete_on.data or "").strip())


class OpenForm(TrackerForm):
    """Why what is sealed is opened."""

    why = RadioField(
        _("Why"), [InputRequired(_("Choose a reason."))], choices=_choices(OPENED_WHY), validate_choice=False,
        id="open-why",
    )  # fmt: skip

    @property
    def chosen(self) -> OpenedWhy | None:
        return _chosen(OpenedWhy, self.why.data)


class DeletionForm(TrackerForm):
    """Why what is sealed is deleted before its day. `version` is the one that was seen."""

    version = VersionField()
    why = RadioField(
        _("Why"), [InputRequired(_("Choose a reason."))], choices=_choices(DELETED_WHY, DeletedWhy.DUE),
        validate_choice=False, id="delete-why",
    )  # fmt: skip

    @property
    def chosen(self) -> DeletedWhy | None:
        found = _chosen(DeletedWhy, self.why.data)
        return None if found is DeletedWhy.DUE else found
