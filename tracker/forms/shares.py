"""The form with which a work is shared."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm
from tracker.forms.records import read_id
from tracker.models import Unit


class ShareForm(TrackerForm):
    """With which group or branch."""

    unit = RadioField(_("With whom"), validate_choice=False)

    @property
    def unit_id(self) -> int:
        """The chosen unit, 0 for none."""
        return read_id(self.unit.data) or 0


def share_form(units: Sequence[Unit], now: Unit | None, *, posted: bool) -> ShareForm:
    """The form for these units; `now`: with which it is shared already."""
    form = ShareForm() if posted else ShareForm(formdata=None, unit=str(now.id) if now else None)
    form.unit.choices = [SelectChoice(str(unit.id), unit.name) for unit in units]
    return form
