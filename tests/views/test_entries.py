"""Entering one record of any kind, correcting and withdrawing it: what each person finds and may send."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import Bureau
from tracker.db import db
from tracker.models import OwnerType, Record, Role, Status, Work

HOURS = {"happened_on": "2021-03-05", "minutes": "1.5", "source": "学习强国", "title": "自己读"}


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def people(bureau, make):
    return {
        "member": make.user(Role.MEMBER, member=bureau.people[0]),
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "leader": make.user(Role.GROUP_LEADER, bureau.groups[0]),
        "head": make.user(Role.SECTION_HEAD, bureau.section),
        "office": make.office,
    }


def last():
    return db.session.scalars(select(Record).order_by(Record.id.desc()).limit(1)).one()


def count():
    return db.session.scalar(select(func.count()).select_from(Record)) or 0


def errors(response):
    root = html.parse(response.text)
    return [html.text_of(one) for one in root.iter("p") if one.get("class") == "error"]


def names(root):
    """The names of the fields that a page asks for."""
    fields = (*root.iter("input"), *root.iter("select"), *root.iter("textarea"))
    return {one.get("name") for one in fields if one.get("type") != "hidden"} - {None, "tick"}


def kinds_offered(root):
    return {one.get("data-kind") for one in root.iter("li") if one.get("data-kind")}


def test_each_is_offered_the_kinds_that_are_theirs(client, people, bureau):
    offered = {}
    for role in ("secretary", "leader", "head", "office"):
        client.sign_in(people[role])
        offered[role] = kinds_offered(client.page("/enter"))
    from tracker.queries.campaigns import spec_of

    kinds = {kind.code: set(kind.owners) for kind in spec_of(bureau.campaign).kinds}
    assert offered["office"] == set(kinds)
    assert offered["secretary"] == {
        c for c, owners in kinds.items() if owners & {"member", "group", "branch"}
    }
    assert offered["leader"] == {c for c, owners in kinds.items() if owners & {"member", "group"}}
    assert offered["head"] == {c for c, owners in kinds.items() if "section" in owners}


def test_every_kind_has_a_form_for_whoever_it_is_theirs(client, people):
    for role in ("secretary", "leader", "head", "office"):
        client.sign_in(people[role])
        for kind in kinds_offered(client.page("/enter")):
            assert client.page(f"/enter/{kind}").find(".//form[@class='body-pad']") is not None


def test_a_kind_that_is_not_theirs_and_one_that_is_not_there_are_not_found(client, people):
    client.sign_in(people["leader"])
    assert client.get("/enter/task").status_code == 404
    assert client.get("/enter/nothing").status_code == 404
    client.sign_in(people["member"])
    assert client.get("/enter").status_code == 404
    assert client.get("/enter/service").status_code == 404


def test_a_member_enters_for_themselves_whatever_is_posted(client, people, bureau):
    client.sign_in(people["member"])
    asked = names(client.page("/enter/study"))
    assert asked.isdisjoint({"member", "owner", "member_number", "branch"})
    forged = {
        "member": "M0003", "member_number": "M0003", "member_name": "王五", "branch": "西山党支部",
        "status": "verified", "entered_by": "1", "entered_by_id": "1", "branch_id": str(bureau.two.id),
        "verified_at": "2021-01-01", "identity": "x", "version": "9", "paper_id": "1", "owner": "bureau:1",
    }  # fmt: skip
    answer = client.submit("/enter/study", {**HOURS, **forged})
    record = last()
    assert answer.status_code == 303
    assert answer.location == f"/records/{record.id}"
    assert (record.member_id, record.branch_id) == (bureau.people[0].id, bureau.one.id)
    assert (record.status, record.entered_by_id) == (Status.SUBMITTED, people["member"].id)
    assert (record.verified_at, record.paper_id, record.version) == (None, None, 1)


def test_a_secretary_enters_for_a_member_by_name_or_number(client, people, bureau):
    client.sign_in(people["secretary"])
    for typed in ("李四", "M0002", "李四（M0002）", " 李 四 "):
        assert client.submit("/enter/study", {**HOURS, "member": typed}).status_code == 303
        assert (last().member_id, last().minutes) == (bureau.people[1].id, 90)


def test_a_stranger_is_nobody_and_what_was_typed_stays(client, people):
    client.sign_in(people["leader"])
    before = count()
    said = []
    for typed in ("王五", "查无此"):
        answer = client.submit("/enter/study", {**HOURS, "member": typed, "minutes": "一会儿"})
        assert answer.status_code == 422
        root = html.parse(answer.text)
        values = {one.get("name"): one.get("value") for one in root.iter("input")}
        assert (values["member"], values["minutes"], values["title"]) == (typed, "一会儿", "自己读")
        assert root.find(".//select[@name='source']/option[@selected]").get("value") == "学习强国"
        told = {one.get("id") for one in root.iter("p") if one.get("class") == "error"}
        assert told == {"member-error", "minutes-error"}
        assert root.find(".//div[@class='summary']//a[@href='#member']") is not None
        said.append(errors(answer)[0].replace(typed, ""))
    assert said[0] == said[1]
    assert count() == before


def test_no_page_of_entering_names_members_of_another_branch(client, people):
    client.sign_in(people["secretary"])
    for url in (
        "/enter/study",
        "/enter/activity",
        "/enter/study/several",
        "/enter/study/week",
        "/papers/new",
    ):
        text = client.get(url).text
        assert "王五" not in text, url
        assert "西山" not in text, url


def test_a_leader_chooses_the_own_group_only(client, people, bureau):
    client.sign_in(people["leader"])
    options = client.page("/enter/service").findall(".//select[@name='owner']/option")
    assert [one.get("value") for one in options] == [f"group:{bureau.groups[0].id}"]
    row = {"happened_on": "2021-03-05", "category": "慰问", "community": "北园", "minutes": "2"}
    ticks = {"tick": [str(bureau.people[1].id)], "people": "张三"}
    own = {**row, **ticks, "owner": f"group:{bureau.groups[0].id}"}
    assert client.submit("/enter/service", own).status_code == 303
    assert {one.member_id for one in last().participations} == {one.id for one in bureau.people[:2]}
    assert (last().owner_type, last().group_id) == (OwnerType.GROUP, bureau.groups[0].id)
    foreign = client.submit("/enter/service", {**row, "owner": f"group:{bureau.groups[1].id}"})
    missing = client.submit("/enter/service", {**row, "owner": "group:999999"})
    assert (foreign.status_code, errors(foreign)) == (422, errors(missing))


def test_a_head_enters_a_task_of_the_section_and_a_secretary_one_of_the_branch(client, people, bureau):
    row = {"happened_on": "2021-04-01", "title": "修灯", "stage": "完成", "ended_on": "2021-05-01"}
    for role, unit, key in (("head", bureau.section, "section"), ("secretary", bureau.one, "branch")):
        client.sign_in(people[role])
        answer = client.submit("/enter/task", {**row, "owner": f"{key}:{unit.id}"})
        assert answer.status_code == 303
        assert (str(last().owner_type), last().stage) == (key, "完成")
    again = client.submit("/enter/task", {**row, "ended_on": "", "owner": f"branch:{bureau.one.id}"})
    assert (again.status_code, len(errors(again))) == (422, 1)


def test_the_office_enters_a_session_of_the_bureau_and_a_joint_one(client, people, bureau, make):
    client.sign_in(people["office"])
    row = {"happened_on": "2021-04-01", "title": "会", "type": "专题学习"}
    root_id = make.committee().id
    assert client.submit("/enter/activity", {**row, "owner": f"bureau:{root_id}"}).status_code == 303
    assert last().owner_type is OwnerType.BUREAU
    joint = {**row, "owner": f"branch:{bureau.one.id}", "together": "西山党支部"}
    assert client.submit("/enter/activity", joint).status_code == 303
    assert [one.unit_id for one in last().co_organisers] == [bureau.two.id]


def test_two_columns_that_are_records_of_their_own_are_asked_and_entered(client, people, make, bureau):
    newcomer = make.member(bureau.one, name="新来的")
    client.sign_in(people["secretary"])
    root = client.page("/enter/reading")
    spread = sorted(name for name in names(root) if "#" in name)
    assert len(spread) == 2
    answer = client.submit("/enter/reading", {"member": newcomer.number, spread[0]: "4", spread[1]: "几本"})
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    before = count()
    answer = client.submit("/enter/reading", {"member": newcomer.number, spread[0]: "4", spread[1]: "3"})
    assert (answer.status_code, count() - before) == (303, 2)


def test_an_essay_asks_its_text_and_loses_none(client, people):
    client.sign_in(people["secretary"])
    row = {"member": "M0001", "happened_on": "2021-05-08", "type": "征文", "title": "别的题目"}
    answer = client.submit("/enter/work", {**row, "text": "太短"})
    assert (answer.status_code, "太短" in answer.text) == (422, True)
    text = "第一行字，写得不少。\n" * 4 + "𠮷"
    assert client.submit("/enter/work", {**row, "text": text}).status_code == 303
    assert db.session.scalars(select(Work.text)).all() == [text]


def test_a_form_sent_twice_is_one_record_and_two_forms_are_two(client, people):
    client.sign_in(people["member"])
    before = count()
    fields = html.hidden_fields(client.page("/enter/study"))
    for _ in range(2):
        assert client.post("/enter/study", data={**fields, **HOURS}).status_code in (302, 303)
    assert count() == before + 1
    client.submit("/enter/study", HOURS)
    assert count() == before + 2


def test_a_link_presets_member_and_day(client, people, bureau):
    client.sign_in(people["secretary"])
    root = client.page(f"/enter/study?member={bureau.people[1].id}&day=2021-03-08")
    assert root.find(".//input[@name='member']").get("value") == "李四（M0002）"
    assert root.find(".//input[@name='happened_on']").get("value") == "2021-03-08"
    assert client.get(f"/enter/study?member={bureau.people[2].id}").status_code == 404


def test_the_excellent_is_not_for_members_nor_secretaries_to_say(client, people):
    row = {
        "member": "M0001",
        "happened_on": "2021-05-08",
        "type": "征文",
        "title": "别的题目",
        "text": "写" * 30,
    }
    for role, status in (("member", 422), ("secretary", 422), ("office", 303)):
        client.sign_in(people[role])
        root = client.page("/enter/work")
        offered = [one.get("value") for one in root.iterfind(".//select[@name='stage']/option")]
        assert ("优秀" in offered) == (role == "office"), role
        answer = client.submit("/enter/work", {**row, "stage": "优秀"})
        assert answer.status_code == status, role


def test_without_a_campaign_there_is_nothing_to_enter(client, make):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert kinds_offered(client.page("/enter")) == set()
    assert client.get("/enter/study").status_code == 404
    assert "还没有行动计划" in html.text_of(client.page("/enter/paste"))
