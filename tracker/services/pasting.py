"""Rows copied from a spreadsheet: checked like an import, restricted to what somebody may enter."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Record, Status, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.entries import check_pasted
from tracker.rules.ledger_columns import kind_of_sheet, sheet_names
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.reach import may_enter_kind
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.sheets import RawSheet
from tracker.services.closes import hold_entries
from tracker.services.entries import ALREADY, add_reach_problems
from tracker.services.entry_locks import lock_days
from tracker.services.ledger_comparison import compare_stored
from tracker.services.ledgers import load_register


def kind_of_pasted(sheet: RawSheet, campaign: Campaign, by: User) -> Kind:
    """The kind whose headings stand over the cells.

    Raises Refused if they fit none, several, or one that is not theirs to enter.
    """
    spec = spec_of(campaign)
    kind, fitting = kind_of_sheet(sheet, spec)
    if kind is None and fitting:
        several = N_("The headings fit several kinds: %(kinds)s. Choose one above.")
        raise Refused(several, "kind", kinds=sheet_names(fitting))
    if kind is None:
        raise Refused(
            N_("The headings fit no kind. Copy the row with the headings too, or choose the kind above."),
            "kind",
        )
    if not may_enter_kind(kind, reach_of(by)):
        raise Refused(N_("You may not enter records of the kind %(kind)s."), "kind", kind=kind.name)
    return kind


def check_pasted_rows(
    campaign: Campaign,
    kind: Kind,
    sheet: RawSheet,
    *,
    by: User,
    today: dt.date,
    at: dt.datetime,
    late_why: str = "",
) -> LedgerPlan:
    """What the pasted cells would write, and everything that is wrong with them. Nothing is written.

    Rows alike to stored ones are left out (`skipped`), as when a file comes again. A row that would change a
    record that is there is a problem: it is corrected or reversed where it stands.
    """
    reach, spec = reach_of(by), spec_of(campaign)
    register = load_register(reach)
    plan = check_pasted(sheet, kind, spec, register, today)
    add_reach_problems(plan, kind, reach, register)
    if plan.problems:
        return plan
    lock_days(plan, campaign, kind, register)
    if plan.problems:
        return plan
    compare_stored(plan, campaign, spec)
    hold_entries(plan, campaign, register, late_why, at)
    reversed_ones = set(
        db.session.scalars(
            select(Record.id).where(
                Record.id.in_(list(plan.replaced.values())), Record.status == Status.REVERSED
            )
        )
    )
    for position, record_id in plan.replaced.items():
        entry = plan.entries[position]
        if record_id in reversed_ones:
            plan.freed.add(record_id)
        else:
            plan.problems.append(Problem(entry.sheet, entry.row, None, ALREADY))
    return plan
