"""What a form offers that gives a role: the roles, and the units at which one is held."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext
from flask_login import current_user

from tracker.forms.accounts import GrantForm
from tracker.forms.records import read_id
from tracker.models import Unit, UnitLevel
from tracker.queries.accounts import units_by_level
from tracker.queries.units import unit_within
from tracker.rules.refusal import N_
from tracker.views.audit_words import ROLES

LEVELS = {
    UnitLevel.BRANCH: N_("Branches"),
    UnitLevel.GROUP: N_("Party groups"),
    UnitLevel.SECTION: N_("Sections"),
}


def offer_roles(form: GrantForm) -> None:
    """Fill the choices of role and unit. A group is named with its branch: many are called the first."""
    form.role.choices = [(str(role), gettext(words)) for role, words in ROLES.items()]
    choices: dict[str, list[tuple[str, str]]] = {"": [("", gettext("The whole bureau (or only themselves)"))]}
    for level, units in units_by_level().items():
        choices[gettext(LEVELS[level])] = [(str(unit.id), _name(unit)) for unit in units]
    form.unit.choices = choices


def _name(unit: Unit) -> str:
    return f"{unit.parent.name} {unit.name}" if unit.level is UnitLevel.GROUP and unit.parent else unit.name


def unit_chosen(form: GrantForm) -> Unit | None:
    """The unit that was chosen, None for none. One that the reader may not see is a 404."""
    unit_id = read_id(form.unit.data)
    return (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
