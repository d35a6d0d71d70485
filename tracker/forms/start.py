"""What is typed on the way from an empty installation to a running campaign."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class OfficeForm(TrackerForm):
    """The first account of the party office."""

    name = StringField(_("Name"), [InputRequired(_("Say whose account it is.")), Length(max=100)])
    login = StringField(_("Login"), [InputRequired(_("Choose a login.")), Length(max=64)])


class BureauForm(TrackerForm):
    """The bureau's name. `seen`: the one that the page showed, empty if there was none."""

    seen = HiddenField()
    name = StringField(
        _("Name of your bureau"), [InputRequired(_("Write the name of your bureau.")), Length(max=100)]
    )
