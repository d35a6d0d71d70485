"""A bureau with as many verified records as one likes, made by the database itself from a few thousand."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text

from tests.maker import NOW, Maker
from tracker.db import db
from tracker.models import Campaign, Kind, OwnerType, Participation, Record, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.services.tallies import recount_all
from tracker.services.terms import recount_terms

BRANCHES, MEMBERS, PATTERNS = 40, 2_000, 10_000
SHARES = (70, 3, 5, 4, 8, 5, 4, 1)  # of each kind in a hundred, in the order of the campaign file
PEOPLE = 12  # in a session


@dataclass(frozen=True, slots=True)
class Large:
    """Ids of what the pages are asked for."""

    campaign_id: int
    office_id: int
    secretary_id: int
    member_user_id: int
    branch_id: int
    member_id: int
    records: int


def fill(records: int) -> Large:
    """Everything, committed. Copies of a pattern differ in their id alone; tallies are counted at the end."""
    make, chance = Maker(), random.Random(2021)
    campaign = make.campaign()
    branches = [make.branch() for _ in range(BRANCHES)]
    groups = [make.group(branch) for branch in branches for _ in range(4)]
    sections = [make.section() for _ in range(20)]
    members = []
    for n in range(MEMBERS):
        group = groups[n % len(groups)]
        branch = branches[n % len(groups) // 4]
        members.append(make.member(branch, group, sections[n % 20], name=f"张{chr(0x4E00 + n)}"))
    office, secretary = make.user(Role.OFFICE), make.user(Role.SECRETARY, branches[0])
    own = make.user(Role.MEMBER, member=members[0])
    places = [
        {"id": member.id, "branch": branches[n % len(groups) // 4].id, "group": groups[n % len(groups)].id,
         "section": sections[n % 20].id}
        for n, member in enumerate(members)
    ]  # fmt: skip
    spec, kinds = spec_of(campaign), {row.code: row for row in campaign.kinds}
    shared = [kinds[kind.code] for kind, share in zip(spec.kinds, SHARES, strict=True) for _ in range(share)]
    by_code = {kind.code: kind for kind in spec.kinds}
    rows, people, others = [], [], places[1:]  # the first member's own entries must fit into her days
    first = (db.session.scalar(select(func.max(Record.id))) or 0) + 1
    for n in range(PATTERNS):
        row = shared[n % len(shared)]
        kind = by_code[row.code]
        place = chance.choice(others)
        rows.append(_row(first + n, campaign, row, kind, place, office.id, make.office.id, chance))
        there = [place] if rows[-1]["member_id"] else chance.sample(others, PEOPLE)
        if rows[-1]["owner_type"] in (OwnerType.MEMBER, OwnerType.BRANCH, OwnerType.GROUP):
            people += [
                {"record_id": first + n, "member_id": one["id"], "branch_id": one["branch"],
                 "group_id": one["group"], "section_id": one["section"], "minutes": rows[-1]["minutes"],
                 "version": 1}
                for one in there
            ]  # fmt: skip
    db.session.execute(insert(Record), rows)
    at = (db.session.scalar(select(func.max(Participation.id))) or 0) + 1
    db.session.execute(insert(Participation), [{"id": at + n, **one} for n, one in enumerate(people)])
    copies = records // PATTERNS - 1
    _copy(Record, PATTERNS, copies, {"id": PATTERNS}, first)
    _copy(Participation, len(people), copies, {"id": len(people), "record_id": PATTERNS}, at)
    if db.engine.dialect.name == "postgresql":
        for table in ("record", "participation"):
            last = f"(SELECT max(id) FROM {table})"  # noqa: S608  (a name from the line above)
            db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
    db.session.commit()
    recount_all(campaign)
    recount_terms()
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    count = db.session.scalar(select(func.count()).where(Record.status == Status.VERIFIED)) or 0
    return Large(campaign.id, office.id, secretary.id, own.id, branches[0].id, members[0].id, count)


def _row(
    id_: int, campaign: Campaign, row: Kind, kind: object, place: dict[str, int], by: int, verifier: int,
    chance: random.Random,
) -> dict[str, object]:  # fmt: skip
    """One verified record of a kind, with something in each column that the kind asks for."""
    levels = [str(one) for one in kind.owners]  # type: ignore[attr-defined]
    level = chance.choice([one for one in levels if one != "bureau"] or levels)
    day = dt.date(2021, 2, 26) + dt.timedelta(days=chance.randrange(150))
    asked = {column.field for column in kind.columns}  # type: ignore[attr-defined]
    stages = [stage.name for stage in kind.stages]  # type: ignore[attr-defined]
    types = [one.name for one in kind.types]  # type: ignore[attr-defined]
    sources = [one.name for one in kind.sources]  # type: ignore[attr-defined]
    return {
        "id": id_, "campaign_id": campaign.id, "kind_id": row.id, "happened_on": day, "is_dated": True,
        "minutes": chance.randrange(10, 120) if "minutes" in asked else None,
        "people_served": 12 if "people_served" in asked else None,
        "quantity": 1 if "quantity" in asked or row.code == "reading" else None,
        "type": chance.choice(types) if types else None,
        "source": chance.choice(sources) if sources else None,
        "stage": chance.choice(stages) if stages else None,
        "ended_on": day + dt.timedelta(days=20) if "ended_on" in asked else None,
        "title": f"第{id_ % 97}次，主题是“重温入党誓词、走访结对群众”" if "title" in asked else None,
        "category": f"类别{id_ % 7}" if "category" in asked else None,
        "place": f"地点{id_ % 31}" if "place" in asked else None,
        "community": f"社区{id_ % 14}" if "community" in asked else None,
        "subject": f"KN{id_ % 500:03}" if "subject" in asked else None,
        "owner_type": OwnerType(level),
        "member_id": place["id"] if level == "member" else None,
        "branch_id": place["branch"] if level != "section" else None,
        "group_id": place["group"] if level in ("member", "group") else None,
        "section_id": place["section"] if level in ("member", "section") else None,
        "status": Status.VERIFIED, "version": 1, "entered_by_id": by, "entered_at": NOW,
        "verified_by_id": verifier, "verified_at": NOW,
    }  # fmt: skip


def _copy(model: type, size: int, copies: int, moved: dict[str, int], since: int) -> None:
    """Copies of the first rows: the columns in `moved` grow by so much with each copy."""
    table = model.__table__  # type: ignore[attr-defined]
    names = [column.name for column in table.columns]
    chosen = ", ".join(
        f"one.{name} + {moved[name]} * n" if name in moved else f"one.{name}" for name in names
    )
    numbers = "SELECT 1 UNION ALL SELECT n + 1 FROM series"
    series = f"WITH RECURSIVE series(n) AS ({numbers} WHERE n < {copies})"
    within = f"WHERE one.id >= {since} AND one.id < {since + size}"
    rows = f"SELECT {chosen} FROM series, {table.name} AS one {within}"  # noqa: S608  (own names)
    db.session.execute(text(f"INSERT INTO {table.name} ({', '.join(names)}) {series} {rows}"))
