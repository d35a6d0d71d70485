"""Requests as no browser sends them, to gunicorn in production: refused, and no second one slips in."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
from urllib.parse import quote, urlencode

import pytest

from tests.conftest import config_for
from tests.proof.server import Browser, serving
from tests.test_log_lines import PAYLOADS

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# A server reads bytes in one way, whichever database is behind it.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# What production asks for at the least, so that it starts.
PRODUCTION = {
    "TRACKER_ENVIRONMENT": "production", "TRACKER_SECRET_KEY": secrets.token_urlsafe(48),
    "TRACKER_TODAY": "", "TRACKER_PLAIN_HTTP": "1", "TRACKER_JOBS": "worker", "TRACKER_TRUSTED_PROXIES": "0",
    "GUNICORN_CMD_ARGS": "--access-logfile=-",
}  # fmt: skip
SECOND = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
CHUNKED = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
PLAIN = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /help HTTP/1.1\r\nHost: localhost\r\n"
# What somebody would hope to be read in two ways → the bytes; each is followed by a second request.
SMUGGLED = {
    "a length and chunks": CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "chunks and a length of nothing": PLAIN
    + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": PLAIN + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde",
    "a length with a sign": PLAIN + b"Content-Length: +5\r\n\r\nabcde",
    "two lengths in one": PLAIN + b"Content-Length: 5, 5\r\n\r\nabcde",
    "chunks by another name": PLAIN + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks named twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a header folded": PLAIN + b"Content-Length:\r\n 5\r\n\r\nabcde",
    "a blank before the colon": PLAIN + b"Content-Length : 5\r\n\r\nabcde",
    "a tab in a name": PLAIN + b"Transfer-\tEncoding: chunked\r\n\r\n0\r\n\r\n",
    "a NUL in a header": GET + b"X-A: a\x00b\r\n\r\n",
    "a lone CR in a header": GET + b"X-A: a\rTransfer-Encoding: chunked\r\n\r\n",
    "lines that end in LF": b"GET /help HTTP/1.1\nHost: localhost\nContent-Length: 5\n\nabcde",
    "a size of a chunk that is none": CHUNKED + b"\r\n0x1\r\nZ\r\n0\r\n\r\n",
    "a header as long as a book": GET + b"X-A: " + b"a" * 70_000 + b"\r\n\r\n",
    "more headers than any page has": GET + b"X-A: a\r\n" * 500 + b"\r\n",
    "a version that there is not": b"GET /help HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "a line with four parts": b"GET /help /records HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(database, template_url, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o700)
    config = config_for(database.create(template_url), folder)
    with serving(config, tmp_path_factory.mktemp("log"), threads=4, **PRODUCTION) as running:
        yield running
    database.drop(config.database_url)


def said(port: int, sent: bytes) -> bytes:
    """All that came back until the server closed, or had nothing more to say."""
    got = b""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as line:
        line.settimeout(1)
        with contextlib.suppress(OSError):  # the server may close while more is being sent
            line.sendall(sent)
        with contextlib.suppress(OSError):
            while part := line.recv(65_536):
                got += part
    return got


@pytest.mark.asvs("4.2.1")
@ON_SQLITE
@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_a_request_that_could_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(server, sent):
    got = said(server.port, sent + SECOND)
    statuses = [int(part.split(b" ", 1)[0]) for part in got.split(b"HTTP/1.1 ")[1:]]
    assert all(400 <= status < 500 or status == 501 for status in statuses)
    assert 404 not in statuses, "the second one was read as a request"
    assert Browser(server.port).get("/help").status == 200


@pytest.mark.asvs("4.2.1")
@ON_SQLITE
def test_a_host_in_the_address_is_not_believed(server):
    for host in (b"localhost", b"evil.example"):
        got = said(
            server.port,
            b"GET http://evil.example/records HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n",
        )
        head, _, page = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 302"), head
        assert b"Location: /sign-in" in head
        assert b"evil.example" not in head + page


def hostile(port: int, payload: str) -> None:
    """A payload in the address, the name of the browser, a login, the name of a field and of a file; and as a
    line that is no request."""
    raw = payload.encode("utf-8", "surrogatepass")
    browser, quoted = Browser(port), quote(raw)
    browser.get(f"/{quoted}?q={quoted}")
    said(
        port,
        b"GET /records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: " + raw + b"\r\n\r\n",
    )
    said(port, b"GET /" + raw + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    fields = browser.hidden("/sign-in", "/sign-in")
    body = urlencode({**fields, "login": raw, raw: "x", "password": raw}).encode()
    browser.send("POST", "/sign-in", body, Content_Type="application/x-www-form-urlencoded")
    name = payload.encode("utf-8", "replace").decode()
    browser.upload("/sign-in", fields, [("file", name, b"x")])


@pytest.mark.asvs("16.2.2", "16.2.4", "16.4.1", "16.2.5")
@ON_SQLITE
def test_no_payload_breaks_a_line_of_the_log_and_none_is_in_it(server):
    before = len(server.said())
    for number, payload in enumerate(PAYLOADS):
        hostile(server.port, f"欧阳M-7391{payload}{number}")
    text = server.said()[before:]
    assert all(" " <= letter <= "~" or letter == "\n" for letter in text)
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["log"] for line in lines} == {"tracker.logs", "gunicorn.access", "gunicorn.error"}
    assert all(line["at"].endswith("+00:00") and line["level"] and line["says"] for line in lines)
    requests = [line["request"] for line in lines if line["log"] == "tracker.logs"]
    assert len(requests) == len(set(requests)) >= 4 * len(PAYLOADS)
    told = text.encode().decode("unicode_escape")
    assert [word for word in ("欧阳", "M-7391", "forged", "127.0.0.1") if word in told] == []
