"""What is typed before the demo bureau is removed."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm

SAID = _("remove the demo")


class RemoveForm(TrackerForm):
    """Words that nobody types by mistake."""

    said = StringField(_("Type: remove the demo"), [InputRequired(_("Fill in this field.")), Length(max=60)])

    def validate_said(self, field: StringField) -> None:
        """They have to be the very words."""
        if (field.data or "").strip() != str(SAID):
            raise ValidationError(gettext("Type exactly: %(words)s", words=SAID))
