"""flask demo: everything that `make run` needs before it serves."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from config import Config
from tracker.cli.imports import bring_in
from tracker.clock import now, today
from tracker.db import db
from tracker.models import BatchSort, BatchState, Role, Unit, UnitLevel, User
from tracker.queries.campaigns import current_campaign
from tracker.services.campaigns import load_campaign
from tracker.services.users import create_user

group = AppGroup("demo", help="The invented bureau that shows what the tracker does.")
HERE = Path(__file__).resolve().parent.parent
CAMPAIGN = HERE / "campaigns" / "qigeyibai-2021.toml"
ROSTER, LEDGER = HERE / "demo" / "roster.xlsx", HERE / "demo" / "ledger.xlsx"
PASSWORDS = "demo-accounts.txt"


@group.command("start")
def start() -> None:
    """Bring the schema up to date, load the demo bureau if the ledger is empty, say where to go."""
    config: Config = current_app.config["TRACKER"]
    flask_migrate.upgrade()
    if current_campaign() is None and db.session.scalar(select(User.id).limit(1)) is None:
        _fill(config)
    db.session.rollback()
    port = os.environ.get("PORT", "8000")
    click.echo(_("Open http://127.0.0.1:%(port)s in a browser.", port=port))
    if (path := config.data_dir / PASSWORDS).exists():
        click.echo(_("The demo accounts and their passwords are in %(path)s", path=path))


def _fill(config: Config) -> None:
    click.echo(_("First start: loading the demo bureau ..."))
    at = now()
    load_campaign(CAMPAIGN.read_text(encoding="utf-8"), by=None, at=at, as_of=today())
    accounts = {"office": secrets.token_urlsafe(9), "auditor": secrets.token_urlsafe(9)}
    office = create_user("office", "机关党委办公室", Role.OFFICE, None, accounts["office"], by=None, at=at)
    create_user("auditor", "纪检监督", Role.AUDITOR, None, accounts["auditor"], by=None, at=at)
    _import(office)
    branch = db.session.scalars(
        select(Unit).where(Unit.level == UnitLevel.BRANCH).order_by(Unit.position, Unit.id).limit(1)
    ).one()
    accounts["secretary"] = secrets.token_urlsafe(9)
    create_user(
        "secretary", f"{branch.name}书记", Role.SECRETARY, branch, accounts["secretary"], by=None, at=at
    )
    _keep_passwords(config.data_dir / PASSWORDS, accounts)
    db.session.commit()


def _keep_passwords(path: Path, accounts: dict[str, str]) -> None:
    """Write the passwords where only the owner of the installation reads them."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{login}  {password}\n" for login, password in accounts.items())


def _import(office: User) -> None:
    """Roster and ledger as the commands bring them in."""
    for sort, path in ((BatchSort.ROSTER, ROSTER), (BatchSort.LEDGER, LEDGER)):
        campaign = current_campaign() if sort is BatchSort.LEDGER else None
        batch = bring_in(path, sort, campaign, by=office, as_verified=True)
        if batch.state is not BatchState.COMMITTED:
            raise click.ClickException(_("The demo's own file %(file)s has problems.", file=path.name))
