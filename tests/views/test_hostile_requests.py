"""Requests that no page of ours makes: none may end in a fault of ours, whoever sends it."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import Bureau
from tests.canary_walk import quick
from tests.workbooks import xlsx
from tests.world import World, address_of, rules
from tracker.db import db
from tracker.models import Batch, Record, Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# Written as they stand in an address, so that what is no UTF-8 stays so. Several parameters at once: each
# page reads its own few of them.
WEIRD = (
    "page=-1&sort=;drop&as_of=9999-12-31&campaign=unknown&q=%25&unit=-1&attendance=0&curve=unknown",
    f"page={10**30}&sort=--day&as_of=0001-01-01&q=_&since=2021-07-01&until=2021-03-01&branch={10**30}",
    f"page=%EF%BC%91&as_of=2021-W10-1&q=%5C&kind=unknown&status=unknown&attendance={10**14}&exempt=maybe",
    f"figure=unknown&q=%ff%fe&%ff=%ff&since=0001-01-01&until=9999-12-31&unit={10**14}&category=%01",
    "q=" + "x" * 5000 + "&page=1e9&sort=-minutes&figure=study.min_hours",
)


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def users(make, bureau):
    return {"office": make.user(Role.OFFICE), "secretary": make.user(Role.SECRETARY, bureau.one)}


@pytest.fixture
def office(client, users):
    return client.sign_in(users["office"])


@pytest.fixture
def addresses(app, make, bureau):
    """An address of every page, for what there is in the bureau."""
    values = World(make, bureau.campaign).values
    return sorted(address_of(app, rule, values) for rule in rules(app) if "GET" in rule.methods)


@pytest.mark.on_postgresql_as("office")
@pytest.mark.parametrize("role", ["office", pytest.param("secretary", marks=pytest.mark.full)])
def test_no_parameter_of_an_address_is_our_fault(app, users, addresses, role):
    client = quick(app).sign_in(users[role])
    answers = {f"{one}?{weird}": client.get(f"{one}?{weird}") for one in addresses for weird in WEIRD}
    assert [address for address, answer in answers.items() if answer.status_code >= 500] == []


def test_a_nul_is_refused_wherever_it_stands(office, addresses):
    for address in addresses:
        assert office.get(f"{address}?campaign=%00").status_code in (400, 404), address
    fields = html.hidden_fields(office.page("/suggestions/new"), "/suggestions/new")
    assert office.post("/suggestions/new", data={**fields, "text": "少\x00一列"}).status_code == 400
    file = (io.BytesIO(b"PK"), "a\x00.xlsx")
    assert office.submit("/imports", {"file": file, "sort": "ledger"}, "/imports").status_code == 400
    assert office.get("/goals/%00").status_code == 404


@pytest.mark.parametrize("version", [str(10**30), "-1", "x", "", "9" * 5000])
def test_a_version_that_no_row_has_changes_nothing(office, bureau, version):
    attendance = bureau.visit.participations[0].id
    for address in (f"/records/{bureau.study.id}/reverse", f"/attendances/{attendance}/reverse"):
        fields = html.hidden_fields(office.page("/help"))
        answer = office.post(address, data={**fields, "why": "重复登记", "version": version})
        assert answer.status_code in (409, 422), address
    assert db.session.get_one(Record, bureau.study.id).status is Status.VERIFIED


@pytest.mark.parametrize("referrer", ["http://[::1", "//", "http://localhost/%00", "\xff"])
def test_a_page_before_that_cannot_be_read_is_as_if_there_were_none(office, referrer):
    assert office.get("/suggestions/new", headers={"Referer": referrer}).status_code == 200


def test_an_impossible_host_gets_a_plain_400(client):
    answer = client.get("/help", headers={"Host": "x" * 5000})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_write_nothing_and_are_no_fault_of_ours(office, bureau, method):
    for address in (
        "/",
        "/records",
        "/records.xlsx",
        f"/records/{bureau.study.id}/reverse",
        "/imports",
        "/nowhere",
    ):
        assert office.open(address, method=method).status_code < 500, address
    assert db.session.get_one(Record, bureau.study.id).status is Status.VERIFIED


# ---- what is sent along with a form ----


def send(client, name="台账.xlsx", content=None, fields=None):
    fields = fields or html.hidden_fields(client.page("/imports"), "/imports")
    content = content or xlsx({"读党史": [["日期", "工号"]]})
    data = {**fields, "file": (io.BytesIO(content), name), "sort": "ledger", "as_verified": "y"}
    return client.post("/imports", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("<img src=x onerror=alert(1)>.xlsx", "<img src=x onerror=alert(1)>.xlsx"),
        ("台账\u202exslx.xlsx", "台账 xslx.xlsx"),
        ("台账\x01\x1b😀.xlsx", "台账 😀.xlsx"),
        ("汉" * 300 + ".xlsx", "汉" * 195 + ".xlsx"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_shown_without_folders_and_tricks(office, name, kept):
    answer = send(office, name)
    assert answer.status_code == 303
    assert db.session.scalars(select(Batch).order_by(Batch.id.desc())).first().filename == kept
    assert kept in html.text_of(office.page(answer.location).find(".//h1"))
    assert office.get(f"{answer.location}/problems.xlsx").status_code == 200


def test_a_mended_file_of_the_same_name_is_not_answered_with_the_one_before(office):
    fields = html.hidden_fields(office.page("/imports"), "/imports")
    first = send(office, fields=fields)
    again = send(office, fields=fields, content=xlsx({"读党史": [["日期", "工号", "姓名"]]}))
    assert (first.status_code, again.status_code) == (303, 409)
    before = db.session.scalar(select(func.count()).select_from(Batch))
    twin = send(office, fields=fields, content=xlsx({"读党史": [["日期", "工号", "姓名"]]}))
    assert (twin.status_code, db.session.scalar(select(func.count()).select_from(Batch))) == (409, before)


def test_a_form_sent_twice_from_a_page_with_a_long_address_leads_back_to_that_page(office):
    fields = html.hidden_fields(office.page("/help"), "/language")
    data = {**fields, "language": "en", "next": "/records?q=" + "x" * 600}
    assert "q=" in office.post("/language", data=data).location
    assert office.post("/language", data=data).location == "/records"
