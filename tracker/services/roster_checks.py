"""Checks a roster against who is known, without writing anything."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.files.workbook import Workbook
from tracker.models import Exemption, Grant, Member, Membership, Role, Unit, UnitLevel
from tracker.queries.rosters import holds_on
from tracker.queries.start import PLACEHOLDER
from tracker.rules.refusal import N_, Problem
from tracker.rules.roster_changes import (
    UNNAMED,
    KnownMember,
    NewUnit,
    Recogniser,
    RosterPlan,
    compare_member,
    refusal_of,
)
from tracker.rules.rosters import (
    COLUMNS,
    RosterEntry,
    category_of_branch,
    doubled_numbers,
    names_branch,
    read_roster,
)
from tracker.rules.sheets import Understood, understand

Read = list[tuple[Understood, list[RosterEntry]]]


def root_committee() -> Unit | None:
    """The committee under which all branches hang; None on an empty installation."""
    is_root = (Unit.level == UnitLevel.COMMITTEE) & Unit.parent_id.is_(None)
    return db.session.scalar(select(Unit).where(is_root).order_by(Unit.id).limit(1))


def hold_root_committee() -> Unit | None:
    """The root committee for whoever makes or names it: two who do so at once do it one after the other.

    Where there is no row yet, there is none to lock: the office's own grants are, which all of them have.
    """
    locked = select(Grant.id).where(Grant.role == Role.OFFICE).order_by(Grant.id).with_for_update()
    db.session.execute(locked).all()
    root = root_committee()
    if root is not None:
        db.session.refresh(root)
    return root


def check_roster(workbook: Workbook, *, today: dt.date, bureau: str | None = None) -> RosterPlan:
    """What bringing the roster in would change, or everything that is wrong with it.

    bureau: the name of the root committee; without it the line 填报单位：… of the sheet says it.
    """
    plan = RosterPlan()
    sheets: Read = []
    for sheet in workbook.sheets:
        if not sheet.rows:
            continue
        understood = understand(sheet, COLUMNS)
        if sheet.is_hidden or (understood.not_understood and len(workbook.sheets) > 1):
            plan.remarks.append(
                Problem(sheet.name, None, None, N_("The sheet was not read: it is no roster."))
            )
            continue
        entries, problems = read_roster(understood, today)
        plan.problems += problems
        plan.remarks += understood.remarks
        plan.sheets.append(_sheet(understood))
        plan.read += len(understood.rows)
        sheets.append((understood, entries))
    if not sheets:
        plan.problems.append(Problem("", None, None, N_("The workbook holds no roster.")))
        return plan
    plan.problems += doubled_numbers(sheets)
    entries = [entry for _, found in sheets for entry in found]
    noted = [u.note_unit for u, _ in sheets if u.note_unit and not names_branch(u.note_unit)]
    _plan_committee(plan, next(iter(noted), None), bureau)
    _plan_units(plan, entries)
    _plan_members(plan, sheets, today)
    return plan


def _sheet(understood: Understood) -> dict[str, object]:
    own = {spec.field: spec.heading for spec in COLUMNS}
    return {
        "sheet": understood.sheet,
        "kind": None,
        "kind_name": "",
        "read": len(understood.rows),
        "top": understood.top,
        "columns": [[column.heading, own[name]] for name, column in understood.columns.items()],
        "unknown": understood.unknown_headings,
        "dropped": understood.dropped_headings,
        "is_skipped": False,
    }


def _plan_committee(plan: RosterPlan, noted: str | None, bureau: str | None) -> None:
    """Which committee the branches hang under. A name that is stated only above a table renames nothing."""
    root = root_committee()
    name = bureau or noted
    if root is None:
        plan.committee = (name, "created") if name else (UNNAMED, "placeholder")
    elif name and name != root.name and (bureau or root.code == PLACEHOLDER):
        plan.committee = (name, "renamed")
    else:
        plan.committee = (root.name, "kept")
    if plan.committee[1] == "placeholder":
        unnamed = N_("The bureau is not named. Its committee is called %(name)s until a ledger names it.")
        plan.remarks.append(Problem("", None, None, unnamed, {"name": UNNAMED}))


def _plan_units(plan: RosterPlan, entries: list[RosterEntry]) -> None:
    """The branches, groups and sections that nobody knew, and branches of another category than is stated."""
    root = root_committee()
    parent = aliased(Unit)
    rows = db.session.execute(
        select(Unit.id, Unit.level, Unit.name, Unit.parent_id, Unit.category, parent.name)
        .outerjoin(parent, parent.id == Unit.parent_id)
        .order_by(Unit.id)
    ).all()
    branches = {
        name: (id_, category)
        for id_, level, name, parent_id, category, _ in rows
        if level is UnitLevel.BRANCH and root is not None and parent_id == root.id
    }
    groups = {(above, name) for _, level, name, _, _, above in rows if level is UnitLevel.GROUP}
    sections = {name for _, level, name, _, _, _ in rows if level is UnitLevel.SECTION}
    by_branch: dict[str, list[RosterEntry]] = {}
    for entry in entries:
        by_branch.setdefault(entry.branch, []).append(entry)
    for branch, members in by_branch.items():
        stated = next((entry.branch_category for entry in members if entry.branch_category), None)
        category = category_of_branch(branch, stated, {entry.category for entry in members})
        if branch not in branches:
            plan.units.append(NewUnit(UnitLevel.BRANCH, branch, None, category))
        elif stated and branches[branch][1] is not category:
            plan.categories.append((branches[branch][0], branch, category))
    for place in dict.fromkeys((entry.branch, entry.group) for entry in entries if entry.group):
        if place not in groups and place[1]:
            plan.units.append(NewUnit(UnitLevel.GROUP, place[1], place[0]))
    for section in dict.fromkeys(entry.section for entry in entries if entry.section):
        if section not in sections:
            plan.units.append(NewUnit(UnitLevel.SECTION, section))


def _plan_members(plan: RosterPlan, sheets: Read, today: dt.date) -> None:
    known = known_members(today)
    recogniser = Recogniser(known)
    met: set[int] = set()
    for understood, entries in sheets:
        for entry in entries:
            found = recogniser.find(entry)
            if found is None:
                plan.members.append(entry)
            elif isinstance(found, tuple):
                plan.problems.append(
                    understood.problem(entry.row, "number" if entry.number else "name", found[0], **found[1])
                )
            else:
                _plan_known(plan, understood, entry, found, today)
                if found.id in met and entry.number is None:
                    plan.problems.append(
                        understood.problem(
                            entry.row, "name", N_("%(name)s stands in the file twice."), name=entry.name
                        )
                    )
                met.add(found.id)
    plan.missing = [(m.number, m.name) for m in known if m.id not in met and m.membership_id is not None]


def _plan_known(
    plan: RosterPlan, understood: Understood, entry: RosterEntry, known: KnownMember, today: dt.date
) -> None:
    delta = compare_member(entry, known, today)
    if refusal := refusal_of(delta):
        plan.problems.append(understood.problem(entry.row, "starts_on", refusal[0], **refusal[1]))
    elif delta:
        plan.deltas.append(delta)
    else:
        plan.unchanged += 1


def known_members(day: dt.date) -> list[KnownMember]:
    """Every member, with the membership and the exemption that hold on `day` (the latest, if several do)."""
    branch, group, section = aliased(Unit), aliased(Unit), aliased(Unit)
    places = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(
                Membership.member_id, Membership.id, Membership.starts_on,
                branch.name, group.name, section.name,
                Membership.category, Membership.standing, Membership.duty,
            )
            .join(branch, branch.id == Membership.branch_id)
            .outerjoin(group, group.id == Membership.group_id)
            .outerjoin(section, section.id == Membership.section_id)
            .where(holds_on(Membership.starts_on, Membership.ends_on, day))
            .order_by(Membership.id)
        )
    }  # fmt: skip
    exempt = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(Exemption.member_id, Exemption.id, Exemption.reason, Exemption.starts_on)
            .where(holds_on(Exemption.starts_on, Exemption.ends_on, day))
            .order_by(Exemption.id)
        )
    }
    members = db.session.execute(
        select(Member.id, Member.number, Member.name, Member.phone, Member.joined_on).order_by(Member.id)
    )
    nowhere, never = (None,) * 8, (None,) * 3
    return [KnownMember(*row, *places.get(row[0], nowhere), *exempt.get(row[0], never)) for row in members]
