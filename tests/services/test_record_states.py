"""Anything done to records in any order: states, figures and kept totals are those of a plain model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.entry_desk import Desk
from tests.maker import NOW
from tests.proof.figures import count, reached
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Record, Role, Status, User
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services.entries import correct_record, withdraw_record
from tracker.services.records import reverse_participation, reverse_record
from tracker.services.verifications import UNDO_WITHIN, return_records, undo_act, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

STEPS = 50
FIRST = dt.date(2021, 3, 2)
OPEN = (Status.SUBMITTED, Status.RETURNED)
NAMES = {"M0001": "张三（M0001）", "M0002": "李四（M0002）"}


@dataclass
class Fact:
    """A record as it should be. people: whose attendance counts; act: the moment at which it was decided."""

    record: Record
    enterer: User
    minutes: int
    people: set[str]
    status: Status = Status.SUBMITTED
    version: int = 1
    act: dt.datetime | None = None

    def move(self, status: Status, act: dt.datetime | None = None) -> None:
        self.status, self.act, self.version = status, act, self.version + 1


@dataclass
class Walk:
    """One way through the acts: what is refused changes nothing, what is done changes what the model says."""

    desk: Desk
    deputy: User
    random: Random
    at: dt.datetime = NOW
    facts: list[Fact] = field(default_factory=list)
    done: int = 0
    refused: int = 0

    def step(self) -> None:
        self.at += dt.timedelta(seconds=self.random.choice((1, 10, 40, 100)))
        acts = (self.enter, self.enter, self.correct, self.withdraw, self.verify, self.verify, self.give_back,
                self.undo, self.reverse, self.reverse_attendance)  # fmt: skip
        self.random.choice(acts if self.facts else acts[:1])()

    def did(self, may: bool, act: Callable[[], object]) -> bool:
        """Try it: whether it was done, which must be whether it may be."""
        try:
            with db.session.begin_nested():
                act()
            was_done = True
        except Refused:
            was_done = False
        db.session.expire_all()
        assert was_done == may
        self.done, self.refused = self.done + was_done, self.refused + (not was_done)
        return was_done

    def seen(self) -> tuple[Fact, int, bool]:
        """A record, the version that somebody saw, and whether that is the newest, as it mostly is."""
        fact = self.random.choice(self.facts[-8:])
        is_newest = self.random.random() < 0.8
        return fact, fact.version if is_newest else fact.version - 1, is_newest

    def cells(self, number: int, is_study: bool) -> tuple[dict[str, str], int, set[str]]:
        """A row of its own day, so that no two are alike; its minutes, its people."""
        day = {"happened_on": (FIRST + dt.timedelta(days=number)).isoformat(), "title": f"第{number}件"}
        if is_study:
            minutes = self.random.randrange(30, 120)
            more = {"minutes": f"{minutes}分钟", "source": "学习强国", "member_number": "M0001"}
            return day | more, minutes, set()
        people = set(self.random.sample(sorted(NAMES), self.random.randint(1, 2)))
        told = "、".join(NAMES[one] for one in sorted(people))
        more = {"type": "党校培训", "organiser": "第一党支部", "people": told, "ref": f"S{number}"}
        return day | more, 0, people

    def enter(self) -> None:
        is_study = self.random.random() < 0.7
        by = self.random.choice((self.desk.secretary, self.desk.leader)) if is_study else self.desk.secretary
        cells, minutes, people = self.cells(len(self.facts), is_study)
        (record,) = self.desk.enter(by, cells, kind="study" if is_study else "activity")
        self.facts.append(Fact(record, by, minutes, people))
        self.done += 1

    def correct(self) -> None:
        fact, version, is_newest = self.seen()
        by = self.random.choice((fact.enterer, self.deputy))
        kind = fact.record.kind.code
        cells, minutes, people = self.cells(self.facts.index(fact), kind == "study")
        may = fact.status in OPEN and is_newest and by is fact.enterer

        def act() -> None:
            plan = self.desk.check(by, cells, kind=kind, correcting=fact.record)
            correct_record(fact.record, plan, self.desk.kind(kind), version=version, by=by, at=self.at)

        if self.did(may, act):
            fact.minutes, fact.people = minutes, people
            fact.move(Status.SUBMITTED)

    def withdraw(self) -> None:
        fact, version, is_newest = self.seen()
        by = self.random.choice((fact.enterer, fact.enterer, self.deputy))
        may = fact.status in OPEN and is_newest and by is fact.enterer
        if self.did(may, lambda: withdraw_record(fact.record, version=version, by=by, at=self.at)):
            fact.move(Status.WITHDRAWN)

    def verify(self) -> None:
        fact, version, is_newest = self.seen()
        by = self.random.choice((self.deputy, self.deputy, fact.enterer))
        may = fact.status is Status.SUBMITTED and is_newest and by is self.deputy
        if self.did(may, lambda: verify_records([(fact.record.id, version)], by=by, at=self.at)):
            fact.move(Status.VERIFIED, self.at)

    def give_back(self) -> None:
        fact, version, is_newest = self.seen()
        may = fact.status is Status.SUBMITTED and is_newest
        seen = [(fact.record.id, version)]
        if self.did(may, lambda: return_records(seen, why="请补写来源", by=self.deputy, at=self.at)):
            fact.move(Status.RETURNED, self.at)

    def undo(self) -> None:
        acts = sorted({fact.act for fact in self.facts if fact.act}) or [NOW]
        moment = self.random.choice(acts[-2:])
        found = [fact for fact in self.facts if fact.act == moment]
        may = bool(found) and self.at - moment <= UNDO_WITHIN
        if self.did(may, lambda: undo_act(moment, by=self.deputy, at=self.at)):
            for fact in found:
                fact.move(Status.SUBMITTED)

    def reverse(self) -> None:
        fact, version, is_newest = self.seen()
        may = fact.status is Status.VERIFIED and is_newest
        office = self.desk.make.office
        if self.did(
            may, lambda: reverse_record(fact.record, version=version, why="重复登记", by=office, at=self.at)
        ):
            fact.move(Status.REVERSED)

    def reverse_attendance(self) -> None:
        fact = self.random.choice(self.facts[-8:])
        row = self.random.choice(fact.record.participations)
        may = fact.status is Status.VERIFIED and row.member.number in fact.people
        number, version, office = row.member.number, row.version, self.desk.make.office
        if self.did(
            may, lambda: reverse_participation(row, version=version, why="没有到", by=office, at=self.at)
        ):
            fact.people.discard(number)

    def assert_as_expected(self) -> None:
        """Rows, figures and kept totals against the model."""
        for fact in self.facts:
            assert (fact.record.status, fact.record.version) == (fact.status, fact.version)
        counts = [fact for fact in self.facts if fact.status is Status.VERIFIED]
        figures = figure_values(self.desk.campaign, TODAY)
        assert {name: figures[name].value for name in (
            "study.total_minutes", "classroom.party_school.person_times", "classroom.party_school.persons",
        )} == {
            "study.total_minutes": sum(fact.minutes for fact in counts),
            "classroom.party_school.person_times": sum(len(fact.people) for fact in counts),
            "classroom.party_school.persons": len(set().union(*(fact.people for fact in counts))),
        }  # fmt: skip
        assert list(differences(self.desk.campaign)) == []


def test_any_order_of_acts_leaves_what_a_plain_model_says(bureau, record_property):
    desk = Desk(bureau)
    deputy = desk.make.user(Role.DEPUTY, bureau.first)
    done = refused = 0
    for seed in range(count("e2")):
        with db.session.begin_nested() as one:
            walk = Walk(desk, deputy, Random(seed))
            for number in range(STEPS):
                walk.step()
                if number % 10 == 9:
                    walk.assert_as_expected()
            one.rollback()
        db.session.expire_all()
        done, refused = done + walk.done, refused + walk.refused
    assert done > refused / 4
    reached(record_property, "e2", f"{done} acts done and {refused} refused, each as the model says")
