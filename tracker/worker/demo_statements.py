"""What the demo's branches stated when it starts: handed in, nothing to report, or silent."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Said, Unit, UnitLevel
from tracker.queries.statement_lines import lines_of
from tracker.queries.statements import due_months
from tracker.queries.users import user_by_login
from tracker.rules.statements import Choice
from tracker.services.statements import state_month

STATEMENTS = Path(__file__).resolve().parent.parent / "demo" / "statements.toml"


def fill_statements(campaign: Campaign, *, at: dt.datetime, today: dt.date) -> None:
    """State what tracker/demo/statements.toml says, through the office, as far as the months are over."""
    data = tomllib.loads(STATEMENTS.read_text(encoding="utf-8"))
    office = user_by_login("office")
    assert office is not None  # the demo has just made its accounts
    branches = db.session.scalars(
        select(Unit).where(Unit.level == UnitLevel.BRANCH).order_by(Unit.position, Unit.id)
    ).all()
    silent = {
        (row["branch"], month, kind)
        for row in data["silent"]
        for month in row["months"]
        for kind in row.get("kinds", [""])
    }
    for number, unit in enumerate(branches, 1):
        for month in due_months(campaign, today):
            choices = {
                line.kind.code: Choice(Said.HANDED_IN if line.standing else Said.NOTHING, 0)
                for line in lines_of(campaign, [unit], [month])
                if month.code <= data["until"]
                and (number, month.code, "") not in silent
                and (number, month.code, line.kind.code) not in silent
            }
            state_month(
                campaign, unit, month, choices, told_by=data["told_by"], by=office, at=at, today=today
            )
