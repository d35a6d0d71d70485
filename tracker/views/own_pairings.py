"""What everything about one member says of their pairings."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from tracker.files.own_record import Part
from tracker.filters import moment
from tracker.forms.pairings import OPENED_WHY, SORTS
from tracker.models import User
from tracker.queries.own_data import OwnData


def pairing_parts(data: OwnData, who: Callable[[User], str]) -> list[Part]:
    """The notes of the member's pairings, and who opened what is sealed. who: says it without a name."""
    return [
        Part(
            gettext("Visits, needs and measures of my pairings"),
            (gettext("Day"), gettext("Code of the person"), gettext("What"), gettext("Text")),
            tuple((row.happened_on, row.subject, str(SORTS[row.sort]), row.text) for row in data.notes),
            gettext("None."),
        ),
        Part(
            gettext("Who opened what is sealed behind the codes of my pairings"),
            (gettext("When"), gettext("Code of the person"), gettext("Who did it"), gettext("Reason")),
            tuple(
                (moment(row.at), row.person.subject, who(row.by), str(OPENED_WHY[row.why]))
                for row in data.openings
            ),
            gettext("Nobody yet."),
        ),
    ]
