"""Whatever becomes of a random ledger: an issue stays whole, and rows that differ are named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.maker import NOW, Maker
from tests.queries.ledger_model import value
from tests.queries.test_figures_model import KIND, days, draw_fact, draw_people, figures, take_back
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.queries.campaigns import spec_of
from tracker.queries.corrections import corrections_due
from tracker.queries.proofs import Proof, proof_of
from tracker.rules.corrections import exact_now
from tracker.services.bulletins import draft_bulletin, issue_bulletin

TODAY = dt.date(2021, 7, 31)
TEMPLATE = '[[bulletins]]\ncode = "b"\nname = "报"\nhead = "报"\ntitle = "报"\ntext = """\n开头。{}\n"""\n'


def comes_to(proof: Proof, world: Any, spec: Any, day: dt.date) -> None:
    """Every figure comes to what the plain ledger says, by the definition that was kept."""
    for one in proof.figures:
        figure = spec.figure(one.figure.ref)
        assert one.now is not None
        should = value(world, figure, day)
        found = dict(one.now.by) if figure.by else one.now.value
        assert (one.now.date if figure.reduce == "forecast_date" else found) == should, figure


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
def test_an_issue_is_proved_and_what_differs_is_named(app, make, data):
    with db.session.begin_nested() as point:
        maker = Maker()
        chosen = data.draw(st.lists(figures(), min_size=1, max_size=5))
        named_apart = [body.replace('"数"', f'"数{n}"') for n, body in enumerate(chosen)]
        text = KIND + "".join(f'[[figures]]\nid = "f{n}"\n{body}\n' for n, body in enumerate(named_apart))
        sentences = "".join(f"有{{f{n}}}。" for n in range(len(chosen)))
        campaign = maker.campaign(text + TEMPLATE.format(sentences))
        people = draw_people(data.draw, maker)
        world, members = people[0], people[1]
        batches = [maker.batch(campaign), maker.batch(campaign)]
        pick = st.sampled_from(batches)
        records = [
            draw_fact(data.draw, maker, campaign, world, people[1:], data.draw(pick))
            for _ in range(data.draw(st.integers(0, 6)))
        ]
        day, spec = data.draw(days), spec_of(campaign)
        bulletin = draft_bulletin(campaign, "b", as_of=day, today=TODAY, by=maker.office, at=NOW)
        said = {"issued_on": TODAY, "today": TODAY, "by": maker.office, "at": NOW, "say": said_in_chinese}
        issue_bulletin(bulletin, 1, **said)
        first = proof_of(bulletin)
        assert (first.faults, first.is_unchanged, first.is_same) == ((), True, True)
        comes_to(first, world, spec, day)
        assert corrections_due(campaign, "b") == []

        for _ in range(2):
            take_back(data.draw, campaign, batches[0], records, world)
        for _ in range(data.draw(st.integers(0, 2))):
            records.append(draw_fact(data.draw, maker, campaign, world, people[1:], data.draw(pick)))
        if members and data.draw(st.booleans()):
            freed = data.draw(st.sampled_from(members))
            maker.exemption(freed)
            world.free.append((freed.id, None, None))
        db.session.expire_all()
        then = {one.figure.ref: one.figure.value for one in first.figures}
        proof = proof_of(bulletin)
        assert proof.faults == ()
        comes_to(proof, world, spec, day)
        for one in proof.figures:
            assert one.figure.value == then[one.figure.ref], "what was kept stays"
            named = {title for row in proof.rows for part in row.parts for title in part.titles}
            if one.figure.title not in named and not proof.roster:
                assert one.is_same
            assert one.is_same or one.causes
        due = {one.ref: one for one in corrections_due(campaign, "b")}
        for one in proof.figures:
            assert one.now is not None
            was, now = one.figure.printed[0]["text"], exact_now(one.now, day)
            assert (one.figure.ref in due) == (was != now and not one.is_same), (was, now)
            if one.figure.ref in due:
                assert (due[one.figure.ref].before, due[one.figure.ref].now) == (was, now)
                assert due[one.figure.ref].causes == one.causes
        point.rollback()
    db.session.expire_all()
