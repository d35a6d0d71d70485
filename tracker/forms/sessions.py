"""The shape of a sign-in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class SignInForm(TrackerForm):
    """Login and password. The only form that people send who are not signed in."""

    login = StringField(_("Login"), [InputRequired(_("Enter your login.")), Length(max=64)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=200)])
    next = HiddenField()
