"""Whatever a form of own figures can say is counted as plain Python counts it, or refused with a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.maker import NOW, Maker
from tests.queries.ledger_model import value
from tests.queries.test_figures_model import (
    CATEGORIES,
    END,
    KIND,
    STAGES,
    TYPES,
    comes_to,
    days,
    draw_fact,
    draw_people,
    some,
    take_back,
)
from tracker.db import db
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import standing_on
from tracker.queries.own_figures import tried
from tracker.queries.recounts import differences
from tracker.rules.campaigns import Reduce, Scope
from tracker.rules.own_figure_checks import refusals
from tracker.rules.own_figure_offers import (
    EACH,
    WITH_TARGET,
    divisor_for,
    measures_of,
    unit_for,
)
from tracker.services.own_figures import change_figure, save_figure, withdraw_figure

COLUMNS = """{ field = "category", heading = "类别" }, { field = "community", heading = "社区" },
  { field = "minutes", heading = "时长" }, { field = "quantity", heading = "数量" },
  { field = "people_served", heading = "服务人次" }, { field = "subject", heading = "对象" },
  { field = "people", heading = "人员" }, { field = "stories", heading = "故事" }]"""
TEXT = KIND.replace('{ field = "stories", heading = "故事" }]', COLUMNS)
CHOICES = {"type": TYPES, "category": CATEGORIES, "stage": STAGES, "owner_type": ("branch", "member")}


@pytest.fixture(scope="module")
def sentences():
    with open("tracker/translations/zh_Hans/LC_MESSAGES/messages.po", "rb") as file:
        return {message.id for message in read_po(file) if message.string}


@st.composite
def words(draw: st.DrawFn, spec: Any) -> dict[str, Any]:
    """What a form could send: mostly what goes together, sometimes not."""
    kind = draw(st.sampled_from([None, *spec.kinds, *spec.kinds, *spec.kinds]))
    measure = draw(st.sampled_from(measures_of(kind)))
    over: dict[str, Any] = {"eligible": True} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        over["category"] = ["在职"]
    found: dict[str, Any] = {"id": "", "title": "数", "measure": measure, "over": over}
    if kind is None:
        if draw(st.booleans()):
            over["level"] = draw(st.sampled_from(("branch", "group")))
        return {**found, "unit": unit_for(measure, Reduce.SUM, Scope.BUREAU)}
    scope = draw(st.sampled_from(list(Scope)))
    reduce = draw(st.sampled_from([*Reduce, EACH]))
    if scope is Scope.BUREAU and draw(st.integers(0, 3)):
        found["over"] = {}
    found |= {"kind": kind.code, "scope": scope, "reduce": Reduce.SUM if reduce == EACH else reduce}
    if reduce == EACH:
        found["by"] = scope
    for name in ("where", "where_not"):
        keys = draw(st.lists(st.sampled_from(sorted(CHOICES)), unique=True, max_size=1))
        found[name] = {key: sorted(draw(some(CHOICES[key]))) for key in keys}
    if (reduce in WITH_TARGET) is (draw(st.integers(0, 5)) > 0):
        found["target"] = draw(st.integers(1, 3))
    unit = draw(st.sampled_from((unit_for(measure, reduce, scope),) * 4 + ("小时", "人次", "个")))
    found |= {"unit": unit, "divide_by": divisor_for(measure, unit, kind)}
    if draw(st.integers(0, 3)) == 0:
        found["starts_on"] = "2021-04-01"
    return found


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_every_choice_is_counted_or_refused_with_a_sentence(app, make, sentences, data):
    with db.session.begin_nested() as point:
        maker = Maker()
        campaign = maker.campaign(TEXT)
        world, members, branches, groups, sections = draw_people(data.draw, maker)
        batches = [maker.batch(campaign), maker.batch(campaign)]
        people = members, branches, groups, sections

        def facts(count: int) -> list[Any]:
            return [
                draw_fact(data.draw, maker, campaign, world, people, data.draw(st.sampled_from(batches)))
                for _ in range(count)
            ]

        records = facts(data.draw(st.integers(0, 4)))
        saved = []
        for _ in range(data.draw(st.integers(1, 4))):
            said = data.draw(words(spec_of(campaign)))
            found = list(refusals({**said, "id": "own.x"}, spec_of(campaign)))
            assert {refusal.msgid for refusal in found} <= sentences
            if not found:
                saved.append(save_figure(campaign, said, by=maker.office, at=NOW))
        records += facts(data.draw(st.integers(0, 3)))
        take_back(data.draw, campaign, batches[0], records, world)
        agree(campaign, world, saved, data.draw(days), maker.office)
        agree(campaign, world, saved, END, maker.office)
        if saved:
            row = saved.pop()
            changed = {**row.words, "starts_on": "2021-05-01"} if row.words.get("kind") else row.words
            row = change_figure(campaign, row.figure, changed, version=1, by=maker.office, at=NOW)
            agree(campaign, world, [row], END, maker.office)
            withdraw_figure(campaign, row.figure, version=row.version, by=maker.office, at=NOW)
        assert list(differences(campaign)) == []
        point.rollback()
    db.session.expire_all()


def agree(campaign: Any, world: Any, saved: list[Any], day: dt.date, user: Any) -> None:
    """From the tallies and from the rows it is what the model says."""
    standing = standing_on(campaign, day)
    for row in saved:
        figure = standing.spec.figure(row.figure)
        assert figure is not None
        expected = value(world, figure, day)
        assert comes_to(standing.value(figure)) == expected, (figure, day)
        assert comes_to(tried(campaign, figure, day, user, "key").value) == expected, (figure, day)
