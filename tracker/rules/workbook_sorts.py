"""Whether a workbook is a roster or a ledger, told by its sheets alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.rules.campaigns import CampaignSpec
from tracker.rules.headings import SEARCHED_ROWS
from tracker.rules.ledger_columns import columns_of, kind_of_sheet
from tracker.rules.mappings import MappingSpec, recognise
from tracker.rules.rosters import COLUMNS, names_branch
from tracker.rules.sheets import RawSheet, understand


def is_roster(sheets: Sequence[RawSheet], known: Sequence[MappingSpec], spec: CampaignSpec | None) -> bool:
    """Whether the workbook says who is a member, and not what they did.

    known: saved mappings. spec: None without a campaign.
    A workbook with a sheet of the ledger is a ledger; one that fits nothing is taken for one too, since its
    problems then say what the sheets of a ledger are.
    """
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.is_hidden]
    if spec is not None:
        fitting = [kind_of_sheet(sheet, spec) for sheet in shown]
        if any(kind or several for kind, several in fitting) or recognise(shown, known, spec):
            return False
    return any(_lists_members(sheet, spec) for sheet in shown)


def _lists_members(sheet: RawSheet, spec: CampaignSpec | None) -> bool:
    """Whether a sheet has a name and a branch for each row, and knows more of a roster than of any kind."""
    head = replace(sheet, rows=sheet.rows[: SEARCHED_ROWS + 5], merged=(), formulas=frozenset())
    found = understand(head, COLUMNS)
    if found.missing_required or not ("branch" in found.columns or names_branch(found.note_unit)):
        return False
    kinds = spec.kinds if spec is not None else ()
    return len(found.columns) > max(
        (len(understand(head, columns_of(one)).columns) for one in kinds), default=0
    )
