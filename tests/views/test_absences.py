"""The page on which a secretary says why members were not at a session."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tests.views.test_entries import last
from tracker.db import db
from tracker.models import Absence, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def url(bureau, make):
    """A session of the first branch at which only its first member was."""
    record = make.record(
        bureau.campaign, "activity", owner=bureau.one, people=bureau.people[:1], type="主题党日", title="党日"
    )
    db.session.commit()
    return f"/records/{record.id}/absences"


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


def test_the_form_of_a_session_lists_everybody_by_unit_to_be_ticked(client, secretary, bureau):
    client.sign_in(secretary)
    root = client.page("/enter/activity")
    (fold,) = [one for one in root.iter("details") if "tick-fold" in (one.get("class") or "")]
    assert fold.get("open") is not None
    assert [html.text_of(one).split(" ")[0] for one in fold.iter("legend")] == ["东湖党支部"]
    row = {"happened_on": "2021-06-01", "type": "主题党日", "title": "会", "owner": f"branch:{bureau.one.id}"}
    ticked = {"tick": [str(one.id) for one in bureau.people[:2]], "people": "张三"}
    assert client.submit("/enter/activity", row | ticked).status_code == 303
    assert "应到2人，实到2人" in body(client.page(f"/records/{last().id}"))


def chosen(bureau, reason="因公请假", on="2021-06-01", by="参加补课"):
    id_ = bureau.people[1].id
    return {f"reason-{id_}": reason, f"made_up_on-{id_}": on, f"made_up_by-{id_}": by}


def test_a_secretary_notes_why_and_finds_it_on_the_records_page(client, secretary, bureau, url):
    client.sign_in(secretary)
    page = client.page(url.removesuffix("/absences"))
    assert "应到2人，实到1人" in body(page)
    assert client.submit(url, chosen(bureau)).status_code == 303
    said = html.text_of(
        next(
            one
            for one in client.page(url.removesuffix("/absences")).iter("section")
            if one.get("id") == "absences"
        )
    )
    assert [word in said for word in ("李四", "因公请假", "2021-06-01", "参加补课")] == [True] * 4


def test_what_will_not_do_is_told_beside_the_member_and_stays_chosen(client, secretary, bureau, url):
    client.sign_in(secretary)
    answer = client.submit(url, chosen(bureau, by=""))
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(f".//p[@id='error-{bureau.people[1].id}']") is not None
    day = root.find(f".//input[@name='made_up_on-{bureau.people[1].id}']")
    assert day.get("value") == "2021-06-01"
    assert db.session.query(Absence).count() == 0


def test_a_second_who_noted_something_else_sees_both(client, secretary, bureau, url):
    client.sign_in(secretary)
    fields = html.hidden_fields(client.page(url), None)
    assert client.submit(url, chosen(bureau)).status_code == 303
    answer = client.post(url, data={**fields, **chosen(bureau, reason="未请假", on="", by="")})
    assert answer.status_code == 409
    assert "未请假" in answer.text
    assert [row.reason for row in db.session.query(Absence)] == ["因公请假"]


@pytest.mark.parametrize("who", ["other", "member", "leader"])
def test_nobody_else_opens_it(client, bureau, make, url, who):
    people = {
        "other": lambda: make.user(Role.SECRETARY, bureau.two),
        "member": lambda: make.user(Role.MEMBER, member=bureau.people[0]),
        "leader": lambda: make.user(Role.GROUP_LEADER, bureau.groups[0]),
    }
    client.sign_in(people[who]())
    assert client.get(url).status_code == 404


def test_the_absent_one_reads_it_in_everything_about_me_and_others_nowhere(
    client, secretary, bureau, make, url
):
    client.sign_in(secretary)
    client.submit(url, chosen(bureau))
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[1]))
    assert "因公请假" in body(client.page("/me/everything"))
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[0]))
    assert "因公请假" not in body(client.page(url.removesuffix("/absences")))
