"""Words of ledgers in the office's layout: periods, and the first rows as a page shows them."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker.rules.layout_rows import Cell
from tracker.rules.layouts import Layout
from tracker.rules.periods import Period


def chinese_day(day: dt.date) -> str:
    """A day on paper: 2021年7月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(period: Period | None, first: dt.date, last: dt.date) -> str:
    """A period on paper: 2021年3月, the phase's name, or from the first day to the last."""
    if period is None:
        return f"{chinese_day(first)}至{chinese_day(last)}"
    return period.name or f"{period.starts_on.year}年{period.starts_on.month}月"


def shown(cell: Cell, layout: Layout, position: int) -> str:
    """A cell as the preview shows it, durations with the layout's digits."""
    if cell is None:
        return ""
    if isinstance(cell, int | float) and layout.columns[position].field == "minutes":
        return str(cell) if layout.unit == "minutes" else f"{cell:.{layout.digits}f}"
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def gap_words(left_out: tuple[str, ...], unknown: tuple[str, ...]) -> list[str]:
    """Why a sheet cannot be brought in again as it is."""
    found = []
    if left_out:
        found.append(gettext("Left out: %(headings)s.", headings="、".join(left_out)))
    if unknown:
        found.append(
            gettext("Headings that the import does not know: %(headings)s.", headings="、".join(unknown))
        )
    return found
