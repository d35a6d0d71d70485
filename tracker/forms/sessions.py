"""The shape of a sign-in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm


class SignInForm(TrackerForm):
    """Number or name, with the branch for a name, and password. The only form for those not signed in.

    kept: what somebody sent after their session had ended, to be kept as a draft once they are in again.
    """

    login = StringField(_("Number or name"), [InputRequired(_("Enter your number or name.")), Length(max=64)])
    branch = StringField(_("Branch"), [Length(max=64)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=200)])
    next = HiddenField()
    kept = HiddenField()


class CodeForm(TrackerForm):
    """The second step: six digits from the owner's device, or one of their recovery codes in its place."""

    code = StringField(_("Six digits"), [Length(max=12)])
    recovery = StringField(_("Recovery code"), [Length(max=64)])
    next = HiddenField()
    kept = HiddenField()

    def validate_code(self, field: StringField) -> None:
        """One of the two is needed."""
        if not (field.data or "").strip() and not (self.recovery.data or "").strip():
            raise ValidationError(_("Enter the six digits."))
