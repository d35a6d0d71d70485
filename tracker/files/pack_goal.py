"""The sheet of one goal: how it stands, its way there and its units as charts and tables, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from tracker.files.pack_paper import Paper
from tracker.files.record_sheet import plain, write_text
from tracker.rules.packs import Amount, GoalPage, UnitCell

WIDTHS = (28, 20, 12, 14, 14, 34)
WIDE, HIGH, LINE_HIGH = 880, 320, 20  # pixels: of a chart, and of a row
MANY = 12  # more units than that lie under each other
GREY, INK, LINE = "#a39c93", "#211e1b", "#e7e3dd"


def write_goal(paper: Paper, name: str, page: GoalPage, note: str) -> None:
    """One goal on a sheet of its own; `name` is the sheet's."""
    sheet = paper.sheet(name, WIDTHS)
    paper.top(sheet, page.title, note)
    curve_at = _facts(paper, sheet, page, 3) + 1
    bars_at = curve_at + (HIGH // LINE_HIGH + 1 if page.points else 0)
    high = max(HIGH, 24 * len(page.cells) + 90) if len(page.cells) > MANY else HIGH
    row = bars_at + (high // LINE_HIGH + 1 if page.cells else 0)
    first_unit = row + 2
    row = _units(paper, sheet, page, row)
    row = _figures(paper, sheet, page, row + 1)
    first_day = row + 3
    _days(paper, sheet, page, row + 1)
    if page.points:
        sheet.insert_chart(curve_at, 0, _curve(paper, sheet, page, first_day))
    if page.cells:
        chart = _bars(paper, sheet, page, first_unit, high)
        sheet.insert_chart(bars_at, 0, chart, {"y_offset": 6})
    sheet.set_h_pagebreaks([bars_at])
    sheet.print_area(0, 0, row, len(WIDTHS) - 1)  # the days are for the curve, not for paper
    sheet.freeze_panes(2, 0)


def _facts(paper: Paper, sheet: Worksheet, page: GoalPage, row: int) -> int:
    for label, value, unit in page.facts:
        write_text(sheet, row, 0, label, paper.label)
        paper.put(sheet, row, 1, value)
        write_text(sheet, row, 2, unit, paper.text)
        row += 1
    for pair in page.pairs:
        sheet.merge_range(row, 1, row, 5, "", paper.text)
        write_text(sheet, row, 0, "人次与人数", paper.label)
        write_text(sheet, row, 1, pair, paper.text)
        row += 1
    return row


def _figures(paper: Paper, sheet: Worksheet, page: GoalPage, row: int) -> int:
    """Returns the row behind."""
    write_text(sheet, row, 0, "本目标的数据项（口径见“数据项”表）", paper.part)
    paper.heads(sheet, row + 1, ("数据项", "数值", "单位", "台账行数"))
    row += 2
    for line in page.figures:
        write_text(sheet, row, 0, line.title, paper.text)
        paper.put(sheet, row, 1, line.amount)
        write_text(sheet, row, 2, line.unit, paper.text)
        paper.put(sheet, row, 3, Amount(line.rows) if line.rows is not None else None)
        row += 1
    return row


def _units(paper: Paper, sheet: Worksheet, page: GoalPage, row: int) -> int:
    """A title, headings, and a row a unit. Returns the row behind."""
    write_text(sheet, row, 0, "各党支部（科室）", paper.part)
    paper.heads(
        sheet, row + 1, ("党支部（科室）", f"数值（{page.unit}）", "层级", "状态", "图中名称", "各月表态")
    )
    styles = {"silent": paper.silent, "not_asked": paper.not_asked}
    states = {"value": "有数", "silent": "未报", "not_asked": "不适用", "few": "人数太少，不列"}
    row += 2
    for cell in page.cells:
        write_text(sheet, row, 0, cell.name, paper.text)
        paper.put(sheet, row, 1, cell.amount, styles.get(cell.state))
        write_text(sheet, row, 2, cell.level, paper.text)
        state = "零" if cell.amount.value == 0 else states[cell.state]
        write_text(sheet, row, 3, state, styles.get(cell.state, paper.text))
        shown = cell.name if cell.state == "value" else f"{cell.name}（{cell.amount.value}）"
        write_text(sheet, row, 4, shown, paper.label)
        write_text(sheet, row, 5, cell.said, paper.text)
        row += 1
    return row


def _days(paper: Paper, sheet: Worksheet, page: GoalPage, row: int) -> int:
    write_text(sheet, row, 0, "逐日累计", paper.part)
    mean = (f"平均（{page.unit}）",) if _has_mean(page) else ("",)
    target = ("匀速应达", "目标") if page.is_comparable else ("", "")
    paper.heads(sheet, row + 1, ("日期", f"{page.actual}（{page.unit}）", *mean, *target, "各月表态"))
    row += 2
    for point in page.points:
        paper.put(sheet, row, 0, Amount(point.day))
        paper.put(sheet, row, 1, point.value)
        if point.mean is not None:
            paper.put(sheet, row, 2, point.mean)
        if page.is_comparable:
            paper.put(sheet, row, 3, point.needed)
            paper.put(sheet, row, 4, Amount(page.target))
        if point.said:
            write_text(sheet, row, 5, point.said, paper.text)
        row += 1
    return row


def _has_mean(page: GoalPage) -> bool:
    return any(point.mean is not None for point in page.points)


def _curve(paper: Paper, sheet: Worksheet, page: GoalPage, first: int) -> Any:
    """The line over the days, with the even pace and the target."""
    chart = paper.book.add_chart({"type": "line"})
    last, name = first + len(page.points) - 1, sheet.get_name()
    lines = [(1, page.actual, {"color": page.colour, "width": 2.5})]
    if _has_mean(page):
        lines.append((2, page.mean, {"color": page.light, "width": 2}))
    if page.is_comparable:
        lines.append((3, "匀速应达", {"color": GREY, "width": 1.25, "dash_type": "dash"}))
        lines.append((4, f"目标{page.target}", {"color": INK, "width": 1.25, "dash_type": "square_dot"}))
    for column, said, look in lines:
        chart.add_series(
            {
                "name": _said(said),
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "line": look,
            }
        )
    _frame(chart, f"{page.short_name}：逐日累计", page.unit)
    chart.set_x_axis({"date_axis": True, "num_format": "m-d", "major_unit": 1, "major_unit_type": "months"})
    chart.show_blanks_as("gap")
    return chart


def _bars(paper: Paper, sheet: Worksheet, page: GoalPage, first: int, high: int) -> Any:
    """A bar a unit. Who is silent or not asked has no bar, and a word behind the name; a zero has a 0."""
    chart = paper.book.add_chart({"type": "bar" if len(page.cells) > MANY else "column"})
    last, name = first + len(page.cells) - 1, sheet.get_name()
    chart.add_series(
        {
            "name": _said(f"数值（{page.unit}）"),
            "categories": [name, first, 4, last, 4],
            "values": [name, first, 1, last, 1],
            "fill": {"color": page.colour},
            "data_labels": {"value": True, "custom": _labels(page.cells)},
            "gap": 60,
        }
    )
    _frame(chart, f"{page.short_name}：各党支部（科室）", page.unit)
    chart.set_legend({"none": True})
    numbers = [one.amount.value for one in page.cells if one.state == "value"]
    step = {"major_unit": 1} if all(isinstance(one, int) and one < 10 for one in numbers) else {}
    grid = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": LINE}}, **step}
    chart.set_y_axis({"name": _said(page.unit), **grid})
    if len(page.cells) > MANY:
        chart.set_x_axis({"name": _said(page.unit), **grid})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": WIDE, "height": high})
    return chart


def _labels(cells: Sequence[UnitCell]) -> list[dict[str, Any]]:
    """The number at each bar; nothing where there is none."""
    return [
        {"value": str(cell.amount.value)} if cell.state == "value" else {"delete": True} for cell in cells
    ]


def _frame(chart: Any, title: str, unit: str) -> None:
    chart.set_title({"name": _said(title), "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis(
        {"name": _said(unit), "min": 0, "major_gridlines": {"visible": True, "line": {"color": LINE}}}
    )
    chart.set_size({"width": WIDE, "height": HIGH})


def _said(text: str) -> str:
    """A text of a chart. Where one looks like Sheet!A1, xlsxwriter would take it for a reference."""
    return plain(text).replace("!", "！")
