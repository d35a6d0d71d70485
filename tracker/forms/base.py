"""What every form has: the CSRF token and the key that lets it be taken once."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, PasswordField, StringField
from wtforms.widgets import HiddenInput

from tracker.kept import draw_key
from tracker.rules.cells import clean
from tracker.rules.refusal import Refused

LARGEST_VERSION = 2**53  # no row changes that often; larger ones overflow a database


def writable(value: Any) -> Any:
    """A text as every text is kept, see rules.cells; what is none as it is.

    Raises ValueError for a character that no file could hold.
    """
    try:
        return clean(value) if isinstance(value, str) else value
    except Refused as refusal:
        raise ValueError(
            gettext("There is a control character in it (U+%(code)s). Type the text again.", **refusal.params)
        ) from None


class TrackerForm(FlaskForm):
    """Base of all forms. `submission_key` is drawn anew each time the form is shown."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask_wtf ships no types
        """Lets every field for texts refuse control characters; passwords are none."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            sort = unbound_field.field_class
            if issubclass(sort, StringField) and not issubclass(sort, PasswordField | HiddenField):
                options["filters"] = [*unbound_field.kwargs.get("filters", ()), writable]
            return super().bind_field(form, unbound_field, options)

    submission_key = HiddenField(default=draw_key)


class VersionField(IntegerField):
    """The version of a row that was seen. What cannot be one is None: then it is not the row's version."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([text for text in valuelist if text.strip()])
        if self.data is not None and not 0 <= self.data <= LARGEST_VERSION:
            self.data = None


class ActForm(TrackerForm):
    """A form that is only a button."""
