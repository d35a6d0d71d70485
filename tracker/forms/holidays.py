"""The shape of the holiday table's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from tracker.forms.base import TrackerForm
from tracker.forms.entries import Asked, DayField
from tracker.models import DaySort


class HolidayForm(TrackerForm):
    """A day by hand."""

    day = DayField(_("Day"), [Asked()], id="day")
    name = StringField(_("What the day is called"), [Asked()], id="name")
    sort = RadioField(
        _("What it is"),
        [InputRequired(_("Choose from the list."))],
        choices=[
            SelectChoice(DaySort.HOLIDAY.value, _("Holiday")),
            SelectChoice(DaySort.WORKDAY.value, _("Make-up workday")),
        ],
        default=DaySort.HOLIDAY.value,
    )


class FillForm(TrackerForm):
    """The button that fills a year."""

    year = HiddenField()
