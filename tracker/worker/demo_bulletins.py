"""Bulletins of the demo: one that was issued in June, and a draft of today."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from tracker.filters import said_in_chinese
from tracker.models import Campaign, User
from tracker.queries.campaigns import spec_of
from tracker.rules.campaign_bulletins import templates_of
from tracker.services.bulletins import change_bulletin, draft_bulletin, issue_bulletin

BULLETINS = Path(__file__).resolve().parent.parent / "demo" / "bulletins.toml"


def fill_bulletins(campaign: Campaign, *, by: User, at: dt.datetime, today: dt.date) -> None:
    """Write the bulletins of tracker/demo/bulletins.toml from the first template of the campaign."""
    template = templates_of(spec_of(campaign))[0]
    for said in tomllib.loads(BULLETINS.read_text(encoding="utf-8"))["bulletins"]:
        as_of = min(said["as_of"], today)
        made = draft_bulletin(campaign, template.code, as_of=as_of, today=today, by=by, at=at)
        if "added" in said:
            change_bulletin(
                made, made.version, title=made.title, text=f"{made.text}\n{said['added']}", as_of=as_of,
                today=today, by=by, at=at,
            )  # fmt: skip
        if "issued_on" in said:
            issue_bulletin(
                made, made.version, issued_on=min(said["issued_on"], today), today=today, by=by, at=at,
                say=said_in_chinese,
            )  # fmt: skip
