"""The same browser tests over two hosts, with TRACKER_TEST_TWO_HOSTS=1 (in one process, not with -n).

Two servers with working folders of their own, one PostgreSQL, one data folder, and a switch before them that
sends each connection to the other host than the one before. gunicorn closes a connection after its answer
here, so that is each request: no two that follow one another meet the same process.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.databases import PostgreSQL

WISH = "TRACKER_TEST_TWO_HOSTS"
BLOCK = 2**16


def is_wanted() -> bool:
    """Whether this run is to be served by two hosts."""
    return bool(os.environ.get(WISH))


class Demos:
    """A PostgreSQL with the demo in it, of which each server gets a copy; `folder` has the demo's files."""

    def __init__(self, folder: Path, make: Callable[[Path, str], None]) -> None:
        self.backend = PostgreSQL()
        self.backend.start()
        self.url, self.folder = self.backend.create(), folder
        make(folder, self.url)

    def copy(self) -> str:
        """The address of a database of its own."""
        return self.backend.create(self.url)

    def stop(self) -> None:
        self.backend.stop()


class Switch(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine and hands each connection to the next of `ports`.

    `taken` counts how many each got.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, ports: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.turns, self.lock, self.taken = itertools.cycle(ports), threading.Lock(), Counter[int]()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def turn(self) -> int:
        with self.lock:
            port = next(self.turns)
            self.taken[port] += 1
            return port


class _Line(socketserver.BaseRequestHandler):
    """One connection: what comes from either side goes to the other one."""

    server: Switch

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.turn())) as host:
            there = threading.Thread(target=_carry, args=(self.request, host), daemon=True)
            there.start()
            _carry(host, self.request)
            with contextlib.suppress(OSError):
                self.request.shutdown(socket.SHUT_RDWR)
            there.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):  # either side may be gone
        while data := source.recv(BLOCK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def switching(ports: list[int]) -> Iterator[Switch]:
    """A switch that runs, and has used both hosts at its end."""
    with Switch(ports) as switch:
        thread = threading.Thread(target=switch.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield switch
        finally:
            switch.shutdown()
            thread.join()
    used = [switch.taken[port] for port in ports]
    print(f"\ntwo hosts: {' and '.join(map(str, used))} connections")
    assert max(used) - min(used) <= 1
