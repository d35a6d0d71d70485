"""Brings a ledger in: checked against the roster and what is stored, written whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from tracker.db import db
from tracker.files.workbook import Workbook
from tracker.models import Batch, Campaign, Member, Membership, Unit, UnitLevel, User
from tracker.queries.start import PLACEHOLDER
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.ledgers import LedgerPlan, Progress, check_sheets
from tracker.rules.mappings import MappingSpec
from tracker.rules.pinyin import pinyin_key
from tracker.rules.reach import Reach
from tracker.rules.refusal import Refused
from tracker.rules.registers import MemberFact, Register, Stay, UnitFact
from tracker.services.audit import record_event
from tracker.services.ledger_comparison import compare_stored
from tracker.services.ledger_writing import write_entries
from tracker.services.roster_checks import hold_root_committee
from tracker.services.rosters import name_committee
from tracker.services.tallies import recount_batch

Undo = dict[str, list[Sequence[object]]]


def load_register(reach: Reach | None = None) -> Register:
    """Everybody and every unit, for checking rows. Three statements.

    reach: only the people who were ever within it are known; who is not there cannot be told from nobody.
    """
    people = select(Member.id, Member.number, Member.name).order_by(Member.id)
    if reach is not None and not reach.bureau:
        there = select(Membership.member_id).where(
            Membership.branch_id.in_(reach.branches)
            | Membership.group_id.in_(reach.groups)
            | Membership.section_id.in_(reach.sections)
        )
        people = people.where(Member.id.in_(there) | (Member.id == reach.member_id))
    members = [MemberFact(*row) for row in db.session.execute(people)]
    is_known = Membership.member_id.in_(people.with_only_columns(Member.id).order_by(None))
    stays: dict[int, list[Stay]] = {}
    places = select(
        Membership.member_id,
        Membership.starts_on,
        Membership.ends_on,
        Membership.branch_id,
        Membership.group_id,
        Membership.section_id,
    ).order_by(Membership.member_id, Membership.starts_on.nulls_first(), Membership.id)
    if people.whereclause is not None:
        places = places.where(is_known)
    for member_id, *stay in db.session.execute(places):
        stays.setdefault(member_id, []).append(Stay._make(stay))
    units = [
        UnitFact(id_, level, name, parent_id, code != PLACEHOLDER)
        for id_, level, name, parent_id, code in db.session.execute(
            select(Unit.id, Unit.level, Unit.name, Unit.parent_id, Unit.code).order_by(Unit.id)
        )
    ]
    return Register(members, stays, units)


def check_ledger(
    campaign: Campaign,
    spec: CampaignSpec,
    workbook: Workbook,
    *,
    today: dt.date,
    progress: Progress | None = None,
    mappings: Sequence[MappingSpec] = (),
) -> LedgerPlan:
    """Everything that the file would write, and everything that is wrong with it.

    today:    no row may lie after it.
    mappings: how headings are read that somebody explained.
    progress: told how many rows of how many are checked, now and then.
    """
    plan = check_sheets(workbook.sheets, spec, load_register(), today, progress, mappings)
    compare_stored(plan, campaign, spec)
    return plan


def write_ledger(
    plan: LedgerPlan, *, campaign: Campaign, batch: Batch, by: User, at: dt.datetime, as_verified: bool
) -> Undo:
    """Write what is new and what changed, reverse what it corrects, and recount the totals it touches.

    Returns what undoing it needs. Raises Refused if the plan has problems.
    """
    if plan.problems:
        first = plan.problems[0]
        raise Refused(first.msgid, first.column, **dict(first.params))
    undo: Undo = {"replaced": [], "committee": []}
    if plan.organiser:
        undo["committee"] = _name_bureau(plan.organiser)
    undo["replaced"] = write_entries(
        plan, load_register(), campaign=campaign, batch=batch, by=by, at=at, as_verified=as_verified
    )
    recount_batch(campaign, batch.id)
    record_event(
        by, "ledger:import", batch, at,
        written=len(plan.entries) - len(plan.skipped), replaced=len(plan.replaced), verified=as_verified,
    )  # fmt: skip
    return undo


def _name_bureau(name: str) -> list[Sequence[object]]:
    """Make the organiser the root committee. Returns its id and what it was before, None if not there."""
    root = hold_root_committee()
    if root is not None and root.code != PLACEHOLDER:
        return []  # the office named it meanwhile
    if root is not None:
        before = (root.id, root.name, root.code)
        name_committee(root, name)
        db.session.flush()
        return [before]
    root = Unit(level=UnitLevel.COMMITTEE, name=name, pinyin=pinyin_key(name, is_person=False))
    db.session.add(root)
    db.session.flush()  # undoing it needs its id
    return [(root.id, None, None)]
