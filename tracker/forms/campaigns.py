"""Forms about whole campaigns: archive, load, copy."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.files.shipped_campaigns import shipped_campaigns
from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import DayField

LONGEST_FILE = 200_000  # characters


class ArchiveForm(TrackerForm):
    """Why a campaign is put into the archive, or taken out. `seen`: the stay in the archive that was seen."""

    seen = VersionField()
    why = StringField(_("Why"), [InputRequired(_("Say why, in a few words.")), Length(max=400)])


class LoadForm(TrackerForm):
    """A campaign file, or one that comes with the tracker. `seen`: a digest of what it would do, as shown."""

    seen = HiddenField()
    shipped = SelectField(_("One that comes with the tracker"), default="")
    starts_on = DayField(_("Begins on"))
    file = FileField(_("Campaign file (.toml)"))
    text = TextAreaField(_("Text of the file"), [Length(max=LONGEST_FILE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, f"{one.name} ({one.starts_on} – {one.ends_on})") for one in shipped_campaigns()]
        self.shipped.choices = [("", _("none: a file of our own")), *named]


class CopyForm(TrackerForm):
    """What differs in the copy."""

    code = StringField(
        _("Code of the new campaign"), [InputRequired(_("Fill in this field.")), Length(max=64)]
    )
    name = StringField(
        _("Name of the new campaign"), [InputRequired(_("Fill in this field.")), Length(max=200)]
    )
    starts_on = DayField(_("Begins on"))
