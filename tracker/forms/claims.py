"""The shape of a draft that is to be checked: pasted, or as a document."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from tracker.forms.base import TrackerForm
from tracker.rules.claim_texts import MOST_CHARACTERS, TOO_LONG


class ClaimForm(TrackerForm):
    """A draft and the day that it speaks of. Nothing of it is kept."""

    text = TextAreaField(
        _("Text of the draft"), [Length(max=MOST_CHARACTERS, message=_(TOO_LONG, most=MOST_CHARACTERS))]
    )
    file = FileField(_("Or a Word document (.docx)"))
    day = DateField(_("As of"), [Optional()])

    def validate_text(self, field: TextAreaField) -> None:
        """Something is to be checked."""
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError(_("Paste a text, or choose a document."))
