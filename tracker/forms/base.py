"""What every form has: the CSRF token and the key that lets it be taken once."""

from __future__ import annotations

import secrets

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput

LARGEST_VERSION = 2**53  # no row changes that often; larger ones overflow a database


class TrackerForm(FlaskForm):
    """Base of all forms. `submission_key` is drawn anew each time the form is shown."""

    submission_key = HiddenField(default=lambda: secrets.token_urlsafe(24))


class VersionField(IntegerField):
    """The version of a row that was seen. What cannot be one is None: then it is not the row's version."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([text for text in valuelist if text.strip()])
        if self.data is not None and not 0 <= self.data <= LARGEST_VERSION:
            self.data = None


class ActForm(TrackerForm):
    """A form that is only a button."""
