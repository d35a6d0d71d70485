"""The stories told at one session, as its reader may know them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import Membership, Record, Status, Story, User
from tracker.queries.access import memberships_within, sees_bureau
from tracker.queries.rosters import holds_on


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story.

    teller:    a name; None where nobody was named, or where it is not the reader's to know (is_hidden).
    elsewhere: how many other verified records of the kind tell it too.
    """

    title: str
    teller: str | None
    is_hidden: bool
    elsewhere: int


def stories_of(record: Record, user: User) -> list[StoryLine]:
    """The stories in their order. Who told them is named to those who may see that member. Two statements."""
    told = record.stories_told
    if not told:
        return []
    tellers = {story.member_id for story in told if story.member_id is not None}
    seen = named_to(user, tellers, record.happened_on)
    again = _elsewhere(record)
    found = []
    for story in told:
        is_hidden = story.member_id is not None and story.member_id not in seen
        name = story.member.name if story.member is not None else story.teller
        found.append(StoryLine(story.title, None if is_hidden else name, is_hidden, again.get(story.key, 0)))
    return found


def named_to(user: User, member_ids: set[int], day: dt.date) -> set[int]:
    """Which of these members the user may see with their names: those of their units on that day."""
    if sees_bureau(user):
        return member_ids
    here = select(Membership.member_id).where(
        Membership.member_id.in_(member_ids),
        memberships_within(user),
        holds_on(Membership.starts_on, Membership.ends_on, day),
    )
    return {*db.session.scalars(here), user.member_id or 0}


def _elsewhere(record: Record) -> dict[str, int]:
    """key -> how many other records of the kind that count tell the same story."""
    own = aliased(Story)
    rows = db.session.execute(
        select(Story.key, func.count())
        .join(Record, Record.id == Story.record_id)
        .join(own, own.key == Story.key)
        .where(
            own.record_id == record.id,
            Story.record_id != record.id,
            Record.kind_id == record.kind_id,
            Record.status == Status.VERIFIED,
        )
        .group_by(Story.key)
    )
    return {key: int(count) for key, count in rows}
