"""The form that says of two records that they are not the same."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class ApartForm(TrackerForm):
    """Why they are two. `twin` is the id of the other one."""

    twin = HiddenField()
    why = StringField(
        _("Why they are not the same"),
        [InputRequired(_("Say why, in a few words.")), Length(max=400)],
        id="apart-why",
    )
