"""The demo bureau: everything of it, brought in as people would, in one transaction."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from pathlib import Path

from sqlalchemy import select

from config import Config
from tracker.clock import now
from tracker.db import db
from tracker.models import BatchSort, BatchState, Member, Membership, Role, Unit, UnitLevel, User
from tracker.queries.campaigns import current_campaign
from tracker.rules.refusal import Refused
from tracker.services.campaigns import load_campaign
from tracker.services.demo import begin_demo, mark_demo
from tracker.services.jobs import Given
from tracker.services.users import create_user
from tracker.worker.bringing import bring_in
from tracker.worker.demo_assignments import fill_assignments
from tracker.worker.demo_bulletins import fill_bulletins
from tracker.worker.demo_layouts import fill_layouts
from tracker.worker.demo_own_figures import fill_own_figures
from tracker.worker.demo_plans import fill_plans
from tracker.worker.demo_quoted import fill_quoted
from tracker.worker.demo_round import FAULTY, fill_round
from tracker.worker.demo_samples import fill_samples
from tracker.worker.demo_statements import fill_statements
from tracker.worker.runs import Run

HERE = Path(__file__).resolve().parent.parent
CAMPAIGN = HERE / "campaigns" / "qigeyibai-2021.toml"
ROSTER, LEDGER = HERE / "demo" / "roster.xlsx", HERE / "demo" / "ledger.xlsx"
PASSWORDS = "demo-accounts.txt"
DAY = dt.date(2021, 7, 31)  # the last day of which it knows anything


def load_demo(run: Run) -> Given:
    """As long work. It is one transaction, so between its beginning and its end there is no progress."""
    run.before_writing(0, 1)
    fill_demo(run.config, by=run.by())
    return Given({})


def fill_demo(config: Config, *, by: User | None) -> None:
    """Bring the demo bureau into an installation that holds nothing but administrators. The caller commits.

    by: the administrator who asked; None for the command line, which then has none of its own: one is made.
    Raises Refused if anything is there already.
    """
    before = begin_demo()
    at = now()
    load_campaign(CAMPAIGN.read_text(encoding="utf-8"), by=None, at=at, as_of=DAY)
    accounts: dict[str, str] = {}
    office = _add(accounts, "office", "机关党委办公室", Role.OFFICE, at)
    _add(accounts, "checker", "机关党委抽查员", Role.OFFICE, at)
    _add(accounts, "auditor", "纪检监督", Role.AUDITOR, at)
    if not before.kept:
        _add(accounts, "admin", "系统管理员", Role.ADMINISTRATOR, at)
    _import(config, office)
    _add_people(accounts, at)
    campaign = current_campaign()
    assert campaign is not None  # it was loaded above
    fill_statements(campaign, at=at, today=DAY)
    fill_round(campaign, data_dir=config.data_dir, at=now(), today=DAY)
    fill_plans(campaign, at=at, today=DAY)
    fill_assignments(campaign, by=office, at=at, today=DAY)
    fill_samples(campaign, at=at)
    fill_layouts(campaign, office, at=at)
    fill_quoted(campaign, office, at=at, today=DAY)
    fill_own_figures(campaign, office, at=at)
    fill_bulletins(campaign, by=office, at=now(), today=DAY)
    mark_demo(campaign, before, by=by, at=now())
    _keep_passwords(config.data_dir / PASSWORDS, accounts)


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


def demo_accounts(data_dir: Path) -> list[list[str]]:
    """[login, password] of each of the demo's accounts; [] if their file is not there."""
    path = data_dir / PASSWORDS
    if not path.is_file():
        return []
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _import(config: Config, office: User) -> None:
    """Roster and ledger as the commands bring them in."""
    for sort, path in ((BatchSort.ROSTER, ROSTER), (BatchSort.LEDGER, LEDGER)):
        campaign = current_campaign() if sort is BatchSort.LEDGER else None
        batch = bring_in(config, path, sort, campaign, by=office, as_verified=True)
        if batch.state is not BatchState.COMMITTED:
            raise Refused(FAULTY, file=path.name)
