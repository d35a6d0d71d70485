"""The summary workbook of a pack: overview, a sheet a goal, every figure with its rule, units × goals."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import xlsxwriter

from tracker.files.pack_goal import write_goal
from tracker.files.pack_paper import Paper
from tracker.files.record_sheet import plain, sheet_name, write_text
from tracker.rules.packs import OVERVIEW, Amount, Pack

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NOT_IN_REFERENCES = re.compile("['!]")  # charts and links point to the sheet by its name
OVERVIEW_SHEET, FIGURES_SHEET, UNITS_SHEET, NOTES_SHEET = "总览", "数据项", "党支部", "说明"
FIGURE_HEADINGS = (
    ("编号", 26), ("数据项", 28), ("台账类别", 14), ("数值", 14), ("至少", 10), ("至多", 10), ("单位", 8),
    ("台账行数", 11), ("统计口径", 78), ("口径版本", 15),
)  # fmt: skip


def write_pack(pack: Pack, target: Path) -> None:
    """Write the workbook. Every text is a text, whatever it looks like; nobody is named in it."""
    with xlsxwriter.Workbook(str(target), OPTIONS) as book:
        book.set_properties(
            {
                "title": plain(f"{pack.campaign} 汇总包"),
                "author": plain(pack.bureau),
                "created": dt.datetime.combine(pack.day, dt.time()),
                "comments": f"截至{pack.day.isoformat()}",
            }
        )
        paper = Paper(book)
        fixed = (OVERVIEW_SHEET, FIGURES_SHEET, UNITS_SHEET, NOTES_SHEET)
        names: list[str] = []
        for goal in pack.goals:
            names.append(sheet_name(_NOT_IN_REFERENCES.sub("_", goal.short_name), (*fixed, *names)))
        note = f"{pack.bureau}　截至{pack.day.isoformat()}　只计已核实的记录"
        _overview(paper, pack, names, note)
        for name, goal in zip(names, pack.goals, strict=True):
            write_goal(paper, name, goal, note)
        _figures(paper, pack, note)
        _units(paper, pack, note)
        _notes(paper, pack, note)


def _overview(paper: Paper, pack: Pack, names: list[str], note: str) -> None:
    sheet = paper.sheet(OVERVIEW_SHEET, [width for _, width in OVERVIEW], repeat=3)
    paper.top(sheet, f"{pack.campaign} 汇总包", note)
    paper.heads(sheet, 3, [heading for heading, _ in OVERVIEW])
    for row, goal in enumerate(pack.goals, 4):
        sheet.set_row(row, max(32, 16 * len(goal.pairs)))
        for column, value in enumerate(goal.row):
            paper.put(sheet, row, column, value, paper.text)
    row = 5 + len(pack.goals)
    write_text(sheet, row, 0, "各表：", paper.part)
    for n, name in enumerate((*names, FIGURES_SHEET, UNITS_SHEET, NOTES_SHEET), 1):
        link = "internal:'" + name.replace("'", "''") + "'!A1"
        sheet.write_url(row + n, 0, link, paper.text, name)


def _figures(paper: Paper, pack: Pack, note: str) -> None:
    sheet = paper.sheet(FIGURES_SHEET, [width for _, width in FIGURE_HEADINGS], repeat=3)
    paper.top(sheet, "全部数据项及其统计口径", note)
    paper.heads(sheet, 3, [heading for heading, _ in FIGURE_HEADINGS])
    for row, line in enumerate(pack.figures, 4):
        words = (line.id, line.title, line.kind)
        for column, text in enumerate(words):
            write_text(sheet, row, column, text, paper.text)
        paper.put(sheet, row, 3, line.amount)
        paper.put(sheet, row, 4, line.low)
        paper.put(sheet, row, 5, line.high)
        write_text(sheet, row, 6, line.unit, paper.text)
        paper.put(sheet, row, 7, Amount(line.rows) if line.rows is not None else None)
        write_text(sheet, row, 8, line.rule, paper.text)
        write_text(sheet, row, 9, line.version, paper.text)
    sheet.autofilter(3, 0, 3 + max(1, len(pack.figures)), len(FIGURE_HEADINGS) - 1)


def _units(paper: Paper, pack: Pack, note: str) -> None:
    units = {cell.unit_id: cell for goal in pack.goals for cell in goal.cells}
    sheet = paper.sheet(UNITS_SHEET, [26, 8, *(14 for _ in pack.goals)], repeat=3)
    paper.top(sheet, "党支部（科室）与目标", note)
    paper.heads(
        sheet, 3, ["党支部（科室）", "层级", *(f"{goal.short_name}（{goal.unit}）" for goal in pack.goals)]
    )
    styles = {"silent": paper.silent, "not_asked": paper.not_asked}
    cells = [{cell.unit_id: cell for cell in goal.cells} for goal in pack.goals]
    for row, unit in enumerate(units.values(), 4):
        write_text(sheet, row, 0, unit.name, paper.text)
        write_text(sheet, row, 1, unit.level, paper.text)
        for column, found in enumerate(cells, 2):
            cell = found.get(unit.unit_id)
            shown = cell.amount if cell else Amount("不适用")
            paper.put(sheet, row, column, shown, styles.get(cell.state if cell else "not_asked"))
    for column in range(2, 2 + len(pack.goals)):
        sheet.conditional_format(
            4, column, 3 + max(1, len(units)), column,
            {"type": "2_color_scale", "min_color": "#f5f7fa", "max_color": "#a3c0da"},
        )  # fmt: skip


def _notes(paper: Paper, pack: Pack, note: str) -> None:
    sheet = paper.sheet(NOTES_SHEET, (22, 110))
    paper.top(sheet, "怎样统计", note)
    for row, (label, words) in enumerate(pack.notes, 3):
        write_text(sheet, row, 0, label, paper.label)
        write_text(sheet, row, 1, words, paper.text)
