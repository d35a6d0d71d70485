"""The forms of the register of quoted figures: shape only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, TextAreaField

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField
from tracker.models import Quoted
from tracker.rules.days import parse_day
from tracker.rules.quoted import Quote
from tracker.rules.refusal import Refused


class QuotedForm(TrackerForm):
    """A figure from outside: new, a newer value, or a correction. What is not asked again is not in the page.

    `is_outside` is shown once the name was found to sound like one of the campaign's own.
    """

    title = StringField(_("What the figure is called"), [Asked()], id="title")
    value = StringField(_("Value"), [Asked()], id="value")
    unit = StringField(_("Counted in"), [Asked()], id="unit")
    as_of = DayField(_("As of"), [Asked()], id="as-of")
    source = StringField(_("Source"), [Asked()], id="source")
    note = TextAreaField(_("Remark"), id="note", render_kw={"rows": "2"})
    code = StringField(_("Code"), id="code")
    is_outside = BooleanField(_("It comes from outside, and is none of the campaign's own."), id="is-outside")
    why = StringField(_("Reason"), [Asked()], id="why")
    version = VersionField()

    @property
    def quote(self) -> Quote:
        """What was typed. Raises Refused, with its field, for a day that is none."""
        try:
            day = parse_day(self.as_of.data)
        except Refused as refusal:
            raise Refused(refusal.msgid, "as_of", **refusal.params) from None
        typed = {name: self[name].data or "" for name in ("code", "title", "value", "unit", "source", "note")}
        return Quote(as_of=day, **typed)

    @classmethod
    def of(cls, row: Quoted, *, newer: bool = False) -> QuotedForm:
        """Filled with a row; newer: without what its next value has of its own."""
        form = cls(formdata=None)
        form.title.data, form.unit.data, form.code.data = row.title, row.unit, row.code
        form.source.data, form.version.data = row.source, row.version
        if not newer:
            form.value.data, form.as_of.data, form.note.data = row.value, row.as_of.isoformat(), row.note
        return form


class WithdrawalForm(TrackerForm):
    """Why a value holds no more."""

    why = StringField(_("Reason"), [Asked()])
    version = VersionField()
