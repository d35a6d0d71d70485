"""Two who enter at the same moment: who waits for whom, and what the second has to look at again."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Member, Membership
from tracker.models import Kind as KindRow
from tracker.rules.campaigns import Kind
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.refusal import N_, Problem
from tracker.rules.registers import Register, Stay
from tracker.services.ledger_known import CHUNK

MOVED = N_("Meanwhile somebody changed where %(name)s belongs. Look at what you typed and save it again.")


def lock_days(plan: LedgerPlan, campaign: Campaign, kind: Kind, register: Register) -> None:
    """Let nobody else fill the days of these people meanwhile, nor take the identities of these entries.

    Held to the end of the transaction: first imports are kept out; then the kind is locked, where members do
    not tell all its records apart; then the members.
    Somebody who was moved after `register` was read, while this waited, is a problem of their entries; the
    others stand there as they are until the end, so that `register` need not be read again (`plan.register`).
    """
    plan.register = register
    lock_out_imports(campaign.id)
    if kind.identity or not all(entry.people for entry in plan.entries):
        own = KindRow.campaign_id == campaign.id, KindRow.code == kind.code
        db.session.execute(select(KindRow.id).where(*own).with_for_update(key_share=True))
    people = sorted({person for entry in plan.entries for person in entry.people})
    moved: set[int] = set()
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        lock_members(some)
        moved |= _moved(some, register)
    for entry in plan.entries:
        for person in sorted(moved.intersection(entry.people)):
            params = {"name": register.by_id[person].name}
            plan.problems.append(Problem(entry.sheet, entry.row, None, MOVED, params))


def lock_out_imports(campaign_id: int) -> None:
    """Let no import of the campaign be compared with what is stored meanwhile (`batches.lock_campaign`).

    Those who enter do not wait for one another by this.
    """
    own = select(Campaign.id).where(Campaign.id == campaign_id)
    db.session.execute(own.with_for_update(read=True, key_share=True))


def lock_members(people: list[int]) -> None:
    """Let nobody else fill the days of these people: in the order of their ids, so that two who lock several
    do not wait for one another."""
    locked = select(Member.id).where(Member.id.in_(people)).order_by(Member.id)
    db.session.execute(locked.with_for_update(key_share=True))


def _moved(people: list[int], register: Register) -> set[int]:
    """Who of them belongs elsewhere now than the register says."""
    now: dict[int, list[Stay]] = {person: [] for person in people}
    rows = (
        select(Membership.member_id, Membership.starts_on, Membership.ends_on,
               Membership.branch_id, Membership.group_id, Membership.section_id)
        .where(Membership.member_id.in_(people))
        .order_by(Membership.member_id, Membership.starts_on.nulls_first(), Membership.id)
    )  # fmt: skip
    for person, *stay in db.session.execute(rows):
        now[person].append(Stay._make(stay))
    return {person for person, stays in now.items() if stays != register.stays.get(person, [])}
