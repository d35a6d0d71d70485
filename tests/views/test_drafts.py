"""Drafts: to the letter as typed, each tab's own, and through an expired sign-in."""

from __future__ import annotations

import json
import secrets

import pytest
from sqlalchemy import delete, func, select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tracker.db import db
from tracker.errors import LONGEST_KEPT
from tracker.models import Draft, Role, Submission, UserSession
from tracker.rules.refusal import Refused
from tracker.services.drafts import LONGEST_DRAFT, MOST_DRAFTS, keep_draft
from tracker.views.drafts import keep_after_sign_in

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# Blanks of every sort, ends of lines as people's keyboards and other programs make them, what needs two units
# of UTF-16, marks that join, and what would be a formula, a tag or an escape elsewhere.
ODD = (
    "  两个空格　全角\t制表\u00a0不断\u2003宽\u200b零宽\ufeff标记\u2028行\u2029段\x0c\n\n\r\n行\r尾\n"
    "𠮷野家 é 👨‍👩‍👧 =1+1 <b>&amp;</b> \\n \"引号\" '单' %s {x}  "
)


CONTROLS = "\x0b\x85"  # a page with them is no strict HTML, though browsers show it


@pytest.fixture
def li(bureau, make):
    return make.user(Role.MEMBER, member=bureau.people[1])


@pytest.fixture
def work(bureau):
    return next(kind for kind in bureau.campaign.kinds if kind.code == "work")


def save(client, **fields):
    """One saving as the editor's script sends it, from a page of its own."""
    page = html.hidden_fields(client.page("/jot/write?kind=work"), "/jot/write?kind=work")
    sent = {**page, "submission_key": secrets.token_urlsafe(24), **fields}
    return client.post("/drafts", data=sent)


def drafts():
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def test_a_draft_is_kept_to_the_letter(client, zhang, work):
    client.sign_in(zhang)
    seen = save(client, text=ODD + CONTROLS).json
    assert drafts()[0].fields == {"text": ODD + CONTROLS}
    answer = save(client, text=ODD, title="　题 ", draft=seen["draft"], draft_version=seen["version"])
    assert answer.status_code == 200
    (draft,) = drafts()
    assert draft.fields == {"text": ODD, "title": "　题 "}
    assert (draft.user_id, draft.kind_id) == (zhang.id, work.id)
    assert answer.json["draft"] == draft.id
    area = client.page(f"/jot/write?kind=work&draft={draft.id}").find(".//textarea")
    assert "𠮷野家" in "".join(area.itertext())


def test_saving_on_replaces_it_and_bloats_nothing(client, zhang):
    client.sign_in(zhang)
    first = save(client, text="一").json
    second = save(client, text="一二", draft=first["draft"], draft_version=first["version"]).json
    assert (second["draft"], second["version"]) == (first["draft"], 2)
    assert [draft.fields["text"] for draft in drafts()] == ["一二"]
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_two_tabs_of_one_draft_lose_no_word_of_either(client, zhang):
    client.sign_in(zhang)
    seen = save(client, text="原文", tab="a" * 16).json
    at = {"draft": seen["draft"], "draft_version": seen["version"]}
    assert save(client, text="原文，甲写的", tab="a" * 16, **at).status_code == 200
    late = save(client, text="原文，乙写的", tab="b" * 16, **at)
    assert (late.status_code, late.json) == (409, {"state": "stale"})
    assert [draft.fields["text"] for draft in drafts()] == ["原文，甲写的"]
    assert save(client, text="原文，乙写的", tab="b" * 16, draft="", draft_version="").status_code == 200
    assert [draft.fields["text"] for draft in drafts()] == ["原文，甲写的", "原文，乙写的"]


def test_a_page_whose_last_answer_was_lost_writes_on_in_its_own_draft(client, zhang):
    client.sign_in(zhang)
    save(client, text="一", tab="a" * 16)  # the answer never came: the page knows neither id nor version
    again = save(client, text="一二", tab="a" * 16)
    assert again.json["version"] == 2
    stale = save(client, text="一二三", tab="a" * 16, draft=again.json["draft"], draft_version=1)
    assert stale.status_code == 200
    assert [draft.fields["text"] for draft in drafts()] == ["一二三"]


def test_a_draft_that_was_thrown_away_elsewhere_is_told(client, zhang):
    client.sign_in(zhang)
    answer = save(client, text="还在写", draft="999999", draft_version="1")
    assert (answer.status_code, answer.json) == (409, {"state": "stale"})


def test_nobody_writes_into_or_reads_another_s_draft(client, zhang, li):
    client.sign_in(zhang)
    draft_id = save(client, text="张三的稿").json["draft"]
    client.sign_in(li)
    assert client.get(f"/jot/write?kind=work&draft={draft_id}").status_code == 404
    assert "张三的稿" not in body(client.page("/drafts"))
    answer = save(client, text="李四的", draft=draft_id, draft_version=1)
    assert answer.status_code == 409
    assert client.submit("/drafts", action="/language").status_code == 303
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(f"/drafts/{draft_id}/discard", data=fields).status_code == 404
    assert [draft.fields["text"] for draft in drafts()] == ["张三的稿"]


def test_a_page_of_somebody_else_s_is_not_saved_under_whoever_is_signed_in_now(client, zhang, li):
    client.sign_in(li)
    answer = save(client, text="张三写的", writer=zhang.id)
    assert (answer.status_code, answer.json) == (409, {"state": "writer"})
    assert drafts() == []


def test_what_is_too_much_is_refused_with_a_sentence(app, client, zhang, work):
    client.sign_in(zhang)
    with pytest.raises(Refused):
        keep_draft(zhang, kind_id=work.id, fields={"text": "字" * LONGEST_DRAFT}, at=NOW)
    for _ in range(MOST_DRAFTS):
        keep_draft(zhang, kind_id=work.id, fields={"text": "字"}, at=NOW)
    answer = save(client, text="再来一份")
    assert answer.status_code == 422
    assert answer.json["error"]


@pytest.mark.parametrize("kind", ["study-not", "task", ""])
def test_a_kind_that_is_nobody_s_own_has_no_drafts(client, zhang, kind):
    assert save(client.sign_in(zhang), text="字", kind=kind).status_code == 422
    assert drafts() == []


def test_drafts_are_listed_taken_up_and_thrown_away(client, zhang):
    client.sign_in(zhang)
    draft_id = save(client, text="写到一半", title="半篇").json["draft"]
    page = client.page("/drafts")
    assert "半篇" in body(page)
    assert f"/jot/write?kind=work&draft={draft_id}" in [a.get("href") for a in page.iter("a")]
    answer = client.submit("/drafts", action=f"/drafts/{draft_id}/discard")
    assert (answer.status_code, answer.location) == (303, "/drafts")
    assert drafts() == []


# ---- the session ends while somebody writes ----


def end_session(user):
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    db.session.flush()


def hidden(answer):
    return html.hidden_fields(html.parse(answer.text), "/sign-in")


def test_what_is_handed_in_after_the_session_ended_comes_back_as_a_draft(client, zhang):
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/jot/write?kind=work"), "/jot/write?kind=work")
    end_session(zhang)
    answer = client.post("/jot/write?kind=work", data={**fields, "title": "题", "type": "征文", "text": ODD})
    assert answer.status_code == 200
    kept = hidden(answer)["kept"]
    assert drafts() == []
    address = keep_after_sign_in_as(client, zhang, kept)
    (draft,) = drafts()
    assert draft.fields == {"title": "题", "type": "征文", "text": ODD}
    assert address == f"/jot/write?kind=work&draft={draft.id}"
    client.sign_in(zhang)
    assert client.get(address).status_code == 200


def keep_after_sign_in_as(client, user, kept):
    with client.application.test_request_context():
        return keep_after_sign_in(user, kept, NOW)


def test_hours_are_carried_along_as_well(client, zhang):
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/jot"), "/jot?kind=study")
    end_session(zhang)
    answer = client.post(
        "/jot?kind=study", data={**fields, "minutes": "1小时20分", "source": "集中学习", "day": "2021-07-30"}
    )
    address = keep_after_sign_in_as(client, zhang, hidden(answer)["kept"])
    client.sign_in(zhang)
    page = client.page(address)
    assert page.find(".//input[@id='minutes']").get("value") == "1小时20分"


def test_without_the_token_or_with_too_much_nothing_is_carried(client, zhang):
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/jot/write?kind=work"), "/jot/write?kind=work")
    end_session(zhang)
    for sent in (
        {**fields, "csrf_token": "forged", "text": "字"},
        {"text": "字"},
        {**fields, "text": "x" * (LONGEST_KEPT + 1)},
    ):
        answer = client.post("/jot/write?kind=work", data=sent)
        assert (answer.status_code, answer.location) == (302, "/sign-in")


def test_other_views_send_to_the_sign_in_and_carry_nothing(client, zhang):
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/suggestions/new"), "/suggestions/new")
    end_session(zhang)
    answer = client.post("/suggestions/new", data={**fields, "text": "字"})
    assert (answer.status_code, answer.location) == (302, "/sign-in")


def kept_of(user, **fields):
    return json.dumps({"endpoint": "jots.write", "fields": {"writer": str(user.id), "kind": "work"} | fields})


def test_what_makes_no_sense_is_not_kept(app, client, zhang, li, make):
    office = make.office
    for user, kept in (
        (zhang, ""),
        (zhang, "[]"),
        (zhang, "{"),
        (zhang, "[" * 100_000),
        (zhang, '{"fields": 3}'),
        (zhang, json.dumps({"fields": {"text": 3, "writer": str(zhang.id), "kind": "work"}})),
        (zhang, kept_of(zhang)),  # no word in it
        (zhang, kept_of(zhang, text=" \n")),
        (zhang, kept_of(zhang, text="字", kind="task")),
        (zhang, kept_of(zhang, text="字", record="999999")),
        (zhang, kept_of(zhang, text="a\x00b")),
        (li, kept_of(zhang, text="张三写的")),  # somebody else signed in
        (office, kept_of(office, text="字")),  # no member
    ):
        assert keep_after_sign_in_as(client, user, kept) is None, kept[:60]
    assert drafts() == []


def test_what_was_sent_after_the_session_had_ended_is_kept_however_many_drafts_there_are(client, zhang, work):
    for n in range(MOST_DRAFTS):
        keep_draft(zhang, kind_id=work.id, fields={"text": str(n)}, at=NOW)
    with pytest.raises(Refused):
        keep_draft(zhang, kind_id=work.id, fields={"text": "再一篇"}, at=NOW)
    assert keep_after_sign_in_as(client, zhang, kept_of(zhang, text="最后一篇")) is not None
    assert drafts()[-1].fields["text"] == "最后一篇"


def test_a_kept_draft_goes_on_in_its_own_place_unless_it_was_written_on(client, zhang, work):
    draft = keep_draft(zhang, kind_id=work.id, fields={"text": "一"}, at=NOW)
    kept = kept_of(zhang, text="一二", draft=str(draft.id), draft_version="1")
    assert keep_after_sign_in_as(client, zhang, kept).endswith(f"draft={draft.id}")
    assert [one.fields["text"] for one in drafts()] == ["一二"]
    assert not keep_after_sign_in_as(client, zhang, kept).endswith(f"draft={draft.id}")
    assert [one.fields["text"] for one in drafts()] == ["一二", "一二"]
