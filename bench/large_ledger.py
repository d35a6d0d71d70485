"""A bureau with as many records as one likes, made by the database itself from a few thousand.

The days of the copies differ, so that the folded cells of a large ledger are as many as they would be: each
member of the patterns has something on nearly every day.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, text

from bench.loose import loose
from tests.maker import NOW, Maker
from tracker.db import db
from tracker.models import (
    Campaign,
    Grant,
    Kind,
    Member,
    Membership,
    OwnerType,
    Participation,
    Record,
    Role,
    Status,
    Unit,
    UnitCategory,
    UnitLevel,
    User,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.pinyin import pinyin_key
from tracker.services.tallies import recount_all
from tracker.services.terms import recount_terms

BRANCHES, MEMBERS, PATTERNS = 50, 1_000, 10_000
GROUPS, SECTIONS = 4, 20  # groups are of each branch
ACCOUNTS = 500  # members who can sign in
SHARES = (70, 3, 5, 4, 8, 5, 4, 1)  # of each kind in a hundred, in the order of the campaign file
PEOPLE = 12  # in a session
FIRST, DAYS = dt.date(2021, 2, 26), 150  # records lie within these days; what is entered later, behind them


@dataclass(frozen=True, slots=True)
class Large:
    """Ids of what the pages are asked for. records: how many are verified."""

    campaign_id: int
    office_id: int
    secretary_id: int
    member_user_id: int
    branch_id: int
    member_id: int
    records: int
    clerk_id: int = 0  # who entered what waits
    account_ids: list[int] = field(default_factory=list)  # of members, the first one's among them


def fill(records: int, *, members: int = MEMBERS, branches: int = BRANCHES, waiting: int = 0) -> Large:
    """Everything, committed; tallies are counted at the end.

    records: verified ones, at least as many as there are patterns.
    waiting: records more that wait to be verified, entered by somebody else than those who verify.
    """
    make, chance = Maker(), random.Random(2021)
    campaign = make.campaign()
    places, branch_ids = _people(make, members, branches)
    office, clerk = make.user(Role.OFFICE), make.user(Role.OFFICE)
    account_ids = _accounts(places, branch_ids, make)
    rows, people = _patterns(campaign, places, office.id, make.office.id, chance, max(PATTERNS, members))
    first, at = rows[0]["id"], people[0]["id"]
    db.session.execute(insert(Record), rows)
    db.session.execute(insert(Participation), people)
    steps, size = (len(rows), len(people)), len(rows)
    with loose(db.session.connection(), "record", "participation"):
        done = _copy_all(steps, first, at, records, size, {})
        if waiting:
            waits = {"status": "'submitted'", "verified_by_id": "NULL", "verified_at": "NULL",
                     "entered_by_id": str(clerk.id)}  # fmt: skip
            _copy_all(steps, first, at, waiting + size, size, waits, done)
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
    secretary_id = db.session.scalars(select(Grant.user_id).where(Grant.unit_id == branch_ids[0])).one()
    return Large(
        campaign.id, office.id, secretary_id, account_ids[0], branch_ids[0], places[0]["id"], count, clerk.id,
        account_ids,
    )  # fmt: skip


def _people(make: Maker, members: int, branches: int) -> tuple[list[dict[str, int]], list[int]]:
    """Units and members in statements of many rows. Returns where each member is, and the branches' ids."""
    committee = make.committee()
    branch_ids = _units(UnitLevel.BRANCH, [committee.id] * branches, "第{}党支部", UnitCategory.SERVING)
    group_ids = _units(UnitLevel.GROUP, [one for one in branch_ids for _ in range(GROUPS)], "第{}党小组")
    section_ids = _units(UnitLevel.SECTION, [None] * SECTIONS, "第{}科")
    places = []
    first = (db.session.scalar(select(func.max(Member.id))) or 0) + 1
    for n in range(members):
        at = n % len(group_ids)
        places.append({"id": first + n, "branch": branch_ids[at // GROUPS], "group": group_ids[at],
                       "section": section_ids[n % SECTIONS]})  # fmt: skip
    names = [f"张{chr(0x4E00 + n % 20_000)}{chr(0x4E00 + n // 20_000) if n >= 20_000 else ''}"
             for n in range(members)]  # fmt: skip
    db.session.execute(insert(Member), [
        {"id": place["id"], "number": f"T{n:06}", "name": name, "pinyin": pinyin_key(name)}
        for n, (place, name) in enumerate(zip(places, names, strict=True))
    ])  # fmt: skip
    db.session.execute(insert(Membership), [
        {"member_id": one["id"], "branch_id": one["branch"], "group_id": one["group"],
         "section_id": one["section"], "category": "在职", "standing": "正式党员"}
        for one in places
    ])  # fmt: skip
    _go_on_behind("member")
    return places, branch_ids


def _units(
    level: UnitLevel, parents: list[Any], name: str, category: UnitCategory | None = None
) -> list[int]:
    first = (db.session.scalar(select(func.max(Unit.id))) or 0) + 1
    db.session.execute(insert(Unit), [
        {"id": first + n, "level": level, "parent_id": parent, "name": name.format(n + 1), "position": n,
         "pinyin": pinyin_key(name.format(n + 1), is_person=False), "category": category}
        for n, parent in enumerate(parents)
    ])  # fmt: skip
    _go_on_behind("unit")
    return list(range(first, first + len(parents)))


def _accounts(places: list[dict[str, int]], branch_ids: list[int], make: Maker) -> list[int]:
    """A secretary for each branch, and accounts of the first members. Returns the members' accounts."""
    first = (db.session.scalar(select(func.max(User.id))) or 0) + 1
    some = places[:ACCOUNTS]
    users = [
        {"id": first + n, "login": f"account{n}", "name": f"用户{n}", "password_hash": "",
         "former_hashes": [], "member_id": some[n]["id"] if n < len(some) else None}
        for n in range(len(some) + len(branch_ids))
    ]  # fmt: skip
    db.session.execute(insert(User), users)
    grants = [
        {"user_id": first + n, "role": Role.MEMBER if n < len(some) else Role.SECRETARY,
         "unit_id": None if n < len(some) else branch_ids[n - len(some)]}
        for n in range(len(users))
    ]  # fmt: skip
    db.session.execute(insert(Grant), grants)
    _go_on_behind("user_account")
    return [one["id"] for one in users[: len(some)]]


def _go_on_behind(table: str) -> None:
    """Let PostgreSQL draw the next id behind those that were given."""
    if db.engine.dialect.name == "postgresql":
        last = f"(SELECT max(id) FROM {table})"  # noqa: S608  (own names)
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def _patterns(
    campaign: Campaign, places: list[dict[str, int]], by: int, verifier: int, chance: random.Random, size: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows that all others are copies of, and who was there."""
    spec, kinds = spec_of(campaign), {row.code: row for row in campaign.kinds}
    shared = [kinds[kind.code] for kind, share in zip(spec.kinds, SHARES, strict=True) for _ in range(share)]
    by_code = {kind.code: kind for kind in spec.kinds}
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    others = places[1:]  # the first member's own entries must fit into her days
    first = (db.session.scalar(select(func.max(Record.id))) or 0) + 1
    for n in range(size):
        row = shared[n % len(shared)]
        place = others[(n * 7919) % len(others)] if n < len(others) else chance.choice(others)
        rows.append(_row(first + n, campaign, row, by_code[row.code], place, by, verifier, chance))
        there = [place] if rows[-1]["member_id"] else chance.sample(others, PEOPLE)
        if rows[-1]["owner_type"] in (OwnerType.MEMBER, OwnerType.BRANCH, OwnerType.GROUP):
            people += [
                {"record_id": first + n, "member_id": one["id"], "branch_id": one["branch"],
                 "group_id": one["group"], "section_id": one["section"], "minutes": rows[-1]["minutes"],
                 "version": 1}
                for one in there
            ]  # fmt: skip
    at = (db.session.scalar(select(func.max(Participation.id))) or 0) + 1
    return rows, [{"id": at + n, **one} for n, one in enumerate(people)]


def _copy_all(
    steps: tuple[int, int], first: int, at: int, records: int, size: int, fixed: dict[str, str], done: int = 0
) -> int:
    """Copies until there are `records` with the patterns themselves. Returns how many copies there are."""
    copies = max(0, -(-(records - size) // size))
    _copy(Record, first, size, (done, copies), {"id": steps[0]}, fixed)
    _copy(Participation, at, steps[1], (done, copies), {"id": steps[1], "record_id": steps[0]}, {})
    return done + copies


def _row(
    id_: int, campaign: Campaign, row: Kind, kind: object, place: dict[str, int], by: int, verifier: int,
    chance: random.Random,
) -> dict[str, Any]:  # fmt: skip
    """One verified record of a kind, with something in each column that the kind asks for."""
    levels = [str(one) for one in kind.owners]  # type: ignore[attr-defined]
    level = chance.choice([one for one in levels if one != "bureau"] or levels)
    day = FIRST + dt.timedelta(days=chance.randrange(DAYS))
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


def _copy(
    model: type, first: int, size: int, which: tuple[int, int], moved: dict[str, int], fixed: dict[str, str]
) -> None:
    """Copies of the `size` rows from `first` on.

    which: how many copies there are, and how many more to make. moved: columns that grow by so much with
    each copy. fixed: SQL for columns that all of them have otherwise. Days go round within DAYS.
    """
    done, copies = which
    if not copies:
        return
    table = model.__table__  # type: ignore[attr-defined]
    names = [column.name for column in table.columns]
    given = {name: f"one.{name} + {step} * n" for name, step in moved.items()} | fixed
    if "happened_on" in names:
        given |= _days()
    chosen = ", ".join(given.get(name, f"one.{name}") for name in names)
    series = (  # own names and whole numbers
        f"WITH RECURSIVE series(n) AS (SELECT {done + 1} UNION ALL SELECT n + 1 FROM series"  # noqa: S608
        f" WHERE n < {done + copies})"
    )
    within = f"WHERE one.id >= {first} AND one.id < {first + size}"
    rows = f"SELECT {chosen} FROM series, {table.name} AS one {within}"  # noqa: S608  (own names)
    db.session.execute(text(f"INSERT INTO {table.name} ({', '.join(names)}) {series} {rows}"))


def _days() -> dict[str, str]:
    """SQL of a copy's days: 37 days on with each copy, from the last day to the first."""
    if db.engine.dialect.name == "postgresql":
        day = f"DATE '{FIRST}' + (one.happened_on - DATE '{FIRST}' + 37 * n) % {DAYS}"
        return {"happened_on": day, "ended_on": f"CASE WHEN one.ended_on IS NOT NULL THEN {day} + 20 END"}
    on = f"CAST(julianday(one.happened_on) - julianday('{FIRST}') AS INTEGER) + 37 * n"
    day = f"date('{FIRST}', '+' || (({on}) % {DAYS}) || ' days'"
    return {
        "happened_on": f"{day})",
        "ended_on": f"CASE WHEN one.ended_on IS NOT NULL THEN {day}, '+20 days') END",
    }
