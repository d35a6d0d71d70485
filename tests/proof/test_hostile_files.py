"""Files that mean harm, wherever files are taken: each is refused or does nothing, soon and cheaply."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from random import Random
from statistics import quantiles
from typing import Any

import pytest
from sqlalchemy import select

from tests import html
from tests.canary_walk import fields_of
from tests.conftest import close_app, config_for, make_app
from tests.maker import Maker
from tests.proof.figures import count, is_full, reached
from tests.proof.hostile_files import Hostile, changed, files
from tests.proof.hostile_names import REQUESTS
from tests.proof.hostile_pictures import MARK
from tests.proof.memory import descendants, watched
from tests.proof.places import EVIDENCE, IMPORTS, PLACES
from tests.proof.server import Browser, Server, serving
from tests.signing_in import PASSWORD
from tests.world import World
from tracker import worker
from tracker.db import db
from tracker.models import Batch, BatchState, Evidence, Role, Status
from tracker.services.users import HASHER

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SECONDS, MOST_MORE = 2.0, 150 * 2**20
WORKBOOK = ".xlsx"
TRUNCATED = 34  # at twenty points; in an ordinary run at some of them


def kept_waiting() -> float:
    """How many times as long as its work takes a program has to wait here now, other programs being busy."""
    wall, work = time.monotonic(), time.thread_time()
    while time.thread_time() - work < 0.3:
        pass
    return max(1.0, (time.monotonic() - wall) / (time.thread_time() - work))


class Bench:
    """A bureau that is served, two people in it, and what is seen of the server."""

    def __init__(self, app: Any, server: Server, folder: Any) -> None:
        self.app, self.server, self.temporary = app, server, folder
        self.seen: list[tuple[float, int, str]] = []
        with app.app_context():
            make, hashed = Maker(), HASHER.hash(PASSWORD)
            campaign = make.campaign()
            world = World(make, campaign)
            mine = make.record(
                campaign, "work", member=world.member, title="未核实", type="绘画", status=Status.SUBMITTED
            )  # fmt: skip
            self.values = {**world.values, "open_id": mine.id}
            make.user(Role.OFFICE, login="office", password_hash=hashed)
            make.user(Role.MEMBER, login="member", password_hash=hashed, member=world.member)
            db.session.commit()
        self.data_dir = app.config["TRACKER"].data_dir
        self.people = {name: Browser(server.port).sign_in(name, PASSWORD) for name in ("office", "member")}

    def send(self, endpoint: str, file: Hostile, content: bytes) -> tuple[int, str]:
        """Send a file and work off what it asked for. Returns the status and the state of the import, if any.

        It must take no more time and memory than it may, and the worker must live on.
        """
        place = PLACES[endpoint]
        browser, workers = self.people[place.who], set(descendants(self.server.running.pid))
        page = place.page.format(**self.values)
        root = html.parse(browser.get(page).text)
        form = next(one for one in root.iter("form") if one.find(".//input[@type='file']") is not None)
        field = str(form.find(".//input[@type='file']").get("name"))
        fields = fields_of(form)
        fields.pop(field)
        name = file.filename
        if endpoint == IMPORTS and not name.endswith(WORKBOOK):
            name += WORKBOOK
        with watched() as memory:
            start = time.monotonic()
            answer = browser.upload(form.get("action") or page, fields, [(field, name, content)])
            while worker.run_one(self.app):
                pass
            seconds = time.monotonic() - start
        if seconds > SECONDS:
            seconds /= kept_waiting()
        said = f"{file.number} {file.what} at {endpoint}"
        self.seen.append((seconds, memory.more, said))
        assert answer.status < 500, said
        assert workers == set(descendants(self.server.running.pid)), f"{said}: a worker ended"
        with self.app.app_context():
            batch = db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()
            return answer.status, str(batch.state) if batch and answer.status == 303 else ""

    def assert_cheap(self) -> str:
        """No file took more than it may. Returns what the dearest took."""
        assert [one for one in self.seen if one[0] > SECONDS or one[1] > MOST_MORE] == []
        slowest, largest = max(self.seen), max(self.seen, key=lambda one: one[1])
        return (f"{len(self.seen)} sent, longest {slowest[0]:.2f} s ({slowest[2]}), "
                f"most memory {largest[1] / 2**20:.0f} MiB ({largest[2]})")  # fmt: skip

    def assert_nothing_left(self) -> None:
        """In the data's folder lies what rows point to and nothing else; in the temporary one nothing."""
        with self.app.app_context():
            kept = {f"evidence/{one}" for one in db.session.scalars(select(Evidence.stored_as))}
            kept |= {path for path in db.session.scalars(select(Batch.path)) if path}
        lying = {
            str(path.relative_to(self.data_dir)) for path in self.data_dir.rglob("*") if path.is_file()
        } - {"seal_keys", "secret_key"}
        assert lying - kept == set()
        assert list(self.temporary.iterdir()) == []
        pictures = [path for path in self.data_dir.rglob("*") if path.suffix in (".jpg", ".png")]
        assert [path for path in pictures if MARK in path.read_bytes()] == []


@pytest.fixture(scope="module")
def bench(database, template_url, tmp_path_factory):
    """Server and data; the folder for temporary files is the server's and this process's own."""
    config = config_for(database.create(template_url), tmp_path_factory.mktemp("data"))
    app, temporary = make_app(config), tmp_path_factory.mktemp("temporary")
    settings = {
        "TRACKER_EVIDENCE_FILES": "100", "TRACKER_UPLOADS_AN_HOUR": "10000", "TMPDIR": str(temporary),
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(temporary))
        with serving(config, tmp_path_factory.mktemp("log"), **settings) as server:
            yield Bench(app, server, temporary)
    close_app(app)
    database.drop(config.database_url)


def places_for(file: Hostile) -> list[str]:
    """Where a file is sent: in an ordinary run to the place that it is made for, in a full one to all."""
    if is_full():
        return sorted(PLACES)
    return [IMPORTS if file.filename.endswith(WORKBOOK) else EVIDENCE]


@contextlib.contextmanager
def reading_meanwhile(bench: Bench):
    """Somebody else reads a page again and again; gives how long each took."""
    over, took = threading.Event(), []
    other = Browser(bench.server.port, cookies=dict(bench.people["member"].cookies))

    def read() -> None:
        while not over.wait(0.2):
            answer = other.get("/me")
            assert answer.status == 200
            took.append(answer.seconds)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


@pytest.mark.on_postgresql_as
def test_each_hostile_file_is_refused_or_does_nothing(bench, record_property):
    wrong, kept = [], 0
    with reading_meanwhile(bench) as took:
        for file in files():
            if file.number == TRUNCATED and not is_full() and len(bench.seen) % 4:
                continue
            for endpoint in places_for(file):
                status, state = bench.send(endpoint, file, file.make())
                is_kept = state == BatchState.CHECKED if endpoint == IMPORTS else status < 400
                kept += is_kept
                if is_kept and not file.may_stay:
                    wrong.append((file.number, file.what, endpoint, status, state))
    assert wrong == []
    bench.assert_nothing_left()
    slow = quantiles(took, n=20)[-1]
    reached(record_property, "f", f"{bench.assert_cheap()}; {kept} kept as harmless; nothing left behind; "
            f"pages meanwhile: 95 % within {slow * 1000:.0f} ms")  # fmt: skip


@pytest.mark.on_postgresql_as
def test_files_with_something_wrong_in_them_are_no_fault_of_ours(bench, record_property):
    random, given, tries = Random(7), list(files()), count("f")
    made: dict[int, bytes] = {}
    for n in range(tries):
        at = random.randrange(len(given))
        made.setdefault(at, given[at].make())
        places = sorted({EVIDENCE, *places_for(given[at])})
        bench.send(places[n % len(places)], given[at], changed(made[at], random))
    bench.assert_nothing_left()
    reached(record_property, "f", f"changed at random: {bench.assert_cheap()}")


@pytest.mark.on_postgresql_as
def test_a_request_that_is_put_together_wrongly_is_refused(bench):
    member = bench.people["member"]
    cookies = "; ".join(f"{name}={value}" for name, value in member.cookies.items())
    workers = set(descendants(bench.server.running.pid))
    for number, what, kind, body, more in REQUESTS:
        head = (
            f"POST /records/{bench.values['record_id']}/evidence HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: {cookies}\r\nContent-Type: {kind}\r\nContent-Length: {len(body) + more}\r\n"
            "Connection: close\r\n\r\n"
        )
        start = time.monotonic()
        said = answer_to(bench.server.port, head.encode() + body)
        assert time.monotonic() - start < SECONDS, (number, what)
        assert not said or said[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 413"), (number, what, said[:200])
        assert member.get("/me").status == 200, (number, what)
    assert workers == set(descendants(bench.server.running.pid))
    bench.assert_nothing_left()


def answer_to(port: int, request: bytes) -> bytes:
    """What a server says to these bytes, b"" if it hangs up."""
    said = b""
    with (
        contextlib.suppress(ConnectionResetError, BrokenPipeError),
        socket.create_connection(("127.0.0.1", port), timeout=10) as line,
    ):
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        while part := line.recv(65_536):
            said += part
    return said
