"""flask demo: everything that `make run` needs before it serves."""

from __future__ import annotations

import datetime as dt
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
from tracker.cli.demo_assignments import fill_assignments
from tracker.cli.demo_bulletins import fill_bulletins
from tracker.cli.demo_layouts import fill_layouts
from tracker.cli.demo_own_figures import fill_own_figures
from tracker.cli.demo_plans import fill_plans
from tracker.cli.demo_quoted import fill_quoted
from tracker.cli.demo_round import fill_round
from tracker.cli.demo_samples import fill_samples
from tracker.cli.demo_statements import fill_statements
from tracker.cli.imports import bring_in
from tracker.clock import now, today
from tracker.db import db
from tracker.models import BatchSort, BatchState, Member, Membership, Role, Unit, UnitLevel, User
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
    click.echo(_("First start: loading the demo bureau …"))
    at = now()
    load_campaign(CAMPAIGN.read_text(encoding="utf-8"), by=None, at=at, as_of=today())
    accounts: dict[str, str] = {}
    office = _add(accounts, "office", "机关党委办公室", Role.OFFICE, at)
    _add(accounts, "checker", "机关党委抽查员", Role.OFFICE, at)
    _add(accounts, "auditor", "纪检监督", Role.AUDITOR, at)
    _add(accounts, "admin", "系统管理员", Role.ADMINISTRATOR, at)
    _import(office)
    _add_people(accounts, at)
    campaign = current_campaign()
    assert campaign is not None  # it was loaded above
    fill_statements(campaign, at=at, today=today())
    fill_round(campaign, data_dir=config.data_dir, at=now(), today=today())
    fill_plans(campaign, at=at, today=today())
    fill_assignments(campaign, by=office, at=at, today=today())
    fill_samples(campaign, at=at)
    fill_layouts(campaign, office, at=at)
    fill_quoted(campaign, office, at=at, today=today())
    fill_own_figures(campaign, office, at=at)
    fill_bulletins(campaign, by=office, at=now(), today=today())
    _keep_passwords(config.data_dir / PASSWORDS, accounts)
    db.session.commit()


def _add(
    accounts: dict[str, str],
    login: str,
    name: str,
    role: Role,
    at: dt.datetime,
    unit: Unit | None = None,
    member: Member | None = None,
) -> User:
    accounts[login] = secrets.token_urlsafe(9)
    return create_user(login, name, role, unit, accounts[login], by=None, at=at, member=member)


def _add_people(accounts: dict[str, str], at: dt.datetime) -> None:
    """Secretary, deputy, a group's leader and a plain member: the first members of the first branch."""
    units = select(Unit).order_by(Unit.position, Unit.id)
    branch = db.session.scalars(units.where(Unit.level == UnitLevel.BRANCH)).first()
    section = db.session.scalars(units.where(Unit.level == UnitLevel.SECTION)).first()
    assert branch is not None  # the demo's roster has both
    assert section is not None
    group = db.session.scalars(units.where(Unit.parent_id == branch.id)).first()
    within = select(Member).join(Membership, Membership.member_id == Member.id).order_by(Member.id)
    first, second = db.session.scalars(within.where(Membership.branch_id == branch.id).limit(2)).all()
    assert group is not None
    others = within.where(Membership.group_id == group.id, Member.id.not_in((first.id, second.id)))
    third, fourth = db.session.scalars(others.limit(2)).all()
    _add(accounts, "secretary", first.name, Role.SECRETARY, at, branch, first)
    _add(accounts, "deputy", second.name, Role.DEPUTY, at, branch, second)
    _add(accounts, "leader", third.name, Role.GROUP_LEADER, at, group, third)
    _add(accounts, "member", fourth.name, Role.MEMBER, at, None, fourth)
    _add(accounts, "head", f"{section.name}负责人", Role.SECTION_HEAD, at, section)


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
