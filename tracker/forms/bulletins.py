"""The forms of bulletins: a new draft, its words, and the buttons that issue it or throw it away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import DayField
from tracker.forms.records import read_day


class ADay:
    """A validator: what was typed is a day."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: TrackerForm, field: DayField) -> None:
        typed = (field.data or "").strip()
        if not typed:
            raise StopValidation(gettext("Fill this in."))
        if read_day(typed) is None:
            raise StopValidation(gettext("%(value)s is not a day. Write it as 2021-03-05.", value=typed[:20]))


def _read(field: DayField) -> dt.date:
    day = read_day((field.data or "").strip())
    assert day is not None  # the form was validated
    return day


class NewBulletinForm(TrackerForm):
    """From which template, and as of which day."""

    template = SelectField(_("Template"), id="template")
    as_of = DayField(_("Figures as of"), [ADay()], id="as-of")

    @property
    def day(self) -> dt.date:
        return _read(self.as_of)


class BulletinForm(TrackerForm):
    """The words of a draft. version: the one that was seen. bulletin, writer: which and whose it is, for what
    is carried through a sign-in."""

    version = VersionField()
    bulletin = HiddenField()
    writer = HiddenField()
    title = StringField(_("Headline"), [InputRequired(_("Fill this in."))], id="title")
    as_of = DayField(_("Figures as of"), [ADay()], id="as-of")
    text = TextAreaField(_("Text"), [InputRequired(_("Fill this in."))], id="text")

    @property
    def day(self) -> dt.date:
        return _read(self.as_of)


class IssueForm(TrackerForm):
    """The day at the head of the issue."""

    version = VersionField()
    issued_on = DayField(_("Day of issue"), [ADay()], id="issued-on")

    @property
    def day(self) -> dt.date:
        return _read(self.issued_on)


class BulletinActForm(TrackerForm):
    """Throw it away, as it was seen."""

    version = VersionField()


def new_form(templates: Sequence[tuple[str, str]], *, posted: bool) -> NewBulletinForm:
    """The form of a new draft. templates: (code, name)."""
    form = NewBulletinForm() if posted else NewBulletinForm(formdata=None)
    form.template.choices = list(templates)
    return form
