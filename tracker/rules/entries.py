"""Checks rows that were typed into a form, or pasted, by the rules of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.rules.campaigns import CampaignSpec, Column, Kind
from tracker.rules.cells import Raw, is_blank
from tracker.rules.durations import as_class_hours
from tracker.rules.headings import ColumnSpec
from tracker.rules.ledger_columns import SPREAD, columns_of
from tracker.rules.ledger_rows import OWNER_WORDS
from tracker.rules.ledgers import LedgerPlan, RowCheck, Run
from tracker.rules.registers import Register
from tracker.rules.sheets import Column as Place
from tracker.rules.sheets import RawSheet, Understood

MEMBER = ("member_number", "member_name")
UNITS = ("branch", "group", "section")  # of a member they follow from the roster
# owner type -> its word in a column 单位类型: the first of those that the import knows.
OWNER_TYPES: dict[str, str] = {}
for _word, _owner in OWNER_WORDS.items():
    OWNER_TYPES.setdefault(_owner, _word)


def named_columns(kind: Kind) -> list[tuple[str, Column]]:
    """(field as rows name it, column) for each column of the kind: a spread one goes by field#position."""
    return [
        (column.field if column.spread is None else f"{column.field}{SPREAD}{position}", column)
        for position, column in enumerate(kind.columns)
    ]


def field_at(kind: Kind, heading: str | None) -> str | None:
    """The field under a heading of the kind, None if there is none: where a problem is told."""
    return next((name for name, column in named_columns(kind) if column.heading == heading), None)


def check_rows(
    kind: Kind,
    rows: Sequence[tuple[int, Mapping[str, Raw]]],
    spec: CampaignSpec,
    register: Register,
    today: dt.date,
) -> LedgerPlan:
    """Check each row by itself. Identities are for services.entries to give.

    rows: (number to tell problems with, field -> text as typed). A column with `spread` goes by
          field#position (see `named_columns`); one that no row names is not asked for, nor are the units of
          a member who is named.
    """
    named = {name for _, typed in rows for name in typed}
    understood = Understood(
        kind.sheet,
        columns={one.field: Place(n, one.heading) for n, one in enumerate(_asked_columns(kind, named))},
    )
    plan = LedgerPlan()
    run = Run(plan, spec, register, today, None, len(rows))
    row_check = RowCheck(run, understood, kind)
    for number, typed in rows:
        cells = {name: None if is_blank(typed.get(name)) else typed.get(name) for name in understood.columns}
        row_check.check(number, cells)
    for entry in plan.entries:
        entry.identity = ""
    return _settled(run)


def _asked_columns(kind: Kind, named: set[str]) -> list[ColumnSpec]:
    by_member = not named.isdisjoint(MEMBER)
    columns = [
        column
        for column in columns_of(kind)
        if column.field in named
        or not (SPREAD in column.field or (by_member and column.field in (*MEMBER, *UNITS)))
    ]
    if "member_number" in named and kind.column("member_number") is None:
        columns.append(ColumnSpec("member_number", "member_number"))  # whom the page chose, told by number
    return columns


def check_pasted(
    sheet: RawSheet, kind: Kind, spec: CampaignSpec, register: Register, today: dt.date
) -> LedgerPlan:
    """Understand pasted cells as a sheet of this kind, and check each row by itself."""
    plan = LedgerPlan()
    run = Run(plan, spec, register, today, None, len(sheet.rows))
    run.sheet(replace(sheet, name=kind.sheet))
    return _settled(run)


def _settled(run: Run) -> LedgerPlan:
    """The plan, in which an organiser in no roster is a problem: nobody names the bureau by the way."""
    for problems in run.pending.values():
        run.plan.problems += problems
    return run.plan


def typed_minutes(minutes: int, class_hour: int | None = None) -> str:
    """A duration as somebody would type it: 1小时30分, 45分钟; 2学时 where the kind counts in them."""
    if class_hour and (counted := as_class_hours(minutes, class_hour)):
        return f"{counted}学时"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"


def typed_person(name: str, number: str) -> str:
    """A person as a cell names them: 张三（M0001）."""
    return f"{name}（{number}）"
