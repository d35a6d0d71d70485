"""Figures of a past day beside the same sums in raw SQL; `flask data check` beside one GROUP BY."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import Any

from bench.large_ledger import DAYS, FIRST
from bench.load import WrongContentError
from bench.sides import Goal, Result, beside, result
from bench.turns import Turn
from bench.worlds import World
from tracker.db import db
from tracker.models import Campaign
from tracker.queries.figures import standing_on

SUMS = """
SELECT tally.code, cell.place_id, cell.entity, SUM(cell.value) FROM tally
JOIN tally_cell AS cell ON cell.tally_id = tally.id
WHERE tally.campaign_id = {mark} AND cell.day <= {mark} GROUP BY tally.id, cell.place_id, cell.entity
"""
GROUPS = """
SELECT kind_id, member_id, happened_on, COUNT(*), SUM(minutes), SUM(quantity), SUM(people_served) FROM record
WHERE status = 'verified' GROUP BY kind_id, member_id, happened_on
"""


def seconds(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def past_days(turn: Turn) -> list[Result]:
    """All figures as of a day drawn anew each time, beside the sums they are made of."""
    chance = random.Random(3)
    with turn.place.copy(turn.size) as world, world.app.test_request_context():
        line = world.ask()
        campaign = db.session.get_one(Campaign, world.large.campaign_id)
        statement = SUMS.format(mark="?" if turn.place.name == "sqlite" else "%s")
        # Each day once: what a day comes to is kept.
        days = [FIRST + dt.timedelta(days=n) for n in chance.sample(range(DAYS // 2, DAYS), turn.rounds * 2)]
        ours, raw = iter(days), iter(days)
        last = FIRST + dt.timedelta(days=DAYS)
        rows = line.execute(statement, (campaign.id, last.isoformat())).fetchall()
        counted = sum(int(row[3]) for row in rows)
        folds = standing_on(campaign, last).folds
        told = sum(sum(sum(one.values()) for one in fold.values()) for fold in folds.values())
        if told != counted:
            raise WrongContentError(f"the cells come to {counted}, the figures are made of {told}")
        pairs = beside(
            lambda: 1 / seconds(lambda: standing_on(campaign, next(ours)).values()),
            lambda: (
                1 / seconds(lambda: line.execute(statement, (campaign.id, next(raw).isoformat())).fetchall())
            ),
            turn.rounds,
        )
        line.close()
        db.session.remove()
    name = f"all figures as of a past day, {world.large.records:,} records, beside raw SQL"
    return [result(name, turn.place, pairs, "/s", Goal(at_least=0.5), f"{len(rows):,} sums")]


def check(turn: Turn) -> list[Result]:
    """The whole check, beside one walk through the ledger."""
    with turn.place.copy(turn.size) as world:
        line = world.ask()

        def checked() -> float:
            return 1 / seconds(lambda: hold(world))

        pairs = beside(
            checked, lambda: 1 / seconds(lambda: line.execute(GROUPS).fetchall()), min(2, turn.rounds)
        )
        line.close()
    name = f"flask data check, {world.large.records:,} records, beside one GROUP BY"
    return [result(name, turn.place, pairs, "/s", Goal(at_least=0.3))]


def hold(world: World) -> None:
    """Raises WrongContentError unless `flask data check` finds everything as it should be."""
    said = world.app.test_cli_runner().invoke(args=["data", "check"])
    if said.exit_code:
        raise WrongContentError(f"flask data check: {said.output}")
