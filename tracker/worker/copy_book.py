"""A person's copy for a reader without tools: a workbook in Chinese, a sheet for each table with rows.

The words are the catalogue's own; like every document of a campaign it is Chinese in every language.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale, gettext

from tracker.files.own_record import Part
from tracker.files.record_sheet import Cell
from tracker.filters import moment
from tracker.language import DEFAULT
from tracker.rules.copies import OFFICE, SELF, Deed, Named, PersonCopy, Section, Who
from tracker.rules.personal_data import Catalogue

MOST = 100_000  # rows of a sheet; the file for machines has all
POINTERS = ("member_id", "user_id", "by_id")  # whose a row is: withheld because the copy says so by itself
SHARED = "多人参加的活动里，这几列可能写着别人，只在与您一人有关的记录里给出"
OWN_ONLY = "只有本人看得到，机关党委代为生成的副本里没有；请本人登录后自己取"
ACTS: dict[str, str] = {}  # act of the audit → its words (a msgid); the views put theirs in
LONG = 60  # characters from which on a text has room of its own


def copy_parts(copy: PersonCopy, catalogue: Catalogue, *, bureau: str, made_at: dt.datetime) -> list[Part]:
    """The sheets: what this is, each table with rows, what the person did, what stays out."""
    found = [_about(copy, catalogue, bureau, made_at)]
    found += [_sheet(one, catalogue) for one in copy.sections if one.rows]
    if copy.deeds:
        found.append(_deeds(copy.deeds, catalogue))
    found.append(_withheld(copy, catalogue))
    return found


def _about(copy: PersonCopy, catalogue: Catalogue, bureau: str, made_at: dt.datetime) -> Part:
    by = "本人" if copy.made_by == SELF else catalogue.words["user_grant.role"][copy.made_by]
    rows: list[tuple[Cell, ...]] = [
        ("这是什么", "本单位保存的与您有关的全部信息的副本（《个人信息保护法》第四十五条）"),
        ("单位", bureau),
        ("姓名", copy.name),
        ("工号（账号）", copy.number),
        ("生成时间", moment(made_at)),
        ("由谁生成", by),
        ("数据.json", "同样的内容，供程序读取"),
        ("文件", f"您的{len(copy.files)}个原文件，在“文件”文件夹里"),
        ("别人的姓名", "一律不写，只写职务和单位"),
    ]
    rows += [(one.title, f"{len(one.rows)}行") for one in copy.sections]
    return Part("说明", ("项目", "内容"), tuple(rows), is_text=True)


def _sheet(section: Section, catalogue: Catalogue) -> Part:
    """A table; columns without a word in any row are left out, the file for machines has them."""
    shown = section.rows[:MOST]
    fields = [field for field in section.columns if any(row[field] is not None for row in shown)]
    words = {field: _words(f"{section.table}.{field}", catalogue) for field in fields}
    roles = catalogue.words["user_grant.role"]
    rows = [tuple(_cell(row[field], words[field], roles) for field in fields) for row in shown]
    return _part(section.title, tuple(section.columns[field] for field in fields), rows, len(section.rows))


def _words(column: str, catalogue: Catalogue) -> dict[str, str]:
    """What the values of a column are called."""
    match column:
        case "audit_event.action":
            with force_locale(DEFAULT):
                return {action: gettext(words) for action, words in ACTS.items()}
        case "audit_event.subject_type":
            return {one.table: one.title for one in catalogue.copies.values()}
    return catalogue.words.get(column, {})


def _deeds(deeds: Sequence[Deed], catalogue: Catalogue) -> Part:
    rows: list[tuple[Cell, ...]] = [
        (
            moment(one.at) if isinstance(one.at, dt.datetime) else one.at,
            one.id,
            catalogue.said(f"{one.table}.{one.column}"),
        )
        for one in deeds[:MOST]
    ]
    return _part("经手的事", ("时间", "编号", "内容"), rows, len(deeds))


def _withheld(copy: PersonCopy, catalogue: Catalogue) -> Part:
    reasons: dict[str, dict[str, None]] = {}
    for column, why in catalogue.withheld.items():
        if not column.endswith(POINTERS):
            reasons.setdefault(why, {})[catalogue.said(column)] = None
    rows: list[tuple[Cell, ...]] = [(why, "；".join(said)) for why, said in reasons.items()]
    for one in catalogue.copies.values():
        if one.alone:
            rows.append((SHARED, "、".join(one.columns[name] for name in one.columns if name in one.alone)))
    if copy.made_by == OFFICE:
        own = [one.title for one in catalogue.copies.values() if one.is_own]
        rows.append((OWN_ONLY, "、".join(own)))
    return Part("没有给出的内容", ("原因", "内容"), tuple(rows), is_text=True)


def _part(title: str, headings: tuple[str, ...], rows: list[tuple[Cell, ...]], count: int) -> Part:
    is_text = any(isinstance(row[-1], str) and len(row[-1]) > LONG for row in rows)
    if count > len(rows):
        rows.append((f"其余{count - len(rows)}行见数据.json", *([None] * (len(headings) - 1))))
    return Part(title, headings, tuple(rows), is_text=is_text)


def _cell(value: Any, words: dict[str, str], roles: dict[str, str]) -> Cell:
    match value:
        case None:
            return None
        case bool():
            return "是" if value else "否"
        case dt.datetime():
            return moment(value)
        case dt.date() | int():
            return value
        case Who():
            return _who(value, roles)
        case Named():
            return value.name
        case str():
            return words.get(value, value)
    return json.dumps(value, ensure_ascii=False)


def _who(who: Who, roles: dict[str, str]) -> str:
    if who.is_self:
        return "本人"
    said = [f"{unit}{roles[role]}" if unit else roles[role] for role, unit in who.roles if role != "member"]
    return "、".join(dict.fromkeys(said)) or "本单位的人"
