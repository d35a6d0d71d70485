"""Two hosts, each with a server and a worker: one database, one data folder, and nothing else in common."""

from __future__ import annotations

import io
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import html
from tests.conftest import close_app, config_for, make_app
from tests.files.evidence_files import PDF
from tests.proof.server import ROOT, Answer, Browser, Process, Server, environ_for
from tests.proof.test_kills import Bureau, finished_jobs
from tests.proof.writers import DAYS, FORM, Writer
from tests.signing_in import PASSWORD
from tracker.db import db
from tracker.models import AuditEvent, Record

pytestmark = [
    pytest.mark.slow,  # left out of `make check`, which fits into a minute
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]
SEARCHES = 6  # that one person has in an hour
WRONG_ONES = 10  # of one account in an hour, before right ones are refused too
SECONDS = 30  # for which long work is waited for


@dataclass
class OverBoth(Browser):
    """A browser behind a switch: each request goes to the other host than the one before."""

    other: int = 0

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        self.port, self.other = self.other, self.port
        return super().send(method, path, body, **headers)


class Host:
    """A server and a worker with a working folder and a folder for temporary files of their own."""

    def __init__(self, config: Any, place: Path) -> None:
        own = {"PYTHONPATH": str(ROOT), "TMPDIR": str(place)}
        limits = {"TRACKER_SEARCHES_AN_HOUR": str(SEARCHES)}
        self.server = Server(config, place, threads=4, place=place, **own, **limits)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        environ = environ_for(config, TRACKER_JOBS="worker", **own)
        self.worker = Process(command, environ, place / "worker.log", place=place)


class City(Bureau):
    """The bureau of the kills on two hosts."""

    def __init__(self, app: Any, folder: Path) -> None:
        super().__init__(app, folder)
        places = [folder / "one", folder / "two"]
        for place in places:
            place.mkdir()
        self.one, self.two = (Host(app.config["TRACKER"], place) for place in places)
        self.server, self.worker = self.one.server, self.two.worker  # that are killed, or asked at the end

    def start(self) -> None:
        """Both at once: most of it is waiting for Python."""
        for host in (self.one, self.two):
            host.worker.start()
        starting = [threading.Thread(target=host.server.start) for host in (self.one, self.two)]
        for one in starting:
            one.start()
        for one in starting:
            one.join()

    def stop(self) -> None:
        self.over.set()
        for host in (self.one, self.two):
            for process in (host.server, host.worker):
                if process.running is not None:
                    process.kill()

    def at(self, host: Host, login: str) -> Browser:
        """Somebody who signs in at one host."""
        return Browser(host.server.port).sign_in(login, PASSWORD)

    def over_both(self, login: str) -> OverBoth:
        browser = OverBoth(self.one.server.port, other=self.two.server.port)
        browser.sign_in(login, PASSWORD)
        return browser


@pytest.fixture(scope="module")
def city(database: Any, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("hosts")
    app = make_app(config_for(database.create(template_url), folder / "shared"))
    city = City(app, folder)
    try:
        city.start()
        yield city
    finally:
        city.stop()
        close_app(app)


def both_at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """What each was answered; they start together."""
    ready, answers = threading.Barrier(len(acts)), []

    def do(act: Callable[[], Answer]) -> None:
        ready.wait()
        answers.append(act())

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    return answers


def entry(title: str, day: str, **fields: str) -> dict[str, str]:
    return {"title": title, "happened_on": day, "minutes": "30分钟", "source": "学习强国", **fields}


def test_who_signs_in_at_one_host_goes_on_at_the_other_and_is_signed_out_at_both(city):
    browser = city.at(city.one, "w1")
    page = browser.hidden(FORM)
    browser.port = city.two.server.port
    answer = browser.post(FORM, {**page, **entry("从一台到另一台", DAYS[0])})
    assert (answer.status, answer.location[:9]) == (303, "/records/")
    browser.port = city.one.server.port
    assert "从一台到另一台" in browser.get(answer.location).text
    stolen = dict(browser.cookies)
    browser.port = city.two.server.port
    fields = browser.hidden(FORM, "/sign-out")
    assert browser.post("/sign-out", fields).status in (302, 303)
    there = Browser(city.one.server.port, cookies=stolen)
    assert there.get(FORM).status == 302, "the session has ended at the other host too"


def test_the_same_key_sent_to_both_hosts_at_once_is_one_record(city):
    one = city.at(city.one, "w2")
    page = one.hidden(FORM)
    two = Browser(city.two.server.port, cookies=dict(one.cookies))
    for number in range(6):
        key = f"the-same-key-at-two-hosts-{number}"
        fields = {**page, **entry(f"同一键{number}", DAYS[number + 1], submission_key=key)}
        answers = both_at_once(lambda f=fields: one.post(FORM, f), lambda f=fields: two.post(FORM, f))
        assert {answer.status for answer in answers} <= {302, 303}
        assert len(answers) == 2
        assert len({answer.location for answer in answers}) == 1
    with city.app.app_context():
        alike = select(func.count()).where(Record.title.startswith("同一键", autoescape=True))
        assert db.session.scalar(alike) == 6
    city.assert_books_right()


def test_a_persons_searches_are_counted_over_both_hosts(city):
    one = city.at(city.one, "office")
    two = Browser(city.two.server.port, cookies=dict(one.cookies))
    asks = [lambda b=browser: b.get("/records?q=x") for browser in (one, two) for _ in range(SEARCHES)]
    statuses = Counter(answer.status for answer in both_at_once(*asks))
    assert statuses == {200: SEARCHES, 429: SEARCHES}


def test_wrong_passwords_are_counted_over_both_hosts(city):
    half = WRONG_ONES // 2
    for host, login in [(city.one, "w16")] * half + [(city.two, "w16")] * half + [(city.one, "w15")] * half:
        try_password(host, login, "wrong")
    assert try_password(city.one, "w16", PASSWORD) != 303, "five at each host close the door"
    assert try_password(city.two, "w15", PASSWORD) == 303, "five do not"


def try_password(host: Host, login: str, password: str) -> int:
    browser = Browser(host.server.port)
    fields = browser.hidden("/sign-in", "/sign-in")
    return browser.post("/sign-in", {**fields, "login": login, "password": password}).status


def done_at(browser: Browser, address: str) -> str:
    """The page of a job, once it is done. Raises AssertionError if it takes too long."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        page = browser.get(address).text
        if f'action="{address}/file"' in page:
            return page
        time.sleep(0.3)
    raise AssertionError(html.text_of(html.parse(page)))


def test_long_work_that_is_asked_for_at_one_host_is_seen_and_taken_away_at_the_other(city):
    browser = city.at(city.one, "office")
    fields = browser.hidden("/packs", "/packs")
    job = browser.post("/packs", {**fields, "day": "2021-06-26", "ledger": "y"})
    assert (job.status, job.location[:6]) == (303, "/jobs/")
    browser.port = city.two.server.port
    assert browser.get(f"{job.location}/progress").status in (200, 286)
    done_at(browser, job.location)
    for host in (city.two, city.one):
        browser.port = host.server.port
        file = browser.post(f"{job.location}/file", browser.hidden(job.location, f"{job.location}/file"))
        assert zipfile.ZipFile(io.BytesIO(file.body)).testzip() is None


def test_a_file_that_is_sent_to_one_host_is_read_at_the_other(city):
    browser = city.at(city.one, "w4")
    content = PDF + b"two hosts\n%%EOF\n"
    fields = {**browser.hidden(FORM), **entry("有一个附件", DAYS[0])}
    record = browser.upload(FORM, fields, [("files", "证明.pdf", content)])
    browser.port = city.two.server.port
    page = html.parse(browser.get(record.location).text)
    (link,) = {a.get("href") for a in page.iter("a") if (a.get("href") or "").startswith("/evidence/")}
    assert browser.get(link).body == content


def test_when_a_server_and_a_worker_are_killed_all_goes_on_at_the_other_host(city, monkeypatch):
    """The last test: one host is gone after it."""
    with city.app.app_context():
        before = set(db.session.scalars(select(Record.title)))
    writers = [
        Writer(f"k{number}", browser, city.over, browser.hidden(FORM))
        for number in range(5, 11)
        for browser in [city.over_both(f"w{number}")]
    ]
    threads = [threading.Thread(target=one.work) for one in writers]
    for one in threads:
        one.start()
    time.sleep(2)
    city.one.server.kill()
    city.one.worker.kill()
    killed_at = {one.name: len(one.promises) for one in writers}
    time.sleep(2)
    city.over.set()
    for one in threads:
        one.join(timeout=60)
    assert [one.odd for one in writers if one.odd] == []
    assert all(len(one.promises) > killed_at[one.name] for one in writers), "everybody went on"
    promised = {title: promise for one in writers for title, promise in one.promises.items()}
    assert_kept_once(city, promised, before)
    office = city.at(city.two, "office")
    fields = office.hidden("/packs", "/packs")
    job = office.post("/packs", {**fields, "day": "2021-06-25", "ledger": "y"})
    done_at(office, job.location)
    assert finished_jobs(city, monkeypatch) >= 1


def assert_kept_once(city: City, promised: dict[str, Any], before: set[str | None]) -> None:
    """Every promise is one row at its place, and there is no other one; the books are right."""
    city.assert_books_right()
    with city.app.app_context():
        told = db.session.execute(select(Record.id, Record.title).where(Record.title.not_in(before)))
        rows = sorted((title, f"/records/{id_}") for id_, title in told)
        entered = db.session.scalar(select(func.count()).where(AuditEvent.action == "record:enter"))
        assert entered == db.session.scalar(select(func.count()).select_from(Record))
    assert rows == sorted((title, promise.location) for title, promise in promised.items())
