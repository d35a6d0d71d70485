"""What a screen on a wall shows, and which links there are."""

from __future__ import annotations

import datetime as dt
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, ScreenLink, User
from tracker.queries.access import sees_bureau
from tracker.queries.boards import GoalCard, board_on
from tracker.queries.bureau import complete_branches
from tracker.queries.figures import bureau_name
from tracker.rules.figures import FigureValue
from tracker.rules.tokens import digest_of

KEPT_FOR = 5.0  # seconds; a screen asks once a minute


@dataclass(frozen=True, slots=True)
class Wall:
    """A campaign's goals on one day. Rows of no table are in it: it outlives the session that read it.

    reached:  code of a goal → how many of its scope have reached the target, where the campaign counts that.
    silent:   how many of the branches are silent in some due month of a goal that asks them.
    """

    campaign: str
    bureau: str
    day: dt.date
    cards: tuple[GoalCard, ...]
    reached: dict[str, FigureValue]
    silent: int
    branches: int


# Of each database (a test has its own): campaign and day → the moment until which it is kept, and the wall.
_kept: weakref.WeakKeyDictionary[Any, dict[tuple[int, dt.date], tuple[float, Wall]]] = (
    weakref.WeakKeyDictionary()
)
_reading = threading.Lock()


def wall_on(campaign: Campaign, day: dt.date, clock: Callable[[], float] = time.monotonic) -> Wall:
    """What the page of the bureau says of each goal, read at most once in KEPT_FOR seconds a process.

    Whoever asks while it is read waits for it. Fifty screens cost as much as one.
    """
    key = campaign.id, day
    with _reading:
        kept = _kept.setdefault(db.session.get_bind(), {})
        for old in [one for one, (until, _) in kept.items() if until <= clock()]:
            del kept[old]
        if key not in kept:
            wall = read_wall(campaign, day)
            kept[key] = clock() + KEPT_FOR, wall
        return kept[key][1]


def read_wall(campaign: Campaign, day: dt.date) -> Wall:
    """The same, read now."""
    board = board_on(campaign, day)
    complete, branches = complete_branches(board)
    return Wall(
        campaign.name,
        bureau_name() or "",
        day,
        board.cards,
        {
            card.standing.goal.code: board.values[card.standing.goal.reached]
            for card in board.cards
            if card.standing.goal.reached
        },
        branches - complete,
        branches,
    )


def link_called(token: str) -> ScreenLink | None:
    """The link with that token, whether it still holds or not."""
    return db.session.scalar(
        select(ScreenLink)
        .where(ScreenLink.digest == digest_of(token))
        .options(joinedload(ScreenLink.campaign))
    )


def links_of(campaign: Campaign) -> list[ScreenLink]:
    """The campaign's links: those that hold first, each lot from the newest on."""
    return list(
        db.session.scalars(
            select(ScreenLink)
            .where(ScreenLink.campaign_id == campaign.id)
            .options(joinedload(ScreenLink.created_by), joinedload(ScreenLink.revoked_by))
            .order_by(ScreenLink.revoked_at.is_not(None), ScreenLink.id.desc())
        )
    )


def link_for(user: User, link_id: int) -> ScreenLink | None:
    """The link with that id, for those who see the whole bureau."""
    return db.session.get(ScreenLink, link_id) if sees_bureau(user) else None
