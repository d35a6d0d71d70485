"""What waits in the demo when it starts, so that the daily round can be tried at once."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from tracker.models import Campaign, User
from tracker.queries.campaigns import spec_of
from tracker.queries.users import user_by_login
from tracker.services.entries import Row, check_entries, enter_records
from tracker.services.verifications import return_records

ROUND = Path(__file__).resolve().parent.parent / "demo" / "round.toml"


def fill_round(campaign: Campaign, *, at: dt.datetime, today: dt.date) -> None:
    """Enter the records of tracker/demo/round.toml as the demo's people, and give back those that say so."""
    for row in tomllib.loads(ROUND.read_text(encoding="utf-8"))["records"]:
        _enter(row, campaign, at, today)


def _enter(row: dict[str, Any], campaign: Campaign, at: dt.datetime, today: dt.date) -> None:
    by = _account(row["by"])
    kind = spec_of(campaign).kind(row["kind"])
    own = {"member_number": by.member.number, "member_name": by.member.name} if by.member else {}
    plan = check_entries(campaign, kind, [Row(1, {**own, **row["cells"]})], by=by, today=today)
    if plan.problems:
        raise click.ClickException(
            _("The demo's own file %(file)s has problems.", file=ROUND.name) + f" {plan.problems[0].message}"
        )
    (record,) = enter_records(plan, kind, campaign, by=by, at=at, text=row.get("text"))
    if returned := row.get("returned"):
        keeper = _account(returned["by"])
        return_records([(record.id, record.version)], why=returned["why"], by=keeper, at=at)


def _account(login: str) -> User:
    user = user_by_login(login)
    assert user is not None  # the demo has just made its accounts
    return user
