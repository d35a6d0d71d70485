"""Event hours, member-hours and group-hours are three numbers, each from verified rows."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bureau import Bureau
from tests.maker import NOW
from tracker.models import Participation, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.hours import Asked, by_community, by_group, hours_of, member_minutes_of, own_hours
from tracker.rules.hours import Hours
from tracker.services.records import reverse_participation, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY = dt.date(2021, 6, 26)


@pytest.fixture
def here(make):
    """The bureau, and an event of the first group to which somebody of the second came."""
    bureau = Bureau(make)
    bureau.kind = spec_of(bureau.campaign).kind("service")
    zhang, _, wang, _ = bureau.people
    row = {"minutes": 60, "community": "北园", "people_served": 5}
    bureau.joint = make.record(
        bureau.campaign, "service", owner=bureau.groups[0], people=[zhang, wang], **row, happened_on=DAY
    )
    for day, status in ((DAY, Status.SUBMITTED), (DAY + dt.timedelta(days=1), Status.VERIFIED)):
        make.record(
            bureau.campaign, "service", owner=bureau.groups[0], people=[zhang], **row, happened_on=day,
            status=status,
        )  # fmt: skip
    return bureau


def asked(here, make, user=None, unit=None):
    return Asked(here.campaign, here.kind, user or make.office, DAY, unit)


def test_an_event_counts_once_and_its_people_one_by_one(here, make):
    assert hours_of(asked(here, make)) == Hours(3, 300, 480, 300, 20)
    values = figure_values(here.campaign, DAY)
    assert values["service.member_hours"].value == 8, "as the campaign's own figure says"


def test_each_group_has_what_it_held_and_what_its_people_came_to(here, make):
    rows = {unit.id: hours for unit, hours in by_group(asked(here, make))}
    assert rows[here.groups[0].id] == Hours(2, 240, 420, 240, 17)
    assert rows[here.groups[1].id] == Hours(2, 120, 60, 60, 3)
    own = hours_of(asked(here, make, unit=here.groups[1]))
    assert (own.events, own.event_minutes, own.member_minutes) == (2, 120, 60)


def test_communities_add_up_to_the_whole(here, make):
    rows = dict(by_community(asked(here, make)))
    assert rows == {"北园": Hours(2, 240, 480, 240, 17), "南园": Hours(1, 60, 0, 60, 3)}


def test_a_secretary_sees_their_own_people_alone(here, make):
    secretary = make.user(Role.SECRETARY, here.two)
    assert hours_of(asked(here, make, secretary)) == Hours(2, 120, 60, 120, 8)
    assert [unit.id for unit, _ in by_group(asked(here, make, secretary))] == [here.groups[1].id]


def test_what_is_reversed_counts_no_more(here, make):
    part = next(p for p in here.joint.participations if p.member_id == here.people[2].id)
    assert member_minutes_of(here.joint) == 120
    reverse_participation(part, version=part.version, why="没有来", by=make.office, at=NOW)
    assert isinstance(part, Participation)
    assert member_minutes_of(here.joint) == 60
    assert own_hours(here.campaign, here.kind, here.people[2], DAY) == (0, 0)
    assert own_hours(here.campaign, here.kind, here.people[0], DAY) == (2, 240)
    reverse_record(here.joint, version=here.joint.version, why="重复", by=make.office, at=NOW)
    assert hours_of(asked(here, make)) == Hours(2, 240, 360, 240, 15)
