"""Says whether a locked package has a known hole, from data on disk: nothing is asked of the network.

    python -m scripts.advisories                 look; the data are docs/security/advisories.json
    python -m scripts.advisories --data FILE     with other data
    python -m scripts.advisories --take FOLDER --as-of 2026-11-27
                                                 make the data of a folder of OSV files (JSON) of that day

Exit code 0: no known hole, and the data are young enough to say so. 1: a package has one. 2: UNKNOWN, for the
data are missing, damaged or older than 30 days. It never says OK without having looked each package up.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from scripts.sbom import LOCK, ROOT, locked, normalised

DATA = ROOT / "docs" / "security" / "advisories.json"
OLDEST = dt.timedelta(days=30)
OK, HOLES, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Advisory:
    """One of them. ranges: from a version on (None: the first), before another one (None: to this day)."""

    id: str
    package: str
    ranges: tuple[tuple[str | None, str | None], ...]

    def concerns(self, version: str) -> bool:
        """Whether a version has the hole. Raises InvalidVersion."""
        asked = Version(version)
        return any(
            (since is None or asked >= Version(since)) and (until is None or asked < Version(until))
            for since, until in self.ranges
        )


@dataclass(frozen=True)
class Answer:
    """What came out. lines: for whoever reads it."""

    code: int
    lines: tuple[str, ...]


def answer(lock: str, data: str | None, today: dt.date) -> Answer:
    """Look every package of a lock up.

    lock: text of requirements.txt. data: text of the file of advisories, None if there is none.
    """
    if data is None:
        return Answer(UNKNOWN, ("UNKNOWN: there are no data of advisories.",))
    try:
        raw = json.loads(data)
        as_of = dt.date.fromisoformat(raw["as_of"])
        known = [
            Advisory(one["id"], one["package"], tuple(map(tuple, one["ranges"]))) for one in raw["advisories"]
        ]
        packages = locked(lock)
        found = [
            f"{one.package} {packages[one.package].version}: {one.id}"
            for one in known
            if one.package in packages and one.concerns(packages[one.package].version)
        ]
    except (ValueError, KeyError, TypeError, InvalidVersion) as error:
        return Answer(UNKNOWN, (f"UNKNOWN: the data cannot be read ({error}).",))
    told = f"{len(packages)} packages of the lock, {len(known)} advisories as of {as_of}"
    if found:
        return Answer(HOLES, (*sorted(found), f"{len(found)} known holes: {told}."))
    if today - as_of > OLDEST or as_of > today:
        return Answer(UNKNOWN, (f"UNKNOWN: the data are of {as_of}; no hole is known in them ({told}).",))
    return Answer(OK, (f"OK: no known hole in {told}.",))


def _ranges(affected: dict[str, Any]) -> Iterable[list[str | None]]:
    for one in affected.get("ranges", []):
        if one.get("type") != "ECOSYSTEM":
            continue
        since: str | None = None
        is_open = False
        for event in one["events"]:
            if "introduced" in event:
                since, is_open = None if event["introduced"] == "0" else event["introduced"], True
            elif "fixed" in event:
                yield [since, event["fixed"]]
                is_open = False
            elif "last_affected" in event:
                yield [since, f"{event['last_affected']}.post0"]
                is_open = False
        if is_open:
            yield [since, None]


def taken(folder: Path, lock: str, as_of: dt.date) -> str:
    """The data as JSON, of OSV files, for the packages of a lock."""
    packages, found = locked(lock), []
    for path in sorted(folder.rglob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        for affected in raw.get("affected", []):
            name = normalised(affected["package"]["name"])
            is_ours = affected["package"]["ecosystem"] == "PyPI" and name in packages
            if is_ours and "withdrawn" not in raw and (ranges := list(_ranges(affected))):
                found.append({"id": raw["id"], "package": name, "ranges": ranges})
    lines = ",\n".join(f"  {json.dumps(one)}" for one in found)
    return f'{{"as_of": "{as_of}", "advisories": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> int:
    """Look, or take data. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--take", type=Path)
    parser.add_argument("--as-of", type=dt.date.fromisoformat)
    chosen = parser.parse_args(arguments)
    lock = LOCK.read_text(encoding="utf-8")
    if chosen.take:
        if chosen.as_of is None:
            parser.error("--take needs --as-of: the day of the data, not today's")
        chosen.data.write_text(taken(chosen.take, lock, chosen.as_of), encoding="utf-8")
    data = chosen.data.read_text(encoding="utf-8") if chosen.data.is_file() else None
    said = answer(lock, data, dt.datetime.now(dt.UTC).date())
    print("\n".join(said.lines))
    return said.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
