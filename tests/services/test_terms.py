"""Every text that a search finds stands in the table of terms, however it was written."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.maker import NOW
from tests.plans import a_plan
from tracker.db import db
from tracker.models import Record, Term
from tracker.rules.plans import PlanFacts
from tracker.services.plans import change_plan
from tracker.services.terms import learn_terms, missing_terms, recount_terms

pytestmark = pytest.mark.slow


def texts():
    return set(db.session.scalars(select(Term.text)))


def test_a_row_written_as_an_object_is_learnt(make):
    make.record(make.campaign(), "study", title="读《简史》", source="自学")
    assert "读《简史》" in texts()
    assert missing_terms(1) == []


def test_a_plan_is_learnt(make):
    a_plan(make, make.campaign(), make.branch())
    assert "七月党日" in texts()
    assert missing_terms(1) == []


def test_what_a_plan_is_called_later_is_learnt(make):
    plan = a_plan(make, make.campaign(), make.branch())
    facts = PlanFacts(plan.happens_on, "八月党日", (plan.organisers[0].unit_id,), plan.type)
    change_plan(plan, facts, version=plan.version, by=make.office, at=NOW, today=plan.happens_on)
    assert "八月党日" in texts()
    assert missing_terms(1) == []


def test_two_who_bring_the_same_leave_it_once(make):
    learn_terms(["香山社区", None, "", "香山社区"])
    learn_terms(["香山社区"])
    assert sorted(texts()) == ["香山社区"]


def test_a_text_written_past_it_is_named_and_the_recount_learns_it(make):
    record = make.record(make.campaign(), "study", title="旧")
    db.session.execute(Record.__table__.update().where(Record.id == record.id).values(title="新"))
    assert missing_terms(5) == ["新"]
    recount_terms()
    assert missing_terms(5) == []
    assert {"旧", "新"} & texts() == {"新"}, "what no row says any more is gone"
