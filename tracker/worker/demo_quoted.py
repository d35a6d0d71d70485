"""Figures from outside that the demo quotes when it starts."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from tracker.models import Campaign, Quoted, User
from tracker.rules.quoted import Quote
from tracker.services.quoted import enter_quoted, renew_quoted

QUOTED = Path(__file__).resolve().parent.parent / "demo" / "quoted.toml"


def fill_quoted(campaign: Campaign, by: User, *, at: dt.datetime, today: dt.date) -> None:
    """Enter what tracker/demo/quoted.toml says, as far as its days have come."""
    made: dict[str, Quoted] = {}
    for row in tomllib.loads(QUOTED.read_text(encoding="utf-8"))["quoted"]:
        if row["as_of"] > today:
            continue
        code = row["code"]
        said = Quote(
            code, row.get("title", ""), row["value"], row["unit"], row["as_of"], row["source"],
            row.get("note", ""),
        )  # fmt: skip
        if code in made:
            renew_quoted(made[code], said, by=by, at=at, today=today)
        else:
            made[code] = enter_quoted(campaign, said, is_outside=True, by=by, at=at, today=today)
