"""One's own certificate as a PDF, the page on which anybody checks it, and the register."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.pango import needs_pango
from tracker.db import db
from tracker.files import pdf
from tracker.models import Certificate, Participation, Role
from tracker.rules.refusal import Refused
from tracker.security_events import CHECKS
from tracker.services.records import reverse_participation

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PERIOD = {"starts_on": "2021-03-01", "ends_on": "2021-06-26"}


@pytest.fixture
def issued(client, zhang):
    client.sign_in(zhang)
    answer = client.submit("/me/certificates", PERIOD, action="/me/certificates")
    assert answer.status_code == 303
    return db.session.scalars(select(Certificate)).one()


def number_of(certificate):
    return f"{certificate.campaign.code}-{certificate.number:05}"


def checked(client, certificate, **other):
    asked = {"number": number_of(certificate), "code": certificate.code, **other}
    return client.get("/certificates/check", query_string=asked)


@needs_pango
def test_a_member_issues_and_takes_their_own(client, issued):
    page = client.page("/me/certificates")
    assert number_of(issued) in body(page)
    answer = client.get(f"/me/certificates/{issued.id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_days_without_hours_are_refused_with_what_was_typed(client, zhang):
    client.sign_in(zhang)
    for until in ("2021-03-02", "", "x"):
        answer = client.submit(
            "/me/certificates", {"starts_on": "2021-03-01", "ends_on": until}, action="/me/certificates"
        )
        assert answer.status_code == 422
        assert html.parse(answer.text).find(".//input[@id='ends-on']").get("value", "") == until


def test_somebody_else_s_is_not_there(client, issued, make, bureau):
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[1]))
    assert client.get(f"/me/certificates/{issued.id}.pdf").status_code == 404


def test_whoever_holds_it_reads_a_masked_name_and_whether_it_holds(client, app, issued, make):
    stranger = app.test_client()
    said = html.text_of(html.parse(checked(stranger, issued).text))
    assert "张*" in said
    assert "张三" not in said
    assert "有效" in said
    part = db.session.get_one(Participation, issued.lines[0][0])
    reverse_participation(part, version=part.version, why="没有来", by=make.office, at=NOW)
    db.session.commit()
    assert "冲正" in html.text_of(html.parse(checked(stranger, issued).text))
    assert client.get(f"/me/certificates/{issued.id}.pdf").status_code == 302


def test_without_the_code_nothing_is_said_and_guessing_comes_to_rest(client, app, issued, monkeypatch):
    stranger = app.test_client()
    for other in ({"code": ""}, {"code": "aaaa-aaaa-aaaa-aaaa"}, {"number": "x"}):
        answer = checked(stranger, issued, **other)
        assert answer.status_code == 404
        assert "张" not in html.text_of(html.parse(answer.text).find(".//main"))
    monkeypatch.setattr("tracker.security_events.ALL_TRIES", 3)
    assert CHECKS
    assert checked(stranger, issued, code="bbbb").status_code == 429
    assert checked(stranger, issued).status_code == 200, "the right code needs no try"


def test_the_office_revokes_with_a_reason_and_sees_no_hours(client, issued, make):
    client.sign_in(make.office)
    shown = body(client.page("/certificates"))
    assert "张三" in shown
    assert "3小时" not in shown
    url = f"/certificates/{issued.id}/revoke"
    assert client.submit("/certificates", {"why": ""}, action=url).status_code == 422
    assert client.submit("/certificates", {"why": "开错了"}, action=url).status_code == 303
    assert "开错了" in body(client.page("/certificates?q=张三"))
    client.sign_in(make.user(Role.AUDITOR))
    assert "作废" in body(client.page("/certificates"))
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(url, data={**fields, "why": "不行"}).status_code == 404


def test_a_machine_without_pango_says_what_is_missing(client, issued, monkeypatch):
    def lacks(page, css):
        raise Refused(pdf.NO_PANGO)

    monkeypatch.setattr("tracker.views.certificates.pdf_of", lacks)
    answer = client.get(f"/me/certificates/{issued.id}.pdf", follow_redirects=True)
    assert "libpango-1.0-0" in answer.text
