"""flask users: accounts for those who will sign in."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.models import Role, Unit, UnitLevel, User
from tracker.queries.users import user_by_login
from tracker.rules.refusal import Refused
from tracker.services.users import create_user, set_password

group = AppGroup("users", help="Accounts: add, list, new password.")


@group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Whose account it is.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.OFFICE))
@click.option("--branch", help="Name of the branch that a secretary keeps.")
def add(login: str, name: str, role: str, branch: str | None) -> None:
    """Add an account LOGIN and print the password drawn for it, once."""
    password = secrets.token_urlsafe(12)
    try:
        create_user(login, name, Role(role), _branch(branch), password, by=None, at=now())
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    click.echo(f"{login}  {password}")


@group.command("password")
@click.argument("login")
def password(login: str) -> None:
    """Draw a new password for LOGIN, print it once, and end the account's sessions."""
    user = user_by_login(login)
    if user is None:
        raise click.ClickException(_("There is no account %(login)s.", login=login))
    drawn = secrets.token_urlsafe(12)
    set_password(user, drawn, by=None, at=now())
    db.session.commit()
    click.echo(f"{login}  {drawn}")


@group.command("list")
def list_users() -> None:
    """Show every account with its roles."""
    for user in db.session.scalars(select(User).order_by(User.id)):
        roles = ", ".join(
            f"{grant.role}{f' ({grant.unit.name})' if grant.unit else ''}" for grant in user.grants
        )
        click.echo(f"{user.login}  {user.name}  {roles or '—'}")


def _branch(name: str | None) -> Unit | None:
    if name is None:
        return None
    unit = db.session.scalar(select(Unit).where(Unit.level == UnitLevel.BRANCH, Unit.name == name))
    if unit is None:
        raise click.ClickException(_("There is no branch %(name)s.", name=name))
    return unit
