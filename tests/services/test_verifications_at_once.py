"""Verifiers who meet each other, a correction, a withdrawal, a reversal: one of them wins, never both."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.maker import NOW, Maker
from tests.queue_rows import Branch
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Comment, Record, Role, Status, User
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services.entries import Row, check_entries, correct_record, enter_records, withdraw_record
from tracker.services.records import CHANGED, reverse_record
from tracker.services.verifications import return_records, undo_act, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TODAY = dt.date(2021, 6, 26)
LATER = NOW + dt.timedelta(minutes=10)
SOON = LATER + dt.timedelta(seconds=5)


class Place:
    """A branch in a database of its own, and what its people do in transactions of their own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        with self.here():
            here = Branch(Maker())
            self.campaign_id = here.campaign.id
            self.verifiers = [here.make.user(Role.DEPUTY, here.branch).id for _ in range(49)]
            self.verifiers.append(here.secretary.id)
            self.secretary, self.deputy = here.secretary.id, here.deputy.id
            self.member, self.office = here.member.id, here.office.id
            self.zhang, self.keeper = here.zhang.id, here.keeper.id

    @contextmanager
    def here(self) -> Iterator[None]:
        """One transaction."""
        with self.app.app_context():
            yield
            db.session.commit()

    def user(self, user_id: int) -> User:
        return db.session.get_one(User, user_id)

    def rows(self, texts: dict[str, str], by: int, correcting: Record | None = None) -> Any:
        campaign = db.session.get_one(Campaign, self.campaign_id)
        kind = spec_of(campaign).kinds[0]
        cells = {"happened_on": "2021-06-20", "minutes": "2小时", "source": "个人自学", **texts}
        found = check_entries(
            campaign, kind, [Row(1, cells)], by=self.user(by), today=TODAY, at=NOW, correcting=correcting
        )
        assert not found.problems, found.problems
        return found, kind, campaign

    def enter(self, title: str = "第一章", name: str = "张三", by: int | None = None) -> int:
        """Hand in two hours. Returns the record's id."""
        with self.here():
            by = by or self.member
            plan, kind, campaign = self.rows({"member_name": name, "title": title}, by)
            return enter_records(plan, kind, campaign, by=self.user(by), at=NOW)[0].id

    def verify(self, *ids: int, by: int, at: dt.datetime = LATER, version: int = 1) -> None:
        with self.here():
            verify_records([(id_, version) for id_ in ids], by=self.user(by), at=at)

    def give_back(self, *ids: int, by: int, at: dt.datetime = LATER) -> None:
        with self.here():
            return_records([(id_, 1) for id_ in ids], why="请补充", by=self.user(by), at=at)

    def withdraw(self, record_id: int) -> None:
        with self.here():
            record = db.session.get_one(Record, record_id)
            withdraw_record(record, version=1, by=self.user(self.member), at=LATER)

    def correct(self, record_id: int, minutes: str = "3小时") -> None:
        with self.here():
            record = db.session.get_one(Record, record_id)
            cells = {"member_name": "张三", "title": "第二章", "minutes": minutes}
            plan, kind, _ = self.rows(cells, self.member, record)
            correct_record(record, plan, kind, version=1, by=self.user(self.member), at=LATER)

    def undo(self, by: int) -> None:
        with self.here():
            undo_act(LATER, by=self.user(by), at=SOON)

    def reverse(self, record_id: int) -> None:
        with self.here():
            record = db.session.get_one(Record, record_id)
            reverse_record(record, version=2, why="录错了", by=self.user(self.office), at=SOON)

    def status(self, record_id: int) -> Status:
        with self.here():
            return db.session.get_one(Record, record_id).status

    def events(self, record_id: int) -> Counter[str]:
        with self.here():
            own = (AuditEvent.subject_type == "record") & (AuditEvent.subject_id == record_id)
            return Counter(db.session.scalars(select(AuditEvent.action).where(own)))

    def minutes(self) -> int:
        """What counts, as the pages show it; and it is what a recount finds."""
        with self.here():
            campaign = db.session.get_one(Campaign, self.campaign_id)
            assert not list(differences(campaign))
            value = figure_values(campaign, TODAY)["study.total_minutes"].value
            return int(value or 0)


@pytest.fixture
def place(fresh_app: Any) -> Place:
    return Place(fresh_app)


def outcomes(*acts: Callable[[], None]) -> list[str]:
    """What became of acts at once: 'done', or 'late', the one clear refusal; anything else is raised."""
    found = []
    for error in at_once(*acts):
        if error is not None and not (isinstance(error, Refused) and error.msgid == CHANGED):
            raise error
        found.append("done" if error is None else "late")
    return found


def test_fifty_at_once_verify_a_record_once(place):
    record_id = place.enter()
    acts = [lambda by=by: place.verify(record_id, by=by) for by in place.verifiers]
    assert Counter(outcomes(*acts)) == {"done": 1, "late": 49}
    assert place.status(record_id) is Status.VERIFIED
    assert place.events(record_id)["record:verify"] == 1
    assert place.minutes() == 120
    with place.here():
        assert db.session.get_one(Record, record_id).version == 2


@pytest.mark.parametrize("turn", range(4))
def test_a_verification_and_a_withdrawal_one_of_them(place, turn):
    record_id = place.enter()
    acts = [lambda: place.verify(record_id, by=place.secretary), lambda: place.withdraw(record_id)]
    said = outcomes(*(acts if turn % 2 else reversed(acts)))
    assert sorted(said) == ["done", "late"]
    is_verified = place.status(record_id) is Status.VERIFIED
    assert place.status(record_id) in (Status.VERIFIED, Status.WITHDRAWN)
    assert place.minutes() == (120 if is_verified else 0)
    events = place.events(record_id)
    assert events["record:verify"] + events["record:withdraw"] == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_verification_and_a_correction_one_of_them(place, turn):
    record_id = place.enter()
    acts = [lambda: place.verify(record_id, by=place.secretary), lambda: place.correct(record_id)]
    said = outcomes(*(acts if turn % 2 else reversed(acts)))
    assert sorted(said) == ["done", "late"]
    events = place.events(record_id)
    assert events["record:verify"] + events["record:correct"] == 1
    assert place.minutes() == (120 if events["record:verify"] else 0)


@pytest.mark.parametrize("turn", range(4))
def test_a_verification_and_a_return_one_of_them(place, turn):
    record_id = place.enter()
    acts = [
        lambda: place.verify(record_id, by=place.secretary),
        lambda: place.give_back(record_id, by=place.deputy),
    ]
    said = outcomes(*(acts if turn % 2 else reversed(acts)))
    assert sorted(said) == ["done", "late"]
    is_verified = place.status(record_id) is Status.VERIFIED
    assert place.minutes() == (120 if is_verified else 0)
    with place.here():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == (0 if is_verified else 1)


@pytest.mark.parametrize("turn", range(4))
def test_taking_back_and_reversing_one_of_them(place, turn):
    record_id = place.enter()
    place.verify(record_id, by=place.secretary)
    acts = [lambda: place.undo(place.secretary), lambda: place.reverse(record_id)]
    said = outcomes(*(acts if turn % 2 else reversed(acts)))
    assert sorted(said) == ["done", "late"]
    assert place.status(record_id) in (Status.SUBMITTED, Status.REVERSED)
    assert place.minutes() == 0


def test_two_who_decide_the_same_rows_in_opposite_order_do_not_lock_up(place):
    ids = [place.enter(f"第{n}章") for n in range(8)]
    acts = [
        lambda: place.verify(*ids, by=place.secretary),
        lambda: place.verify(*reversed(ids), by=place.deputy),
        lambda: place.give_back(*ids[4:], *ids[:4], by=place.office),
    ]
    assert sorted(outcomes(*acts)) == ["done", "late", "late"]
    assert place.minutes() in (0, 960)


def test_a_verifier_who_is_in_the_record_and_its_correction_do_not_lock_up(place):
    """The correction holds the people of the record and then wants the record; the verification holds
    the record and refers to the verifier's own row on the roster, which must not be held against that."""
    with place.here():
        campaign = db.session.get_one(Campaign, place.campaign_id)
        kind = next(kind for kind in spec_of(campaign).kinds if kind.allows_headcount and kind.types)
        cells = {
            "happened_on": "2021-06-20", "type": kind.types[0].name, "title": "参观",
            "organiser": "东湖党支部", "people": "曹建、张三",
        }  # fmt: skip
        by = place.user(place.deputy)
        plan = check_entries(campaign, kind, [Row(1, cells)], by=by, today=TODAY, at=NOW)
        assert not plan.problems
        record_id = enter_records(plan, kind, campaign, by=by, at=NOW)[0].id
    held = threading.Event()

    def correct() -> None:
        with place.here():
            campaign = db.session.get_one(Campaign, place.campaign_id)
            record, by = db.session.get_one(Record, record_id), place.user(place.deputy)
            row = Row(1, {**cells, "place": "陵园"})
            plan = check_entries(campaign, kind, [row], by=by, today=TODAY, at=NOW, correcting=record)
            held.set()
            time.sleep(0.4)
            correct_record(record, plan, kind, version=1, by=by, at=LATER)

    def verify() -> None:
        assert held.wait(20)
        place.verify(record_id, by=place.secretary)

    assert sorted(outcomes(correct, verify)) == ["done", "late"]


def test_two_hundred_in_one_act_cost_a_bounded_number_of_statements(place, statements):
    with place.here():
        campaign = db.session.get_one(Campaign, place.campaign_id)
        kind = spec_of(campaign).kinds[0]
        by = place.user(place.member)
        days = [TODAY - dt.timedelta(days=n) for n in range(40)]
        rows = [
            Row(n, {"happened_on": str(days[n % 40]), "member_name": "张三", "minutes": "30分钟",
                    "source": "个人自学", "title": f"第{n}节"})
            for n in range(204)
        ]  # fmt: skip
        plan = check_entries(campaign, kind, rows, by=by, today=TODAY, at=NOW)
        assert not plan.problems
        ids = [record.id for record in enter_records(plan, kind, campaign, by=by, at=NOW)]
    with statements() as few:
        place.verify(*ids[:4], by=place.secretary)
    started = time.perf_counter()
    with statements() as many:
        place.verify(*ids[4:], by=place.secretary, at=SOON)
    act = time.perf_counter() - started
    started = time.perf_counter()
    with place.here():
        for id_ in ids[4:]:
            db.session.execute(update(Record).where(Record.id == id_).values(version=Record.version + 1))
    bare = time.perf_counter() - started
    print(
        f"200 verified in {act * 1000:.0f} ms, {len(many)} statements; 200 bare updates {bare * 1000:.0f} ms"
    )
    assert len(many) == len(few)
    assert len(many) < 60
    assert place.minutes() == 204 * 30
