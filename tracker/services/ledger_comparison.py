"""A checked ledger beside what is stored: what is new, and whether days still have 24 hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Select, func, select

from tracker.db import db
from tracker.models import Campaign, Kind, Member, Participation, Record, Status
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.ledger_entries import Entry
from tracker.rules.ledgers import OPEN_LISTS, LedgerPlan, SheetPlan
from tracker.rules.refusal import N_, Problem, Refused
from tracker.services.ledger_known import Stored, chunks, known_again, stored_by_identity
from tracker.services.tick_totals import hold_back

DAY = 1_440
TIMED = (Status.SUBMITTED, Status.VERIFIED)
NAMED_ROWS = 12  # in one sentence
AGAIN = N_(
    "With what was entered meanwhile, %(name)s would come to %(minutes)s minutes on %(day)s "
    "(at most %(most)s). Withdraw or reverse that first."
)

Key = tuple[int, dt.date]  # member and day
Value = TypeVar("Value")


def compare_stored(plan: LedgerPlan, campaign: Campaign, spec: CampaignSpec) -> None:
    """Fill in what is new, changed or there already; the values first seen; the days that overflow."""
    stored = stored_by_identity(campaign.id, [entry.identity for entry in plan.entries])
    _sort(plan, stored, known_again(plan, campaign, spec, stored))
    hold_back(plan, campaign)
    _note_new_values(plan, campaign)
    check_days(plan, campaign, spec)


def check_days(plan: LedgerPlan, campaign: Campaign, spec: CampaignSpec) -> None:
    """Add a problem for each day on which somebody would have more minutes than a day, or a kind, allows."""
    _check_days(plan, campaign, None, DAY)
    for kind in spec.kinds:
        if kind.most_minutes_per_day < DAY:
            _check_days(plan, campaign, kind.code, kind.most_minutes_per_day)


def check_days_again(campaign: Campaign, spec: CampaignSpec, ids: Sequence[int]) -> None:
    """Raises Refused if a day of these records is too long, now that they stand again.

    Meanwhile somebody may have filled it: what was given back or replaced takes up no time.
    """
    limits = [(None, DAY)] + [
        (kind.code, kind.most_minutes_per_day) for kind in spec.kinds if kind.most_minutes_per_day < DAY
    ]
    own = select(Participation.member_id, Record.happened_on).join(Record)
    own = own.where(Record.id.in_(ids), Record.is_dated, Participation.minutes.is_not(None))
    days = db.session.execute(own.distinct()).all()
    for kind, most in limits if days else ():
        statement = _timed(campaign, kind, min(day for _, day in days), max(day for _, day in days))
        found = {(member, day): int(minutes or 0) for member, day, minutes in db.session.execute(statement)}
        for member, day in sorted(days):
            if (minutes := found.get((member, day), 0)) > most:
                name = db.session.scalar(select(Member.name).where(Member.id == member))
                raise Refused(AGAIN, name=name, minutes=minutes, day=day.isoformat(), most=most)


def _sort(plan: LedgerPlan, stored: dict[str, Stored], known: dict[int, Stored]) -> None:
    sheets: dict[str, SheetPlan] = {sheet.sheet: sheet for sheet in plan.sheets}
    waiting = 0
    for position, entry in enumerate(plan.entries):
        sheet = sheets[entry.sheet]
        old = stored.get(entry.identity)
        if position in known:
            plan.skipped.add(position)
            sheet.unchanged += 1
            waiting += known[position].status is not Status.VERIFIED
        elif old is None:
            sheet.new += 1
        elif old.content != entry.content:
            # Also where the old one was reversed: that was wrong, and this is how it is put right.
            sheet.changed += 1
            plan.replaced[position] = old.id
        else:
            plan.skipped.add(position)
            if old.status is Status.REVERSED:
                sheet.reversed_before += 1
                plan.remarks.append(_was_reversed(entry))
            else:
                sheet.unchanged += 1
                waiting += old.status is not Status.VERIFIED
    if waiting:
        not_verified = N_("%(count)s rows are here already, but not verified.")
        plan.remarks.append(Problem("", None, None, not_verified, {"count": waiting}))


def _was_reversed(entry: Entry) -> Problem:
    return Problem(
        entry.sheet, entry.row, None, N_("The row was reversed before; it is not brought in again.")
    )


def _written(plan: LedgerPlan) -> Iterator[Entry]:
    return (entry for position, entry in enumerate(plan.entries) if position not in plan.skipped)


def _note_new_values(plan: LedgerPlan, campaign: Campaign) -> None:
    for name in OPEN_LISTS:
        column = getattr(Record, name)
        seen = dict.fromkeys(value for entry in _written(plan) if (value := getattr(entry, name)))
        if seen:
            known = set(
                db.session.scalars(select(column).where(Record.campaign_id == campaign.id).distinct())
            )
            plan.new_values[name] = [value for value in seen if value not in known]


def _check_days(plan: LedgerPlan, campaign: Campaign, kind: str | None, most: int) -> None:
    """A problem for each member and day with more than `most` minutes in all rows, or in those of a kind."""
    timed = [e for e in _written(plan) if e.minutes and e.is_dated and e.people and kind in (None, e.kind)]
    if not timed:
        return
    sums: dict[Key, int] = {}
    for entry in timed:
        for person in entry.people:
            key = (person, entry.happened_on)
            sums[key] = sums.get(key, 0) + (entry.minutes or 0)
    days = [day for _, day in sums]
    kept = _stored_minutes(plan, campaign, kind, min(days), max(days))
    totals = {key: kept.get(key, 0) + minutes for key, minutes in sums.items()}
    over = {key: minutes for key, minutes in totals.items() if minutes > most}
    if not over:
        return
    names = dict(db.session.execute(select(Member.id, Member.name)).all())
    rows: dict[Key, list[Entry]] = {key: [] for key in over}
    for entry in timed:
        for person in entry.people:
            if (person, entry.happened_on) in rows:
                rows[person, entry.happened_on].append(entry)
    letters = {sheet.sheet: sheet.minutes for sheet in plan.sheets}
    for key, minutes in over.items():
        stored = kept.get(key, 0)
        problem = _too_long(rows[key], names[key[0]], key[1], minutes, most, stored)
        letter = letters.get(problem.sheet)
        plan.problems.append(replace(problem, cell=f"{letter}{problem.row}") if letter else problem)


def _too_long(rows: list[Entry], name: str, day: dt.date, minutes: int, most: int, stored: int) -> Problem:
    """The problem of a day that is too long, at the last of its rows. stored: what is there already."""
    places = "、".join(f"{entry.sheet} {entry.row}" for entry in rows[:NAMED_ROWS])
    sentence = N_("%(name)s comes to %(minutes)s minutes on %(day)s (at most %(most)s), in rows: %(rows)s.")
    if stored:
        sentence = N_(
            "%(name)s comes to %(minutes)s minutes on %(day)s (at most %(most)s): %(stored)s are in the "
            "ledger already, whatever their source; the others are in rows: %(rows)s."
        )
    params = {"name": name, "minutes": minutes, "day": day.isoformat(), "most": most, "rows": places}
    return Problem(
        rows[-1].sheet, rows[-1].row, None, sentence, params | ({"stored": stored} if stored else {})
    )


def _stored_minutes(
    plan: LedgerPlan, campaign: Campaign, kind: str | None, first: dt.date, last: dt.date
) -> dict[Key, int]:
    """Minutes of each member and day that are stored and will stay: what is replaced does not count."""
    statement = _timed(campaign, kind, first, last)
    found = {(member, day): int(minutes or 0) for member, day, minutes in db.session.execute(statement)}
    for chunk in chunks(plan.replaced.values()):
        for member, day, minutes in db.session.execute(statement.where(Record.id.in_(chunk))):
            found[member, day] -= int(minutes or 0)
    return found


def _timed(
    campaign: Campaign, kind: str | None, first: dt.date, last: dt.date
) -> Select[int, dt.date, int | None]:
    """(member, day, minutes) of what counts or waits, of one kind or all. A later stage that waits says the
    time of the record that it follows once more."""
    statement = (
        select(Participation.member_id, Record.happened_on, func.sum(Participation.minutes))
        .join(Record, Record.id == Participation.record_id)
        .where(
            Record.campaign_id == campaign.id,
            Record.status.in_(TIMED),
            Record.is_dated,
            (Record.status == Status.VERIFIED) | Record.follows_id.is_(None),
            Record.happened_on.between(first, last),
            Participation.minutes.is_not(None),
            Participation.reversed_at.is_(None),
        )
        .group_by(Participation.member_id, Record.happened_on)
    )
    if kind is not None:
        statement = statement.join(Kind, Kind.id == Record.kind_id).where(Kind.code == kind)
    return statement
