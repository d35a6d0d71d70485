"""The register of quoted figures: what holds on a day, and all that was ever entered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Quoted, User
from tracker.queries.access import sees_bureau
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.rules.cells import plain
from tracker.rules.pinyin import pinyin_key
from tracker.rules.quoted import QuotedFigure, value_of


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was entered of one quoted figure, newest day first.

    latest: the value of the last day of those that hold; None if all were withdrawn.
    """

    code: str
    rows: tuple[Quoted, ...]

    @property
    def latest(self) -> Quoted | None:
        return next((row for row in self.rows if row.withdrawn_at is None), None)

    @property
    def shown(self) -> Quoted:
        """What the list calls it by: its latest value, or the last one that was withdrawn."""
        return self.latest or self.rows[0]

    @property
    def rest(self) -> Sequence[Quoted]:
        """The other rows."""
        return [row for row in self.rows if row is not self.shown]


def quoted_of(campaign: Campaign, day: dt.date) -> dict[str, QuotedFigure]:
    """Code → the value of the latest day up to `day`, of every quoted figure that has one. One statement."""
    rows = db.session.execute(
        select(Quoted.code, Quoted.title, Quoted.value, Quoted.unit, Quoted.as_of, Quoted.source)
        .where(Quoted.campaign_id == campaign.id, Quoted.withdrawn_at.is_(None), Quoted.as_of <= day)
        .order_by(Quoted.code, Quoted.as_of, Quoted.id)
    )
    return {
        code: QuotedFigure(code, title, value_of(value), unit, as_of, source)
        for code, title, value, unit, as_of, source in rows
    }


def codes_of(campaign: Campaign) -> frozenset[str]:
    """The codes that are taken: those of withdrawn values too."""
    rows = select(Quoted.code).where(Quoted.campaign_id == campaign.id).distinct()
    return frozenset(db.session.scalars(rows))


def histories(campaign: Campaign, text: str = "") -> list[History]:
    """The whole register by code; `text` is looked for in title (also as pinyin), code, unit and source.

    A register has some dozens of figures, so they are sought among in memory. One statement.
    """
    rows = db.session.scalars(
        select(Quoted)
        .where(Quoted.campaign_id == campaign.id)
        .order_by(Quoted.code, Quoted.as_of.desc(), Quoted.id.desc())
    )
    found: dict[str, list[Quoted]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    all_of = [History(code, tuple(of)) for code, of in found.items()]
    wanted = plain(text)
    return [one for one in all_of if not wanted or wanted in _sought(one)]


def _sought(one: History) -> str:
    row = one.shown
    spelled = pinyin_key(row.title, is_person=False)
    return "\n".join((plain(row.title), spelled, one.code, plain(row.unit), plain(row.source)))


def history_page(campaign: Campaign, text: str, page: int) -> Page[History]:
    """One page of the register."""
    found = histories(campaign, text)
    page = page_within(page, len(found))
    return Page(found[(page - 1) * PER_PAGE : page * PER_PAGE], page, len(found))


def latest_of(row: Quoted) -> Quoted:
    """The value of the last day of the figure of which `row` is one; `row` itself if none holds."""
    found = db.session.scalar(
        select(Quoted)
        .where(Quoted.campaign_id == row.campaign_id, Quoted.code == row.code, Quoted.withdrawn_at.is_(None))
        .order_by(Quoted.as_of.desc(), Quoted.id.desc())
        .limit(1)
    )
    return found or row


def quoted_for(user: User, quoted_id: int) -> Quoted | None:
    """The row with that id, for those who see the whole bureau."""
    return db.session.get(Quoted, quoted_id) if sees_bureau(user) else None
