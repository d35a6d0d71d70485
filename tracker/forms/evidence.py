"""The forms of evidence: files to add, and why one goes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import MultipleFileField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm
from tracker.rules.evidence import ACCEPTED


def files_field() -> MultipleFileField:
    """Files beside whatever else a form asks for. They may always be left out."""
    return MultipleFileField(_("Choose files"), id="files", render_kw={"accept": ACCEPTED})


class EvidenceForm(TrackerForm):
    """Files for a record that stands already."""

    files = files_field()


class RemovalForm(TrackerForm):
    """Why a file is taken away."""

    why = StringField(_("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)])
