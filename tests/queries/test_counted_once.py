"""One record enters one figure's total at most once, whatever the definitions and the joint organisers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.maker import Maker
from tests.queries.test_figures_model import KIND, draw_fact, draw_people, figures
from tracker.db import db
from tracker.models import Campaign, Record, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
from tracker.rules.campaigns import Measure, Scope
from tracker.rules.tallies import HEADS, Question, questions_of

SUMMED = {Measure.MINUTES: "minutes", Measure.QUANTITY: "quantity", Measure.PEOPLE_SERVED: "people_served"}


def most(question: Question, record: Record, entity: str, place: int) -> int:
    """The most that one record may add in one place for one entity: what it says, once."""
    here = [
        row
        for row in record.participations
        if question.scope in (Scope.BUREAU, Scope.MEMBER) or getattr(row, f"{question.scope}_id") == place
    ]
    if question.measure in SUMMED:
        return getattr(record, SUMMED[question.measure]) or 0
    if question.measure is Measure.PARTICIPATIONS:
        return 1 if question.scope is Scope.MEMBER else len(here) + (record.headcount or 0)
    if question.measure is Measure.PERSON_MINUTES:
        heads = 0 if question.scope is Scope.MEMBER else record.headcount or 0
        people = 1 if question.scope is Scope.MEMBER else len(here)
        return (record.minutes or 0) * (people + heads)
    if entity.startswith(HEADS):
        return record.headcount or 0
    return 1


def taken_too_often(campaign: Campaign) -> list[tuple[Any, ...]]:
    """(question, record, place, entity, day) where a record stands for more than it says."""
    spec, found = spec_of(campaign), []
    records = {row.id: row for row in db.session.scalars(select(Record))}
    kinds = {kind.code: kind.id for kind in campaign.kinds}
    for question in questions_of(spec):
        rows = contributions(question, spec.kind(question.kind), kinds[question.kind])
        sums: dict[tuple[int, int, str], int] = {}
        statement = select(rows.c.record_id, rows.c.place_id, rows.c.entity, rows.c.day, rows.c.value)
        for id_, place, entity, day, value in db.session.execute(statement.order_by(rows.c.day)):
            assert records[id_].status is Status.VERIFIED
            key = (id_, place, entity)
            sums[key] = sums.get(key, 0) + value
            # On a day on which a record leaves a stage and enters another, both steps of it are of that day.
            if sums[key] > most(question, records[id_], entity, place):
                found.append((question, id_, place, entity, day))
    return found


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_no_record_is_taken_twice_by_any_definition(app, make, data):
    with db.session.begin_nested() as point:
        maker = Maker()
        chosen = data.draw(st.lists(figures(), min_size=1, max_size=6))
        text = KIND + "".join(f'[[figures]]\nid = "f{n}"\n{body}\n' for n, body in enumerate(chosen))
        campaign = maker.campaign(text)
        world, *people = draw_people(data.draw, maker)
        batch = maker.batch(campaign)
        for _ in range(data.draw(st.integers(1, 5))):
            draw_fact(data.draw, maker, campaign, world, people, batch)
        assert taken_too_often(campaign) == []
        point.rollback()
    db.session.expire_all()


def test_no_record_is_taken_twice_by_a_figure_of_the_shipped_campaign(make):
    """Sessions of every type with one, two and three organisers, named and counted, with stories."""
    campaign = make.campaign()
    first, second, third = (make.branch() for _ in range(3))
    people = [make.member(first), make.member(first), make.member(second)]
    kind = next(kind for kind in spec_of(campaign).kinds if kind.column("stories"))
    with make.counted_once(campaign):
        for choice in kind.types:
            row = {"owner": first, "type": choice.name, "category": "馆", "stories": ["甲", "乙"]}
            for further in ([], [second], [second, third]):
                make.record(campaign, kind.code, people=people, co_organisers=further, **row)
            make.record(campaign, kind.code, headcount=7, co_organisers=[third], **row)
    assert taken_too_often(campaign) == []
