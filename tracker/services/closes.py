"""Closes periods and opens them again; holds closed periods against whatever would change them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.models import Campaign, Close, Record, Unit, User
from tracker.queries.campaigns import spec_of
from tracker.queries.closes import held, held_ids, holding
from tracker.rules.closes import (
    HELD,
    LATE,
    LONGEST_REASON,
    VERIFIED_LATE,
    check_close,
    close_of,
    period_words,
)
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.periods import Period
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.registers import Register
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason

CLOSED_ALREADY = N_("This period is closed already. Reload the page and look again.")


def close_period(
    campaign: Campaign,
    period: Period,
    unit: Unit | None,
    *,
    grace_until: dt.date | None,
    holds_at: dt.datetime | None,
    today: dt.date,
    by: User,
    at: dt.datetime,
) -> Close:
    """Close a period of a branch, or of the bureau (None).

    grace_until: the last day on which entries go in as usual, and
    holds_at:    the moment at which the day after it begins; both None: it holds at once.

    Whoever writes records of the campaign just now is waited for, so that nothing slips in.
    Raises Refused if the period is not over, or if it is closed already. Whose it is to close is asked
    before (`queries.closes.may_close`).
    """
    check_close(period, grace_until, today)
    db.session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    close = Close(
        campaign_id=campaign.id, code=period.code, name=period.name, starts_on=period.starts_on,
        ends_on=period.ends_on, unit_id=unit.id if unit else None, grace_until=grace_until,
        holds_at=holds_at or at, closed_at=at, closed_by_id=by.id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(close)
            db.session.flush()
    except IntegrityError as error:
        raise Refused(CLOSED_ALREADY) from error
    record_event(by, "close:add", close, at, code=period.code, unit_id=close.unit_id)
    return close


def reopen_period(close: Close, *, why: str, version: int, by: User, at: dt.datetime) -> None:
    """Let a closed period take entries again. The reason stands in the close.

    version: of the close as it was seen. Raises Refused if somebody else was faster, or without a reason.
    """
    why = check_reason(why)
    changed = db.session.execute(
        update(Close)
        .where(Close.id == close.id, Close.version == version, Close.reopened_at.is_(None))
        .values(reopened_at=at, reopened_by_id=by.id, reopened_why=why, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(close)
    record_event(by, "close:reopen", close, at, code=close.code, unit_id=close.unit_id)


def hold_entries(
    plan: LedgerPlan, campaign: Campaign, register: Register, late_why: str, at: dt.datetime
) -> None:
    """Mark entries of closed periods as late, or add a problem for each if nobody says why.

    The caller keeps closes out (`lock_out_imports`, `lock_campaign`) before this is asked.
    """
    spec, closes = spec_of(campaign), holding(campaign, at)
    plan.late_why = clean_reason(late_why)
    for position, entry in enumerate(plan.entries if closes else ()):
        if position in plan.skipped:
            continue
        day = entry.happened_on if entry.is_dated else None
        stays = [register.place(one, day) if day else register.first_place(one) for one in entry.people]
        branches = {entry.branch_id, *entry.co_organisers, *(stay.branch_id for stay in stays if stay)}
        close = close_of(entry, branches, closes)
        if close is None:
            continue
        plan.late.add(position)
        if not plan.late_why:
            column = spec.kind(entry.kind).column("happened_on")
            heading = column.heading if column else None
            params = {"period": period_words(close)}
            plan.problems.append(Problem(entry.sheet, entry.row, heading, LATE, params))


def clean_reason(why: str) -> str:
    """A reason without blanks at its ends; '' if nothing was said."""
    return " ".join(why.split())[:LONGEST_REASON]


def mark_late(ids: Sequence[int], why: str, at: dt.datetime) -> None:
    """Say of those records that a close holds, and that come to count now, why they come late.

    Those of which it was said when they were entered keep their reason.
    Raises Refused if there are such records and nobody says why. Closes are kept out by the caller.
    """
    held_back = held_ids(ids, at)
    if not held_back:
        return
    why = clean_reason(why)
    silent = Record.id.in_(held_back) & Record.late_why.is_(None)
    if not why:
        count = db.session.scalar(select(func.count()).select_from(Record).where(silent))
        if count:
            raise Refused(VERIFIED_LATE, "late_why", count=count)
        return
    db.session.execute(
        update(Record).where(silent).values(late_why=why).execution_options(synchronize_session=False)
    )


def check_not_held(which: ColumnElement[bool], at: dt.datetime) -> None:
    """Raises Refused if one of these records belongs to a closed period: it leaves only by reversal, and
    comes back only as a late entry."""
    count = db.session.scalar(select(func.count()).select_from(Record).where(which, held(at)))
    if count:
        raise Refused(HELD, count=count)
