"""Where the time of a line goes: a flame graph of the server's worker, or of the command, while it works.

    python bench/flames.py LINE OUT.svg [--records N] [--seconds S] [--database sqlite]

LINE     bureau, branch, member, ledger, queue, entry, import or check.
OUT.svg  a picture that any browser opens; wide is slow. Its frames are Python's, a hundred samples a second.

Pages are asked for one after the other with a write before each, as in bench/pages.py. py-spy looks from
outside, so that what it looks at runs as it always does.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import imports
from bench.load import get, load, one_by_one
from bench.pages import Writes
from bench.sides import ours, session_of
from bench.worlds import Place, Size, World
from bench.writing import Desk
from tests.proof.memory import children
from tests.proof.server import Server, environ_for

THINNEST = 0.3  # per cent of the samples
RATE = 100
PAGES = {"bureau": ("office_id", "/"), "branch": ("secretary_id", "/branches/{}"),
         "member": ("member_user_id", "/me"), "ledger": ("secretary_id", "/records"),
         "queue": ("office_id", "/verify?all=1")}  # fmt: skip


def program() -> str:
    """py-spy, beside this Python or on the path."""
    beside = Path(sys.executable).with_name("py-spy")
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    if found is None:
        raise SystemExit("py-spy is needed: .venv/bin/python -m pip install py-spy")
    return found


def served(world: World, line: str, out: Path, seconds: float) -> None:
    """Sample the worker of a server while a page or the form is asked for."""
    with ours(world) as server:
        ask = _asks(world, server, line)
        ask(1.0)
        assert server.running is not None
        (worker,) = children(server.running.pid)
        spy = subprocess.Popen([*_spy(out), "--pid", str(worker), "--duration", str(int(seconds))])
        asking = threading.Thread(target=ask, args=(seconds,))
        asking.start()
        code = spy.wait()
        asking.join()
    if code:
        raise SystemExit(f"py-spy ended with {code}")


def _asks(world: World, server: Server, line: str) -> Callable[[float], object]:
    if line == "entry":
        entries = Desk(world, server.port).entries()
        return lambda seconds: load(server.port, entries, seconds).hold_to(303)
    who, path = PAGES[line]
    request = get(path.format(world.large.branch_id), session_of(world, getattr(world.large, who)))
    writes = Writes(world)

    def ask(seconds: float) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            one_by_one(server.port, request, 1, writes.one).hold_to(200)

    return ask


def commanded(place: Place, world: World, line: str, out: Path, rows: int) -> None:
    """Sample a command from its start to its end."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    if line == "check":
        args, environ = ["data", "check"], environ_for(world.config)
    else:
        path = place.folder / "ledger.xlsx"
        imports.write_ledger(path, rows)
        bureau = imports.Bureau(place)
        args, environ = ["ledger", "import", str(path), "--verified", "--commit"], bureau.environ(bureau.url)
    subprocess.run([*_spy(out), "--", *flask, *args], env=environ, check=True)


def _spy(out: Path) -> list[str]:
    return [
        program(),
        "record",
        "--output",
        str(out),
        "--format",
        "flamegraph",
        "--rate",
        str(RATE),
        "--function",
    ]


def shortened(picture: str, title: str) -> str:
    """The picture under a title of its own and without frames too thin to be seen."""
    picture = re.sub(r'(<text id="title"[^>]*>)[^<]*', lambda found: found[1] + title, picture)
    return re.sub(
        r"<g><title>[^<]*, ([0-9.]+)%\)</title>.*?</g>",
        lambda found: found[0] if float(found[1]) >= THINNEST else "",
        picture,
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("line", choices=[*PAGES, "entry", "import", "check"])
    asked.add_argument("out", type=Path)
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--seconds", type=float, default=15)
    asked.add_argument("--database", default="sqlite")
    given = asked.parse_args()
    place = Place(given.database)
    place.start()
    try:
        with place.copy(Size(given.records)) as world:
            if given.line in ("import", "check"):
                commanded(place, world, given.line, given.out, given.records)
            else:
                served(world, given.line, given.out, given.seconds)
    finally:
        place.stop()
    title = f"{given.line}, {given.records:,} records, {given.database}"
    given.out.write_text(shortened(given.out.read_text(encoding="utf-8"), title), encoding="utf-8")
    print(f"{given.out}: {given.out.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
