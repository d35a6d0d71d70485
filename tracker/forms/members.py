"""What a reader of the roster may choose, and the shape of a move, a duty and an exemption."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.records import read_day, read_id, read_page, read_sort, read_text
from tracker.queries.members import SORTS, MemberFilter
from tracker.rules.memberships import LONGEST_DUTY, LONGEST_REASON, Place

NO_DAY = _("Write the day as year-month-day.")


class DayField(DateField):
    """A day; what cannot be read says so in the house's words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NO_DAY)) from None


class UnitField(SelectField):
    """The id of a unit, None for none. Which of them may be chosen is for the service to say."""

    def __init__(self, label: str, **kwargs: object) -> None:
        super().__init__(label, coerce=_as_id, validate_choice=False, **kwargs)  # type: ignore[arg-type]


def _as_id(value: object) -> int | None:
    return read_id(str(value)) if value is not None else None


class MoveForm(TrackerForm):
    """From which day a member belongs where. `version` is the one of the member that was seen."""

    starts_on = DayField(_("From which day"), [InputRequired(_("Say from which day."))])
    branch = UnitField(_("Branch"), validators=[InputRequired(_("Choose a branch."))])
    group = UnitField(_("Party group"))
    section = UnitField(_("Section"))
    version = VersionField()

    def day(self) -> dt.date:
        """From which day. To be asked for once the form is valid."""
        assert self.starts_on.data is not None
        return self.starts_on.data

    def place(self) -> Place:
        """Where to. To be asked for once the form is valid."""
        return Place(self.branch.data or 0, self.group.data, self.section.data)


class DutyForm(TrackerForm):
    """What a member does in the branch."""

    duty = StringField(_("Duty"), [Length(max=LONGEST_DUTY, message=_("That is too long."))])
    version = VersionField()


class ExemptionForm(TrackerForm):
    """Why and from when a member is not counted in "all". `ends_on` is the first day that counts again."""

    reason = StringField(
        _("Reason"),
        [
            InputRequired(_("Say why, in a few words.")),
            Length(max=LONGEST_REASON, message=_("That is too long.")),
        ],
    )
    starts_on = DayField(_("From which day"), [InputRequired(_("Say from which day."))])
    ends_on = DayField(_("Counts again from"), [Optional()])
    version = VersionField()


class EndOfExemptionForm(TrackerForm):
    """From which day a member counts again."""

    exemption = HiddenField()
    again_on = DayField(_("Counts again from"), [InputRequired(_("Say from which day."))])
    version = VersionField()

    def day(self) -> dt.date:
        """From which day. To be asked for once the form is valid."""
        assert self.again_on.data is not None
        return self.again_on.data


EXEMPT = {"yes": True, "no": False}


def read_roster(args: MultiDict[str, str], today: dt.date, within: frozenset[int] | None) -> MemberFilter:
    """The reader's choices from an address. What makes no sense is as if it had not been chosen.

    within: the branches whose roster is theirs to see; None for all.
    """
    return MemberFilter(
        day=min(read_day(args.get("as_of")) or today, today),
        within=within,
        left=args.get("left") == "yes",
        text=read_text(args.get("q")),
        branch_id=read_id(args.get("branch")),
        categories=tuple(text for one in args.getlist("category") if (text := read_text(one))),
        standings=tuple(text for one in args.getlist("standing") if (text := read_text(one))),
        exempt=EXEMPT.get(args.get("exempt", "")),
        sort=read_sort(args.get("sort"), SORTS, "branch"),
        page=read_page(args.get("page")),
    )


def as_args(chosen: MemberFilter, today: dt.date) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page."""
    exempt = {True: "yes", False: "no", None: None}[chosen.exempt]
    found: dict[str, Any] = {
        "as_of": chosen.day.isoformat() if chosen.day != today else None,
        "left": "yes" if chosen.left else None,
        "q": chosen.text or None,
        "branch": chosen.branch_id,
        "category": list(chosen.categories) or None,
        "standing": list(chosen.standings) or None,
        "exempt": exempt,
        "sort": chosen.sort if chosen.sort != "branch" else None,
    }
    return {key: value for key, value in found.items() if value is not None}
