"""A bureau whose every text carries a mark of those it belongs to, so that a leak can be seen and named."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict

from tests.assignments import put_assignments
from tests.canary_archives import add_archive
from tests.canary_bulletins import add_bulletins
from tests.canary_certificates import add_certificates
from tests.canary_closes import add_closes
from tests.canary_jobs import add_jobs
from tests.canary_layouts import add_layouts
from tests.canary_samples import add_samples
from tests.canary_saved_filters import add_filters
from tests.canary_screens import add_reports
from tests.canary_sessions import put_absence, put_beside
from tests.canary_statements import put_statements
from tests.maker import NOW
from tests.pairings import put_sealed, put_visit
from tests.plans import put_plans
from tests.world import PLATFORM
from tracker.db import db
from tracker.models import (
    AuditEvent,
    Comment,
    Draft,
    Evidence,
    Exemption,
    Grant,
    Mapping,
    Membership,
    PairingNote,
    Paper,
    Resolution,
    Role,
    SavedFilter,
    Status,
    Suggestion,
    UserSession,
    Work,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.pinyin import pinyin_key
from tracker.services.tallies import recount_all

# Whose a text is.
BRANCH, SECOND, OWN, SHARED = "a", "f", "g", "h"  # of the branch; its second group; a member's own; of both
OTHER, SECTION, ELSEWHERE, BUREAU, PRIVATE = "b", "c", "d", "e", "i"
MARK = re.compile(r"qz([a-i])xkw([0-9]+)q")
SEARCHED = "qz{}xkw"  # what a search looks for: the beginning of every mark of one owner

# Who may see whose texts: everybody else's marks are leaks.
SEES: dict[str, str] = {
    "secretary": BRANCH + SECOND + OWN + SHARED + PRIVATE,
    "deputy": BRANCH + SECOND + OWN + SHARED,
    "leader": BRANCH + OWN + SHARED,
    "member": OWN + SHARED,
    "head": SECTION,
    "administrator": "",
}
TEXTS = ("title", "category", "place", "community", "subject", "ref")
DAY = dt.date(2021, 3, 5)


class Marked:
    """Two branches, two sections, the bureau. `foreign` and `own` hold ids by the name of their argument."""

    def __init__(self, make):
        self.make, self.numbers = make, itertools.count(1)
        self.fields: dict[int, str] = {}
        self.own: dict[str, list[int]] = defaultdict(list)
        self.foreign: dict[str, list[int]] = defaultdict(list)
        self.campaign = make.campaign()
        self.spec = spec_of(self.campaign)
        self.kinds = {kind.code: kind for kind in self.spec.kinds}
        self.rows = {row.code: row for row in self.campaign.kinds}
        with make.counted_once(self.campaign):
            self.fill()
        recount_all(self.campaign)
        db.session.commit()

    def mark(self, whose, field):
        """A text that belongs to somebody. It is kept which field it stands in."""
        number = next(self.numbers)
        self.fields[number] = field
        return f"qz{whose}xkw{number}q"

    def fill(self):
        make = self.make
        self.here, self.there = make.branch("东湖党支部"), make.branch("西山党支部")
        self.first, self.second = make.group(self.here), make.group(self.here)
        self.group = make.group(self.there)
        self.section, self.elsewhere = make.section(), make.section()
        self.batch, self.foreign_batch = make.batch(self.campaign), make.batch(self.campaign)
        self.foreign_batch.filename = self.mark(OTHER, "batch.filename")
        self.foreign_batch.report = {"problems": [], "note": self.mark(OTHER, "batch.report")}
        self.myself = self.person(OWN, self.here, self.first, self.section)
        self.colleague = self.person(BRANCH, self.here, self.first)
        self.neighbour = self.person(SECOND, self.here, self.second)
        self.stranger = self.person(OTHER, self.there, self.group, self.elsewhere)
        self.accounts()
        self.records(OWN, self.myself, self.here, self.first, self.section, SECTION)
        self.records(BRANCH, self.colleague, self.here, self.first, None, BRANCH)
        self.records(SECOND, self.neighbour, self.here, self.second, None, SECOND)
        self.records(OTHER, self.stranger, self.there, self.group, self.elsewhere, ELSEWHERE)
        self.shared()
        add_certificates(self, OWN, OTHER)
        add_samples(self, BRANCH, OTHER)
        add_closes(self, BRANCH, OTHER)
        add_archive(self, BUREAU)
        add_bulletins(self, BUREAU)
        add_layouts(self, SECOND, OTHER)
        add_jobs(self, OTHER)
        add_reports(self, BUREAU, OTHER)
        text = self.mark(BUREAU, "suggestion.text")
        db.session.add(Suggestion(text=text, page="/", by_id=self.office.id, at=NOW))
        db.session.flush()
        self.point()

    def person(self, whose, branch, group, section=None):
        """A member whose name, number, telephone, duty and exemption are marked."""
        member = self.make.member(branch, group, section, name=self.mark(whose, "member.name"))
        member.number, member.phone = self.mark(whose, "member.number"), self.mark(whose, "member.phone")
        member.pinyin = pinyin_key(member.name)
        membership = db.session.query(Membership).filter_by(member_id=member.id).one()
        membership.duty = self.mark(whose, "membership.duty")
        self.make.exemption(
            member, self.mark(whose, "exemption.reason"), dt.date(2021, 1, 1), dt.date(2021, 2, 1)
        )
        return member

    def accounts(self):
        make = self.make
        self.office = make.office
        self.users = {
            "secretary": make.user(Role.SECRETARY, self.here),
            "deputy": make.user(Role.DEPUTY, self.here),
            "leader": make.user(Role.GROUP_LEADER, self.first),
            "member": make.user(Role.MEMBER, member=self.myself),
            "head": make.user(Role.SECTION_HEAD, self.section),
            "administrator": make.user(Role.ADMINISTRATOR),
        }
        self.writer = make.user(
            Role.SECRETARY, self.there, login=self.mark(OTHER, "user.login"), member=self.stranger
        )
        self.writer.name = self.mark(OTHER, "user.name")
        session = UserSession(
            digest="f" * 64, user_id=self.writer.id, started_at=NOW, seen_at=NOW,
            browser=self.mark(OTHER, "user_session.browser"),
        )  # fmt: skip
        db.session.add(session)
        for user, whose in ((self.writer, OTHER), (self.users["secretary"], PRIVATE)):
            fields = {"title": self.mark(whose, "draft.title"), "text": self.mark(whose, "draft.text")}
            for kind in self.rows.values():
                db.session.add(Draft(user_id=user.id, kind_id=kind.id, fields=fields, saved_at=NOW))
            add_filters(self, user, whose)

    def records(self, whose, member, branch, group, section, whose_section):
        """A record of every kind for each that may own one, in every state for the member."""
        by_level = {"branch": (branch, whose), "group": (group, whose), "section": (section, whose_section)}
        for code, kind in self.kinds.items():
            for level in kind.owners:
                level = str(level)
                if level == "member":
                    for status in (Status.VERIFIED, Status.SUBMITTED, Status.RETURNED, Status.REVERSED):
                        self.record(whose, code, status=status, member=member)
                elif level in by_level and by_level[level][0] is not None:
                    self.record(by_level[level][1], code, owner=by_level[level][0])
                elif level == "bureau" and whose == OTHER:
                    self.record(BUREAU, code)

    def record(self, whose, code, status=Status.VERIFIED, **fields):
        """One record whose every text is marked, with a remark and, where its kind has one, an essay."""
        texts = {name: self.mark(whose, f"record.{name} ({code})") for name in TEXTS}
        is_foreign = whose in (OTHER, ELSEWHERE, BUREAU)
        state = Status.SUBMITTED if status is not Status.VERIFIED else status
        record = self.make.record(
            self.campaign, code, status=state, minutes=60, quantity=1, happened_on=DAY,
            batch=self.foreign_batch if is_foreign else self.batch, **texts, **fields,
        )  # fmt: skip
        why = self.mark(whose, f"reason ({status})")
        if status is Status.RETURNED:
            record.status, record.returned_by_id = status, self.office.id
            record.returned_at, record.returned_why = NOW, why
        if status is Status.REVERSED:
            record.status, record.reversed_by_id = status, self.office.id
            record.reversed_at, record.reversed_why = NOW, why
        if self.kinds[code].has_text:
            db.session.add(Work(record_id=record.id, text=self.mark(whose, "work.text")))
        if self.kinds[code].sealed_subject and status is Status.VERIFIED:
            self.pairing(whose, record)
        put_beside(self, whose, record, self.kinds[code])
        if self.kinds[code].allows_sharing and whose in (OWN, OTHER):  # read by the own group
            share = self.make.share(record, self.first if whose == OWN else self.group)
            (self.foreign if is_foreign else self.own)["share_id"].append(share.id)
        by = self.writer if is_foreign else self.office
        self.make.evidence(
            record,
            f"%PDF-1.4 {self.mark(whose, 'evidence')} %%EOF".encode(),
            name=self.mark(whose, "evidence.name"),
        )
        remark = self.mark(whose, "comment.text")
        db.session.add(Comment(record_id=record.id, by_id=by.id, at=NOW, text=remark, is_return=True))
        db.session.add(
            AuditEvent(
                at=NOW, actor_id=self.office.id, action="record:reverse", subject_type="record",
                subject_id=record.id, detail={"why": why},
            )
        )  # fmt: skip
        return record

    def pairing(self, whose, record):
        """A visit noted beside the record, and something sealed behind its code."""
        put_sealed(record, self.office)
        put_visit(record, self.office, text=self.mark(whose, "pairing_note.text"))

    def shared(self):
        """Sessions of the branch where both the member and a stranger were; sheets of each branch."""
        for code, kind in self.kinds.items():
            if any(str(level) == "branch" for level in kind.owners):
                people = [self.myself, self.colleague, self.stranger]
                record = self.record(SHARED, code, owner=self.here, people=people)
                put_absence(self, record, kind)
        for unit, group, members, whose, by in (
            (self.here, self.first, [self.myself, self.colleague], BRANCH, self.users["secretary"]),
            (self.there, self.group, [self.stranger], OTHER, self.writer),
        ):
            for at in (unit, group):
                db.session.add(
                    Paper(
                        code=self.mark(whose, "paper.code"), kind_id=next(iter(self.rows.values())).id,
                        unit_id=at.id, starts_on=DAY, days=7, member_ids=[one.id for one in members],
                        printed_by_id=by.id, printed_at=NOW,
                    )
                )  # fmt: skip

        put_assignments(self, (self.here, BRANCH), (self.there, OTHER))
        put_statements(self, (self.here, BRANCH), (self.there, OTHER))
        put_plans(self, (self.here, self.myself, SHARED), (self.there, self.stranger, OTHER))

    def point(self):
        """The ids of each side, by the name that an address gives them."""
        from tracker.models import Participation, Record

        theirs = [self.stranger.id]
        for pool, units, people in (
            (self.foreign, [self.there.id, self.group.id], theirs),
            (self.own, [self.here.id, self.first.id, self.second.id], [self.myself.id, self.colleague.id]),
        ):
            pool["unit_id"], pool["group_id"] = units[:1], units[1:]
            pool["member_id"] = people
            users = (self.writer.id,) if pool is self.foreign else [user.id for user in self.users.values()]
            pool["user_id"] = list(users)
            for name, model, where in (
                ("membership_id", Membership, Membership.member_id.in_(people)),
                ("exemption_id", Exemption, Exemption.member_id.in_(people)),
                ("draft_id", Draft, Draft.user_id.in_(users)),
                ("saved_filter_id", SavedFilter, SavedFilter.user_id.in_(users)),
                ("session_id", UserSession, UserSession.user_id.in_(users)),
                ("grant_id", Grant, Grant.user_id.in_(users)),
                ("note_id", PairingNote, PairingNote.member_id.in_(people)),
                ("paper_id", Paper, Paper.unit_id.in_(units)),
                ("participation_id", Participation, Participation.member_id.in_(people)),
            ):
                pool[name] = [row.id for row in db.session.query(model).filter(where).order_by(model.id)]
        rows = db.session.query(Record).order_by(Record.id).all()
        for record in rows:
            is_foreign = record.batch_id == self.foreign_batch.id
            side = self.foreign if is_foreign else self.own
            side["record_id"].append(record.id)
            if self.kinds[record.kind.code].absence_reasons:
                side["session_record_id"].append(record.id)
            if self.kinds[record.kind.code].sealed_subject:
                side["pairing_id"].append(record.id)
        for beside in (Resolution, Comment, Evidence):
            for row in db.session.query(beside).order_by(beside.id):
                side = self.foreign if row.record_id in self.foreign["record_id"] else self.own
                side[f"{beside.__tablename__}_id"].append(row.id)
        self.own["section_id"], self.foreign["section_id"] = [self.section.id], [self.elsewhere.id]
        for pool in (self.own, self.foreign):
            saved = Mapping(
                campaign_id=self.campaign.id, name=self.mark(BUREAU, "mapping.name"), saved_at=NOW,
                content=PLATFORM.as_json(), saved_by_id=self.office.id,
            )  # fmt: skip
            db.session.add(saved)
            db.session.flush()
            pool["mapping_id"] = [saved.id]
        self.own["batch_id"], self.foreign["batch_id"] = [self.batch.id], [self.foreign_batch.id]

    def leaks(self, role, text):
        """The fields whose marks stand in the text though this person may not see them."""
        return sorted(
            {f"{whose}: {self.fields[int(n)]}" for whose, n in MARK.findall(text) if whose not in SEES[role]}
        )
