"""Each request and each event is one line that a program reads, whatever was sent; each refusal says why."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import secrets
import sys

import pytest
from sqlalchemy import func, select

from log_lines import JsonLines
from tests import html
from tests.canary_walk import quick
from tests.test_access import MEMBER, ask, peopled
from tests.world import address_of, rules
from tracker import logs
from tracker.db import db
from tracker.models import AuditEvent, Role

# What would end a line, move a cursor, or look like a line of its own.
PAYLOADS = (
    "\r\n", "\n", "\r", "a\nERROR root: forged", "\r\n\r\n<html>", "\x1b[2J", "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07", "\x9b31m", "\x00", "\x08\x08\x08", "\x0b\x0c", "\u2028", "\u2029", "\x85",
    "\u202e txt.exe",
    '"}\n{"level": "critical"}', '", "level": "critical', "\\u000a\\n", "%0d%0a%1b[31m", "\ud800", "张三",
)  # fmt: skip


def line_of(message, *args, **more):
    """The line that a logger of the application would write."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines(logs.about))
    record = logging.LogRecord("tracker.x", logging.WARNING, "", 0, message, args, more.get("exc_info"))
    handler.emit(record)
    return out.getvalue()


@pytest.mark.asvs("16.4.1")
@pytest.mark.parametrize("payload", PAYLOADS, ids=[ascii(one) for one in PAYLOADS])
def test_whatever_is_logged_stays_one_line_of_plain_letters(payload):
    line = line_of("said %s", payload)
    assert line.endswith("\n")
    assert all(" " <= letter <= "~" for letter in line[:-1])
    assert json.loads(line)["says"] == f"said {payload}"


@pytest.mark.asvs("16.2.2", "16.2.4")
def test_a_line_says_when_in_utc_how_bad_and_what_and_holds_an_errors_trace():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = line_of("broke off", exc_info=sys.exc_info())
    told = json.loads(line)
    assert (told["level"], told["log"], told["says"]) == ("warning", "tracker.x", "broke off")
    at = dt.datetime.fromisoformat(told["at"])
    assert at.utcoffset() == dt.timedelta(0)
    assert abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=1)
    assert "ValueError: two\nlines" in told["trace"]


def request_lines(caplog):
    """What was logged of requests, with the fields that a line has."""
    return [record for record in caplog.records if record.name == "tracker.logs"]


def test_a_request_is_one_line_with_its_number_and_an_account_that_is_no_name(client, make, caplog):
    user = make.user(Role.MEMBER, member=make.member(name="欧阳澹台"))
    client.sign_in(user)
    with caplog.at_level(logging.INFO, "tracker"):
        answer = client.get("/help?q=欧阳澹台", headers={"User-Agent": "x\x1b[31m", "X-Request-ID": "mine"})
    (record,) = request_lines(caplog)
    assert record.getMessage() == "200 help.show"
    assert record.fields["status"] == 200
    assert record.fields["ms"] >= 0
    assert "refused" not in record.fields
    assert answer.headers.getlist("X-Request-ID") != ["mine"], "nobody draws it but we"
    assert "欧阳澹台" not in str(record.__dict__)


def test_every_answer_has_a_number_and_no_two_the_same(client):
    numbers = {
        client.get(page).headers["X-Request-ID"] for page in ("/help", "/nothing", "/static/css/base.css")
    }
    assert len(numbers) == 3
    assert all(len(number) == 11 and number.replace("-", "").isdigit() for number in numbers)


def test_a_request_knows_its_number_endpoint_and_account(app):
    from flask import g

    with app.test_request_context("/records?q=张三", method="FOO\x1b"):
        logs.begin()
        g.account_id = 7
        told = json.loads(line_of("x"))
    assert len(told["request"]) == 11
    assert (told["method"], told["account"], told["endpoint"]) == ("other", 7, None)
    assert "张三" not in json.dumps(told, ensure_ascii=False)


# --- refusals ---


@pytest.mark.slow
@pytest.mark.asvs("16.3.2")
@pytest.mark.on_postgresql_as
def test_every_page_that_is_out_of_reach_is_a_line_and_no_row_for_each(app, make, caplog):
    """As a member, over all pages; each twice."""
    world = peopled(make)
    client = quick(app).sign_in(world.users[MEMBER])
    account = world.users[MEMBER].id
    caplog.set_level(logging.WARNING, "tracker")
    fields, refused = html.hidden_fields(client.page("/help")), set()
    for rule in rules(app):
        if "GET" not in rule.methods:
            continue
        address = address_of(app, rule, world.values)
        for _ in range(2):
            caplog.clear()
            answer = ask(client, rule, address, fields)
            if answer.status_code == 404:
                (record,) = request_lines(caplog)
                assert record.getMessage().startswith(f"404 {rule.endpoint}: "), rule.endpoint
                assert record.fields["refused"] in ("not for this role", "out of reach or not there")
                refused.add(rule.endpoint)
    assert len(refused) > 40
    denied = select(func.count()).where(AuditEvent.action == "access:denied", AuditEvent.actor_id == account)
    assert 0 < db.session.scalar(denied) <= len(refused), "once an hour for each page, however often"


@pytest.mark.asvs("16.3.3")
def test_forms_that_are_refused_conflicts_and_limits_say_so(client, make, caplog):
    client.sign_in(make.office)
    caplog.set_level(logging.INFO, "tracker")

    def said(answer):
        record = request_lines(caplog)[-1]
        caplog.clear()
        return answer.status_code, record.fields["refused"], record.levelname

    page = "/suggestions/new"
    assert said(client.submit(page, {"text": ""})) == (422, "not accepted", "WARNING")
    fields = html.hidden_fields(client.page(page), page)
    client.post(page, data={**fields, "text": "少一列"})
    again = client.post(page, data={**fields, "text": "另一句"})
    assert said(again) == (409, "changed meanwhile", "WARNING")
    token = client.post(page, data={"submission_key": secrets.token_urlsafe(24), "text": "x"})
    assert said(token) == (400, "token of the form", "WARNING")
    assert said(client.get("/records?q=%00")) == (400, "not understood", "WARNING")


@pytest.mark.settings(searches_an_hour=1)
def test_a_limit_that_is_reached_says_which(client, make, caplog):
    client.sign_in(make.office)
    caplog.set_level(logging.INFO, "tracker")
    assert [client.get("/search?q=党").status_code for _ in range(2)] == [200, 429]
    assert request_lines(caplog)[-1].fields["refused"] == "limit: search"


def test_who_is_not_signed_in_is_a_line_too(client, caplog):
    caplog.set_level(logging.INFO, "tracker")
    assert client.get("/records").status_code == 302
    assert request_lines(caplog)[-1].fields["refused"] == "not signed in"
