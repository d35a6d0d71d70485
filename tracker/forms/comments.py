"""The form of a remark on a record."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class CommentForm(TrackerForm):
    """One remark."""

    text = TextAreaField(
        _("Comment"), [InputRequired(_("Write something first.")), Length(max=400)], id="remark"
    )
