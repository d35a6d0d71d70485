"""Brings a roster in: units, members, and their changes with the day from which they hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Batch, Exemption, Member, Membership, Unit, UnitLevel, User
from tracker.queries.start import PLACEHOLDER
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import Refused
from tracker.rules.roster_changes import Delta, NewUnit, RosterPlan
from tracker.rules.rosters import RosterEntry
from tracker.services.audit import record_event
from tracker.services.roster_checks import check_roster, hold_root_committee

__all__ = ["check_roster", "name_committee", "write_roster"]


class _Writer:
    """Writes one plan, and keeps what is needed to take it back."""

    def __init__(self, plan: RosterPlan) -> None:
        self.plan = plan
        self.undo: dict[str, list[Any]] = {
            name: []
            for name in (
                "units", "members", "memberships", "exemptions", "ended", "ended_exemptions",
                "removed_exemptions", "corrected", "updates", "categories", "committee",
            )
        }  # fmt: skip
        counted = select(Unit.level, func.count()).group_by(Unit.level)
        self.positions = dict(db.session.execute(counted).all())
        self.units: dict[tuple[UnitLevel, int | None, str], Unit] = {}

    def write(self) -> dict[str, list[Any]]:
        root = self._write_committee()
        for unit in db.session.scalars(select(Unit).order_by(Unit.id)):
            self.units.setdefault((unit.level, unit.parent_id, unit.name), unit)
        for new in self.plan.units:
            self._write_unit(new, root)
        for unit_id, _name, category in self.plan.categories:
            unit = db.session.get_one(Unit, unit_id)
            self.undo["categories"].append([unit_id, str(unit.category) if unit.category else None])
            unit.category = category
        self.root = root
        for entry in self.plan.members:
            self._write_member(entry)
        for delta in self.plan.deltas:
            self._write_delta(delta)
        db.session.flush()
        return self.undo

    def _write_committee(self) -> Unit:
        name, how = self.plan.committee
        root = hold_root_committee()
        if root is None:
            root = Unit(level=UnitLevel.COMMITTEE, name=name, pinyin=pinyin_key(name, is_person=False))
            root.code = PLACEHOLDER if how == "placeholder" else None
            db.session.add(root)
            db.session.flush()  # its branches need its id
            self.undo["units"].append(root.id)
        elif how == "renamed":
            self.undo["committee"].append([root.id, root.name, root.code])
            name_committee(root, name)
        return root

    def _write_unit(self, new: NewUnit, root: Unit) -> None:
        parent = {UnitLevel.BRANCH: root, UnitLevel.SECTION: None}.get(new.level)
        if new.level is UnitLevel.GROUP:
            parent = self.units[UnitLevel.BRANCH, root.id, new.parent or ""]
        position = self.positions[new.level] = self.positions.get(new.level, 0) + 1
        unit = Unit(
            level=new.level, name=new.name, pinyin=pinyin_key(new.name, is_person=False), position=position,
            category=new.category, parent_id=parent.id if parent else None,
        )  # fmt: skip
        db.session.add(unit)
        db.session.flush()  # members need its id
        self.units[new.level, unit.parent_id, new.name] = unit
        self.undo["units"].append(unit.id)

    def _place(self, entry: RosterEntry, old: Membership | None) -> dict[str, Any]:
        """The columns of a membership as the row says; what its sheet has no column for stays as it was."""
        branch = self.units[UnitLevel.BRANCH, self.root.id, entry.branch]
        place: dict[str, Any] = {"branch_id": branch.id}
        stays = old is not None and old.branch_id == branch.id
        if "group" in entry.present or old is None or not stays:
            group = self.units[UnitLevel.GROUP, branch.id, entry.group] if entry.group else None
            place["group_id"] = group.id if group else None
        else:
            place["group_id"] = old.group_id
        if "section" in entry.present or old is None:
            section = self.units[UnitLevel.SECTION, None, entry.section] if entry.section else None
            place["section_id"] = section.id if section else None
        else:
            place["section_id"] = old.section_id
        for name in ("category", "standing", "duty"):
            place[name] = getattr(entry if name in entry.present or old is None else old, name)
        return place

    def _write_member(self, entry: RosterEntry) -> None:
        member = Member(
            number=entry.number, name=entry.name, pinyin=pinyin_key(entry.name), joined_on=entry.joined_on,
            phone=entry.phone,
        )  # fmt: skip
        db.session.add(member)
        db.session.flush()  # its membership needs its id
        self.undo["members"].append(member.id)
        self._add_membership(member.id, self._place(entry, None), entry.starts_on)
        if entry.exempt_reason:
            self._add_exemption(member.id, entry.exempt_reason, entry.starts_on)

    def _add_membership(self, member_id: int, place: dict[str, Any], starts_on: dt.date | None) -> None:
        membership = Membership(member_id=member_id, starts_on=starts_on, **place)
        db.session.add(membership)
        db.session.flush()  # taking it back needs its id
        self.undo["memberships"].append(membership.id)

    def _add_exemption(self, member_id: int, reason: str, starts_on: dt.date | None) -> None:
        exemption = Exemption(member_id=member_id, reason=reason, starts_on=starts_on)
        db.session.add(exemption)
        db.session.flush()  # taking it back needs its id
        self.undo["exemptions"].append(exemption.id)

    def _write_delta(self, delta: Delta) -> None:
        member = db.session.get_one(Member, delta.known.id)
        member.version += 1
        for change in delta.plain:
            before = change.before.isoformat() if isinstance(change.before, dt.date) else change.before
            self.undo["updates"].append([member.id, change.field, before])
            setattr(member, change.field, change.after)
            if change.field == "name":
                member.pinyin = pinyin_key(member.name)
        if delta.place:
            self._move(delta)
        if delta.exemption:
            self._exempt(delta)

    def _move(self, delta: Delta) -> None:
        """End the present membership and begin the next; one that began the same day is put right."""
        old = db.session.get(Membership, delta.known.membership_id) if delta.known.membership_id else None
        place = self._place(delta.entry, old)
        if old is not None and old.starts_on == delta.on:
            self.undo["corrected"].append([old.id, {name: getattr(old, name) for name in place}])
            for name, value in place.items():
                setattr(old, name, value)
            return
        if old is not None and (old.ends_on is None or old.ends_on > delta.on):
            self.undo["ended"].append([old.id, old.ends_on.isoformat() if old.ends_on else None])
            old.ends_on = delta.on
        self._add_membership(delta.known.id, place, delta.on)

    def _exempt(self, delta: Delta) -> None:
        old = db.session.get(Exemption, delta.known.exemption_id) if delta.known.exemption_id else None
        if old is not None and old.starts_on == delta.on:
            self.undo["removed_exemptions"].append([old.member_id, old.reason, delta.on.isoformat()])
            db.session.delete(old)
        elif old is not None:
            self.undo["ended_exemptions"].append([old.id, old.ends_on.isoformat() if old.ends_on else None])
            old.ends_on = delta.on
        if delta.entry.exempt_reason:
            self._add_exemption(delta.known.id, delta.entry.exempt_reason, delta.on)


def name_committee(root: Unit, name: str) -> None:
    """Give the root committee the name that a roster or a ledger uses for it."""
    root.name, root.pinyin, root.code = name, pinyin_key(name, is_person=False), None


def write_roster(plan: RosterPlan, *, batch: Batch, by: User | None, at: dt.datetime) -> dict[str, Any]:
    """Write a plan; gives back what undoing it needs. Raises Refused if the plan has problems."""
    if plan.problems:
        first = plan.problems[0]
        raise Refused(first.msgid, first.column, **dict(first.params))
    undo = _Writer(plan).write()
    record_event(
        by,
        "roster:import",
        batch,
        at,
        members=len(plan.members),
        changed=len(plan.deltas),
        units=len(plan.units),
    )
    return undo
