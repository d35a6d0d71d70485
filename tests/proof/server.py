"""The application as it is served in earnest: gunicorn on loopback, and browsers that speak HTTP to it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from config import Config
from tests import html

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
BOUNDARY = "storm-boundary-7d1"


def environ_for(config: Config, **more: str) -> dict[str, str]:
    """The environment of a process that works on the same data as an application of the tests."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "FLASK_"))
    }
    return others | {
        "TRACKER_DATABASE_URL": config.database_url, "TRACKER_DATA_DIR": str(config.data_dir),
        "TRACKER_TODAY": str(config.today or ""), "TRACKER_SECRET_KEY": config.secret_key,
        "TRACKER_JOBS": "manual",
    } | more  # fmt: skip


@dataclass
class Process:
    """A process of ours with those that it started, in a group of their own."""

    command: list[str]
    environ: dict[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    place: Path = ROOT  # its working folder

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command, cwd=self.place, env=self.environ, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL for all of them at once: nobody tidies up."""
        assert self.running is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None


class Server(Process):
    """gunicorn on a free port of this machine."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        workers: int = 1,
        threads: int = 8,
        place: Path = ROOT,
        **more: str,
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers",
                   str(workers), "--threads", str(threads), "--log-level", "warning",
                   "--config", str(ROOT / "gunicorn.conf.py"), "wsgi:app"]  # fmt: skip
        super().__init__(command, environ_for(config, **more), folder / "server.log", place=place)

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.is_alive:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Browser(self.port, timeout=5).get("/static/css/base.css").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.said()[-3000:]}")

    def said(self) -> str:
        """What it wrote into its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def serving(config: Config, folder: Path, **settings: Any) -> Iterator[Server]:
    """A server, killed at the end."""
    server = Server(config, folder, **settings)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Answer:
    """What came back, and how many seconds it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


Fields = Mapping[str, str | Iterable[str]]


def pairs(fields: Fields) -> list[tuple[str, str]]:
    """The fields one by one."""
    return [
        (name, one)
        for name, value in fields.items()
        for one in ([value] if isinstance(value, str) else value)
    ]


def multipart(fields: Fields, files: Iterable[tuple[str, str, bytes]]) -> bytes:
    """A form with files: field, name of the file as it stands (nothing in it is escaped), content."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs(fields)
    ]
    for name, filename, content in files:
        start = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(start.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Browser:
    """Keeps cookies, and takes tokens and keys from the pages as a browser does."""

    port: int
    timeout: float = 60
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request on a connection of its own."""
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        start = time.monotonic()
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        ) as line:
            line.request(method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()})
            got = line.getresponse()
            answer = Answer(got.status, got.headers, got.read(), time.monotonic() - start)
        for one in answer.headers.get_all("Set-Cookie") or []:
            if found := re.match(r"([^=]+)=([^;]*)", one):
                self.cookies[found[1]] = found[2]
        return answer

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form without files."""
        body = urlencode(pairs(fields)).encode()
        return self.send("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def upload(self, path: str, fields: Fields, files: Iterable[tuple[str, str, bytes]]) -> Answer:
        """Send a form with files."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.send("POST", path, multipart(fields, files), Content_Type=kind)

    def hidden(self, page: str, action: str | None = None) -> dict[str, str]:
        """The hidden fields of the form on a page."""
        answer = self.get(page)
        assert answer.status == 200, (page, answer.status)
        return html.hidden_fields(html.parse(answer.text), action)

    def sign_in(self, login: str, password: str) -> Browser:
        """Fill in the form of the sign-in."""
        fields = self.hidden("/sign-in", "/sign-in")
        answer = self.post("/sign-in", {**fields, "login": login, "password": password})
        assert answer.status in (302, 303), answer.text[-2000:]
        return self
