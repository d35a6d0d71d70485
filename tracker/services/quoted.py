"""Entering, correcting and withdrawing figures from outside the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Campaign, Quoted, User
from tracker.queries.campaigns import spec_of
from tracker.queries.quoted import codes_of
from tracker.rules.quoted import Quote, alike, check_quote, own_names
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason

TAKEN = N_("The code “%(code)s” is taken. To quote a newer value, choose it in the list.")
SAME_DAY = N_("There is a value of %(day)s already. Correct that one, or enter another day.")
ALIKE = N_(
    "“%(title)s” (%(unit)s) can be taken for “%(own)s” (%(own_unit)s), which this campaign counts itself: "
    "both say “%(shared)s”; only the first says “%(here)s”, only the second “%(there)s”. If it comes from "
    "outside, confirm that below."
)


def enter_quoted(
    campaign: Campaign, said: Quote, *, is_outside: bool, by: User, at: dt.datetime, today: dt.date
) -> Quoted:
    """Put a new figure into the register.

    is_outside: somebody confirmed that it is none of the campaign's own, though it sounds like one.
    Raises Refused, with its field, if it will not do, its code is taken, or that was not confirmed.
    """
    _wait(campaign)
    taken = codes_of(campaign)
    said = check_quote(said, today, taken)
    if said.code in taken:
        raise Refused(TAKEN, "code", code=said.code)
    _check_alike(campaign, said, is_outside)
    row = _add(campaign.id, said, by, at)
    record_event(by, "quoted:enter", row, at)
    return row


def renew_quoted(earlier: Quoted, said: Quote, *, by: User, at: dt.datetime, today: dt.date) -> Quoted:
    """Enter the value of another day of a figure of the register; code, title and unit stay what they are.

    Raises Refused as `enter_quoted` does, and if that day has a value already.
    """
    campaign = db.session.get_one(Campaign, earlier.campaign_id)
    _wait(campaign)
    said = check_quote(replace(said, code=earlier.code, title=earlier.title, unit=earlier.unit), today)
    row = _add(campaign.id, said, by, at)
    record_event(by, "quoted:renew", row, at)
    return row


def correct_quoted(
    row: Quoted,
    said: Quote,
    *,
    version: int,
    why: str,
    is_outside: bool,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Quoted:
    """Put a row in the place of one that was wrong. That one stays, withdrawn, with the reason.

    Raises Refused as `enter_quoted` does, and if the row is not at `version` or was withdrawn.
    """
    campaign = db.session.get_one(Campaign, row.campaign_id)
    said = check_quote(replace(said, code=row.code), today)
    if (said.title, said.unit) != (row.title, row.unit):
        _check_alike(campaign, said, is_outside)
    _withdraw(row, version, why, by, at)
    made = _add(campaign.id, said, by, at, corrects=row)
    record_event(by, "quoted:correct", made, at)
    return made


def withdraw_quoted(row: Quoted, *, version: int, why: str, by: User, at: dt.datetime) -> None:
    """Let a value hold no more. Bulletins that were issued keep it. Raises Refused without a reason, and if
    the row is not at `version` or was withdrawn."""
    _withdraw(row, version, why, by, at)
    record_event(by, "quoted:withdraw", row, at)  # the reason may name somebody


def _wait(campaign: Campaign) -> None:
    """Whoever enters into the same register at the same time waits here, and reads what was entered."""
    own = select(Campaign.id).where(Campaign.id == campaign.id)
    db.session.execute(own.with_for_update(key_share=True))


def _check_alike(campaign: Campaign, said: Quote, is_outside: bool) -> None:
    found = alike(said.title, own_names(spec_of(campaign)))
    if found is not None and not is_outside:
        raise Refused(
            ALIKE, "is_outside", title=said.title, unit=said.unit, own=found.own, own_unit=found.own_unit,
            shared=found.shared, here=found.here or "—", there=found.there or "—",
        )  # fmt: skip


def _add(
    campaign_id: int, said: Quote, by: User, at: dt.datetime, *, corrects: Quoted | None = None
) -> Quoted:
    assert said.as_of is not None
    holds = select(Quoted.id).where(
        Quoted.campaign_id == campaign_id,
        Quoted.code == said.code,
        Quoted.as_of == said.as_of,
        Quoted.withdrawn_at.is_(None),
    )
    if db.session.scalar(holds) is not None:
        raise Refused(SAME_DAY, "as_of", day=said.as_of.isoformat())
    row = Quoted(
        campaign_id=campaign_id, code=said.code, title=said.title, value=said.value, unit=said.unit,
        as_of=said.as_of, source=said.source, note=said.note or None, entered_by_id=by.id, entered_at=at,
        corrects_id=corrects.id if corrects else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _withdraw(row: Quoted, version: int, why: str, by: User, at: dt.datetime) -> None:
    why = check_reason(why)
    changed = db.session.execute(
        update(Quoted)
        .where(Quoted.id == row.id, Quoted.version == version, Quoted.withdrawn_at.is_(None))
        .values(version=version + 1, withdrawn_at=at, withdrawn_by_id=by.id, withdrawn_why=why)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(row)
