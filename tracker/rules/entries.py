"""Checks rows that were typed into a form, by the rules of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.cells import Raw, is_blank
from tracker.rules.ledger_columns import SPREAD, columns_of
from tracker.rules.ledgers import LedgerPlan, RowCheck, Run
from tracker.rules.registers import Register
from tracker.rules.sheets import Column, Understood


def check_rows(
    kind: Kind,
    rows: Sequence[tuple[int, Mapping[str, Raw]]],
    spec: CampaignSpec,
    register: Register,
    today: dt.date,
) -> LedgerPlan:
    """Check each row by itself. Identities are for services.entries to give.

    rows: (number to tell problems with, field -> text as typed). A column with `spread` goes by
          field#position (see `columns_of`); one that no row names is not asked for.
    """
    named = {name for _, typed in rows for name in typed}
    columns = [spec for spec in columns_of(kind) if SPREAD not in spec.field or spec.field in named]
    understood = Understood(
        kind.sheet, columns={spec.field: Column(n, spec.heading) for n, spec in enumerate(columns)}
    )
    plan = LedgerPlan()
    row_check = RowCheck(Run(plan, spec, register, today, None, len(rows)), understood, kind)
    for number, typed in rows:
        cells = {name: None if is_blank(typed.get(name)) else typed.get(name) for name in understood.columns}
        row_check.check(number, cells)
    for problems in row_check.run.pending.values():
        plan.problems += problems
    for entry in plan.entries:
        entry.identity = ""
    return plan
