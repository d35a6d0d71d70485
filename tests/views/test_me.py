"""A member's own pages: progress, records, everything about them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.conftest import TODAY
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Record, Role, Status, Work


def waiting(bureau, make, person, **fields):
    """A record that somebody entered by hand and that counts nowhere yet."""
    fields = {"minutes": 120, "happened_on": dt.date(2021, 6, 25), "title": "等着的"} | fields
    return make.record(bureau.campaign, member=person, status=Status.SUBMITTED, **fields)


def give_back(record, by, why="请写明内容。"):
    record.status, record.returned_at, record.returned_by_id, record.returned_why = (
        Status.RETURNED, NOW, by.id, why,
    )  # fmt: skip
    db.session.flush()


def drawn(root, name):
    """Elements of a drawing: they are in a name space of their own."""
    return list(root.iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def by_attribute(root, name):
    return [element for element in root.iter() if isinstance(element.tag, str) and element.get(name)]


def test_the_first_page_draws_what_is_verified_and_what_waits_apart(client, bureau, make, zhang):
    waiting(bureau, make, bureau.people[0])
    page = client.sign_in(zhang).page("/me?as_of=2021-06-26")
    ring = next(element for element in drawn(page, "svg") if element.get("class", "").startswith("ring"))
    shown = {text.get("class"): html.text_of(text) for text in drawn(ring, "text")}
    assert shown["n"] == "2.5"  # 90 and 60 minutes verified; the 120 that wait are not in it
    lengths = {c.get("class"): c.get("stroke-dasharray") for c in drawn(ring, "circle")}
    assert (lengths["done"], lengths["waits"]) == ("2.50 100", "2.00 100")
    assert drawn(ring, "line")[0].get("transform") == "rotate(278.71 100 100)"  # 120 of 155 days
    amounts = {
        element.get("data-amount"): html.text_of(element) for element in by_attribute(page, "data-amount")
    }
    assert "30" in amounts["verified"]
    assert "2" in amounts["waiting"]


def test_verifying_moves_the_amount_into_the_number(client, bureau, make, zhang):
    record = waiting(bureau, make, bureau.people[0])
    client.sign_in(zhang)
    assert "4.5" not in body(client.page("/me"))
    record.status, record.verified_by_id, record.verified_at = Status.VERIFIED, make.office.id, NOW
    from tracker.services.tallies import recount_records

    recount_records(bureau.campaign, [record.id])
    assert "4.5" in body(client.page("/me"))


def test_what_came_back_says_why_in_whose_role_and_offers_to_put_it_right(client, bureau, make, zhang):
    record = waiting(bureau, make, bureau.people[0])
    secretary = make.user(Role.SECRETARY, bureau.one)
    give_back(record, secretary)
    page = client.sign_in(zhang).page("/me")
    (card,) = [el for el in page.iter("article") if el.get("data-record") == str(record.id)]
    assert "请写明内容。" in html.text_of(card)
    assert secretary.name not in html.text_of(page.find(".//main"))
    assert [a.get("href") for a in card.iter("a")] == [f"/records/{record.id}/correct?next=/me"]


def test_a_returned_essay_is_put_right_in_the_editor(client, bureau, make, zhang):
    record = make.record(
        bureau.campaign, "work", member=bureau.people[0], type="征文", title="再写", status=Status.SUBMITTED
    )
    db.session.add(Work(record_id=record.id, text="一" * 30))
    give_back(record, make.office)
    links = [a.get("href") for a in client.sign_in(zhang).page("/me").iter("a")]
    assert f"/jot/write?record={record.id}" in links


def test_nobody_else_s_rows_are_on_the_page(client, bureau, make, zhang):
    li = bureau.people[1]
    waiting(bureau, make, li, title="李四的秘密")
    give_back(waiting(bureau, make, li, title="李四退回的"), make.office, "李四的原因")
    client.sign_in(zhang)
    for url in ("/me", "/me/records", "/me/everything", "/drafts", "/jot", "/jot/write"):
        shown = body(client.page(url))
        assert "李四" not in shown, url
        assert "王五" not in shown, url


@pytest.mark.parametrize("url", ["/me", "/me/records", "/me/everything", "/jot", "/jot/write", "/drafts"])
def test_who_is_no_member_has_no_such_page(client, bureau, make, url):
    for role, unit in ((Role.OFFICE, None), (Role.SECRETARY, bureau.one), (Role.ADMINISTRATOR, None)):
        client.sign_in(make.user(role, unit))
        assert client.get(url).status_code == 404


def test_a_secretary_who_is_a_member_has_both(client, bureau, make):
    user = make.user(Role.SECRETARY, bureau.one, member=bureau.people[1])
    client.sign_in(user)
    assert "1.3" in body(client.page("/me"))  # 75 minutes by the end of the campaign's July
    assert client.get(f"/branches/{bureau.one.id}").status_code == 200


def test_an_account_without_a_member_is_told_so(client, bureau, make):
    client.sign_in(make.user(Role.MEMBER))
    for url in ("/me", "/me/records", "/me/everything", "/jot", "/jot/write"):
        page = client.page(url)
        assert [el for el in page.iter() if "calm" in el.get("class", "")], url


def test_before_any_campaign_the_page_says_so(client, make):
    client.sign_in(make.user(Role.MEMBER, member=make.member()))
    for url in ("/me", "/me/records", "/jot", "/jot/write", "/drafts", "/me/everything"):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("day", [dt.date(2021, 2, 1), dt.date(2022, 1, 5)])
def test_before_and_after_the_campaign_the_page_says_so(app, client, bureau, make, zhang, monkeypatch, day):
    for module in ("me", "jots", "asof"):
        monkeypatch.setattr(f"tracker.views.{module}.today", lambda: day)
    page = client.sign_in(zhang).page("/me")
    notes = [el for el in page.iter("div") if "me-note" in el.get("class", "")]
    assert len(notes) == 1
    if day < bureau.campaign.starts_on:
        assert [el for el in client.page("/jot").iter() if "calm" in el.get("class", "")]
    else:
        assert client.page("/jot").find(".//form[@data-jot]") is not None


def test_exempt_and_moved_away_members_see_why_nothing_is_asked(client, bureau, make):
    gone = make.member(bureau.one, ends_on=dt.date(2021, 5, 1))
    for person in (bureau.people[3], gone):
        page = client.sign_in(make.user(Role.MEMBER, member=person)).page("/me")
        assert len([el for el in page.iter("div") if "me-note" in el.get("class", "")]) == 1
        assert page.find(".//div[@class='own-said']") is None


def test_own_records_are_filtered_and_paged_and_what_counts_cannot_be_withdrawn(client, bureau, make, zhang):
    open_one = waiting(bureau, make, bureau.people[0])
    client.sign_in(zhang)

    def listed(url):
        return {el.get("data-record"): el for el in by_attribute(client.page(url), "data-record")}

    everything = listed("/me/records")
    assert {str(open_one.id), str(bureau.study.id), str(bureau.visit.id)} <= set(everything)
    forms = {key: [form.get("action") for form in el.iter("form")] for key, el in everything.items()}
    assert forms[str(open_one.id)] == [next(iter(forms[str(open_one.id)]))]
    assert "withdraw" in forms[str(open_one.id)][0]
    assert forms[str(bureau.study.id)] == []
    only = listed("/me/records?status=submitted")
    assert list(only) == [str(open_one.id)]
    assert str(open_one.id) not in listed("/me/records?kind=activity")
    assert str(bureau.visit.id) in listed("/me/records?kind=activity&page=999")
    assert listed("/me/records?status=nonsense&kind=nonsense").keys() == everything.keys()


def test_what_waits_is_withdrawn_from_the_list_and_counts_nowhere(client, bureau, make, zhang):
    record = waiting(bureau, make, bureau.people[0])
    client.sign_in(zhang)
    answer = client.submit("/me/records?status=submitted", action=f"/records/{record.id}/withdraw")
    assert (answer.status_code, answer.location) == (303, "/me/records")
    assert db.session.get(Record, record.id).status is Status.WITHDRAWN
    assert str(record.id) not in [
        el.get("data-record") for el in by_attribute(client.page("/me"), "data-record")
    ]


def test_an_older_version_is_not_withdrawn(client, bureau, make, zhang):
    record = waiting(bureau, make, bureau.people[0])
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/me/records?status=submitted"), f"/records/{record.id}/withdraw")
    record.version += 1
    assert client.post(f"/records/{record.id}/withdraw", data=fields).status_code == 409
    assert db.session.get(Record, record.id).status is Status.SUBMITTED


def test_the_list_of_own_records_costs_the_same_for_any_number(client, bureau, make, zhang, statements):
    client.sign_in(zhang)

    def asked():
        with statements() as seen:
            client.page("/me/records")
        return len(seen)

    asked()
    before = asked()
    with make.counted_once(bureau.campaign):
        for n in range(5):
            waiting(bureau, make, bureau.people[0], title=f"第{n}条")
    assert asked() == before


def test_reading_writes_nothing(client, bureau, zhang):
    client.sign_in(zhang)
    before = db.session.scalars(select(AuditEvent.id)).all()
    for url in ("/me", "/me/records", "/me/everything", "/jot", "/jot/write", "/drafts"):
        client.page(url)
    assert db.session.scalars(select(AuditEvent.id)).all() == before
    assert dt.date(2021, 7, 31) == TODAY
