"""How much memory the processes that this one started take, at their highest."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

EVERY = 0.005  # seconds between two looks for children that live shortly


def children(pid: int) -> Iterator[int]:
    """The processes that a process started; none of one that has ended."""
    with contextlib.suppress(OSError):
        for listed in Path(f"/proc/{pid}/task").glob("*/children"):
            yield from map(int, listed.read_text(encoding="ascii").split())


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process started, and those that they started."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def bytes_of(pid: int, line: str) -> int:
    """A figure of a process, such as VmHWM, the most that it ever held; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for one in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if one.startswith(line):
                return int(one.split()[1]) * 1024
    return 0


def runs_its_own(pid: int) -> bool:
    """Whether a process runs its own program by now: just forked it seems to hold what its parent holds."""
    with contextlib.suppress(OSError):
        own = Path(f"/proc/{pid}/cmdline").read_bytes()
        parent = bytes_of(pid, "PPid") // 1024
        return own != Path(f"/proc/{parent}/cmdline").read_bytes()
    return False


class Watched:
    """`more`: bytes that were taken beyond what was held when the watch began."""

    more = 0


@contextlib.contextmanager
def watched() -> Iterator[Watched]:
    """Watch the children of this process: those there are by their high-water mark, new ones all the time."""
    before = {pid: bytes_of(pid, "VmRSS") for pid in descendants(os.getpid())}
    for pid in before:
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the mark begins anew
    new: dict[int, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for pid in set(descendants(os.getpid())) - set(before):
                if runs_its_own(pid):
                    new[pid] = max(new.get(pid, 0), bytes_of(pid, "VmHWM"))
            time.sleep(EVERY)

    found = Watched()
    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
        kept = sum(max(0, bytes_of(pid, "VmHWM") - rss) for pid, rss in before.items())
        found.more = kept + sum(new.values())
