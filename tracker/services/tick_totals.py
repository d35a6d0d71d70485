"""A number in a file or form beside single ticks: the same facts would count twice."""

from __future__ import annotations

from tracker.db import db
from tracker.models import Campaign, Member
from tracker.queries.campaigns import spec_of
from tracker.queries.ticks import Ticks, ticks_of
from tracker.rules.ledger_entries import Entry
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.refusal import Problem
from tracker.rules.ticks import HELD_BACK, TICKED, counted_by, list_of, tick_lists


def hold_back(plan: LedgerPlan, campaign: Campaign) -> None:
    """Leave out of a file the numbers of members who ticked one by one, and say so: each fact counts once.

    Call it with imports locked out or as the import that locks the others out.
    """
    for position, entry, ticks in _beside_ticks(plan, campaign):
        plan.skipped.add(position)
        sheet = next(sheet for sheet in plan.sheets if sheet.sheet == entry.sheet)
        if plan.replaced.pop(position, None) is None:
            sheet.new -= 1
        else:  # of one that was reversed before the member began to tick
            sheet.changed -= 1
        sheet.unchanged += 1
        params = {"ticked": len(ticks.records)}
        plan.remarks.append(Problem(entry.sheet, entry.row, None, HELD_BACK, params))


def refuse_beside_ticks(plan: LedgerPlan, campaign: Campaign) -> None:
    """Add a problem for each entry that would give in a number what its member ticked one by one."""
    for _, entry, ticks in _beside_ticks(plan, campaign):
        member = db.session.get_one(Member, entry.member_id)
        params = {"name": member.name, "ticked": len(ticks.records)}
        plan.problems.append(Problem(entry.sheet, entry.row, None, TICKED, params))


def _beside_ticks(plan: LedgerPlan, campaign: Campaign) -> list[tuple[int, Entry, Ticks]]:
    """(position, entry, what its member ticked) of the entries that are written and would count it again."""
    lists = tick_lists(spec_of(campaign))
    asked = [
        (position, entry, figure)
        for position, entry in enumerate(plan.entries)
        if position not in plan.skipped
        and entry.member_id is not None
        and (figure := counted_by(lists, entry.kind, entry)) is not None
    ]
    if not asked:
        return []
    standing = ticks_of(campaign, {entry.member_id or 0 for _, entry, _ in asked}, lists)
    found = []
    for position, entry, figure in asked:
        own = [one for one in standing[entry.member_id or 0].values() if one.ticked.figure.id == figure]
        tick = list_of(lists, entry.kind, entry)
        held = [one for one in own if (entry.title in one.records if tick is not None else bool(one.records))]
        found += [(position, entry, one) for one in held[:1]]
    return found
