"""What is wrong in a workbook, as a workbook: a list, or the workbook itself with its cells marked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook as Book

from tracker.files.record_sheet import plain
from tracker.files.workbook import Limits
from tracker.rules.refusal import N_, Refused

CHILD = Path(__file__).with_name("mark_child.py")
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_COMMENTS = 2_000  # in a sheet: more of them make Excel slow; the list has all
MARK = "FFF7CFC8"  # the fill of a cell at fault, and by which it is known again
PREFIX = "【导入检查】"  # likewise of a comment
SUMMARY = "检查结果说明"  # a sheet of this name is taken for notes when the workbook is sent again
NOT_MARKED = N_("The file could not be marked; this is the list of its problems.")


class ProblemRow(NamedTuple):
    """One problem, its sentence translated. row and cell as Excel shows them."""

    sheet: str
    row: int | None
    column: str | None
    cell: str | None
    sentence: str


def problem_list(problems: Sequence[ProblemRow], headings: Sequence[str], title: str = "问题清单") -> bytes:
    """The problems as a workbook of one sheet.

    headings: of sheet, row, column, cell and sentence.
    """
    target = BytesIO()
    with Book(target, OPTIONS) as book:
        _list(book, problems, headings, title)
    return target.getvalue()


def marked_workbook(
    path: Path,
    limits: Limits,
    problems: Sequence[ProblemRow],
    headings: Sequence[str],
    *,
    tops: Mapping[str, str],
    note: str,
) -> bytes:
    """The workbook itself, its cells at fault filled and commented, and a sheet that lists all of it behind.

    A problem of a row stands at the row's first cell, one of a sheet at its first heading. Marks of a former
    round are taken off. Whatever else the file holds stays as it is.

    headings: of sheet, row, column, cell and sentence.
    tops:     sheet -> cell of its first heading.
    note:     stands above the list.
    Raises    Refused for a file that is not marked: one that is not read, or that takes too much.
    """
    at: dict[str, dict[str, list[str]]] = {}
    rows, links = [list(headings)], []
    for number, problem in enumerate(problems, start=3):
        cell = _cell_of(problem, tops)
        if problem.sheet:
            at.setdefault(problem.sheet, {}).setdefault(cell, []).append(problem.sentence)
            links.append([number, problem.sheet, cell])
        row = str(problem.row or "")
        rows.append(
            [problem.sheet, row, problem.column or "", cell if problem.sheet else "", problem.sentence]
        )
    asked = {
        "sheets": {
            sheet: {cell: plain("\n".join(dict.fromkeys(said))) for cell, said in cells.items()}
            for sheet, cells in at.items()
        },
        "colour": MARK,
        "prefix": PREFIX,
        "comments": MOST_COMMENTS,
        "summary": {
            "name": SUMMARY,
            "note": note,
            "rows": [[plain(c) for c in r] for r in rows],
            "links": links,
        },
    }
    command = [sys.executable, "-I", str(CHILD), str(path), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked).encode(), capture_output=True, env={}, timeout=limits.seconds,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(NOT_MARKED) from None
    if done.returncode != 0 or not done.stdout:
        raise Refused(NOT_MARKED)
    return done.stdout


def _cell_of(problem: ProblemRow, tops: Mapping[str, str]) -> str:
    """Where a problem is marked."""
    top = tops.get(problem.sheet, "A1")
    return problem.cell or (f"{top.rstrip('0123456789')}{problem.row}" if problem.row else top)


def _list(book: Book, problems: Sequence[ProblemRow], headings: Sequence[str], title: str) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#F1EEEA", "border": 1})
    for column, (heading, width) in enumerate(zip(headings, (16, 8, 18, 10, 90), strict=False)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    for number, problem in enumerate(problems, start=1):
        sheet.write_string(number, 0, plain(problem.sheet))
        if problem.row is not None:
            sheet.write_number(number, 1, problem.row)
        sheet.write_string(number, 2, plain(problem.column or ""))
        sheet.write_string(number, 3, problem.cell or "")
        sheet.write_string(number, 4, plain(problem.sentence))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(problems)), len(headings) - 1)
