"""The rows of a roster: what each says about a member, before anybody looks at who is known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.models.unit import UnitCategory
from tracker.rules.cells import Raw, parse_code, parse_text
from tracker.rules.days import parse_day
from tracker.rules.headings import ROSTER_COLUMNS, ColumnSpec
from tracker.rules.people import person_name
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.sheets import Understood

# A row without a number may still be a member who is known by name and branch; and a roster of one branch may
# name it above the table only.
COLUMNS: list[ColumnSpec] = [
    *(
        replace(spec, required=False) if spec.field in ("number", "branch") else spec
        for spec in ROSTER_COLUMNS
    ),
    ColumnSpec("branch_category", "支部类别", ("党支部类别", "支部类型", "党支部类型", "支部性质")),
]
RETIRED = "离退休"
_TWICE = N_("The number %(number)s stands in row %(row)s of sheet %(sheet)s too.")
_CATEGORIES = {
    "在职": UnitCategory.SERVING,
    "离退休": UnitCategory.RETIRED,
    "联合": UnitCategory.JOINT,
    "临时": UnitCategory.TEMPORARY,
}


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row. `present` holds the columns of its sheet: a missing one says nothing, a blank cell does."""

    row: int
    number: str | None
    name: str
    branch: str
    group: str | None = None
    section: str | None = None
    category: str | None = None
    standing: str | None = None
    duty: str | None = None
    joined_on: dt.date | None = None
    phone: str | None = None
    exempt_reason: str | None = None
    starts_on: dt.date | None = None
    branch_category: str | None = None
    present: frozenset[str] = frozenset()


def _text(most: int) -> Callable[[Raw], str | None]:
    return lambda raw: parse_text(raw, most)


_PARSERS: dict[str, Callable[[Raw], object]] = {
    "number": parse_code,
    "name": person_name,
    "branch": _text(200),
    "group": _text(200),
    "section": _text(200),
    "category": _text(40),
    "standing": _text(40),
    "duty": _text(80),
    "joined_on": parse_day,
    "phone": _text(40),
    "exempt_reason": _text(200),
    "starts_on": parse_day,
    "branch_category": _text(40),
}


def names_branch(text: str | None) -> bool:
    """Whether a line such as 填报单位：… names a branch, not the whole bureau."""
    return text is not None and "支部" in text


def read_roster(understood: Understood, today: dt.date) -> tuple[list[RosterEntry], list[Problem]]:
    """Every row of the sheet, and all that is wrong with single cells of it.

    Rows with a problem are left out of the entries.
    """
    entries: list[RosterEntry] = []
    problems: list[Problem] = list(understood.problems)
    branch = understood.note_unit if names_branch(understood.note_unit) else None
    if "branch" not in understood.columns and branch is None and not understood.not_understood:
        problems.append(
            Problem(
                understood.sheet,
                None,
                "党支部",
                N_("The column %(heading)s is missing."),
                {"heading": "党支部"},
            )
        )
    present = frozenset(understood.columns)
    for row, cells in understood.rows:
        values, wrong = _read_row(understood, row, cells)
        if branch:
            values.setdefault("branch", branch)
        wrong += _check_row(understood, row, values, today)
        problems += wrong
        if not wrong and "name" in values and "branch" in values:
            given = {"number": None, **values}
            entries.append(RosterEntry(row=row, present=present, **given))  # type: ignore[arg-type]  # by name
    return entries, problems


def doubled_numbers(sheets: list[tuple[Understood, list[RosterEntry]]]) -> list[Problem]:
    """A problem for each row whose number stands in an earlier row too."""
    seen: dict[str, tuple[str, int]] = {}
    problems = []
    for understood, entries in sheets:
        for entry in entries:
            if entry.number is None:
                continue
            sheet, row = seen.setdefault(entry.number.casefold(), (understood.sheet, entry.row))
            if (sheet, row) != (understood.sheet, entry.row):
                params = {"number": entry.number, "row": row, "sheet": sheet}
                problems.append(understood.problem(entry.row, "number", _TWICE, **params))
    return problems


def _read_row(
    understood: Understood, row: int, cells: dict[str, Raw]
) -> tuple[dict[str, object], list[Problem]]:
    values: dict[str, object] = {}
    wrong: list[Problem] = []
    for name, raw in cells.items():
        if raw is None:
            continue
        try:
            values[name] = _PARSERS[name](raw)
        except Refused as refusal:
            wrong.append(understood.problem(row, name, refusal.msgid, **refusal.params))
    return values, wrong


def _check_row(understood: Understood, row: int, values: dict[str, object], today: dt.date) -> list[Problem]:
    """What is missing in a row, and days that have not come."""
    blank = [name for name in ("name", "branch") if name not in values and name in understood.columns]
    wrong = [understood.problem(row, name, N_("Fill in this cell.")) for name in blank]
    for name in ("joined_on", "starts_on"):
        day = values.get(name)
        if isinstance(day, dt.date) and day > today:
            wrong.append(understood.problem(row, name, N_("%(day)s has not come yet."), day=day.isoformat()))
    category = values.get("branch_category")
    if isinstance(category, str) and branch_category(category) is None:
        wrong.append(
            understood.problem(
                row, "branch_category", N_("%(value)s is not in the list. Choose one of: %(choices)s."),
                value=category, choices="、".join(_CATEGORIES),
            )
        )  # fmt: skip
    return wrong


def branch_category(word: str) -> UnitCategory | None:
    """The sort of branch that a word names (在职, 离退休, 联合党支部 …); None if it names none."""
    return next((value for name, value in _CATEGORIES.items() if name in word), None)


def category_of_branch(name: str, stated: str | None, categories: set[str | None]) -> UnitCategory:
    """What sort of branch it is: as stated, else by its name, else by whether all its members are retired."""
    if stated and (category := branch_category(stated)):
        return category
    for word in ("联合", "临时"):
        if word in name:
            return _CATEGORIES[word]
    is_retired = bool(categories) and all(
        category is not None and RETIRED in category for category in categories
    )
    return UnitCategory.RETIRED if is_retired else UnitCategory.SERVING
