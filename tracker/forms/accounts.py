"""The shapes of what people do with their own account, and the office with all of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm
from tracker.rules.passwords import LONGEST


class PasswordForm(TrackerForm):
    """A new password, and the one until now: the slip's at the first sign-in."""

    current = PasswordField(
        _("Password until now"), [InputRequired(_("Enter your password.")), Length(max=LONGEST)]
    )
    password = PasswordField(_("New password"), [InputRequired(_("Enter the new password."))])
    again = PasswordField(
        _("New password once more"), [InputRequired(_("Enter the new password once more."))]
    )

    def validate_again(self, field: PasswordField) -> None:
        """Both have to be the same: nobody sees what is typed."""
        if field.data != self.password.data:
            raise ValidationError(_("The two do not agree. Type the new password once more."))


class SecondFactorForm(TrackerForm):
    """A first code from a new device. `sealed` is its secret, which only this account's page can open."""

    code = StringField(_("Six digits"), [InputRequired(_("Enter the six digits.")), Length(max=12)])
    current = PasswordField(
        _("Your password"), [InputRequired(_("Enter your password.")), Length(max=LONGEST)]
    )
    others = BooleanField(_("Sign out all my other browsers"), default=True)
    sealed = HiddenField()


class ConfirmForm(TrackerForm):
    """One's own password, before something is taken away that protects the account."""

    current = PasswordField(
        _("Your password"), [InputRequired(_("Enter your password.")), Length(max=LONGEST)]
    )


class TurnOffForm(ConfirmForm):
    """The same, and whether the other browsers are to be signed out."""

    others = BooleanField(_("Sign out all my other browsers"), default=True)


class RecoveryForm(ConfirmForm):
    """Password and a code, before new recovery codes are drawn."""

    code = StringField(_("Six digits"), [InputRequired(_("Enter the six digits.")), Length(max=12)])


class GrantForm(TrackerForm):
    """A role, and where it is held. Choices are set by the view."""

    role = SelectField(_("Role"), [InputRequired()])
    unit = SelectField(_("Unit"))


class AccountForm(GrantForm):
    """An account for somebody, on the roster or not."""

    login = StringField(_("Login"), [InputRequired(_("Choose a login.")), Length(max=64)])
    name = StringField(_("Name"), [InputRequired(_("Say whose account it is.")), Length(max=100)])
    member = StringField(_("Member number"), [Length(max=64)])


class HandOverForm(TrackerForm):
    """Which role of which holder passes to whom. Choices are set by the view."""

    grant = SelectField(_("Who hands over"), [InputRequired(_("Choose who hands over."))])
    to = SelectField(_("Who takes over"), [InputRequired(_("Choose who takes over."))])


class EndSessionsForm(TrackerForm):
    """The login of an account whose browsers shall be signed out."""

    login = StringField(_("Login"), [InputRequired(_("Enter a login.")), Length(max=64)])
