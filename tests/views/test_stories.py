"""Stories told at a session: the form, the page of the record, the goal that counts them, who told them."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import DAY, body
from tests.views.test_entries import errors, last
from tracker.db import db
from tracker.models import Role, Story

ROW = {"happened_on": "2021-04-01", "title": "参观陵园", "type": "现场教学"}


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


def told_on(client, record):
    root = client.page(f"/records/{record.id}")
    return next((one for one in root.iter("section") if one.get("id") == "stories"), None)


def test_a_secretary_enters_stories_and_finds_them_on_the_records_page(client, secretary, bureau):
    client.sign_in(secretary)
    row = {**ROW, "owner": f"branch:{bureau.one.id}", "stories": "半条被子（张三）\n一根灯芯（讲解员）"}
    assert client.submit("/enter/activity", row).status_code == 303
    said = html.text_of(told_on(client, last()))
    assert [word in said for word in ("半条被子", "张三", "一根灯芯", "讲解员", "2个故事")] == [True] * 5
    typed = client.page(f"/records/{last().id}/correct").find(".//textarea[@name='stories']")
    assert html.text_of(typed) == "半条被子（张三M0001） 一根灯芯（讲解员）"


def test_what_is_wrong_with_stories_stands_beside_them_and_nothing_is_lost(client, secretary, bureau):
    client.sign_in(secretary)
    row = {**ROW, "owner": f"branch:{bureau.one.id}", "stories": "半条被子、《半条被子》"}
    answer = client.submit("/enter/activity", row)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert "半条被子、《半条被子》" in answer.text


def test_who_told_a_story_is_named_to_their_own_branch_and_to_the_office(client, secretary, bureau, make):
    visit = bureau.visit
    visit.stories_told = [Story(ordinal=1, title="半条被子", key="半条被子", member_id=bureau.people[2].id)]
    db.session.commit()
    for user, is_named in (
        (secretary, False),
        (make.user(Role.SECRETARY, bureau.two), True),
        (make.office, True),
    ):
        client.sign_in(user)
        said = html.text_of(told_on(client, visit))
        assert ("王五" in said, "由其他党支部的党员讲述" in said) == (is_named, not is_named)


def test_the_goal_counts_stories_as_soon_as_one_is_told(client, bureau, make):
    client.sign_in(make.office)
    assert "目标口径未上报" in body(client.page(f"/goals/stories?as_of={DAY}"))
    row = {"type": "主题党日", "stories": ["半条被子", "一根灯芯"]}
    make.record(bureau.campaign, "activity", owner=bureau.one, **row)
    said = body(client.page(f"/goals/stories?as_of={DAY}"))
    assert "目标口径未上报" not in said
    assert "2个" in said.replace(" ", "")
    rows = client.page(f"/records?figure=stories.told&as_of={DAY}")
    assert "2个" in body(rows).replace(" ", "")


def test_a_story_is_found_in_the_ledger_by_its_title(client, secretary, bureau, make):
    make.record(bureau.campaign, "activity", owner=bureau.one, title="某次活动", stories=["半条被子"])
    client.sign_in(secretary)
    assert "某次活动" in body(client.page("/records?q=半条被子"))
    assert "某次活动" not in body(client.page("/records?q=一根灯芯"))


def test_everything_about_me_has_the_stories_that_i_told(client, zhang, bureau):
    bureau.visit.stories_told = [
        Story(ordinal=1, title="半条被子", key="半条被子", member_id=bureau.people[0].id),
        Story(ordinal=2, title="一根灯芯", key="一根灯芯", member_id=bureau.people[2].id),
    ]
    db.session.commit()
    client.sign_in(zhang)
    said = body(client.page("/me/everything"))
    assert ("半条被子" in said, "一根灯芯" in said) == (True, False)
