"""The audit: who read or changed what since when, and who may do what where."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from sqlalchemy import insert, select

from tests import html
from tests.bureau import DAY, body
from tracker.db import db
from tracker.files.seal_keys import first_keys
from tracker.models import AuditEvent, Grant, Role, Status, User
from tracker.queries.audit_seals import last_seal
from tracker.services.audit_seals import seal_next

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

T0 = dt.datetime(2021, 6, 20, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def world(make):
    """Two members of two branches, their rows, accounts and a few events about each."""
    campaign = make.campaign()
    east, west = make.branch("东湖党支部"), make.branch("西山党支部")
    group = make.group(east)
    zhang = make.member(east, group, name="张三", number="M0001")
    wang = make.member(west, name="王五", number="M0003")
    study = make.record(campaign, member=zhang, minutes=4321, title="自学", happened_on=DAY)
    visit = make.record(campaign, "activity", owner=east, people=[zhang], type="现场教学", title="参观")
    other = make.record(campaign, member=wang, minutes=30, status=Status.SUBMITTED, title="另一条")
    users = {
        "office": make.user(Role.OFFICE, login="office", password_hash="x"),
        "auditor": make.user(Role.AUDITOR, login="auditor", password_hash="x"),
        "secretary": make.user(Role.SECRETARY, east, login="east", password_hash="x"),
        "member": make.user(Role.MEMBER, member=zhang, login="zhang", password_hash="x"),
    }
    found = SimpleNamespace(
        campaign=campaign, east=east, zhang=zhang, wang=wang, study=study, visit=visit, other=other, **users
    )
    for minute, (actor, action, subject, detail) in enumerate(
        [
            (found.member, "record:enter", study, {}),
            (found.secretary, "record:verify", study, {}),
            (found.office, "member:read", zhang, {}),
            (found.office, "participation:reverse", visit.participations[0], {"record_id": visit.id}),
            (found.office, "member:read", wang, {}),
            (found.secretary, "record:return", other, {}),
            (None, "user:create", found.member, {"role": "member", "unit_id": None}),
            (found.office, "grant:give", found.secretary, {"role": "secretary", "unit_id": east.id}),
        ]
    ):
        db.session.add(
            AuditEvent(
                at=T0 + minute * MINUTE, actor_id=actor.id if actor else None, action=action,
                subject_type=subject.__tablename__, subject_id=subject.id, detail=detail,
            )
        )  # fmt: skip
    db.session.add(
        AuditEvent(
            at=T0 + 9 * MINUTE, actor_id=found.member.id, action="access:denied", subject_type="endpoint",
            subject_id=None, detail={"endpoint": "members.index"},
        )
    )  # fmt: skip
    db.session.flush()
    return found


def lines(root):
    """The rows of the table of events, as texts of their cells."""
    return [
        [html.text_of(cell) for cell in row.iter("td")]
        for row in root.iter("tr")
        if row.find("td") is not None
    ]


def at(minute):
    """The moment of the event of that minute, as the wall's clock in Shanghai shows it."""
    return f"2021-06-20 10:{minute:02}"


def moments(root):
    return [row[0] for row in lines(root)]


def test_events_are_told_newest_first_on_the_clock_of_the_wall(client, world):
    client.sign_in(world.auditor)
    root = client.page("/audit")
    told = moments(root)
    assert told == sorted(told, reverse=True)
    assert told[-1] == at(0)
    assert "record:verify" not in body(root)
    assert "access:denied" not in body(root)


def test_the_search_by_member_finds_person_records_attendances_and_account(client, world):
    client.sign_in(world.auditor)
    for asked in ("张三", "zhangsan", "zs", "M0001"):
        assert moments(client.page(f"/audit?about={asked}")) == [at(6), at(3), at(2), at(1), at(0)], asked
    assert moments(client.page(f"/audit?member={world.wang.id}&since=2021-06-20&until=2021-06-20")) == [
        at(5),
        at(4),
    ]


def test_a_member_s_search_tells_no_hours_and_no_number_of_a_row_that_hides_names(client, world):
    client.sign_in(world.auditor)
    root = client.page("/audit?about=M0001")
    assert "4321" not in body(root)
    assert "72" not in body(root).replace("172", "")
    links = {link.get("href") for link in root.iter("a")}
    assert f"/records/{world.study.id}" not in links
    assert f"/records/{world.visit.id}" in links
    assert f"/members/{world.zhang.id}" in links


def test_a_member_s_own_entry_is_never_joined_to_its_number(client, world):
    client.sign_in(world.office)
    assert f"/records/{world.study.id}" in {link.get("href") for link in client.page("/audit").iter("a")}
    by_member = client.page(f"/audit?actor={world.member.id}")
    assert f"/records/{world.study.id}" not in {link.get("href") for link in by_member.iter("a")}
    by_record = client.page(f"/audit?record={world.study.id}&member={world.wang.id}")
    assert moments(by_record) == [at(1), at(0)]  # the member's name is no further choice here
    assert world.member.name not in body(by_record)
    assert world.secretary.name in body(by_record)


@pytest.mark.parametrize(
    ("query", "minutes"),
    [
        ("by=east", [5, 1]),
        ("what=verifying", [5, 1]),
        ("only=readings", [4, 2]),
        ("only=refusals", [9]),
        ("what=denied", [9]),
        ("only=readings&what=verifying", []),
        ("what=nonsense&only=nonsense&since=yesterday&page=x&record=x", [9, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("since=2021-06-20&until=2021-06-20", [9, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("since=2021-06-21&until=2021-06-30", []),
        ("until=2021-06-19", []),
        ("since=0001-01-01&until=9999-12-31", [9, 7, 6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_choices_narrow_the_list(client, world, query, minutes):
    client.sign_in(world.auditor)
    client.page("/audit")  # what this visit itself leaves is of today
    found = [moment for moment in moments(client.page(f"/audit?{query}")) if moment.startswith("2021-06-20")]
    assert found == [at(minute) for minute in minutes]


def test_a_name_that_several_have_is_asked_back(client, world, make):
    twin = make.member(world.east, name="张三", number="M0009")
    client.sign_in(world.auditor)
    root = client.page("/audit?about=张三&since=2021-06-20")
    assert lines(root) == []
    links = [parse_qs(urlsplit(link.get("href") or "").query) for link in root.iter("a")]
    for member in (world.zhang, twin):
        assert {"member": [str(member.id)], "since": ["2021-06-20"]} in links
    assert lines(client.page("/audit?about=没有这个人")) == []


def test_the_list_takes_the_same_statements_however_long_it_is(client, world, statements):
    client.sign_in(world.auditor)
    many_events(world, 3)
    address = f"/audit?member={world.zhang.id}"
    client.page(address)
    with statements() as few:
        client.page(address)
    many_events(world, 57)
    with statements() as many:
        client.page(address)
    assert len(many) == len(few)


def many_events(world, count):
    rows = [
        {
            "at": T0 + n * dt.timedelta(seconds=1), "actor_id": (world.office, world.secretary)[n % 2].id,
            "action": ("record:read", "member:read", "record:verify")[n % 3],
            "subject_type": ("record", "member", "record")[n % 3],
            "subject_id": (world.study, world.zhang, world.other)[n % 3].id, "detail": {},
        }
        for n in range(count)
    ]  # fmt: skip
    db.session.execute(insert(AuditEvent), rows)


# PostgreSQL reads small tables whole; bench/audit_search.py measures both databases.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_search_by_member_reads_the_indexes(session, world):
    from tracker.queries.audit import EventFilter, _listed

    statement = _listed(EventFilter(member=world.zhang, since=T0)).compile(
        db.engine, compile_kwargs={"literal_binds": True}
    )
    plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert not [step for step in plan if step.startswith("SCAN audit_event") and "INDEX" not in step], plan


def test_what_is_listed_goes_out_as_a_workbook_and_leaves_an_event(client, world):
    client.sign_in(world.auditor)
    address = f"/audit.xlsx?member={world.zhang.id}"
    answer = client.submit(f"/audit?member={world.zhang.id}", action=address)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [at(6), at(3), at(2), at(1), at(0)]
    assert all(str(world.study.id) != cell and "4321" not in str(cell) for row in rows for cell in row)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "audit:export")).one()
    assert (event.actor_id, event.detail["rows"]) == (world.auditor.id, 5)
    assert event.detail["chosen"] == {"member": str(world.zhang.id)}


@pytest.mark.parametrize("who", ["secretary", "member"])
def test_the_audit_is_for_office_and_auditor_alone(client, world, who):
    client.sign_in(getattr(world, who))
    assert client.get("/audit").status_code == 404
    assert client.get("/audit/access").status_code == 404
    fields = html.hidden_fields(client.page("/help"))
    assert client.post("/audit.xlsx", data=fields).status_code == 404


def test_a_member_or_an_account_that_is_not_there_is_not_found(client, world):
    client.sign_in(world.auditor)
    assert client.get("/audit?member=987654321").status_code == 404
    assert client.get("/audit?actor=987654321").status_code == 404


def test_roles_are_listed_by_unit_with_disabled_accounts_and_slips(client, world, make):
    group = make.group(world.east)
    leader = make.user(Role.GROUP_LEADER, group, login="leader", password_hash="x")
    leader.must_change, leader.slip_until = True, dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    gone = make.user(Role.DEPUTY, world.east, login="gone", password_hash="x")
    gone.is_disabled = True
    db.session.flush()
    client.sign_in(world.auditor)
    places = [
        html.text_of(cell)
        for cell in client.page("/audit/access").iter("th")
        if cell.get("scope") == "rowgroup"
    ]
    assert places[1:] == ["东湖党支部", f"东湖党支部 · {group.name}"]
    assert logins(client.page("/audit/access?show=slips")) == ["leader"]
    assert logins(client.page("/audit/access?show=disabled")) == ["gone"]
    assert moments(client.page("/audit/access?show=changes")) == [at(7)]
    assert "zhang" not in body(client.page("/audit/access"))  # a member's own account gives nothing away


def logins(root):
    return [row[0] for row in lines(root)]


def test_the_list_of_roles_takes_the_same_statements_however_long_it_is(client, world, make, statements):
    client.sign_in(world.auditor)
    with statements() as few:
        client.page("/audit/access")
    for _ in range(8):
        make.user(Role.GROUP_LEADER, make.group(world.east))
    with statements() as many:
        client.page("/audit/access")
    assert len(many) == len(few)


def test_whoever_acted_is_told_with_the_roles_of_today(client, world):
    grant = db.session.scalars(select(Grant).where(Grant.user_id == world.secretary.id)).one()
    db.session.delete(grant)
    db.session.flush()
    client.sign_in(world.auditor)
    row = lines(client.page("/audit?by=east"))[0]
    assert world.secretary.name in row[1]
    assert world.east.name not in row[1]
    assert db.session.get(User, world.secretary.id).grants == []


def test_the_page_says_how_far_the_audit_is_sealed(client, world, tmp_path):
    client.sign_in(world.auditor)
    assert "已封存到" not in html.text_of(client.page("/audit"))
    sealed = seal_next(first_keys(tmp_path / "keys", "aes-256-gcm")[0], T0 + 10 * MINUTE)
    assert sealed is not None
    assert f"已封存到第{last_seal().last_id}号事件" in html.text_of(client.page("/audit"))
