"""The claim check as a page: marked draft, list, totals; nothing of a draft is kept."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text as sql

from tests import html
from tests.bureau import body
from tests.quoted import a_quoted
from tracker.db import db
from tracker.models import AuditEvent, Role
from tracker.rules.claim_texts import MOST_NUMBERS

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# The small bureau on 26 June 2021: 4 members, 2 sessions of 现场教学 with 4 attendances of 3 people.
DRAFT = "截至2021年6月26日，全局党员4名，开展现场教学2场次、3人次。赠送图书300册。"


@pytest.fixture
def office(client, make, bureau):
    return client.sign_in(make.office)


def check(client, text="", status=200, **more):
    answer = client.submit("/claims", {"text": text, **more})
    assert answer.status_code == status, answer.text[:500]
    return html.parse(answer.text)


def verdicts(page):
    """(number, verdict) of each row of the list."""
    table = next(one for one in page.iter("table") if "claim-list" in (one.get("class") or ""))
    rows = [row for row in table.iter("tr") if (row.get("class") or "").startswith("v-")]
    return [(html.text_of(next(row.iter("th"))), row.get("class")[2:]) for row in rows]


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.office)
    assert "载入行动计划后" in body(client.page("/claims"))


def test_every_number_stands_in_the_list_with_its_verdict(office):
    page = check(office, DRAFT)
    assert verdicts(page) == [
        ("2021年6月26日", "no_claim"), ("4名", "matches"), ("2场次", "matches"), ("3人次", "other_count"),
        ("300册", "unknown"),
    ]  # fmt: skip
    said = body(page)
    assert "截至2021年6月26日" in said
    assert "人次与人数是两个数" in said


def test_a_value_leads_to_its_rows_as_of_the_day(office):
    page = check(office, DRAFT)
    links = [one.get("href") for one in page.iter("a") if "/figures/" in (one.get("href") or "")]
    assert "/figures/stories.sessions?as_of=2021-06-26" in links
    assert office.get(links[0]).status_code == 302


def test_the_day_of_the_form_comes_before_that_of_the_draft(office):
    assert "截至2021年6月1日" in body(check(office, DRAFT, day="2021-06-01"))


def test_a_day_outside_the_campaign_becomes_the_nearest(office):
    assert "截至2021年2月26日的台账" in body(check(office, DRAFT, day="1999-01-01"))


def test_a_document_is_read_like_a_pasted_text(office):
    from docx import Document

    book, file = Document(), io.BytesIO()
    book.add_paragraph("开展现场教学2场次。")
    book.save(file)
    page = check(office, "", file=(io.BytesIO(file.getvalue()), "稿子.docx"))
    assert verdicts(page) == [("2场次", "matches")]


def test_a_file_that_is_no_document_is_refused_beside_its_field(office):
    page = check(office, "", 422, file=(io.BytesIO(b"%PDF-1.4"), "稿子.docx"))
    assert next(one for one in page.iter("p") if one.get("id") == "file-error") is not None


def test_nothing_sent_is_refused(office):
    assert "请粘贴文字" in body(check(office, "  ", 422))


def test_too_many_numbers_are_refused(office):
    assert "请分段比对" in body(check(office, "1 " * (MOST_NUMBERS + 1), 422))


def test_a_quoted_figure_answers_and_leads_to_the_register(office, make, bureau):
    a_quoted(bureau.campaign, make.office)
    db.session.commit()
    row = db.session.execute(sql("SELECT title, value, unit FROM quoted")).first()
    amount = format(float(row.value), "g")
    page = check(office, f"{row.title}{amount}{row.unit}。")
    assert verdicts(page)[-1][1] == "matches"
    assert any("/quoted?q=" in (one.get("href") or "") for one in page.iter("a"))


def test_nothing_of_a_draft_is_kept(office):
    secret = "只在稿子里出现的一句话"
    before = db.session.query(AuditEvent).count()
    check(office, f"{secret}，党员4名。")
    assert db.session.query(AuditEvent).count() == before
    for table in db.metadata.sorted_tables:
        for values in db.session.execute(table.select()):
            assert not any(secret in str(value) for value in values), table.name


def test_the_same_draft_sent_twice_is_answered_twice(office):
    fields = html.hidden_fields(office.page("/claims"))
    answers = [office.post("/claims", data={**fields, "text": DRAFT}) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>5名",
        "🎉126名🎉",
        "{{7*7}}名",
        "=1+1",
        "%(x)s 5% %",
    ],
)
def test_hostile_texts_are_shown_as_they_are(office, text):
    page = check(office, text)
    draft = next(one for one in page.iter("div") if "claim-draft" in (one.get("class") or ""))
    shown = "".join(draft.itertext())
    assert not list(draft.iter("script"))
    assert "".join(text.split()) in "".join(shown.split()) or all(
        one in shown for one in text if one.isalnum()
    )


@pytest.mark.parametrize("text", ["\u202e126名\u202c", "\u202e𝟙𝟚𝟞名"])
def test_what_turns_the_writing_around_is_refused(office, text):
    """What is read would be another text than what is checked."""
    assert "U+202E" in html.text_of(check(office, text, status=422))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.MEMBER, Role.SECTION_HEAD, Role.ADMINISTRATOR])
def test_who_does_not_see_the_bureau_finds_nothing(client, make, bureau, role):
    places = {Role.SECRETARY: bureau.one, Role.SECTION_HEAD: bureau.section}
    client.sign_in(make.user(role, places.get(role)))
    assert client.get("/claims").status_code == 404


def test_the_auditor_may_check_too(client, make, bureau):
    client.sign_in(make.user(Role.AUDITOR))
    assert verdicts(check(client, "党员4名。")) == [("4名", "matches")]
