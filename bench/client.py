"""What the load itself takes: beside a process that answers the same bytes without reading what is asked."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time

from bench.load import get, load
from bench.sides import Goal, Result, bare, beside, result
from bench.turns import Turn
from bench.worlds import Size

LENGTH = 34_000
ANSWERS = """
import selectors, socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
body = b"x" * int(sys.argv[1])
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
chosen = selectors.DefaultSelector()
chosen.register(listening, selectors.EVENT_READ)
while True:
    for key, _ in chosen.select():
        if key.fileobj is listening:
            line, _ = listening.accept()
            chosen.register(line, selectors.EVENT_READ)
        elif key.fileobj.recv(65536):
            key.fileobj.sendall(answer)
        else:
            chosen.unregister(key.fileobj)
            key.fileobj.close()
"""


def share(turn: Turn) -> list[Result]:
    """How many times more answers the load can take than bare Flask gives; and its share of a CPU there."""
    answers = subprocess.Popen(
        [sys.executable, "-c", ANSWERS, str(LENGTH)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert answers.stdout is not None
        port = int(answers.stdout.readline())
        used: list[float] = []
        size = Size(turn.records[0])
        with turn.place.copy(size) as world, bare(world, {"page": b"x" * LENGTH}) as limit:

            def flask() -> float:
                before, start = time.process_time(), time.perf_counter()
                rate = load(limit.port, itertools.repeat(get("/bytes/page")), turn.seconds).hold_to(200).rate
                used.append((time.process_time() - before) / (time.perf_counter() - start))
                return rate

            def trivial() -> float:
                return load(port, itertools.repeat(get("/")), turn.seconds).hold_to(200).rate

            pairs = beside(trivial, flask, turn.rounds)
    finally:
        answers.kill()
        answers.wait()
    said = f"the load takes {sorted(used)[len(used) // 2]:.0%} of one CPU beside bare Flask"
    line = "the load: a bare socket beside bare Flask, 34 KB"
    return [result(line, turn.place, pairs, "/s", Goal(), said)]
