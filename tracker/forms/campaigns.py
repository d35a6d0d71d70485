"""Forms about whole campaigns: archive, load, copy."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import DayField

LONGEST_FILE = 200_000  # characters


class ArchiveForm(TrackerForm):
    """Why a campaign is put into the archive, or taken out. `seen`: the stay in the archive that was seen."""

    seen = VersionField()
    why = StringField(_("Why"), [InputRequired(_("Say why, in a few words.")), Length(max=400)])


class LoadForm(TrackerForm):
    """A campaign file. `seen`: a digest of what it would do, as it was shown."""

    seen = HiddenField()
    file = FileField(_("Campaign file (.toml)"))
    text = TextAreaField(_("Text of the file"), [Length(max=LONGEST_FILE)])


class CopyForm(TrackerForm):
    """What differs in the copy."""

    code = StringField(
        _("Code of the new campaign"), [InputRequired(_("Fill in this field.")), Length(max=64)]
    )
    name = StringField(
        _("Name of the new campaign"), [InputRequired(_("Fill in this field.")), Length(max=200)]
    )
    starts_on = DayField(_("Begins on"))
