"""The forms of certificates: over which days, why one holds no more, and which one is to be checked."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm
from tracker.forms.entries import DayField
from tracker.forms.records import read_day

LONGEST = 120


class CertificateForm(TrackerForm):
    """From which day to which, both included."""

    starts_on = DayField(_("From"), [InputRequired(_("Fill this in."))], id="starts-on")
    ends_on = DayField(_("To"), [InputRequired(_("Fill this in."))], id="ends-on")

    @property
    def period(self) -> tuple[dt.date | None, dt.date | None]:
        """The two days that were typed; None for what is none."""
        return read_day((self.starts_on.data or "").strip()), read_day((self.ends_on.data or "").strip())


class RevocationForm(TrackerForm):
    """Why a certificate shall hold no more."""

    why = StringField(_("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)])
