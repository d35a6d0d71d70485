"""Layouts written to a workbook and read back, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.files.layout_sheet import Part, layout_sheet
from tracker.files.workbook import Workbook, read_workbook
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.layout_rows import Line, RowWriter, Totals
from tracker.rules.layouts import Layout
from tracker.rules.ledger_entries import Entry
from tracker.rules.ledgers import LedgerPlan, check_sheets
from tracker.rules.registers import Register


def part_of(layout: Layout, kind: Kind, register: Register, lines: Sequence[Line], sheet: str = "") -> Part:
    """One sheet of these lines, as the query gives it to the writer."""
    writer = RowWriter(layout, kind, register)
    totals = Totals(writer)

    def rows() -> Any:
        for serial, (line, values) in enumerate(writer.rows(lines), start=1):
            totals.add(line, values)
            yield writer.cells(values, serial)

    return Part(sheet or kind.sheet, "台账", "第一党支部", rows(), totals.cells)


def written(path: Path, layout: Layout, *parts: Part) -> Workbook:
    """The workbook that the layout makes of these parts, as an upload of it is read."""
    content, _ = layout_sheet(layout, parts, "2021年7月31日")
    path.write_bytes(content)
    return read_workbook(path)


def read_back(workbook: Workbook, spec: CampaignSpec, register: Register, today: Any) -> LedgerPlan:
    return check_sheets(workbook.sheets, spec, register, today)


def said_of(entry: Entry) -> tuple[str, str, Any]:
    """What makes two entries the same: recognised alike, saying the same, of one day."""
    return entry.identity, entry.content, (entry.happened_on, entry.is_dated, entry.due_on)
