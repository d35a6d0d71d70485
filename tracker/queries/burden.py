"""How many a campaign's burden is spread over, and what was entered so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Kind, Record, Status
from tracker.queries.rosters import roster_as_of
from tracker.rules.burden import Sizes

STANDING = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)


@dataclass(frozen=True, slots=True)
class Entered:
    """What branches have of one kind so far. rows: all of them; typed: those that came with no file.

    a_week: of one branch in one week, on average over branches and weeks.
    """

    rows: int
    typed: int
    a_week: Fraction


def sizes_as_of(day: dt.date) -> Sizes:
    """Branches, groups, sections and eligible members on a day."""
    roster = roster_as_of(day)
    levels = [unit.level for unit in roster.units]
    members = {row.member_id for row in roster.members if not row.is_exempt}
    return Sizes(levels.count("branch"), levels.count("group"), levels.count("section"), len(members))


def entered_so_far(campaign: Campaign, sizes: Sizes, day: dt.date) -> dict[str, Entered]:
    """The rows that branches have until a day, by code of the kind; kinds without any are left out.

    A row stands in the week in which it happened: when a file came in says nothing about the work behind it.
    """
    days = (min(day, campaign.ends_on) - campaign.starts_on).days + 1
    if days < 1 or not sizes.branches:
        return {}
    counted = db.session.execute(
        select(Kind.code, func.count(), func.count().filter(Record.batch_id.is_(None)))
        .join(Kind, Kind.id == Record.kind_id)
        .where(
            Record.campaign_id == campaign.id,
            Record.branch_id.is_not(None),
            Record.status.in_(STANDING),
            Record.happened_on <= day,
        )
        .group_by(Kind.code)
    )
    return {
        code: Entered(rows, typed, Fraction(rows * 7, days * sizes.branches)) for code, rows, typed in counted
    }
