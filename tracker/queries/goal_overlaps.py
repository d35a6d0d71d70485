"""Which members count in which goal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.types import String

from tracker.db import db
from tracker.models import Kind as KindRow
from tracker.queries.contributions import contributions
from tracker.queries.figures import Standing
from tracker.rules.campaigns import Kind, Scope
from tracker.rules.tallies import question_of


def names_people(kind: Kind) -> bool:
    """Whether rows of this kind say who was in them."""
    return "member" in kind.owners or kind.column("people") is not None


def people_of_goals(standing: Standing) -> dict[str, set[int] | None]:
    """code of the goal → the members who are in a row that its figure counts; None where rows name nobody.

    Two statements, of which one reads the rows: all goals together.
    """
    kind_ids = dict(
        db.session.execute(
            select(KindRow.code, KindRow.id).where(KindRow.campaign_id == standing.campaign.id)
        ).all()
    )
    found: dict[str, set[int] | None] = {}
    parts: list[Select[Any]] = []
    for goal in standing.spec.goals:
        question = question_of(standing.figure_of(goal), Scope.MEMBER)
        kind = standing.spec.kind(question.kind) if question else None
        if question is None or kind is None or not names_people(kind):
            found[goal.code] = None
            continue
        found[goal.code] = set()
        rows = contributions(question, kind, kind_ids[kind.code])
        parts.append(
            select(literal(goal.code, String), rows.c.place_id)
            .where(rows.c.day <= standing.day)
            .group_by(rows.c.place_id)
            .having(func.sum(rows.c.value) > 0)
        )
    if parts:
        for code, member_id in db.session.execute(union_all(*parts)).all():
            members = found[code]
            if members is not None:
                members.add(member_id)
    return found
