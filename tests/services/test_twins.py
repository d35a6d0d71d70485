"""A section's record and its members' branch's that may be one fact: found and told apart from both sides."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Role, Status, ToldApart
from tracker.queries.campaigns import spec_of
from tracker.queries.twins import twins_of
from tracker.rules.refusal import Refused
from tracker.services.stages import carry_on
from tracker.services.twins import NOT_ALIKE, tell_apart
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY = dt.date(2021, 4, 1)


class Place:
    """A section whose only member is of the first branch; a task of each."""

    def __init__(self, make):
        self.make, self.campaign = make, make.campaign()
        self.kind = spec_of(self.campaign).kind("task")
        self.one, self.two, self.section = make.branch(), make.branch(), make.section()
        make.member(self.one, section=self.section)
        make.member(self.two)
        self.head = make.user(Role.SECTION_HEAD, self.section)
        self.of_section = self.task(self.section, "楼道灯维修")
        self.of_branch = self.task(self.one, "北园社区楼道灯维修", status=Status.SUBMITTED)

    def task(self, owner, title, **more):
        row = {"stage": "领办", "community": "北园社区", "happened_on": DAY, **more}
        return self.make.record(self.campaign, "task", owner=owner, title=title, **row)

    def twins(self, record):
        return [one.record.id for one in twins_of(record, self.kind) if one.apart is None]


@pytest.fixture
def place(make):
    return Place(make)


def test_each_side_finds_the_other(place):
    assert place.twins(place.of_section) == [place.of_branch.id]
    assert place.twins(place.of_branch) == [place.of_section.id]


def test_other_branches_other_titles_and_what_counts_no_more_are_no_twins(place):
    place.task(place.two, "楼道灯维修")
    place.task(place.one, "增设晾衣杆")
    place.task(place.one, "楼道灯维修", community="南园社区")
    place.of_branch.status = Status.WITHDRAWN
    db.session.flush()
    assert place.twins(place.of_section) == []
    assert place.twins(place.of_branch) == []


def test_told_apart_once_it_holds_for_both_and_for_later_stages(place, make):
    with pytest.raises(Refused):
        tell_apart(place.of_section, place.of_branch.id, why="", by=place.head, at=NOW)
    tell_apart(place.of_section, place.of_branch.id, why="一处在东门，一处在西门", by=place.head, at=NOW)
    assert place.twins(place.of_section) == place.twins(place.of_branch) == []
    told = twins_of(place.of_branch, place.kind)[0].apart
    assert told is not None
    assert told.why == "一处在东门，一处在西门"
    said = select(AuditEvent.subject_id).where(AuditEvent.action == "record:tell_apart")
    assert sorted(db.session.scalars(said)) == sorted([place.of_section.id, place.of_branch.id])
    with pytest.raises(Refused) as refused:
        tell_apart(place.of_branch, place.of_section.id, why="再说一次", by=make.office, at=NOW)
    assert refused.value.msgid == NOT_ALIKE
    later = carry_on(place.of_section, to="在办", on=DAY, note="", version=1, by=place.head, at=NOW, last=DAY)
    verify_records([(later.id, later.version)], by=make.office, at=NOW)
    db.session.expire_all()
    assert place.twins(later) == place.twins(place.of_branch) == []
    assert len(db.session.scalars(select(ToldApart)).all()) == 1


def test_a_next_stage_that_waits_is_not_a_second_twin(place):
    later = carry_on(place.of_section, to="在办", on=DAY, note="", version=1, by=place.head, at=NOW, last=DAY)
    assert place.twins(place.of_branch) == [place.of_section.id]
    assert place.twins(later) == [place.of_branch.id]
