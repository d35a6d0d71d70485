"""Cells copied from a spreadsheet, as the clipboard gives them: text with tabs and line ends."""

from __future__ import annotations

import re

from tracker.rules.cells import Raw, is_blank
from tracker.rules.refusal import N_, Refused
from tracker.rules.sheets import RawSheet

MOST_CHARACTERS, MOST_ROWS, MOST_COLUMNS = 200_000, 500, 60

# A quoted cell: inner quotes are doubled, and a cell's end follows the last one.
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"(?=\t|\n|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")


def one_spelling(text: str) -> str:
    """The text with the line ends of every system as one, and without blank lines at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n\t ")


def pasted_sheet(text: str) -> RawSheet:
    """The cells as a sheet, its rows numbered from 1 as pasted.

    Raises Refused for nothing, and for more than 200,000 characters, 500 rows or 60 columns.
    """
    text = one_spelling(text)
    if is_blank(text):
        raise Refused(N_("Copy the rows in the spreadsheet and paste them here."), "text")
    if len(text) > MOST_CHARACTERS:
        raise Refused(N_("Paste at most %(most)d characters at once."), "text", most=MOST_CHARACTERS)
    rows = _rows(text)
    if len(rows) > MOST_ROWS + 1:  # the headings are no row
        raise Refused(N_("Paste at most %(most)d rows at once."), "text", most=MOST_ROWS)
    if max(len(row) for row in rows) > MOST_COLUMNS:
        raise Refused(N_("Paste at most %(most)d columns."), "text", most=MOST_COLUMNS)
    return RawSheet("", [(number, row) for number, row in enumerate(rows, start=1) if any(row)])


def _rows(text: str) -> list[list[Raw]]:
    rows: list[list[Raw]] = [[]]
    at = 0
    while True:
        cell, at = _cell(text, at)
        rows[-1].append(cell or None)
        if at >= len(text) or len(rows) > MOST_ROWS + 1 or len(rows[-1]) > MOST_COLUMNS:
            return rows
        if text[at] == "\n":
            rows.append([])
        at += 1


def _cell(text: str, at: int) -> tuple[str, int]:
    """The cell that begins at a place, and where it ends.

    Spreadsheets quote only what holds a line end, a tab or a quotation mark; other quotation marks are the
    cell's own.
    """
    if text.startswith('"', at) and (match := _QUOTED.match(text, at)):
        inner = match[1]
        if '""' in inner or "\n" in inner or "\t" in inner:
            return inner.replace('""', '"'), match.end()
    plain = _PLAIN.match(text, at)
    assert plain is not None  # it matches nothing as well
    return plain[0], plain.end()
