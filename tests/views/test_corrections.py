"""Correcting and withdrawing what does not count yet, and who comes second."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tests.views.test_entries import HOURS, last
from tracker.db import db
from tracker.models import Role, Status
from tracker.queries.campaigns import spec_of


@pytest.fixture
def people(bureau, make):
    return {
        "member": make.user(Role.MEMBER, member=bureau.people[0]),
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "office": make.office,
    }


@pytest.fixture
def returned(client, people, make, bureau):
    """A member's record that was given back."""
    client.sign_in(people["member"])
    client.submit("/enter/study", HOURS)
    record, office_id = last(), make.office.id
    record.status, record.returned_at = Status.RETURNED, record.entered_at
    record.returned_by_id = office_id
    record.returned_why = "时长好像不对"
    db.session.commit()
    return record


def test_what_was_returned_is_shown_with_its_reason_and_corrected(client, returned):
    url = f"/records/{returned.id}/correct"
    root = client.page(f"{url}?next=/records/{returned.id}%3Fx")
    assert "时长好像不对" in body(root)
    assert root.find(".//input[@name='minutes']").get("value") == "1小时30分"
    fields = html.hidden_fields(root, url)
    answer = client.post(url, data={**fields, **HOURS, "minutes": "2小时"})
    assert (answer.status_code, answer.location) == (303, f"/records/{returned.id}?x")
    assert (returned.status, returned.minutes, returned.returned_why) == (Status.SUBMITTED, 120, None)


def test_who_comes_second_keeps_what_they_typed_and_may_save_it_after_a_look(client, returned):
    url = f"/records/{returned.id}/correct"
    fields = html.hidden_fields(client.page(url), url)
    client.submit(url, {**HOURS, "minutes": "2小时"}, action=url)
    late = client.post(url, data={**fields, **HOURS, "minutes": "3小时"})
    assert (late.status_code, returned.minutes) == (409, 120)
    root = html.parse(late.text)
    assert root.find(".//input[@name='minutes']").get("value") == "3小时"
    again = client.post(url, data={**html.hidden_fields(root, url), **HOURS, "minutes": "3小时"})
    assert (again.status_code, returned.minutes) == (303, 180)


def test_what_was_verified_while_somebody_corrected_it_shows_their_words_and_nothing_to_save(
    client, returned, make
):
    url = f"/records/{returned.id}/correct"
    fields = html.hidden_fields(client.page(url), url)
    verify(returned, make.office.id)
    late = client.post(url, data={**fields, **HOURS, "title": "想改的题目"})
    assert (late.status_code, "想改的题目" in late.text, returned.title) == (409, True, HOURS.get("title"))
    assert not any(form.get("action") in (url, withdrawal(returned)) and form.findall(".//button")
                   for form in html.parse(late.text).iter("form"))  # fmt: skip


def verify(record, by_id):
    at = record.entered_at
    record.status, record.verified_at, record.verified_by_id = Status.VERIFIED, at, by_id
    record.returned_at = record.returned_by_id = record.returned_why = None
    record.version += 1
    db.session.commit()


def test_a_faulty_correction_is_shown_again_and_changes_nothing(client, returned):
    url = f"/records/{returned.id}/correct"
    answer = client.submit(url, {**HOURS, "minutes": "二十五个小时又多"}, action=url)
    assert (answer.status_code, "二十五个小时又多" in answer.text) == (422, True)
    assert (returned.status, returned.minutes) == (Status.RETURNED, 90)


def test_who_did_not_enter_it_finds_nothing_to_correct(client, people, returned):
    for role in ("secretary", "other", "office"):
        client.sign_in(people[role])
        assert client.get(f"/records/{returned.id}/correct").status_code == 404
        answer = client.submit("/suggestions/new", {}, action=f"/records/{returned.id}/withdraw")
        assert answer.status_code in (400, 404)


def test_a_foreign_next_leads_nowhere_else(client, returned):
    fields = html.hidden_fields(client.page(f"/records/{returned.id}/correct"), withdrawal(returned))
    answer = client.post(withdrawal(returned), data={**fields, "next": "//evil.example/x"})
    assert (answer.status_code, answer.location) == (303, f"/records/{returned.id}")
    assert returned.status is Status.WITHDRAWN


def withdrawal(record):
    return f"/records/{record.id}/withdraw"


def test_what_was_verified_meanwhile_is_not_withdrawn(client, returned, make):
    fields = html.hidden_fields(client.page(f"/records/{returned.id}/correct"), withdrawal(returned))
    verify(returned, make.office.id)
    assert client.post(withdrawal(returned), data=fields).status_code == 409
    assert returned.status is Status.VERIFIED
    assert client.get(f"/records/{returned.id}/correct").status_code == 302


def test_a_record_none_of_whose_fields_a_form_has_is_not_corrected_and_that_is_said(
    client, people, make, bureau
):
    """Its title is none of the lists' any more: what is counted from a list is ticked there, never typed."""
    kind = next(one.code for one in spec_of(bureau.campaign).kinds if all(
        column.spread for column in one.columns if column.required and column.field != "member_name"
    ))  # fmt: skip
    record = make.record(
        bureau.campaign, kind, member=bureau.people[0], title="名单里没有的一项", status=Status.SUBMITTED
    )
    db.session.commit()
    client.sign_in(people["member"])
    url = f"/records/{record.id}/correct"
    fields = html.hidden_fields(client.page(url), url)
    for _twice in range(2):
        answer = client.post(url, data=fields)
        assert answer.status_code == 422
        assert "请撤回后重新登记" in body(html.parse(answer.text))
        assert (record.version, record.status) == (1, Status.SUBMITTED)
    verify(record, make.office.id)
    late = client.post(url, data=fields)
    assert late.status_code == 409, "what was verified meanwhile is told so first"
    assert (record.version, record.status) == (2, Status.VERIFIED)
