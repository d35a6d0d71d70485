"""The form in which results are typed: one field for each person, empty whatever was entered before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from tracker.forms.base import TrackerForm


class ResultForm(TrackerForm):
    """seen: which results there were when the page was shown."""

    seen = HiddenField()

    def typed(self) -> dict[int, str]:
        """id of the attendance -> what was typed."""
        return {
            int(name.removeprefix("points_")): field.data or ""
            for name, field in self._fields.items()
            if name.startswith("points_")
        }


def result_form(people: Sequence[tuple[int, str]]) -> type[ResultForm]:
    """The form for these people: (id of the attendance, name or code)."""
    fields: dict[str, Any] = {
        f"points_{id_}": StringField(name, [Length(max=20)], id=f"points-{id_}") for id_, name in people
    }
    return cast("type[ResultForm]", type("PeopleResultForm", (ResultForm,), fields))
