"""Whose record a row is, and who was in it: the words of the row looked up in the register."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tracker.models.record import OwnerType
from tracker.rules.campaigns import Kind
from tracker.rules.ledger_entries import Entry
from tracker.rules.people import PersonMention
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.registers import MemberFact, Register, Stay
from tracker.rules.sheets import Understood
from tracker.rules.stories import StoryMention, Told

_ORGANISERS = re.compile(r"[、,，;；/\n]+")
_NOT_A_BUREAU = re.compile(r"支部|小组|[科室]$")
_NOT_THERE = N_("%(name)s was no member of the bureau on %(day)s.")

Values = dict[str, Any]


def could_be_bureau(name: str) -> bool:
    """Whether an organiser that is in no roster may be the bureau itself, not a branch that was misspelt."""
    return _NOT_A_BUREAU.search(name) is None


class Owners:
    """Fills in the owner and the people of the entries of one sheet.

    pending: organisers in no roster, with the problems that they are if they are not the bureau itself.
    """

    def __init__(
        self, kind: Kind, register: Register, understood: Understood, pending: dict[str, list[Problem]]
    ) -> None:
        self.kind, self.register, self.understood, self.pending = kind, register, understood, pending
        self.row = 0
        self.wrong: list[Problem] = []

    def fill(self, entry: Entry, values: Values, day: dt.date | None, wrong: list[Problem]) -> None:
        """Set owner, places and people of `entry`; what is wrong is added to `wrong`.

        day: None if the row has none, because its kind asks for none.
        """
        self.row, self.wrong = entry.row, wrong
        try:
            self._own(entry, values, day)
            if people := values.get("people"):
                self._add_people(entry, people, day)
            if stories := values.get("stories"):
                self._add_stories(entry, stories, day)
        except Refused as refusal:
            self._complain(refusal.field, refusal.msgid, **refusal.params)
        if "headcount" in values:
            self._check_headcount(entry, values)

    def _complain(self, field: str | None, msgid: str, **params: object) -> None:
        """Note a problem of the row, at the column of its field or at the one that stands in for it."""
        if field not in self.understood.columns:
            spare = {"member_number": "member_name", "member_name": "member_number"}.get(field or "")
            field = spare if spare in self.understood.columns else None
        self.wrong.append(self.understood.problem(self.row, field, msgid, **params))

    def _own(self, entry: Entry, values: Values, day: dt.date | None) -> None:
        owners = self.kind.owners
        if "member" in owners and ("member_name" in values or "member_number" in values):
            self._own_member(entry, values, day)
        elif "group" in owners and "group" in values:
            self._own_group(entry, values.get("branch"), values["group"], "group")
        elif "organiser" in values or "owner_name" in values:
            self._own_named(entry, values)
        elif "branch" in owners and "branch" in values:
            entry.owner_type = OwnerType.BRANCH
            entry.branch_id = self._branch(values["branch"], "branch")
        elif "section" in owners and "section" in values:
            entry.owner_type = OwnerType.SECTION
            entry.section_id = self._section(values["section"], "section")
        elif "bureau" in owners:
            entry.owner_type = OwnerType.BUREAU
        else:
            raise Refused(N_("The row does not say whose it is."))

    # ---- members ----

    def _own_member(self, entry: Entry, values: Values, day: dt.date | None) -> None:
        named = values.get("branch")
        branch_id = self._branch(named, "branch") if named else None
        person = PersonMention(values.get("member_name", ""), values.get("member_number"))
        member = self.register.find(person, (branch_id,) if branch_id else (), day)
        stay = self._stay(member, day, "member_name")
        if branch_id and person.number is None and stay.branch_id != branch_id:
            raise Refused(
                N_("%(name)s belongs to %(known)s, not to %(branch)s. Write the number or the right branch."),
                "branch", name=member.name, known=self.register.units[stay.branch_id].name, branch=named,
            )  # fmt: skip
        entry.owner_type, entry.member_id = OwnerType.MEMBER, member.id
        entry.branch_id, entry.group_id, entry.section_id = stay.branch_id, stay.group_id, stay.section_id
        entry.people = (member.id,)

    def _stay(self, member: MemberFact, day: dt.date | None, field: str) -> Stay:
        register = self.register
        stay = register.place(member.id, day) if day else register.first_place(member.id)
        if stay is None:
            raise Refused(_NOT_THERE, field, name=member.name, day=day.isoformat() if day else "—")
        return stay

    def _add_people(self, entry: Entry, people: list[PersonMention], day: dt.date | None) -> None:
        """Look up everybody named in the cell; each who is not found is a problem of its own."""
        branches = tuple(b for b in (entry.branch_id, *entry.co_organisers) if b is not None)
        found = dict.fromkeys(entry.people)
        for person in people:
            try:
                member = self.register.find(person, branches, day)
                self._stay(member, day, "people")
            except Refused as refusal:
                self._complain("people", refusal.msgid, **refusal.params)
                continue
            if member.id in found and member.id not in entry.people:
                self._complain("people", N_("%(name)s is named twice in the cell."), name=member.name)
            found[member.id] = None
        entry.people = tuple(found)

    def _add_stories(self, entry: Entry, stories: list[StoryMention], day: dt.date | None) -> None:
        """Who told which story. A name without a number that is in no roster is somebody from outside."""
        branches = tuple(b for b in (entry.branch_id, *entry.co_organisers) if b is not None)
        found = []
        for story in stories:
            person = story.person
            if person is None or (person.number is None and person.name not in self.register.by_name):
                found.append(Told(story.title, teller=story.teller or None))
                continue
            try:
                member = self.register.find(person, branches, day)
                self._stay(member, day, "stories")
            except Refused as refusal:
                self._complain("stories", refusal.msgid, **refusal.params)
                continue
            found.append(Told(story.title, member.id))
        entry.stories = tuple(found)

    def _check_headcount(self, entry: Entry, values: Values) -> None:
        """Names and a count must agree; a count alone only where the kind allows it."""
        count: int | None = values.get("headcount")
        if not count:
            return
        if people := values.get("people"):
            if len(people) != count:
                self._complain(
                    "headcount",
                    N_("The count says %(count)s, but %(people)s people are named."),
                    count=count,
                    people=len(people),
                )
        elif self.kind.allows_headcount:
            entry.headcount = count
        else:
            self._complain("headcount", N_("Write the names; a count alone is not enough here."))

    # ---- units ----

    def _own_named(self, entry: Entry, values: Values) -> None:
        """The owner from the organiser or the name of the unit in charge."""
        field = "organiser" if "organiser" in values else "owner_name"
        names = [name for part in _ORGANISERS.split(values[field]) if (name := part.strip())]
        stated: str | None = values.get("owner_type")
        if stated is not None and stated not in self.kind.owners:
            raise Refused(N_("%(kind)s has no owner of this type."), "owner_type", kind=self.kind.name)
        if not names:
            raise Refused(N_("Fill in this cell."), field)
        self._own_unit(entry, names[0], stated, values, field)
        if len(names) > 1:
            further = [self._branch(name, field) for name in names[1:]]
            if entry.owner_type not in (OwnerType.BRANCH, OwnerType.BUREAU):
                raise Refused(N_("Only branches can hold something together."), field)
            entry.co_organisers = tuple(b for b in dict.fromkeys(further) if b != entry.branch_id)

    def _own_unit(self, entry: Entry, name: str, stated: str | None, values: Values, field: str) -> None:
        register = self.register
        allowed = (stated,) if stated else self.kind.owners
        if "branch" in allowed and (branch_id := register.branch(name)):
            entry.owner_type, entry.branch_id = OwnerType.BRANCH, branch_id
        elif "section" in allowed and (section_id := register.section(name)):
            entry.owner_type, entry.section_id = OwnerType.SECTION, section_id
        elif stated == "group" or ("group" in allowed and register.group(None, name)):
            self._own_group(entry, values.get("branch"), name, field)
        elif "bureau" in allowed and register.is_root(name):
            entry.owner_type = OwnerType.BUREAU
        else:
            self._own_unknown(entry, name, allowed, field)

    def _own_unknown(self, entry: Entry, name: str, allowed: tuple[str, ...], field: str) -> None:
        """An organiser in no roster: the bureau itself, if it has no name yet, is decided after all rows."""
        root = self.register.root
        if "bureau" in allowed and (root is None or not root.is_named) and could_be_bureau(name):
            entry.owner_type = OwnerType.BUREAU
            problem = self.understood.problem(self.row, field, N_("%(name)s is in no roster."), name=name)
            self.pending.setdefault(name, []).append(problem)
            return
        if allowed == ("branch",):
            raise Refused(N_("There is no branch %(name)s in the roster."), field, name=name)
        if allowed == ("section",):
            raise Refused(N_("There is no section %(name)s in the roster."), field, name=name)
        raise Refused(N_("%(name)s is in no roster."), field, name=name)

    def _own_group(self, entry: Entry, branch: str | None, name: str, field: str) -> None:
        branch_id = self._branch(branch, "branch") if branch else None
        group_id = self.register.group(branch_id, name)
        if group_id is None:
            if branch:
                raise Refused(N_("%(branch)s has no group %(name)s."), field, branch=branch, name=name)
            raise Refused(N_("There is no group %(name)s in the roster, or several."), field, name=name)
        entry.owner_type, entry.group_id = OwnerType.GROUP, group_id
        entry.branch_id = self.register.units[group_id].parent_id

    def _branch(self, name: str, field: str) -> int:
        branch_id = self.register.branch(name)
        if branch_id is None:
            raise Refused(N_("There is no branch %(name)s in the roster."), field, name=name)
        return branch_id

    def _section(self, name: str, field: str) -> int:
        section_id = self.register.section(name)
        if section_id is None:
            raise Refused(N_("There is no section %(name)s in the roster."), field, name=name)
        return section_id
