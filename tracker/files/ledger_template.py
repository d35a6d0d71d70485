"""The blank ledger of a campaign: one sheet a kind, to be filled in by those who know Excel and nothing else.

Its words are Chinese whatever the reader's language: it is a document of the campaign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.rules.campaigns import CampaignSpec, Column, Kind

ROWS = 3_000  # so many rows get drop-downs and formats
LONGEST_LIST = 255  # Excel takes no longer list in a cell's rule; a longer one stands on the sheet of lists
NOTES, LISTS = "填写说明", "选项"
EXAMPLE = "示例"
BARE = {"hours": "小时", "minutes": "分钟", "class_hours": "学时"}
DAYS = ("happened_on", "ended_on", "due_on")
NUMBERS = ("quantity", "people_served", "headcount")
OWNER_NAMES = {"branch": "支部", "section": "科室", "group": "党小组", "bureau": "机关"}
_WIDE = {"people": 48, "title": 32, "organiser": 26, "branch": 22, "owner_name": 22, "place": 22}

_GENERAL = (
    "每张工作表是一类台账，一行一条；表名和标题不要改，不用的列可以留空。",
    "第二行是示例，导入时跳过，可以删去。",
    "日期写成 2021-03-05；不写单位的时长按标题里的单位计；标题没有单位的，看标题的批注。",
    "姓名与工号同时写最稳妥；有同名党员时必须写工号。几个人写在一格里，用顿号隔开：张三（M0001）、李四。",
    "不要填写身份证号、住址、病情、收入；这些列不会保存。",
    "合计行只用来核对，不会导入。",
)


def blank_ledger(
    spec: CampaignSpec, branches: Sequence[str], sections: Sequence[str] = (), groups: Sequence[str] = ()
) -> bytes:
    """The campaign's blank workbook.

    branches, sections, groups: names of the units, for the drop-downs; without any there is no drop-down.
    Returns the file: for each kind a sheet with headings, notes on them, drop-downs for closed lists, and an
            example that the import skips; then a sheet of notes, and the hidden lists behind the drop-downs.
    """
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(target, options) as book:
        writer = _Writer(book, {"branch": branches, "section": sections, "group": groups})
        for kind in spec.kinds:
            writer.kind(kind)
        writer.notes(spec)
        writer.lists()
    return target.getvalue()


class _Writer:
    """Writes the sheets; the lists of the drop-downs are gathered on the way."""

    def __init__(self, book: Workbook, units: dict[str, Sequence[str]]) -> None:
        self.book, self.units = book, units
        self.long_lists: dict[tuple[str, ...], int] = {}
        # First, so that drop-downs can point at it; hidden, so that nobody fills it in.
        self.list_sheet: Worksheet | None = None
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
        self.required = book.add_format({**head, "bg_color": "#F6E3DF"})
        self.optional = book.add_format({**head, "bg_color": "#F1EEEA"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.text = book.add_format({"num_format": "@"})
        self.whole = book.add_format({"num_format": "0"})
        self.example = {
            style: book.add_format({"italic": True, "font_color": "#767676", **extra})
            for style, extra in (("plain", {}), ("day", {"num_format": "yyyy-mm-dd"}))
        }

    def kind(self, kind: Kind) -> None:
        """One sheet with headings, notes, rules for the cells, and the example."""
        sheet = self.book.add_worksheet(kind.sheet)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 30)
        for position, column in enumerate(kind.columns):
            sheet.write_string(
                0, position, column.heading, self.required if column.required else self.optional
            )
            if note := self._note(kind, column):
                sheet.write_comment(0, position, note, {"x_scale": 1.6})
            width = _WIDE.get(column.field, max(12, 2 * len(column.heading) + 3))
            sheet.set_column(position, position, width, self._format(column.field))
            self._rule(sheet, position, self._choices(kind, column), column)
            self._example(sheet, position, column)
        # The reader knows an example by the word that stands in one of its cells.
        sheet.write_string(1, len(kind.columns), EXAMPLE, self.example["plain"])

    def _format(self, field: str) -> Format | None:
        if field in DAYS:
            return self.day
        if field in NUMBERS:
            return self.whole
        return self.text if field in ("member_number", "ref", "subject") else None

    def _example(self, sheet: Worksheet, position: int, column: Column) -> None:
        text = column.example
        if not text:
            return
        if column.field in DAYS:
            day = dt.datetime.combine(dt.date.fromisoformat(text), dt.time())
            sheet.write_datetime(1, position, day, self.example["day"])
        elif column.field in (*NUMBERS, "minutes") and text.replace(".", "", 1).isdigit():
            sheet.write_number(1, position, float(text), self.example["plain"])
        else:
            sheet.write_string(1, position, text, self.example["plain"])

    def _note(self, kind: Kind, column: Column) -> str:
        """What the heading's comment says: the campaign's note, units, whether it must be filled, choices."""
        parts = [column.note] if column.note else []
        if column.field == "minutes" and "不写单位" not in column.note:
            parts.append(f"不写单位按{BARE[kind.minutes_in]}计。")
        if column.field == "minutes" and kind.class_hour:
            parts.append(f"1学时为{kind.class_hour}分钟。")
        parts.append("必填。" if column.required else "可不填。")
        choices = self._choices(kind, column)
        if choices and column.field in ("type", "stage", "source", "owner_type"):
            parts.append(f"可填：{'、'.join(choices)}。")
        return "\n".join(parts)

    def _choices(self, kind: Kind, column: Column) -> tuple[str, ...]:
        """What a cell of the column may hold, as it is written there; () if that is open."""
        match column.field:
            case "type":
                return tuple(choice.name for choice in kind.types)
            case "source" if not kind.sources_open:
                return tuple(choice.name for choice in kind.sources)
            case "stage":
                # A tick such as 是 reads better below its own heading than the name of the stage.
                ticks = [word for stage in kind.stages for word in stage.aliases if word in ("是", "否")]
                return tuple(ticks) if len(ticks) == len(kind.stages) else tuple(s.name for s in kind.stages)
            case "owner_type":
                return tuple(OWNER_NAMES[owner] for owner in kind.owners if owner in OWNER_NAMES)
            case "branch" | "section" | "group":
                return tuple(dict.fromkeys(self.units[column.field]))
        return ()

    def _rule(self, sheet: Worksheet, position: int, choices: tuple[str, ...], column: Column) -> None:
        """A drop-down, or a rule that lets a slip of the pen be seen at once."""
        rule: dict[str, Any] | None = None
        if choices:
            is_short = len(",".join(choices)) <= LONGEST_LIST and not any("," in c for c in choices)
            rule = {"validate": "list", "source": list(choices) if is_short else self._long_list(choices)}
        elif column.field in NUMBERS:
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
        if rule:
            rule |= {"ignore_blank": True, "error_type": "warning", "error_title": "请检查"}
            sheet.data_validation(1, position, ROWS, position, rule)

    def _long_list(self, choices: tuple[str, ...]) -> str:
        column = self.long_lists.setdefault(choices, len(self.long_lists))
        letter = chr(ord("A") + column)
        return f"='{LISTS}'!${letter}$1:${letter}${len(choices)}"

    def notes(self, spec: CampaignSpec) -> None:
        """How to fill the sheets in. The import knows by its name that it holds no rows."""
        sheet = self.book.add_worksheet(NOTES)
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, f"{spec.name} 台账填写说明", self.optional)
        lines = [*_GENERAL, f"日期须在 {spec.starts_on} 至 {spec.ends_on} 之间。"]
        for number, line in enumerate(lines, start=1):
            sheet.write_string(number, 0, f"{number}. {line}")

    def lists(self) -> None:
        """The lists that are too long for the rule of a cell."""
        if not self.long_lists:
            return
        sheet = self.book.add_worksheet(LISTS)
        for choices, column in self.long_lists.items():
            for row, choice in enumerate(choices):
                sheet.write_string(row, column, choice)
        sheet.hide()
