"""flask closes: closing periods, from a terminal."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cli.endings import finish_act
from tracker.cli.imports import refusals
from tracker.cli.ledger import campaign_named
from tracker.clock import local, now, start_of, today
from tracker.db import db
from tracker.models import Close, Unit, UnitLevel
from tracker.queries.campaigns import spec_of
from tracker.queries.closes import lines_of
from tracker.rules.closes import period_words
from tracker.rules.periods import period_by_code
from tracker.services.closes import close_period, reopen_period
from tracker.services.users import command_line_user

group = AppGroup("closes", help="Closed periods: list, add, reopen.")


@group.command("list")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
def list_closes(code: str | None) -> None:
    """Show the closes, the latest period first."""
    found = select(Close).where(Close.campaign_id == campaign_named(code).id)
    for close in db.session.scalars(found.order_by(Close.starts_on.desc(), Close.id.desc())):
        state = _("holds since") if close.reopened_at is None else _("opened again on")
        moment = f"{local(close.reopened_at or close.holds_at):%Y-%m-%d %H:%M}"
        place = close.unit.name if close.unit else _("Whole bureau")
        click.echo(f"{close.id}  {period_words(close)}  {place}  {state} {moment}")


@group.command("add")
@click.argument("period")
@click.option("--branch", help="Name of a branch; the whole bureau if left out.")
@click.option("--grace", type=click.IntRange(0, 60), help="Days on which entries still go in; 0: none.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
@click.option("--commit", is_flag=True, help="Close it; without it, only show what it holds.")
def add(period: str, branch: str | None, grace: int | None, code: str | None, commit: bool) -> None:
    """Close PERIOD: a month (2021-03) or the code of a phase."""
    campaign = campaign_named(code)
    spec = spec_of(campaign)
    asked = period_by_code(period, campaign, spec.phases)
    if asked is None:
        raise click.ClickException(_("The campaign has no period %(code)s.", code=period))
    unit = _branch(branch) if branch else None
    days = spec.close_grace_days if grace is None else grace
    until = today() + dt.timedelta(days=days - 1) if days else None
    with refusals():
        close = close_period(
            campaign, asked, unit, grace_until=until,
            holds_at=start_of(until + dt.timedelta(days=1)) if until else None,
            today=today(), by=command_line_user(), at=now(),
        )  # fmt: skip
    for line in lines_of(campaign, close):
        said = _("%(count)s count, %(waiting)s wait", count=line.verified, waiting=line.waiting)
        click.echo(f"  {line.kind.name}: {said}")
    finish_act(commit)


@group.command("reopen")
@click.argument("number", type=int)
@click.option("--why", required=True, help="The reason; it is kept with the close.")
@click.option("--commit", is_flag=True, help="Open it again; without it, nothing is written.")
def reopen(number: int, why: str, commit: bool) -> None:
    """Open close NUMBER again."""
    close = db.session.get(Close, number)
    if close is None:
        raise click.ClickException(_("There is no close %(number)s.", number=number))
    with refusals():
        reopen_period(close, why=why, version=close.version, by=command_line_user(), at=now())
    finish_act(commit)


def _branch(name: str) -> Unit:
    found = db.session.scalars(select(Unit).where(Unit.level == UnitLevel.BRANCH, Unit.name == name)).all()
    if len(found) != 1:
        raise click.ClickException(_("There is no branch %(name)s.", name=name))
    return found[0]
