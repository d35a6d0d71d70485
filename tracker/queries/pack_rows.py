"""The verified records of a kind, one after the other and never all at once: for the ledger of a pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import (
    Campaign,
    CoOrganiser,
    Member,
    OwnerType,
    Participation,
    Record,
    Status,
    Story,
    Unit,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.pseudonyms import member_code

AT_ONCE = 2000  # records that are in memory
OWNERS = {
    OwnerType.MEMBER: "党员",
    OwnerType.GROUP: "党小组",
    OwnerType.BRANCH: "党支部",
    OwnerType.SECTION: "科室",
    OwnerType.BUREAU: "全局",
}
# Columns of a record → their heading where the campaign gives none. In the order of the sheet.
FIELDS: dict[str, str] = {
    "ref": "编号", "type": "类型", "title": "题目", "category": "类别", "source": "来源", "place": "地点",
    "community": "社区", "stories": "讲述的故事", "subject": "对象编号", "minutes": "分钟",
    "quantity": "数量", "people_served": "服务人次", "stage": "进展", "ended_on": "完成日期",
    "due_on": "应完成日期",
}  # fmt: skip
Cell = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class KindLedger:
    """The verified records of one kind. rows: one list a record, as long as `headings`."""

    kind: Kind
    headings: list[str]
    count: int
    rows: Iterator[list[Cell]]


def ledgers_of(campaign: Campaign, day: dt.date, key: str) -> list[KindLedger]:
    """Each kind of the campaign with its verified records up to `day`, by day and id.

    key: the installation's secret, for the codes that stand in place of names where a kind hides them.
    """
    spec, names = spec_of(campaign), _Names()
    ids = {kind.code: kind.id for kind in campaign.kinds}
    return [_ledger(kind, ids[kind.code], day, key, names) for kind in spec.kinds]


def count_verified(campaign: Campaign, day: dt.date) -> int:
    """How many records the ledgers of a pack hold in all."""
    where = Record.campaign_id == campaign.id, Record.status == Status.VERIFIED, Record.happened_on <= day
    return db.session.scalar(select(func.count()).select_from(Record).where(*where)) or 0


class _Names:
    """The names of units and members, read once: there are few of them beside the records."""

    def __init__(self) -> None:
        self.units = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.name))}
        rows = db.session.execute(select(Member.id, Member.number, Member.name))
        self.members = {id_: (number, name) for id_, number, name in rows}


def _fields(kind: Kind) -> list[str]:
    asked = {column.field for column in kind.columns}
    asked |= {key for column in kind.columns for key in (column.spread or {})}
    if kind.stages:
        asked.add("stage")
    return [name for name in FIELDS if name in asked]


def _heading(kind: Kind, name: str) -> str:
    column = kind.column(name)
    return column.heading if column and not column.spread and name != "minutes" else FIELDS[name]


def _ledger(kind: Kind, kind_id: int, day: dt.date, key: str, names: _Names) -> KindLedger:
    fields = _fields(kind)
    person = ["党员代号"] if kind.hides_names else ["工号", "姓名"]
    has_people = "member" not in kind.owners or len(kind.owners) > 1
    headings = ["序号", "日期", "记录主体"]
    if "member" in kind.owners:
        headings += person
    headings += ["党支部", "党小组", *([] if kind.hides_names else ["科室"])]
    headings += [_heading(kind, name) for name in fields]
    headings += ["参加人次", "联合单位数"] if has_people else []
    where = Record.kind_id == kind_id, Record.status == Status.VERIFIED, Record.happened_on <= day
    count = db.session.scalar(select(func.count()).select_from(Record).where(*where)) or 0
    return KindLedger(kind, headings, count, _rows(kind, where, fields, has_people, key, names))


def _rows(
    kind: Kind, where: tuple[Any, ...], fields: list[str], has_people: bool, key: str, names: _Names
) -> Iterator[list[Cell]]:
    plain = [name for name in fields if name != "stories"]
    columns: Any = [
        Record.id, Record.happened_on, Record.is_dated, Record.owner_type, Record.member_id, Record.branch_id,
        Record.group_id, Record.section_id, Record.headcount, *(getattr(Record, name) for name in plain),
    ]  # fmt: skip
    statement = select(*columns).where(*where).order_by(Record.happened_on, Record.id)
    codes: dict[int, str] = {}
    serial = 0
    at: tuple[dt.date, int] | None = None
    while True:
        chunk = statement.limit(AT_ONCE)
        if at is not None:  # not OFFSET: the last rows come as quickly as the first
            chunk = chunk.where(
                (Record.happened_on > at[0]) | ((Record.happened_on == at[0]) & (Record.id > at[1])),
                Record.happened_on >= at[0],
            )
        rows = db.session.execute(chunk).all()
        if not rows:
            return
        ids = [row[0] for row in rows]
        people = _counts(Participation, ids, Participation.reversed_at.is_(None)) if has_people else {}
        further = _counts(CoOrganiser, ids) if has_people else {}
        stories = _stories(ids) if "stories" in fields else {}
        for row in rows:
            serial += 1
            id_, on, is_dated, owner, member_id, branch_id, group_id, section_id, headcount, *rest = row
            cells: list[Cell] = [serial, on if is_dated else "未写日期", OWNERS[owner]]
            if "member" in kind.owners:
                cells += _person(kind, member_id, key, names, codes)
            cells += [names.units.get(branch_id), names.units.get(group_id)]
            if not kind.hides_names:  # few work in a section
                cells.append(names.units.get(section_id))
            values = dict(zip(plain, rest, strict=True))
            values["stories"] = stories.get(id_)
            cells += [values[name] for name in fields]
            if has_people:
                cells += [headcount or people.get(id_), further.get(id_)]
            yield cells
        at = rows[-1][1], rows[-1][0]


def _person(kind: Kind, member_id: int | None, key: str, names: _Names, codes: dict[int, str]) -> list[Cell]:
    if member_id is None:
        return [None] if kind.hides_names else [None, None]
    if not kind.hides_names:
        return list(names.members[member_id])
    if member_id not in codes:
        codes[member_id] = f"党员-{member_code(key, member_id)}"
    return [codes[member_id]]


def _counts(model: Any, ids: list[int], *where: Any) -> dict[int, int]:
    counted = select(model.record_id, func.count()).where(model.record_id.in_(ids), *where)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(model.record_id))}


def _stories(ids: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    told = select(Story.record_id, Story.title).where(Story.record_id.in_(ids))
    for record_id, title in db.session.execute(told.order_by(Story.record_id, Story.ordinal)):
        found.setdefault(record_id, []).append(title)
    return {record_id: "、".join(titles) for record_id, titles in found.items()}
