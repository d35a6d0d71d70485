"""A load that costs little itself: one thread, connections that are kept, requests made as bytes."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

LINES = 4  # connections of a load
RECEIVE = 1 << 18
LEAST, LONGEST = 3, 4.0


class WrongContentError(Exception):
    """What was measured is not what it ought to be: its time says nothing."""


def get(path: str, session: str = "") -> bytes:
    """The bytes of a GET."""
    said = f"Cookie: session={session}\r\n" if session else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}\r\n".encode()


def post(path: str, body: bytes, session: str = "") -> bytes:
    """The bytes of a form that is sent."""
    said = f"Cookie: session={session}\r\n" if session else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@dataclass(slots=True)
class Told:
    """What a load saw: seconds of each answer, and how many there were of each status."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return statistics.median(self.taken) * 1000

    def hold_to(self, status: int) -> Told:
        """Raises WrongContentError if an answer had another status."""
        if set(self.statuses) != {status}:
            raise WrongContentError(f"answers had the statuses {self.statuses}, not {status}")
        return self


class Line:
    """One connection that is kept; a request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connect()
        self.sent = b""
        self.began = 0.0
        self.buffer = bytearray()
        self.whole = 0  # bytes of the answer, head included; 0 while the head is not there

    def _connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def send(self, request: bytes) -> None:
        self.sent, self.began, self.whole = request, time.perf_counter(), 0
        self.buffer.clear()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Read what is there; whether the answer is whole. A connection that rested too long is made anew."""
        try:
            got = self.socket.recv(RECEIVE)
        except ConnectionResetError:
            got = b""
        if not got:
            if self.buffer:
                raise WrongContentError("an answer broke off")
            self.socket.close()
            self.socket = self._connect()
            self.socket.sendall(self.sent)
            return False
        self.buffer += got
        if not self.whole:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.buffer[:end]).lower()
            at = head.find(b"content-length:")
            if at < 0:
                raise WrongContentError("an answer does not say how long it is")
            self.whole = end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
        return len(self.buffer) >= self.whole

    @property
    def status(self) -> int:
        return int(self.buffer[9:12])

    @property
    def body(self) -> bytes:
        return bytes(self.buffer[self.buffer.find(b"\r\n\r\n") + 4 :])

    def ask(self, request: bytes) -> float:
        """One request; the seconds until its answer was whole."""
        self.send(request)
        while not self.receive():
            pass
        return time.perf_counter() - self.began

    def close(self) -> None:
        self.socket.close()


def load(port: int, requests: Iterator[bytes], seconds: float, lines: int = LINES) -> Told:
    """As many requests as are answered within `seconds` on so many connections, from one thread."""
    told, chosen = Told(), selectors.DefaultSelector()
    open_lines = [Line(port) for _ in range(lines)]
    start = time.perf_counter()
    for line in open_lines:
        line.send(next(requests))
        chosen.register(line.socket, selectors.EVENT_READ, line)
    waiting = lines
    while waiting:
        for key, _ in chosen.select():
            line, before = key.data, key.fileobj
            is_whole = line.receive()
            if is_whole:
                at = time.perf_counter()
                told.taken.append(at - line.began)
                told.statuses[line.status] = told.statuses.get(line.status, 0) + 1
            if is_whole and at - start >= seconds:
                waiting -= 1
                chosen.unregister(before)
                continue
            if is_whole:
                line.send(next(requests))
            if line.socket is not before:
                chosen.unregister(before)
                chosen.register(line.socket, selectors.EVENT_READ, line)
    told.seconds = time.perf_counter() - start
    for line in open_lines:
        line.close()
    chosen.close()
    return told


def one_by_one(port: int, request: bytes, times: int, before: Callable[[], Any] | None = None) -> Told:
    """So many requests on one connection, each after `before`, which is not counted.

    A page of a second is not asked for as often as one of a millisecond: after LONGEST seconds LEAST are
    enough.
    """
    told, line, start = Told(), Line(port), time.perf_counter()
    for n in range(times):
        if n >= LEAST and time.perf_counter() - start > LONGEST:
            break
        if before is not None:
            before()
        taken = line.ask(request)
        told.taken.append(taken)
        told.seconds += taken
        told.statuses[line.status] = told.statuses.get(line.status, 0) + 1
    line.close()
    return told


def fetch(port: int, request: bytes, status: int = 200) -> bytes:
    """The body of one answer. Raises WrongContentError if it has another status."""
    line = Line(port)
    line.ask(request)
    try:
        if line.status != status:
            raise WrongContentError(f"{request[:80]!r} was answered with {line.status}: {line.body[-500:]!r}")
        return line.body
    finally:
        line.close()
