"""Every figure, of random definitions over a random ledger, is what a plain-Python ledger says."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.maker import NOW, Maker
from tests.queries.closed_months import close_and_go_on
from tests.queries.ledger_model import Fact, Stay, World, value
from tracker.db import db
from tracker.models import Campaign, Member, Record, Status, Unit
from tracker.queries.figures import standing_on
from tracker.queries.recounts import differences
from tracker.rules.figures import FigureValue
from tracker.services.records import reverse_participation, reverse_record
from tracker.services.tallies import recount_batch

START, END = dt.date(2021, 3, 1), dt.date(2021, 6, 30)
TYPES, CATEGORIES, COMMUNITIES = ("甲", "乙"), ("馆", "园"), ("东", "西")
STAGES = ("领办", "在办", "完成")
MEASURES = (
    "records", "minutes", "person_minutes", "quantity", "people_served", "participations",
    "persons", "subjects", "categories", "communities", "branches", "stories",
)  # fmt: skip
DISTINCT = MEASURES[6:]
KIND = """
format = 1
code = "model"
name = "模型"
starts_on = 2021-03-01
ends_on = 2021-06-30
[[kinds]]
code = "fact"
name = "事"
sheet = "事"
owners = ["branch", "section", "group", "member", "bureau"]
allows_headcount = true
types = [{ name = "甲" }, { name = "乙" }]
stages = [{ name = "领办" }, { name = "在办" }, { name = "完成", before = "在办" }]
default_stage = "领办"
columns = [{ field = "happened_on", heading = "日期" }, { field = "organiser", heading = "单位" },
  { field = "stories", heading = "故事" }]
"""

days = st.dates(START, END)


def some(values: tuple[str, ...]) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(values), min_size=1)


@st.composite
def figures(draw: st.DrawFn) -> str:
    """The TOML of one random figure, without its id."""
    measure = draw(st.sampled_from((*MEASURES, "members", "units")))
    lines = {"title": '"数"', "unit": '"个"', "measure": json.dumps(measure)}
    over = []
    if draw(st.booleans()):
        over.append("eligible = true")
    if draw(st.booleans()):
        over.append('category = ["在职"]')
    if measure in ("members", "units"):
        if measure == "units":
            over.append(f'level = "{draw(st.sampled_from(("branch", "group")))}"')
        lines["over"] = "{ " + ", ".join(over) + " }"
        return "\n".join(f"{key} = {text}" for key, text in lines.items())
    lines["kind"] = '"fact"'
    lines["over"] = "{ " + ", ".join(over) + " }"
    for name in ("where", "where_not"):
        choices = {"type": TYPES, "category": CATEGORIES, "stage": STAGES, "owner_type": ("branch", "member")}
        keys = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=2))
        parts = [
            f"{key} = {json.dumps(sorted(draw(some(choices[key]))), ensure_ascii=False)}" for key in keys
        ]
        lines[name] = "{ " + ", ".join(parts) + " }"
    scope = draw(st.sampled_from(("bureau", "member", "group", "branch", "section")))
    lines["scope"] = json.dumps(scope)
    if scope == "bureau":
        reduce = draw(st.sampled_from(("sum", "count_reached", "forecast_date")))
    else:
        reduce = draw(
            st.sampled_from(("min", "max", "mean", "count_reached", "share_reached", "forecast_date", "sum"))
        )
    lines["reduce"] = json.dumps(reduce)
    refused = scope == "member" and "minutes" in measure  # lint: nobody's hours beside the others'
    if reduce == "sum" and scope != "bureau" and not refused and (measure in DISTINCT or draw(st.booleans())):
        lines["by"] = json.dumps(scope)
    if reduce in ("count_reached", "share_reached", "forecast_date"):
        lines["target"] = str(draw(st.integers(1, 3)))
    lines["divide_by"] = str(draw(st.sampled_from((1, 7, 60))))
    if draw(st.integers(0, 3)) == 0:
        lines["starts_on"] = "2021-04-01"
    return "\n".join(f"{key} = {text}" for key, text in lines.items())


def draw_people(draw: Any, make: Maker) -> tuple[World, list[Member], list[Unit], list[Unit], list[Unit]]:
    """Units, members who move, and exemptions."""
    branches = [make.branch() for _ in range(draw(st.integers(1, 3)))]
    groups = [make.group(draw(st.sampled_from(branches))) for _ in range(draw(st.integers(0, 3)))]
    sections = [make.section() for _ in range(2)]
    world = World(
        START,
        [],
        [],
        [b.id for b in branches],
        {g.id: g.parent_id or 0 for g in groups},
        [s.id for s in sections],
        [],
    )
    members = []
    for _ in range(draw(st.integers(0, 5))):
        moves = sorted(draw(st.sets(days, max_size=2)))
        edges: list[dt.date | None] = [None, *moves, draw(st.sampled_from((None, dt.date(2021, 7, 5))))]
        member = None
        for since, until in itertools.pairwise(edges):
            branch = draw(st.sampled_from(branches))
            group = draw(st.sampled_from([None, *[g for g in groups if g.parent_id == branch.id]]))
            section = draw(st.sampled_from([None, *sections]))
            category = draw(st.sampled_from(("在职", "离退休")))
            if member is None:
                member = make.member(
                    branch, group, section, category=category, starts_on=since, ends_on=until
                )
            else:
                make.membership(member, branch, group, section, category, since, until)
            world.stays.append(
                Stay(
                    member.id,
                    branch.id,
                    group.id if group else None,
                    section.id if section else None,
                    category,
                    since,
                    until,
                )
            )
        assert member is not None
        members.append(member)
        if draw(st.integers(0, 3)) == 0:
            since = draw(st.sampled_from((None, dt.date(2021, 4, 15))))
            until = draw(st.sampled_from((None, dt.date(2021, 5, 15))))
            make.exemption(member, starts_on=since, ends_on=until)
            world.free.append((member.id, since, until))
    return world, members, branches, groups, sections


def draw_fact(draw: Any, make: Maker, campaign: Campaign, world: World, people: Any, batch: Any) -> Record:
    """One record, in the database and in the model."""
    members, branches, groups, sections = people
    day = draw(days)
    here = [stay.member for stay in world.people_on(day)]
    present = [member for member in members if member.id in here]
    owner_type = draw(st.sampled_from(("bureau", "branch", "group", "section", "member")))
    pools = {"branch": branches, "group": groups, "section": sections, "member": present}
    if not pools.get(owner_type, [1]):
        owner_type = "bureau"
    owner = draw(st.sampled_from(pools[owner_type])) if owner_type in pools else None
    stage = draw(st.sampled_from(STAGES))
    ended = day + dt.timedelta(days=draw(st.integers(0, 40))) if stage == "完成" else None
    minutes = draw(st.sampled_from((None, 30, 90, 120)))
    others = tuple(draw(st.sets(st.sampled_from(branches)))) if owner_type == "branch" else ()
    others = tuple(unit for unit in others if unit is not owner)
    values = {
        "type": draw(st.sampled_from((None, *TYPES))),
        "category": draw(st.sampled_from((None, *CATEGORIES))),
        "community": draw(st.sampled_from((None, *COMMUNITIES))),
        "subject": draw(st.sampled_from((None, "K1", "K2"))),
    }
    numbers = {
        "quantity": draw(st.sampled_from((None, 0, 3))),
        "people_served": draw(st.sampled_from((None, 0, 7))),
    }
    guests = (
        []
        if owner_type == "member"
        else sorted(draw(st.sets(st.sampled_from(present))) if present else [], key=lambda m: m.id)
    )
    headcount = draw(st.sampled_from((None, 4))) if owner_type != "member" and not guests else None
    counts = draw(st.integers(0, 5)) > 0
    stories = tuple(draw(st.sets(st.sampled_from(("半条被子", "一根灯芯")))))
    record = make.record(
        campaign,
        "fact",
        member=owner if owner_type == "member" else None,
        owner=owner if owner_type not in ("member", "bureau") else None,
        people=guests,
        happened_on=day,
        minutes=minutes,
        stage=stage,
        ended_on=ended,
        headcount=headcount,
        co_organisers=others,
        status=Status.VERIFIED if counts else Status.SUBMITTED,
        batch=batch,
        stories=stories,
        **values,
        **numbers,
    )
    world.facts.append(
        Fact(
            day,
            owner_type,
            stage,
            values,
            record.branch_id,
            record.group_id,
            record.section_id,
            ended,
            minutes,
            headcount=headcount,
            others=tuple(unit.id for unit in others),
            counts=counts,
            stories=stories,
            **numbers,
            people=[(p.member_id, p.branch_id, p.group_id, p.section_id) for p in record.participations],
        )
    )
    return record


def take_back(draw: Any, campaign: Campaign, batch: Any, records: list[Record], world: World) -> None:
    """Reverse a record, reverse an attendance, or undo the batch."""
    what = draw(st.sampled_from(("nothing", "record", "attendance", "batch")))
    live = [n for n, fact in enumerate(world.facts) if fact.counts]
    if what == "record" and live:
        n = draw(st.sampled_from(live))
        reverse_record(records[n], version=records[n].version, why="重复登记", by=None, at=NOW)
        world.facts[n].counts = False
    elif what == "attendance":
        found = [
            (n, p)
            for n in live
            if world.facts[n].owner_type != "member"
            for p in records[n].participations
            if p.reversed_at is None
        ]
        if found:
            n, chosen = draw(st.sampled_from(found))
            reverse_participation(chosen, version=chosen.version, why="未到场", by=None, at=NOW)
            world.facts[n].gone.add(chosen.member_id)
    elif what == "batch":
        for n, record in enumerate(records):
            if record.batch_id == batch.id and record.status is Status.VERIFIED:
                record.status, record.reversed_at = Status.REVERSED, NOW
                world.facts[n].counts = False
        recount_batch(campaign, batch.id)


def comes_to(found: FigureValue) -> Any:
    if found.figure.by:
        return dict(found.by)
    return found.date if found.figure.reduce == "forecast_date" else found.value


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_every_figure_is_what_the_rows_come_to(app, make, data):
    with db.session.begin_nested() as point:
        maker = Maker()
        chosen = data.draw(st.lists(figures(), min_size=1, max_size=6))
        text = KIND + "".join(f'[[figures]]\nid = "f{n}"\n{body}\n' for n, body in enumerate(chosen))
        campaign = maker.campaign(text)
        world, members, branches, groups, sections = draw_people(data.draw, maker)
        batches = [maker.batch(campaign), maker.batch(campaign)]
        people = members, branches, groups, sections
        records = [
            draw_fact(data.draw, maker, campaign, world, people, data.draw(st.sampled_from(batches)))
            for _ in range(data.draw(st.integers(0, 6)))
        ]
        for _ in range(2):
            take_back(data.draw, campaign, batches[0], records, world)
        close_and_go_on(data.draw, maker, campaign, world, branches, batches, records)
        for day in (data.draw(days), END):
            standing = standing_on(campaign, day)
            for figure in standing.spec.figures:
                assert comes_to(standing.value(figure)) == value(world, figure, day), (figure, day)
        assert list(differences(campaign)) == []
        point.rollback()
    db.session.expire_all()
