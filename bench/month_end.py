"""The last day of the month: many people at once, who read, enter, add files and take lists away."""

from __future__ import annotations

import random
import secrets
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field

from bench.figures import hold
from bench.load import WrongContentError
from bench.sides import Goal, Result, ours, result, session_of
from bench.turns import Turn
from bench.worlds import World
from bench.writing import FREE
from tests.files.evidence_files import PDF
from tests.proof.server import Answer, Browser, Process, environ_for
from tests.proof.writers import FORM

PAUSE = 10.0  # seconds between two acts of one person, on average
SHARES = (("read", 60), ("submit", 30), ("upload", 7), ("export", 3))
READ = ("/me", "/me/records", "/me/everything", "/help")


@dataclass
class Person(threading.Thread):
    """A member at work until `until`."""

    number: int
    browser: Browser
    until: float
    taken: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.chance, self.entered, self.hidden = random.Random(self.number), 0, {}

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        kinds, shares = zip(*SHARES, strict=True)
        time.sleep(self.chance.uniform(0, PAUSE))
        while time.monotonic() < self.until:
            kind = self.chance.choices(kinds, shares)[0]
            try:
                answer = self.act(kind)
            except Exception as error:  # a time-out or a broken line is an error of the line, and shown
                self.wrong.append(f"{kind}: {type(error).__name__}: {error}")
                continue
            self.taken.append((kind, answer.seconds))
            if answer.status not in (200, 302, 303):
                self.wrong.append(f"{kind}: {answer.status}")
            time.sleep(min(self.chance.expovariate(1 / PAUSE), 3 * PAUSE))

    def act(self, kind: str) -> Answer:
        if kind == "read":
            return self.browser.get(self.chance.choice(READ))
        if kind == "export":
            key = {"submission_key": secrets.token_urlsafe(24)}
            return self.browser.post("/me/everything.xlsx", {**self.fields(), **key})
        fields = {**self.fields(), **self.typed()}
        if kind == "submit":
            return self.browser.post(FORM, fields)
        content = PDF + f"{self.number}-{self.entered}\n%%EOF\n".encode()
        return self.browser.upload(FORM, fields, [("files", "证明.pdf", content)])

    def fields(self) -> dict[str, str]:
        """The hidden fields of the form, opened once."""
        self.hidden = self.hidden or self.browser.hidden(FORM)
        return self.hidden

    def typed(self) -> dict[str, str]:
        number, self.entered = self.entered, self.entered + 1
        return {
            "happened_on": FREE[number % len(FREE)].isoformat(), "minutes": f"{number // len(FREE) + 1}分钟",
            "source": "学习强国", "title": f"第{number}讲", "submission_key": secrets.token_urlsafe(24),
        }  # fmt: skip


def month_end(turn: Turn) -> list[Result]:
    """Errors, p95 of reading and p99 of submitting; the figures are checked right afterwards."""
    with turn.place.copy(turn.size) as world, ours(world, workers=2, threads=8) as server:
        until = time.monotonic() + 60 * turn.minutes + PAUSE
        people = [
            Person(n, Browser(server.port, cookies={"session": session_of(world, id_)}), until)
            for n, id_ in enumerate(world.large.account_ids[: turn.people])
        ]
        worker = _worker(world)
        worker.start()
        try:
            for one in people:
                one.start()
            for one in people:
                one.join()
        finally:
            worker.kill()
        hold(world)
    taken = [one for person in people for one in person.taken]
    wrong = [one for person in people for one in person.wrong]
    if wrong:
        raise WrongContentError(f"{len(wrong)} of {len(taken)} went wrong: {sorted(set(wrong))[:8]}")
    name = f"last day of the month, {turn.people} members, {turn.minutes:g} min"
    said = f"{len(taken)} acts, 0 errors, figures right afterwards; median and quantile"
    found = []
    for kinds, quantile, allowed in (
        (("read",), 0.95, 300.0), (("submit", "upload"), 0.99, 2000.0), (("export",), 0.95, None)
    ):  # fmt: skip
        times = sorted(1000 * seconds for kind, seconds in taken if kind in kinds)
        if not times:
            continue
        at = times[min(len(times) - 1, int(len(times) * quantile))]
        line = f"{name}: {' and '.join(kinds)}, p{quantile * 100:.0f}"
        pair = [(at, allowed or statistics.median(times))]
        goal = Goal(at_most=1.0) if allowed else Goal()
        found.append(result(line, turn.place, pair, "ms", goal, f"{said}: {statistics.median(times):.0f} ms"))
    return found


def _worker(world: World) -> Process:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    environ = environ_for(world.config, TRACKER_JOBS="worker")
    return Process(command, environ, world.folder / "worker.log")
