"""What every form has: the CSRF token and the key that lets it be taken once."""

from __future__ import annotations

import secrets

from flask_wtf import FlaskForm
from wtforms import HiddenField


class TrackerForm(FlaskForm):
    """Base of all forms. `submission_key` is drawn anew each time the form is shown."""

    submission_key = HiddenField(default=lambda: secrets.token_urlsafe(24))


class ActForm(TrackerForm):
    """A form that is only a button."""
