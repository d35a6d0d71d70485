"""flask users: accounts for those who will sign in."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now, today
from tracker.db import db
from tracker.models import LEVELS, Member, Role, Unit, UnitLevel, User
from tracker.queries.accounts import State, present_member_by_number, state_of
from tracker.queries.users import COMMAND_LINE, user_by_login
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import new_slip_password
from tracker.services.factor_resets import reset_at_once
from tracker.services.sessions import end_sessions
from tracker.services.users import create_user, set_password

group = AppGroup("users", help="Accounts: add, list, new password.")
STATES: dict[State, str] = {
    State.SLIP: N_("Slip given out"),
    State.SLIP_OVER: N_("Slip has run out"),
    State.DISABLED: N_("Disabled"),
}


@group.command("add")
@click.argument("login")
@click.option("--name", help="Whose account it is; left out, the member's name.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.OFFICE))
@click.option("--unit", help="Name of the branch, party group or section where the role is held.")
@click.option(
    "--branch", help="Of a party group: the branch that it is in, if several have one of that name."
)
@click.option("--member", help="Number of the member to whom the account belongs.")
def add(
    login: str, name: str | None, role: str, unit: str | None, branch: str | None, member: str | None
) -> None:
    """Add an account LOGIN and print the password drawn for it, once."""
    password, whose = new_slip_password(), _member(member)
    place = _unit(Role(role), unit, branch)
    try:
        create_user(
            login, name or (whose.name if whose else ""), Role(role), place, password,
            by=None, at=now(), member=whose,
        )  # fmt: skip
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    click.echo(f"{login}  {password}")


@group.command("password")
@click.argument("login")
def password(login: str) -> None:
    """Draw a new password for LOGIN, print it once, and end the account's sessions."""
    user = user_by_login(login)
    if user is None or user.login == COMMAND_LINE:
        raise click.ClickException(_("There is no account %(login)s.", login=login))
    drawn, at = new_slip_password(), now()
    set_password(user, drawn, by=None, at=at)
    end_sessions(user, by=None, at=at)
    db.session.commit()
    click.echo(f"{login}  {drawn}")


@group.command("second-factor-off")
@click.argument("login")
@click.option("--why", required=True, help="Why it is done; it is kept with the account.")
def second_factor_off(login: str, why: str) -> None:
    """Take the second step of LOGIN away, and end the account's sessions: for an office of one account only.

    Where the party office has several accounts, two of them do this in the tracker.
    """
    user = user_by_login(login)
    if user is None or user.login == COMMAND_LINE:
        raise click.ClickException(_("There is no account %(login)s.", login=login))
    try:
        reset_at_once(user, why, at=now())
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    said = _("The second step of %(login)s is off; its owner is told at the next sign-in.", login=user.login)
    click.echo(said)


@group.command("list")
def list_users() -> None:
    """Show every account with its roles, and how far it has come."""
    at = now()
    for user in db.session.scalars(select(User).order_by(User.id)):
        click.echo("  ".join(_line(user, at)))


def _line(user: User, at: dt.datetime) -> list[str]:
    roles = ", ".join(f"{grant.role}{f' ({grant.unit.name})' if grant.unit else ''}" for grant in user.grants)
    state = STATES.get(state_of(user, at))
    parts = [user.login, user.name, roles or "—"]
    return [*parts, *([user.member.number] if user.member else []), *([_(state)] if state else [])]


def _member(number: str | None) -> Member | None:
    if number is None:
        return None
    member = present_member_by_number(number, today())
    if member is None:
        raise click.ClickException(_("Nobody on today's roster has this number."))
    return member


def _unit(role: Role, name: str | None, branch: str | None) -> Unit | None:
    """The one unit of that name at which the role can be held."""
    if name is None:
        return None
    level = LEVELS.get(role, UnitLevel.BRANCH)
    statement = select(Unit).where(Unit.level == level, Unit.name == name)
    if branch is not None:
        above = select(Unit.id).where(Unit.level == UnitLevel.BRANCH, Unit.name == branch)
        statement = statement.where(Unit.parent_id.in_(above))
    units = db.session.scalars(statement).all()
    if not units:
        raise click.ClickException(_("There is no unit %(name)s where this role is held.", name=name))
    if len(units) > 1:
        raise click.ClickException(_("Several units are called %(name)s. Name the branch too.", name=name))
    return units[0]
