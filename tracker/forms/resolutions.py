"""Forms of a session's agenda and of what it resolved."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm
from tracker.forms.entries import Asked, DayField
from tracker.queries.resolutions import OwnerOffered


class AgendaForm(TrackerForm):
    """The agenda as text, one item a line. `seen` is the digest of the items that were shown."""

    seen = HiddenField()
    text = TextAreaField(_("Agenda"), render_kw={"rows": "5"}, id="agenda-text")


class ResolutionForm(TrackerForm):
    """One thing that was resolved, who takes care of it, and by when."""

    text = StringField(_("What is to be done"), [Asked()], id="resolution-text")
    owner = SelectField(_("Who takes care of it"), [Asked()], validate_choice=False, id="resolution-owner")
    due_on = DayField(_("To be done by"), [Asked()], id="resolution-due")

    def offer(self, owners: Iterable[OwnerOffered]) -> None:
        """Let one of these be chosen."""
        blank = SelectChoice("", gettext("Choose"))
        self.owner.choices = [blank, *(SelectChoice(one.key, one.name) for one in owners)]


class MarkForm(TrackerForm):
    """The buttons beside a resolution. `act` says which, `next` where they stood."""

    act = HiddenField()
    next = HiddenField()
