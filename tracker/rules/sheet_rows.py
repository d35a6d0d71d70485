"""Rows of a sheet that are not data: totals, examples, signatures, the line that says who reports."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from tracker.rules.cells import Raw, is_blank, plain
from tracker.rules.headings import unit_of

_NOTE_UNIT = re.compile(
    r"(?:填报|填表|报送|上报|编制|制表|所在)?(?:单位|支部|党支部|党组织|部门)(?:名称)?(?:\([^)]*\))?\s*[:：]\s*(.*)"
)
_NEXT_LABEL = re.compile(
    r"\s{2,}|　|\s*(?:填[报表]|报送|上报|制表)?(?:日期|时间|人员?|联系人|电话|年度)\s*[:：]"
)
_TOTAL = re.compile(r"(?:本页|本月|全年|年度|支部|总)?(?:合计|总计|小计|共计|累计)(?:[:(].*|数)?")
_TOTAL_ALONE = frozenset(("合计", "总计", "小计", "共计", "合计:", "总计:", "小计:", "共计:"))
_LONGEST_LABEL = 30
_EXAMPLE_STARTS = frozenset("([【〔（［填示样范例")
# 示例课观摩 is the title of a session, no example.
_EXAMPLE = re.compile(r"[(\[【〔]?(?:填写|填报)?(?:示例|样例|范例)(?:$|[)\]】〕:])|例:|例如:?")
_SIGNATURE = re.compile(
    r"[*※]?(?:填[表报]人|制表人?|审[核批]人|复核人|负责人|经办人|联系人|签[字章名]|盖章|(?:单位|部门|支部|党支部)?(?:负责人|书记)"
    r"(?:\(?签[字章名]\)?)?|填[表报](?:日期|时间|说明)|备注|说明|注)(?:\(.*\))?[:]"
)


class RowSort(enum.Enum):
    """What a row is."""

    DATA = enum.auto()
    BLANK = enum.auto()
    EXAMPLE = enum.auto()
    TOTAL = enum.auto()
    SIGNATURE = enum.auto()


def sort_of(cells: Sequence[Raw]) -> RowSort:
    """What a row below the headings is, judged by its marks alone (合计, 示例, 填表人：)."""
    first = True
    for cell in cells:
        if is_blank(cell):
            continue
        if isinstance(cell, str):
            if first and (":" in cell or "：" in cell) and _SIGNATURE.match(plain(cell)):
                return RowSort.SIGNATURE
            if _is_total(cell, first):
                return RowSort.TOTAL
            if cell.lstrip()[0] in _EXAMPLE_STARTS and _EXAMPLE.match(plain(cell)):
                return RowSort.EXAMPLE
        first = False
    return RowSort.BLANK if first else RowSort.DATA


def marks_row(text: str, *, at_start: bool) -> bool:
    """Whether a row of data would be taken for something else because of this text in it.

    at_start: wherever it stands; else behind other cells.
    """
    return sort_of([text] if at_start else [0, text]) is not RowSort.DATA


def is_total_label(cell: Raw) -> bool:
    """Whether a cell is the label of a row of totals."""
    return isinstance(cell, str) and _is_total(cell, True)


def _is_total(cell: str, first: bool) -> bool:
    if "计" not in cell or len(cell) > _LONGEST_LABEL:
        return False
    label = plain(cell)
    return _TOTAL.fullmatch(label) is not None if first else label in _TOTAL_ALONE


def note_unit(rows: Sequence[tuple[int, list[Raw]]]) -> str | None:
    """Who handed the sheet in, from a line 填报单位：… above the headings."""
    for _, cells in rows:
        texts = [cell for cell in cells if isinstance(cell, str) and not is_blank(cell)]
        for position, text in enumerate(texts):
            if match := _NOTE_UNIT.match(text.strip()):
                named = _NEXT_LABEL.split(match[1], maxsplit=1)[0].strip()
                if not named and position + 1 < len(texts):
                    named = texts[position + 1].strip()
                if named and unit_of(named) is None and named not in ("小时", "分", "元", "人", "人次"):
                    return named
    return None
