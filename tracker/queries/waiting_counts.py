"""How much waits in a queue, all of its numbers from one look at what waits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, literal, not_, select

from tracker.db import db
from tracker.models import Campaign, Kind, Record, User
from tracker.queries.access import is_office
from tracker.queries.verifications import QueueFilter, chosen_rows, is_own, needs_office, waiting


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """Records that wait, in numbers.

    kinds:      of what is shown, how many of each kind; kinds without any are left out.
    total:      how many the choice finds; open: how many of them the user may decide.
    everything: all that waits anywhere; mine: what only the office can decide. None but for the office.
    """

    kinds: list[tuple[Kind, int]]
    total: int
    open: int
    everything: int | None = None
    mine: int | None = None

    @property
    def in_kinds(self) -> int:
        """How many there are of all kinds."""
        return sum(count for _, count in self.kinds)


def waiting_counts(campaign: Campaign, user: User, chosen: QueueFilter) -> WaitingCounts:
    """The numbers of the queue as `chosen`. Two statements at most, whatever waits."""
    office, may = is_office(user), case((not_(is_own(user)), 1), else_=0)
    only = case((needs_office(), 1), else_=0) if office else literal(0)
    found = db.session.execute(
        select(Record.kind_id, func.count(), func.sum(may), func.sum(only), func.sum(only * may))
        .where(*waiting(campaign.id, user))
        .group_by(Record.kind_id)
    ).all()
    is_narrow = office and chosen.needs_office
    shown = {kind_id: row[2:] if is_narrow else row[:2] for kind_id, *row in found}
    within = [counts for kind_id, counts in shown.items() if chosen.kind_id in (None, kind_id)]
    total, open_ = sum(count for count, _ in within), sum(count for _, count in within)
    if chosen.narrows:
        where = [*waiting(campaign.id, user), *chosen_rows(chosen, campaign, user)]
        total, open_ = db.session.execute(select(func.count(), func.sum(may)).where(*where)).one()
    return WaitingCounts(
        [(kind, shown[kind.id][0]) for kind in campaign.kinds if shown.get(kind.id, (0, 0))[0]],
        total,
        open_ or 0,
        sum(row[1] for row in found) if office else None,
        sum(row[4] for row in found) if office else None,
    )
