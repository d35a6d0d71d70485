"""Fixtures of the browser tests: the real application with its demo, served as `make run` serves it."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from tests.browser import two_hosts
from tests.conftest import close_app, config_for, make_app
from tests.quiet_logs import named_by_server
from tests.summary import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 90
DEMO = "TRACKER_TEST_DEMO"  # data of a demo that was made before
# plotly.js sets a few cosmetic styles on elements; the content policy refuses them, and nothing is lost.
HARMLESS = ("plotly-cartesian.min.js",)


@dataclass(frozen=True)
class LiveServer:
    """A server that runs on this machine, with a folder of data of its own."""

    url: str
    data_dir: Path
    environ: dict[str, str]  # for commands that are to work on its data

    @property
    def database_url(self) -> str:
        return self.environ.get("TRACKER_DATABASE_URL", f"sqlite:///{self.data_dir / 'tracker.sqlite3'}")

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Ask its database, or change it past the application. Returns the rows, if it gives any."""
        engine = create_engine(self.database_url)
        try:
            with engine.begin() as connection:
                result = connection.execute(text(statement), values)
                return list(result) if result.returns_rows else []
        finally:
            engine.dispose()

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command on the server's data. Returns what it prints."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def figures(self) -> dict[str, Any]:
        """The figures of its day: id -> value. Asked in this process: a new one takes seconds to start."""
        app = make_app(config_for(self.database_url, self.data_dir))
        printed = app.test_cli_runner().invoke(args=["figures", "--json"], catch_exceptions=False)
        close_app(app)
        found: dict[str, Any] = json.loads(printed.output)["figures"]
        return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            # Not urllib, which would ask a proxy that this machine may have.
            with contextlib.closing(
                http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
            ) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}", pytrace=False)


def _environ(data_dir: Path) -> dict[str, str]:
    """What a server or a command finds around it: of our settings, where its data are and its day."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "FLASK_"))
    }
    return others | {"TRACKER_DATA_DIR": str(data_dir), "TRACKER_TODAY": "2021-07-31"}


def make_demo(data_dir: Path, database_url: str = "") -> None:
    """The demo's data, as `make run` makes them; on SQLite, if no other database is named."""
    named = {"TRACKER_DATABASE_URL": database_url} if database_url else {}
    LiveServer("", data_dir, _environ(data_dir) | named).flask("demo", "start")


@contextlib.contextmanager
def _gunicorn(port: int, environ: dict[str, str], place: Path, *options: str) -> Iterator[None]:
    """A server on a port, with a working folder; stopped at the end."""
    log = place / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1",
             "--threads", "8", "--config", str(ROOT / "gunicorn.conf.py"), *options, "wsgi:app"],
            cwd=place, env=environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output,
        )  # fmt: skip
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert named_by_server(log, Path(environ["TRACKER_DATA_DIR"]) / "tracker.sqlite3") == []


@contextlib.contextmanager
def serving(
    folder: Path, demo: Path | None = None, demos: two_hosts.Demos | None = None
) -> Iterator[LiveServer]:
    """The application with a demo of its own in `folder`, on a free port of this machine, on SQLite.

    demo:  data that were made before and are copied, which is much faster than to make them.
    demos: its rows, where two hosts are to serve them.
    """
    if demo:
        shutil.copytree(demo, folder / "data", dirs_exist_ok=True)
    environ = _environ(folder / "data")
    if demos:
        environ["TRACKER_DATABASE_URL"] = demos.copy()
    elif not demo:
        LiveServer("", folder / "data", environ).flask("demo", "start")
    places = [folder / name for name in ("one", "two")] if demos else [folder]
    ports = [_free_port() for _ in places]
    with contextlib.ExitStack() as stack:
        for port, place in zip(ports, places, strict=True):
            place.mkdir(exist_ok=True)
            stack.enter_context(_gunicorn(port, environ, place, *(("--keep-alive", "0") if demos else ())))
        port = stack.enter_context(two_hosts.switching(ports)).port if demos else ports[0]
        yield LiveServer(f"http://127.0.0.1:{port}", folder / "data", environ | {"PORT": str(port)})


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[two_hosts.Demos | None]:
    """The demo on PostgreSQL, if the tests are to be served by two hosts."""
    made = two_hosts.Demos(tmp_path_factory.mktemp("demos"), make_demo) if two_hosts.is_wanted() else None
    yield made
    if made:
        made.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, demos: two_hosts.Demos | None) -> Path:
    """The data of a demo, made once for all workers; to be copied."""
    if demos:
        return demos.folder
    if given := os.environ.get(DEMO):
        return Path(given)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            make_demo(shared / "demo-in-the-making")
            (shared / "demo-in-the-making").rename(shared / "demo")
    return shared / "demo"


@pytest.fixture(scope="session")
def live_server(
    demo: Path, demos: two_hosts.Demos | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """The demo that tests share: they read it, and leave its figures as they are."""
    with serving(tmp_path_factory.mktemp("live"), demo, demos) as server:
        yield server


@pytest.fixture(scope="session")
def moving(
    demo: Path, demos: two_hosts.Demos | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A demo whose figures move: its tests look at them before and after."""
    with serving(tmp_path_factory.mktemp("moving"), demo, demos) as server:
        yield server


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Where `page.goto("/")` goes."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which stays silent on the network."""
    path = chromium()
    if path is None:
        pytest.fail(
            "No Chromium (Debian: apt-get install chromium; else TRACKER_TEST_CHROMIUM).", pytrace=False
        )
    quiet = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "chromium_sandbox": False,
        "args": list(quiet),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """An office's screen."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1366, "height": 900}}  # fmt: skip


def watch(page: Any, home: str, into: list[str] | None = None) -> list[str]:
    """Everything that goes wrong in a page from now on: script errors, refused styles, requests to others.

    home: the host and port that it may ask. into: a list that this is added to.
    """
    faults: list[str] = [] if into is None else into

    def note_message(message: Any) -> None:
        missing = message.text.startswith("Failed to load resource")  # an answer of 4xx that a test asked for
        place = str(message.location.get("url", ""))
        if message.type == "error" and not missing and not place.endswith(HARMLESS):
            faults.append(f"console: {message.text} ({place})")

    def note_request(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != home:
            faults.append(f"asks another host: {request.url}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", note_request)
    return faults


@pytest.fixture
def page(page: Any, base_url: str) -> Iterator[Any]:
    """A page that must stay without faults: no script error, no refused style, nothing from another host."""
    faults = watch(page, urlsplit(base_url).netloc)
    yield page
    assert faults == []
