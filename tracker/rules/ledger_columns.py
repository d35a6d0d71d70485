"""Which sheet of a workbook holds which kind of record, and what its columns may be called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.cells import is_blank
from tracker.rules.headings import SEARCHED_ROWS, STANDARD_ALIASES, ColumnSpec, normalise_heading
from tracker.rules.refusal import N_
from tracker.rules.sheets import NO_COLUMN, RawSheet, Understood, understand

SPREAD = "#"  # quantity#1: the second column that becomes a record of its own
_NOTES = re.compile(r"说明|须知|封面|目录|字典|选项|readme|notes?$|^help", re.IGNORECASE)
HIDDEN = N_("The sheet is hidden; it was not read.")
_WIDEST_NOTES = 2  # prose stands in one column, or in two with a label


def columns_of(kind: Kind) -> list[ColumnSpec]:
    """The columns that a sheet of this kind may have, by the campaign's headings and those of everybody."""
    found = []
    for position, column in enumerate(kind.columns):
        name, aliases = column.field, column.aliases
        if column.spread is not None:
            name = f"{name}{SPREAD}{position}"
        else:
            aliases += STANDARD_ALIASES.get(column.field, ())
        found.append(ColumnSpec(name, column.heading, aliases, column.required))
    return found


def kind_of_sheet(sheet: RawSheet, spec: CampaignSpec) -> tuple[Kind | None, tuple[Kind, ...]]:
    """The kind whose rows a sheet holds: by its name, else by its headings.

    Returns the kind, or None with the kinds between which the headings do not decide (() if none fits).
    """
    name = normalise_heading(sheet.name)
    for kind in spec.kinds:
        if name in (normalise_heading(kind.sheet), normalise_heading(kind.name)):
            return kind, ()
    head = replace(sheet, rows=sheet.rows[: SEARCHED_ROWS + 5], merged=(), formulas=frozenset())
    scores: list[tuple[tuple[int, int], Kind]] = []
    for kind in spec.kinds:
        understood = understand(head, columns_of(kind), class_hours=kind.class_hour is not None)
        if not understood.not_understood and not understood.missing_required:
            scores.append(((len(understood.columns), -len(understood.unknown_headings)), kind))
    best = max((score for score, _ in scores), default=None)
    fitting = tuple(kind for score, kind in scores if score == best)
    begun = [kind for kind in fitting if name.startswith(normalise_heading(kind.sheet))]
    if len(fitting) == 1 or len(begun) == 1:
        return (begun or list(fitting))[0], ()
    if not fitting:
        begun = [kind for kind in spec.kinds if name.startswith(normalise_heading(kind.sheet))]
        return (begun[0] if len(begun) == 1 else None), ()
    return None, fitting


def is_notes(sheet: RawSheet) -> bool:
    """Whether a sheet that fits no kind is clearly no table: by its name, or because it is prose."""
    if _NOTES.search(normalise_heading(sheet.name)):
        return True
    widest = max((sum(not is_blank(cell) for cell in cells) for _, cells in sheet.rows), default=0)
    return widest <= _WIDEST_NOTES


def why_left_out(
    sheet: RawSheet, fitting: tuple[Kind, ...], spec: CampaignSpec
) -> tuple[bool, str, dict[str, object]]:
    """Why a sheet of no kind is not read: whether that is in the way, and the sentence with its params.

    fitting: the kinds between which its headings do not decide.
    """
    if not sheet.rows:
        return False, N_("The sheet is empty."), {}
    if sheet.is_hidden:
        return False, HIDDEN, {}
    if fitting:
        ambiguous = N_("The headings fit several kinds: %(kinds)s. Give the sheet the name of its kind.")
        return True, ambiguous, {"kinds": sheet_names(fitting)}
    if is_notes(sheet):
        return False, N_("The sheet holds notes; it was not read."), {}
    unknown = N_("The sheet fits no kind of the campaign: %(kinds)s. Rename it, or delete it.")
    return True, unknown, {"kinds": sheet_names(spec.kinds)}


def understand_kind(sheet: RawSheet, kind: Kind) -> Understood:
    """The sheet read as rows of this kind."""
    return understand(sheet, columns_of(kind), class_hours=kind.class_hour is not None)


def understood_columns(understood: Understood, kind: Kind) -> list[list[str]]:
    """[heading as written, heading of the campaign] for every column that was understood."""
    own = {spec.field: spec.heading for spec in columns_of(kind)}
    return [
        [column.heading, own[name]]
        for name, column in understood.columns.items()
        if column.index != NO_COLUMN
    ]


def sheet_names(kinds: Sequence[Kind]) -> str:
    return "、".join(kind.sheet for kind in kinds)
