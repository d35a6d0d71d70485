"""Tally sheets: printed for one's own units, keyed in once, seen by nobody else."""

from __future__ import annotations

import datetime as dt
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import Bureau, body
from tracker.db import db
from tracker.models import AuditEvent, Membership, Paper, Record, Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def secretary(client, make, bureau):
    return client.sign_in(make.user(Role.SECRETARY, bureau.one))


@pytest.fixture
def paper(secretary, bureau):
    """A sheet of the first branch for the week of 8 March."""
    return printed(secretary, bureau.one)


def printed(client, unit, week="2021-03-10"):
    answer = client.submit("/papers/new", {"unit": str(unit.id), "kind": "study", "week": week})
    assert answer.status_code == 303, answer.status_code
    return db.session.get_one(Paper, int(answer.location.rsplit("/", 1)[1]))


def keyed(paper):
    return list(db.session.scalars(select(Record).where(Record.paper_id == paper.id).order_by(Record.id)))


def boxes(root: Element) -> list[Element]:
    return root.findall(".//section[@class='sheet']//tbody/tr")


def test_a_sheet_holds_the_members_of_the_unit_and_a_code(secretary, paper, bureau):
    assert (paper.starts_on, paper.days) == (dt.date(2021, 3, 8), 7)
    assert paper.member_ids == [one.id for one in bureau.people[:2]]
    root = secretary.page(f"/papers/{paper.id}")
    assert [html.text_of(row.find("th")) for row in boxes(root)] == ["张三M0001", "李四M0002"]
    assert {len(row.findall("td")) for row in boxes(root)} == {9}  # seven days, and two words of its own
    assert paper.code in body(root)
    assert len(paper.code) == 9


def test_a_sheet_is_printed_for_own_units_only(secretary, bureau):
    root = secretary.page("/papers/new")
    options = {one.get("value") for one in root.findall(".//select[@name='unit']/option")}
    assert options == {str(bureau.one.id), str(bureau.groups[0].id)}
    foreign, missing = (
        secretary.submit("/papers/new", {"unit": unit, "kind": "study", "week": "2021-03-10"})
        for unit in (str(bureau.two.id), "999999")
    )
    assert (foreign.status_code, missing.status_code) == (422, 422)
    assert db.session.scalars(select(Paper)).all() == []


@pytest.mark.parametrize("week", ["", "2021-13-01", "2020-01-01", "2022-06-01", "x"])
def test_a_week_outside_the_campaign_is_refused(secretary, bureau, week):
    answer = secretary.submit("/papers/new", {"unit": str(bureau.one.id), "kind": "study", "week": week})
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//p[@id='week-error']") is not None


def test_a_unit_without_members_has_no_sheet(secretary, make, bureau):
    empty = make.group(bureau.one)
    data = {"unit": str(empty.id), "kind": "study", "week": "2021-03-10"}
    assert secretary.submit("/papers/new", data).status_code == 422


def test_only_who_enters_for_the_unit_sees_the_sheet(secretary, app, make, bureau, paper):
    leader = make.user(Role.GROUP_LEADER, bureau.groups[0])
    own = printed(app.test_client().sign_in(leader), bureau.groups[0])
    people = {
        make.user(Role.SECRETARY, bureau.two): (404, 404),
        leader: (404, 200),
        make.user(Role.DEPUTY, bureau.one): (200, 200),
        make.user(Role.OFFICE): (200, 200),
        make.user(Role.AUDITOR): (404, 404),
        make.user(Role.SECTION_HEAD, bureau.section): (404, 404),
        make.user(Role.MEMBER, member=bureau.people[0]): (404, 404),
    }
    for user, expected in people.items():
        client = app.test_client().sign_in(user)
        for ending in ("", "/key"):
            got = tuple(client.get(f"/papers/{one.id}{ending}").status_code for one in (paper, own))
            assert got == expected, (user.grants[0].role, ending)


def test_the_list_shows_own_sheets_and_finds_by_code(secretary, app, make, bureau, paper):
    second = printed(secretary, bureau.groups[0])
    found = secretary.page(f"/papers?code={second.code.replace('-', '').lower()[:6]}")
    assert second.code in body(found)
    assert paper.code not in body(found)
    assert secretary.page("/papers?code=%25").find(".//table") is None
    other = app.test_client().sign_in(make.user(Role.SECRETARY, bureau.two))
    assert paper.code not in body(other.page("/papers"))


def test_what_is_keyed_in_becomes_records_of_the_sheet(secretary, bureau, paper):
    zhang, li = bureau.people[:2]
    typed = {
        "source": "集中学习", "title": "夜读", "status": "verified", f"source-{li.id}": "学习强国",
        f"minutes-{zhang.id}-0": "1.5", f"minutes-{zhang.id}-6": "40分钟", f"minutes-{li.id}-1": "2小时",
    }  # fmt: skip
    answer = secretary.submit(f"/papers/{paper.id}/key", typed)
    assert (answer.status_code, answer.location) == (303, f"/papers/{paper.id}")
    assert [(one.member_id, one.happened_on.day, one.minutes, one.source) for one in keyed(paper)] == [
        (zhang.id, 8, 90, "集中学习"),
        (zhang.id, 14, 40, "集中学习"),
        (li.id, 9, 120, "学习强国"),
    ]
    assert {one.status for one in keyed(paper)} == {Status.SUBMITTED}
    root = secretary.page(f"/papers/{paper.id}")
    assert len(root.findall(".//table[@class='rows cards']/tbody/tr")) == 3
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions.count("paper:key") == 1
    assert actions.count("paper:print") == 1


def test_a_keyed_sheet_is_not_keyed_again(secretary, bureau, paper):
    typed = {"source": "集中学习", f"minutes-{bureau.people[0].id}-0": "1"}
    fields = html.hidden_fields(secretary.page(f"/papers/{paper.id}/key"))
    url = f"/papers/{paper.id}/key"
    assert secretary.post(url, data={**fields, **typed}).status_code == 303
    assert secretary.post(url, data={**fields, **typed}).status_code in (302, 303)  # the double click
    again = secretary.post(url, data={**fields, "submission_key": "k" * 24, **typed})
    assert again.status_code == 409
    assert secretary.get(url).status_code == 302
    assert len(keyed(paper)) == 1


def test_a_faulty_box_stops_the_whole_sheet_and_leaves_it_free(secretary, bureau, paper):
    zhang, li = bureau.people[:2]
    typed = {"source": "集中学习", f"minutes-{zhang.id}-0": "1", f"minutes-{li.id}-2": "一上午"}
    answer = secretary.submit(f"/papers/{paper.id}/key", typed)
    root = html.parse(answer.text)
    assert (answer.status_code, keyed(paper), paper.keyed_at) == (422, [], None)
    assert root.find(f".//a[@href='#minutes-{li.id}-2']") is not None
    assert root.find(f".//input[@id='minutes-{li.id}-2']").get("value") == "一上午"
    empty = secretary.submit(f"/papers/{paper.id}/key", {"source": "集中学习"})
    assert (empty.status_code, paper.keyed_at) == (422, None)


def test_the_sheet_keeps_the_members_of_the_day_it_was_printed(secretary, make, bureau, paper):
    make.member(bureau.one, bureau.groups[0], name="后来的")
    zhang = bureau.people[0]
    stay = db.session.scalars(select(Membership).where(Membership.member_id == zhang.id)).one()
    stay.ends_on = dt.date(2021, 3, 11)
    make.membership(zhang, bureau.two, starts_on=dt.date(2021, 3, 11))
    assert [html.text_of(row.find("th")) for row in boxes(secretary.page(f"/papers/{paper.id}"))] == [
        "张三M0001", "李四M0002",
    ]  # fmt: skip
    late = {"source": "集中学习", f"minutes-{zhang.id}-0": "1", f"minutes-{zhang.id}-3": "1"}
    answer = secretary.submit(f"/papers/{paper.id}/key", late)  # Thursday is the other branch's
    assert (answer.status_code, keyed(paper)) == (422, [])
    del late[f"minutes-{zhang.id}-3"]
    assert secretary.submit(f"/papers/{paper.id}/key", late).status_code == 303


def test_boxes_of_others_than_the_sheets_are_not_read(secretary, bureau, paper):
    zhang, stranger = bureau.people[0], bureau.people[2]
    boxes_typed = (f"minutes-{stranger.id}-0", f"minutes-{zhang.id}-9", f"minutes-{zhang.id}-1")
    typed = {"source": "集中学习", **dict.fromkeys(boxes_typed, "1")}
    assert secretary.submit(f"/papers/{paper.id}/key", typed).status_code == 303
    assert [one.member_id for one in keyed(paper)] == [bureau.people[0].id]


def test_a_head_of_a_section_has_no_sheets(client, make, bureau):
    client.sign_in(make.user(Role.SECTION_HEAD, bureau.section))
    assert client.page("/papers").find(".//table") is None
    assert client.page("/papers/new").find(".//select[@name='unit']") is None
