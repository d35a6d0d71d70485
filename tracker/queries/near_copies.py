"""Which texts of the ledger are near to one: an advice to its writer, and to whoever verifies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Record, Shingle, Work
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import STANDING
from tracker.rules.near_copies import LEAST_SHARE, TOO_COMMON, is_near, plain_text, score, shingles

MOST_CANDIDATES = 20
AT_ONCE = 5_000  # values in one statement


@dataclass(frozen=True, slots=True)
class Near:
    """A record whose text is near. alike: of 100; share: of one's own passages that stand there too."""

    record_id: int
    member_id: int | None
    alike: int
    share: float


def near_copies(text: str, campaign: Campaign, but: Collection[int] = ()) -> list[Near]:
    """Texts that are near to `text`, the nearest first; () for a text too short to tell.

    but: ids of records that are left out: the text's own record, and those of the same fact.
    The official wording that the campaign quotes is left out on both sides.
    """
    quotations = spec_of(campaign).quotations
    plain = plain_text(text, quotations)
    values = sorted(shingles(plain))
    telling, shared = _shared(values)
    least = LEAST_SHARE * max(1, telling)
    likely = sorted((work for work in shared if shared[work] >= least), key=lambda one: (-shared[one], one))
    rows = db.session.execute(
        select(Work.id, Work.text, Record.id, Record.member_id)
        .join(Record, Record.id == Work.record_id)
        .where(
            Work.id.in_(likely[:MOST_CANDIDATES]),
            Record.campaign_id == campaign.id,
            Record.status.in_(STANDING),
            Record.id.not_in(list(but)),
        )
    )
    found = []
    for work_id, other, record_id, member_id in rows:
        share, alike = shared[work_id] / telling, score(plain, plain_text(other, quotations))
        if is_near(share, alike):
            found.append(Near(record_id, member_id, alike, share))
    return sorted(found, key=lambda near: (-near.alike, near.record_id))


def _shared(values: list[int]) -> tuple[int, Counter[int]]:
    """How many of the values tell texts apart, and how many of those each text has, by work.

    Only the index is read, value by value, and counted here: told to count by work, a database without
    statistics walks through every text that there is.
    """
    telling, shared = len(values), Counter[int]()
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        common = set(
            db.session.scalars(
                select(Shingle.value)
                .where(Shingle.value.in_(some))
                .group_by(Shingle.value)
                .having(func.count() > TOO_COMMON)
            )
        )
        telling -= len(common)
        rare = [value for value in some if value not in common]
        shared.update(db.session.scalars(select(Shingle.work_id).where(Shingle.value.in_(rare))))
    return telling, shared
