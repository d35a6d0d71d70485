"""Visits, needs and measures on the page of a pairing's record."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.pairings import by_id, put_opening, put_sealed, put_visit
from tracker.db import db
from tracker.models import AuditEvent, PairingNote, Record, Role, Status
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def people(bureau, make, zhang):
    return {
        "member": zhang,
        "colleague": make.user(Role.MEMBER, member=bureau.people[1]),
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "deputy": make.user(Role.DEPUTY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "leader": make.user(Role.GROUP_LEADER, bureau.groups[0]),
        "office": make.office,
        "auditor": make.user(Role.AUDITOR),
    }


@pytest.fixture
def record(bureau, make):
    return make.record(bureau.campaign, "pairing", member=bureau.people[0], subject="KN009", community="北园")


def send(client, record, **fields):
    page = f"/records/{record.id}"
    return client.submit(page, fields, action=f"/pairings/{record.id}/notes")


def notes():
    return [(row.sort, row.happened_on, row.text) for row in db.session.scalars(select(PairingNote))]


@pytest.mark.parametrize("who", ["member", "secretary", "deputy", "office"])
def test_a_visit_is_noted_and_the_next_one_counted_from_it(client, people, record, who):
    client.sign_in(people[who])
    assert "应于4月4日前走访，已超118天" in body(client.page(f"/records/{record.id}"))
    answer = send(client, record, sort="visit", on="2021-07-20", text="送米一袋")
    assert (answer.status_code, answer.location) == (303, f"/records/{record.id}#pairing")
    assert notes() == [("visit", dt.date(2021, 7, 20), "送米一袋")]
    shown = body(client.page(f"/records/{record.id}"))
    assert "下次走访不晚于8月19日" in shown
    assert "送米一袋" in shown


def test_a_note_with_a_number_comes_back_with_what_was_typed_and_is_not_kept(client, people, record):
    client.sign_in(people["member"])
    answer = send(client, record, sort="need", on="2021-07-20", text="电话13912345678")
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert "电话号码" in html.text_of(by_id(root, "note-text-error"))
    assert by_id(root, "note-text").get("value") == "电话13912345678"
    assert notes() == []


@pytest.mark.parametrize(
    "fields",
    [{"sort": "visit", "on": "2021-08-01"}, {"sort": "visit", "on": "soon"}, {"sort": "visit", "on": ""},
     {"sort": "measure", "on": "2021-07-20"}, {"sort": "walk", "on": "2021-07-20"}],
)  # fmt: skip
def test_a_note_that_will_not_do_is_a_clear_sentence(client, people, record, fields):
    client.sign_in(people["member"])
    assert send(client, record, **fields).status_code == 422
    assert notes() == []


def test_a_remark_on_a_pairing_holds_no_telephone_number(client, people, record):
    client.sign_in(people["secretary"])
    page = f"/records/{record.id}"
    assert client.submit(page, {"text": "打13912345678"}, action=f"{page}/comments").status_code == 422
    assert client.submit(page, {"text": "已联系"}, action=f"{page}/comments").status_code == 303


@pytest.mark.parametrize("who", ["colleague", "other", "leader", "auditor"])
def test_nobody_else_notes_anything(client, people, record, who):
    client.sign_in(people[who])
    fields = html.hidden_fields(client.page("/help"))
    fields["submission_key"] = "k" * 24
    answer = client.post(
        f"/pairings/{record.id}/notes", data={**fields, "sort": "visit", "on": "2021-07-20", "text": ""}
    )
    assert answer.status_code == 404
    assert notes() == []


def test_a_record_that_waits_takes_no_note(client, people, bureau, make):
    waiting = make.record(
        bureau.campaign, "pairing", member=bureau.people[0], subject="KN010", status=Status.SUBMITTED
    )
    client.sign_in(people["member"])
    root = client.page(f"/records/{waiting.id}")
    assert by_id(root, "note-form") is None
    assert "核实后" in body(root)


def test_a_wrong_note_is_taken_out_once(client, people, record):
    row = put_visit(record, people["member"])
    client.sign_in(people["member"])
    action = f"/pairings/{record.id}/notes/{row.id}/remove"
    fields = html.hidden_fields(client.page(f"/records/{record.id}"), action)
    assert client.post(action, data=fields).status_code == 303
    assert client.post(action, data=fields).status_code == 302, "a double click is one act"
    assert client.post(action, data={**fields, "submission_key": "z" * 24}).status_code == 404
    assert notes() == []
    acts = [row.action for row in db.session.scalars(select(AuditEvent)) if row.action.startswith("pairing:")]
    assert acts == ["pairing:remove_note"]


def test_a_note_of_another_pairing_is_not_reached_through_ones_own(client, people, bureau, make, record):
    foreign = make.record(bureau.campaign, "pairing", member=bureau.people[2], subject="KN020")
    row = put_visit(foreign, make.office)
    client.sign_in(people["member"])
    fields = {**html.hidden_fields(client.page("/help")), "submission_key": "k" * 24}
    assert client.post(f"/pairings/{record.id}/notes/{row.id}/remove", data=fields).status_code == 404
    assert len(notes()) == 1


def test_a_pairing_ends_with_a_reason_and_no_visit_is_due_any_more(client, people, record):
    put_visit(record, people["member"], text="第一次")
    client.sign_in(people["member"])
    page = f"/records/{record.id}"
    fields = {"to": "已结束", "on": "2021-07-20", "note": ""}
    answer = client.submit(page, fields, action=f"{page}/stages")
    assert answer.status_code == 422
    assert "结束的原因" in answer.text
    answer = client.submit(page, {**fields, "note": "搬离本市"}, action=f"{page}/stages")
    assert answer.status_code == 303
    ended = db.session.scalars(select(Record).where(Record.follows_id == record.id)).one()
    verify_records([(ended.id, ended.version)], by=people["secretary"], at=NOW)
    db.session.commit()
    shown = body(client.page(f"/records/{ended.id}"))
    assert "第一次" in shown, "notes go with the pairing, not with one stage of it"
    assert "走访，已超" not in shown


def test_the_member_sees_when_the_next_visit_is_due(client, people, bureau, make, record):
    put_visit(record, people["member"], dt.date(2021, 7, 20))
    client.sign_in(people["member"])
    shown = body(client.page("/me")).replace(" ", "")
    assert "KN001·北园应于4月4日前走访，已超118天" in shown
    assert "KN009·北园下次走访不晚于8月19日上次走访7月20日" in shown
    assert shown.index("KN001") < shown.index("KN009"), "what is due longest comes first"
    assert "记一次走访KN001" in shown


def test_the_branch_sees_what_is_due_by_code_alone(client, people, bureau, make, record):
    put_visit(record, people["member"], dt.date(2021, 7, 20))
    for who in ("secretary", "office", "auditor"):
        client.sign_in(people[who])
        root = client.page(f"/branches/{bureau.one.id}")
        card = next(one for one in root.iter("section") if one.get("aria-labelledby") == "visits-title")
        said = html.text_of(card)
        assert "2对" in said  # two members are paired with KN001
        assert "KN009" not in said, "its visit is not due"
        assert not [person.name for person in bureau.people if person.name in said]


def test_what_has_ended_asks_for_no_visit(client, bureau, make):
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[2]))
    assert "KN002" not in body(client.page("/me"))


def test_everything_about_me_has_my_visits_and_who_opened_what_is_sealed(client, people, record):
    put_visit(record, people["member"], text="送米")
    put_opening(put_sealed(record, people["member"]), record, people["secretary"])
    client.sign_in(people["member"])
    shown = body(client.page("/me/everything"))
    assert "送米" in shown
    assert "KN009党支部书记准备上门走访" in shown
    client.sign_in(people["colleague"])
    shown = body(client.page("/me/everything"))
    assert "送米" not in shown
    assert "KN009" not in shown
