"""Ticking topics and set books: a tick is a record, which the branch verifies like every other."""

from __future__ import annotations

import datetime as dt

from tracker.models import Campaign, Member, Record, Status, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.ticks import ticks_of
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.reach import check_may_enter
from tracker.rules.refusal import Refused
from tracker.rules.ticks import NOT_BEGUN, NOT_HERE, TOTAL, TWICE, UNKNOWN, list_of, tick_entry, tick_lists
from tracker.services.entries import enter_records, withdraw_record
from tracker.services.entry_locks import lock_days
from tracker.services.ledgers import load_register


def tick_title(
    campaign: Campaign, code: str, title: str, member: Member, *, by: User, today: dt.date, at: dt.datetime
) -> Record:
    """Tick one topic or book of a member; it waits for the branch. What was given back is handed in anew.

    code: of the list. Raises Refused if it has no such title, if that is ticked already, or a number stands.
    """
    ticked = next((one for one in tick_lists(spec_of(campaign)) if one.code == code), None)
    if ticked is None or title not in ticked.titles:
        raise Refused(UNKNOWN)
    if today < ticked.phase.starts_on:
        raise Refused(NOT_BEGUN, phase=ticked.phase.name, day=ticked.phase.starts_on.isoformat())
    day, reach = min(today, campaign.ends_on), reach_of(by)
    register = load_register(reach)
    stay = register.place(member.id, day)
    if stay is None:
        raise Refused(NOT_HERE, day=day.isoformat())
    entry = tick_entry(ticked, title, member.id, stay, day)
    check_may_enter(entry, reach)
    plan = LedgerPlan(entries=[entry])
    lock_days(plan, campaign, ticked.kind, register)
    # Only now is it sure that nobody ticks the same, and that no file brings a number.
    standing = ticks_of(campaign, [member.id])[member.id][code]
    if standing.total is not None:
        raise Refused(TOTAL)
    before = standing.records.get(title)
    if before is not None:
        if before.status is not Status.RETURNED:
            raise Refused(TWICE, title=title)
        withdraw_record(before, version=before.version, by=by, at=at)
    (record,) = enter_records(plan, ticked.kind, campaign, by=by, at=at, is_list=True)
    return record


def untick(record: Record, *, version: int, by: User, at: dt.datetime) -> None:
    """Take a tick back that does not count yet. Raises Refused if it counts, changed, or is not theirs."""
    withdraw_record(record, version=version, by=by, at=at)


def is_tick(record: Record, campaign: Campaign) -> bool:
    """Whether the record is a tick: then it is ticked or not, and never corrected."""
    return list_of(tick_lists(spec_of(campaign)), record.kind.code, record) is not None
