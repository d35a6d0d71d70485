"""The form in which a branch states a month: one choice for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import listed
from tracker.models import Said
from tracker.queries.statement_lines import Line
from tracker.rules.statements import Choice, offered

LATER = "later"  # nothing is said, or what was said is taken back


def field_of(code: str) -> str:
    """The name of the field of a kind."""
    return f"said_{code}"


def statement_form(lines: Sequence[Line], *, is_own: bool, is_fresh: bool = False) -> Any:
    """One choice for each kind: what the ledger allows to be said, or nothing yet.

    is_own:   whoever keeps the branch speaks for it; others say who told them.
    is_fresh: to be shown for the first time; nothing is taken from the request.
    """
    fields: dict[str, Any] = {}
    for line in lines:
        name, said = field_of(line.kind.code), offered(line.said, line.standing)
        fields[name] = RadioField(
            line.kind.name,
            choices=listed(_choices(line)),
            default=str(said) if said else LATER,
            validate_choice=False,
        )
        fields[f"seen_{line.kind.code}"] = VersionField(default=line.version)
    if not is_own:
        fields["told_by"] = StringField(_("Who of the branch said so, and how"), id="told_by")
    form = type("StatementForm", (TrackerForm,), fields)
    return form(formdata=None) if is_fresh else form()


def _choices(line: Line) -> list[tuple[str, str]]:
    """Rows that stand can be handed in; where none stands there is nothing to report. Never both."""
    last = gettext("Take it back") if line.said else gettext("Not yet")
    if line.standing:
        return [(Said.HANDED_IN, gettext("Handed in: all rows are there")), (LATER, last)]
    return [(Said.NOTHING, gettext("Nothing to report")), (LATER, last)]


def choices_in(form: Any, lines: Sequence[Line]) -> dict[str, Choice]:
    """What was chosen, by code of the kind; a kind of which nothing was sent is left as it is."""
    known: dict[str | None, Said | None] = {str(said): said for said in (Said.HANDED_IN, Said.NOTHING)}
    known[LATER] = None
    found = {}
    for line in lines:
        chosen = form[field_of(line.kind.code)].data
        if chosen in known:
            version = form[f"seen_{line.kind.code}"].data
            found[line.kind.code] = Choice(known[chosen], -1 if version is None else version)
    return found
