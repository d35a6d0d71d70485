"""Forms of samples: drawing, the verdict on a record, completing and opening again."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import listed
from tracker.forms.records import read_id
from tracker.models import Fault, SampleRow, Verdict
from tracker.rules.refusal import N_
from tracker.rules.samples import LEVELS, SamplePlan

VERDICTS: dict[Verdict, str] = {
    Verdict.RIGHT: N_("Right"),
    Verdict.WRONG: N_("Wrong"),
    Verdict.UNCLEAR: N_("Cannot be checked"),
}
FAULTS: dict[Fault, str] = {
    Fault.NOT_HELD: N_("It did not happen"),
    Fault.DAY: N_("The day"),
    Fault.AMOUNT: N_("Time or amount"),
    Fault.PEOPLE: N_("The people"),
    Fault.CONTENT: N_("What it says"),
    Fault.OTHER: N_("Another thing"),
}
ALL = "all"  # in place of a unit's id
PERCENTS = (1, 2, 3, 5, 10, 15, 20, 30)


class DrawForm(TrackerForm):
    """Which records a sample is drawn from, how large it is, and its seed."""

    period = SelectField(_("Period"), validate_choice=False, id="period")
    kind = SelectField(_("Kind"), validate_choice=False, id="kind")
    unit = SelectField(_("Whose records"), validate_choice=False, id="unit")
    way = RadioField(
        _("How many"),
        choices=listed(
            [("bound", _("as many as it takes to say something")), ("size", _("so many of each unit"))]
        ),
        default="bound",
        validate_choice=False,
        id="way",
    )
    most_percent = SelectField(_("Without an error found, at most so many are wrong"), validate_choice=False,
                               choices=listed((str(one), f"{one}%") for one in PERCENTS), default="10",
                               id="most-percent")  # fmt: skip
    size = StringField(_("Records of each unit"), [Length(max=10)], default="", id="size")
    level = SelectField(_("Level of confidence"), validate_choice=False,
                        choices=listed((str(one), f"{one}%") for one in LEVELS), default="95",
                        id="level")  # fmt: skip
    seed = StringField(_("Seed"), [Length(max=80)], id="seed")

    def offer(
        self,
        periods: Iterable[tuple[str, str]],
        kinds: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str]],
    ) -> None:
        """Let one of these be chosen: pairs of code or id, and name."""
        self.period.choices = listed(periods)
        self.kind.choices = listed(kinds)
        self.unit.choices = listed([(ALL, gettext("Every unit, one sample each")), *units])

    @property
    def plan(self) -> SamplePlan:
        """How much is to be drawn. What is no number is 0, which the rules refuse."""
        level = read_id(self.level.data) or 0
        if self.way.data == "size":
            return SamplePlan(level, size=read_id((self.size.data or "").strip()) or 0)
        return SamplePlan(level, most_percent=read_id(self.most_percent.data) or 0)


class VerdictForm(TrackerForm):
    """What was found of a record. `version` is the one of the row that was seen."""

    verdict = StringField()
    fault = SelectField(_("What is wrong"), validate_choice=False)
    note = StringField(_("What was found"), [Length(max=400)])
    version = VersionField()

    def stand_at(self, row: SampleRow) -> None:
        """Offer the sorts of fault, with ids of this row's own: a page has many such forms."""
        self.fault.id, self.note.id = f"fault-{row.id}", f"note-{row.id}"
        faults = [(str(fault), gettext(words)) for fault, words in FAULTS.items()]
        self.fault.choices = listed([("", gettext("Choose")), *faults])


class CompleteForm(TrackerForm):
    """The button that freezes a sample."""

    version = VersionField()


class ReopenForm(TrackerForm):
    """Why a completed sample is opened again."""

    why = StringField(_("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="why")
    version = VersionField()
