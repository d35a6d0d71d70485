"""The shape of a request to take somebody's second step away."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm
from tracker.rules.factor_resets import LONGEST_REASON


class ResetForm(TrackerForm):
    """Why it is asked for: who came, and how they were recognised."""

    reason = StringField(_("Why"), [InputRequired(_("Say why.")), Length(max=LONGEST_REASON)])
