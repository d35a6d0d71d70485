"""People who enter at the same moment: days keep 24 hours, a number stands once, a sheet is keyed in once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.maker import NOW, Maker
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import Campaign, Kind, Paper, Record, Role, Unit, User
from tracker.queries.campaigns import spec_of
from tracker.rules.refusal import Refused
from tracker.services.entries import Row, check_entries, enter_records
from tracker.services.ledgers import load_register
from tracker.services.papers import claim_paper, print_paper
from tracker.services.records import CHANGED

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TODAY = dt.date(2021, 7, 31)
HOURS = {"happened_on": "2021-03-05", "minutes": "13", "source": "学习强国", "member_number": "M0001"}
TASK = {"happened_on": "2021-03-05", "owner_type": "支部", "owner_name": "第一党支部", "title": "修灯",
        "stage": "领办"}  # fmt: skip


class Place:
    """A branch in a database of its own, and what its two keepers do in transactions of their own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        with self.here():
            make = Maker()
            self.campaign_id = make.campaign().id
            branch = make.branch("第一党支部")
            self.unit_id = branch.id
            self.members = [make.member(branch, number=number).id for number in ("M0001", "M0002")]
            self.keepers = [make.user(role, branch).id for role in (Role.SECRETARY, Role.DEPUTY)]

    @contextmanager
    def here(self) -> Iterator[None]:
        """One transaction."""
        with self.app.app_context():
            yield
            db.session.commit()

    def enter(self, by: int, kind_code: str, *rows: dict[str, Any], paper_id: int | None = None) -> list[int]:
        with self.here():
            campaign, user = db.session.get_one(Campaign, self.campaign_id), db.session.get_one(User, by)
            kind = spec_of(campaign).kind(kind_code)
            paper = db.session.get_one(Paper, paper_id) if paper_id else None
            if paper is not None:
                claim_paper(paper, by=user, at=NOW)
            typed = [Row(n, cells) for n, cells in enumerate(rows, start=1)]
            plan = check_entries(campaign, kind, typed, by=user, today=TODAY, at=NOW)
            made = enter_records(plan, kind, campaign, by=user, at=NOW, paper=paper, is_list=True)
            return [record.id for record in made]

    def both(self, kind_code: str, *rows: dict[str, Any], **more: Any) -> list[str]:
        """What became of each keeper who entered the same at the same moment."""
        acts: list[Callable[[], Any]] = [
            lambda by=by: self.enter(by, kind_code, *rows, **more)  # type: ignore[misc]
            for by in self.keepers
        ]
        errors = at_once(*acts)
        return sorted(
            error.msgid if isinstance(error, Refused) else type(error).__name__ if error else "entered"
            for error in errors
        )

    def count(self) -> int:
        with self.here():
            return db.session.scalar(select(func.count()).select_from(Record)) or 0


@pytest.fixture
def place(fresh_app: Any) -> Place:
    return Place(fresh_app)


def test_a_day_has_24_hours_for_two_who_enter_at_once(place):
    said = place.both("study", HOURS)
    assert said[1] == "entered"
    assert said[0].startswith("%(name)s comes to")
    assert place.count() == 1


def test_who_is_moved_while_somebody_enters_for_them_is_looked_at_again(place, monkeypatch):
    """The move is finished between the reading of the roster and the lock."""
    from tracker.services import entries

    def move_first(reach: Any = None) -> Any:
        register = load_register(reach)
        stays = register.stays[place.members[0]]
        register.stays = {**register.stays, place.members[0]: [stays[0]._replace(ends_on=TODAY)]}
        return register

    monkeypatch.setattr(entries, "load_register", move_first)
    with pytest.raises(Refused, match="changed where"):
        place.enter(place.keepers[0], "study", HOURS)
    monkeypatch.undo()
    place.enter(place.keepers[0], "study", HOURS)
    assert place.count() == 1


def test_people_ticked_in_another_order_do_not_lock_one_another_out(place):
    rows = [{**HOURS, "minutes": "1", "member_number": number} for number in ("M0001", "M0002")]
    for _ in range(3):
        errors = at_once(
            lambda: place.enter(place.keepers[0], "study", *rows),
            lambda: place.enter(place.keepers[1], "study", *reversed(rows)),
        )
        assert errors == [None, None]
    assert place.count() == 12


def test_the_same_fact_meant_twice_at_once_is_two_facts(place):
    assert place.both("study", {**HOURS, "minutes": "1"}) == ["entered", "entered"]
    assert place.both("task", TASK) == ["entered", "entered"]
    with place.here():
        identities = db.session.scalars(select(Record.identity)).all()
    assert len(set(identities)) == len(identities) == 4


def test_a_number_given_twice_at_once_stands_once(place):
    said = place.both("task", {**TASK, "ref": "W1"})
    assert said[1] == "entered"
    assert said[0].startswith("A record with the same particulars")
    assert place.count() == 1


def test_a_sheet_keyed_in_by_two_at_once_is_keyed_in_once(place):
    with place.here():
        kind = db.session.scalars(select(Kind).where(Kind.code == "study")).one()
        unit, user = db.session.get_one(Unit, place.unit_id), db.session.get_one(User, place.keepers[0])
        first = dt.date(2021, 3, 1)
        paper_id = print_paper(kind, unit, place.members, starts_on=first, by=user, at=NOW).id
    said = place.both("study", HOURS, paper_id=paper_id)
    assert said == sorted([CHANGED, "entered"])
    with place.here():
        assert db.session.scalars(select(Record.paper_id)).all() == [paper_id]
        assert db.session.get_one(Paper, paper_id).keyed_by_id in place.keepers


def test_a_form_sent_twice_at_once_is_one_record(place):
    client = place.app.test_client()
    with place.here():
        user = db.session.get_one(User, place.keepers[0])
        client.sign_in(user)
    from tests import html

    fields = html.hidden_fields(client.page("/enter/study"))
    typed = {"member": "M0001", "happened_on": "2021-03-05", "minutes": "1", "source": "学习强国"}
    cookie = client.get_cookie(place.app.config["SESSION_COOKIE_NAME"])
    answers: list[Any] = []

    def send() -> None:
        twin = place.app.test_client()
        twin.set_cookie(place.app.config["SESSION_COOKIE_NAME"], cookie.value)
        answers.append(twin.post("/enter/study", data={**fields, **typed}))

    assert at_once(send, send) == [None, None]
    assert {answer.status_code for answer in answers} <= {302, 303}
    assert len({answer.location for answer in answers}) == 1
    assert place.count() == 1
