"""What one person may search, have made and send in an hour: exact, shared, and said plainly."""

from __future__ import annotations

import datetime as dt
import io
import threading

import pytest
from sqlalchemy import func, select

from tests import html, makers_of_files
from tests.maker import Maker
from tests.proof.places import PLACES
from tracker import security_events as events
from tracker.db import db
from tracker.limits import COUNTED, Sort
from tracker.models import AuditEvent, Batch, Role, Suggestion, TryCount

AT = dt.datetime(2021, 7, 31, 8, 0, tzinfo=dt.UTC)
# What makes a file or searches and has no count of its own → why.
FREE = {
    **dict.fromkeys(
        ("evidence.download", "shares.file"),
        "gives out a file that is there; whoever verifies opens hundreds",
    ),
    **dict.fromkeys(("jobs.file", "packs.file"), "gives out a file that is there; making it was counted"),
    "campaign_files.load": "counts as an upload; what it shows is no file",
    "charts.data": "the figures of a chart that stands on the page",
    **dict.fromkeys(("installed.manifest", "installed.worker"), "the same few lines for everybody"),
}


@pytest.fixture
def moment(monkeypatch):
    """The moment at which turns are taken; a test sets it on."""
    box = [AT]
    monkeypatch.setattr(events, "_now", lambda: box[0])
    return box


@pytest.fixture
def office(client, make):
    """The office, signed in."""
    user = make.office
    make.campaign()
    client.sign_in(user)
    return user


def limited():
    """What the audit says of limits."""
    chosen = select(AuditEvent).where(AuditEvent.action == "access:limited").order_by(AuditEvent.id)
    return [(event.actor_id, event.detail["endpoint"]) for event in db.session.scalars(chosen)]


def of_sort(sort):
    return {endpoint for endpoint, one in COUNTED.items() if one is sort}


# --- which endpoint counts as what ---


def test_every_endpoint_that_makes_a_file_counts_or_is_free_with_a_reason(app):
    made = makers_of_files.makers(app)
    assert sorted(made - of_sort(Sort.EXPORT) - set(FREE)) == []
    by_worker = ["copies.make_for", "copies.make_own", "packs.make"]
    assert sorted(of_sort(Sort.EXPORT) - made) == by_worker, "they have the worker make one"
    assert sorted(set(FREE) - made) == []
    assert all(FREE.values())


def test_every_endpoint_that_searches_counts(app):
    assert sorted(makers_of_files.searchers(app) - set(COUNTED)) == []
    assert sorted(of_sort(Sort.SEARCH) - makers_of_files.searchers(app)) == []


def test_every_form_that_takes_files_counts():
    """tests/proof/test_forms_fuzzed.py holds that PLACES has all of them."""
    assert of_sort(Sort.UPLOAD) == set(PLACES)


def test_a_planted_maker_and_a_planted_searcher_are_found(app, monkeypatch):
    from tracker.views.search import show as searches
    from tracker.views.sheets import sheet_response as makes

    monkeypatch.setitem(app.view_functions, "help.show", makes)
    monkeypatch.setitem(app.view_functions, "account.show", searches)
    assert "help.show" in makers_of_files.makers(app)
    assert "account.show" in makers_of_files.searchers(app)


# --- the count ---


@pytest.mark.slow
@pytest.mark.asvs("2.3.2", "2.4.1")
def test_twenty_browsers_at_once_get_exactly_as_many_searches_as_the_limit(fresh_app):
    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        db.session.commit()
        browsers = [fresh_app.test_client().sign_in(user) for _ in range(20)]
    fresh_app.config["TRACKER"] = limit(fresh_app, searches_an_hour=7)
    barrier, answers = threading.Barrier(20), []

    def search(browser):
        barrier.wait()
        answers.append(browser.get("/search?q=党").status_code)

    threads = [threading.Thread(target=search, args=(one,)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 7 + [429] * 13
    with fresh_app.app_context():
        assert len(limited()) == 1


def limit(app, **fields):
    from dataclasses import replace

    return replace(app.config["TRACKER"], **fields)


@pytest.mark.settings(exports_an_hour=2)
def test_an_hour_after_the_first_there_are_turns_again_and_each_hour_has_one_event(client, office, moment):
    def made():
        return client.get("/imports/template.xlsx").status_code

    assert [made() for _ in range(5)] == [200, 200, 429, 429, 429]
    assert limited() == [(office.id, "batches.template")]
    moment[0] += dt.timedelta(minutes=59)
    assert made() == 429
    moment[0] += dt.timedelta(minutes=1)
    assert [made() for _ in range(4)] == [200, 200, 429, 429]
    assert limited() == [(office.id, "batches.template")] * 2


@pytest.mark.settings(exports_an_hour=1, searches_an_hour=1)
def test_each_person_and_each_sort_has_a_count_of_its_own(client, make, office):
    assert [client.get("/imports/template.xlsx").status_code for _ in range(2)] == [200, 429]
    assert client.get("/search?q=党").status_code == 200
    client.sign_in(make.user(Role.AUDITOR))
    assert client.get("/imports/template.xlsx").status_code == 200


@pytest.mark.settings(searches_an_hour=1)
def test_what_is_no_search_is_not_counted(client, office):
    for _ in range(3):
        assert client.get("/search").status_code == 200
        assert client.get("/search?q=+").status_code == 200
        assert client.get("/records").status_code == 200
    assert db.session.scalar(select(func.count()).select_from(TryCount)) == 0
    assert client.get("/records?q=党").status_code == 200
    assert client.get("/audit?about=党").status_code == 429, "all searches share one count"


@pytest.mark.settings(exports_an_hour=1)
def test_whoever_may_not_have_it_is_told_nothing_of_limits(client, make):
    client.sign_in(make.user(Role.MEMBER, member=make.member()))
    assert [client.get("/imports/template.xlsx").status_code for _ in range(3)] == [404] * 3
    assert limited() == []


# --- what is said ---


@pytest.mark.settings(searches_an_hour=1)
def test_the_page_says_when_it_goes_on(client, office, moment, monkeypatch):
    monkeypatch.setattr("tracker.limits.now", lambda: moment[0])
    client.get("/search?q=党")
    moment[0] += dt.timedelta(minutes=40)
    answer = client.get("/search?q=党")
    said = html.text_of(html.parse(answer.text).find(".//main"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1200")
    assert "一小时内已搜索1次" in said
    assert "17:00" in said, "on the clock of the wall"
    assert client.get("/search/suggestions?q=党").status_code == 429


@pytest.mark.settings(uploads_an_hour=1)
def test_a_form_over_the_limit_keeps_nothing_and_gives_back_what_was_typed(client, make, office):
    member = make.member(make.branch())
    client.sign_in(make.user(Role.MEMBER, member=member))
    page = "/enter/study"

    def send(**more):
        fields = {"title": "第二章 <学习>", "minutes": "", **more}
        return client.submit(page, fields, content_type="multipart/form-data")

    def with_file():
        return send(files=[(io.BytesIO(b"not a picture"), "a.png")])

    assert with_file().status_code == 422
    answer = with_file()
    assert answer.status_code == 429
    form = html.parse(answer.text).find(".//form[@id='send-again']")
    kept = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    assert kept["title"] == "第二章 <学习>"
    assert form.find(".//input[@type='file']") is not None
    assert send().status_code == 422, "without a file it is no upload"


@pytest.mark.settings(uploads_an_hour=1)
def test_a_double_click_takes_one_turn(client, make, office):
    fields = html.hidden_fields(client.page("/imports"), "/imports")

    def send():
        files = {"file": (io.BytesIO(b"PK\x03\x04 no workbook"), "a.xlsx")}
        data = {**fields, "sort": "ledger", **files}
        return client.post("/imports", data=data, content_type="multipart/form-data")

    assert [send().status_code for _ in range(2)] == [303, 302]
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 1
    fields = html.hidden_fields(client.page("/imports"), "/imports")
    assert send().status_code == 429
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_a_page_that_counts_as_nothing_asks_the_database_nothing_more(client, office, statements):
    with statements() as seen:
        assert client.get("/help").status_code == 200
    assert not [one for one in seen if "try_count" in one]
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 0


def test_a_page_that_is_not_theirs_leaves_one_event_an_hour_however_often_it_is_asked_for(
    client, make, moment
):
    client.sign_in(make.user(Role.MEMBER, member=make.member()))
    for minutes in (0, 0, 30, 30):
        moment[0] += dt.timedelta(minutes=minutes)
        assert client.get("/imports").status_code == 404
    denied = select(func.count()).where(AuditEvent.action == "access:denied")
    assert db.session.scalar(denied) == 2
