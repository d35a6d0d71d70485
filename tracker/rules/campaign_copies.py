"""A campaign file for another year: the same text with its days moved, comments and all."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CODE
from tracker.rules.refusal import N_, Refused

# A day after a key; or the example of a day, which is a text. Strings in which a day happens to stand stay.
_DAY = re.compile(
    r"(?P<key>\b(?:starts_on|ends_on|due_on)\s*=\s*)(?P<day>\d{4}-\d\d-\d\d)\b"
    r'|(?P<example>\bexample\s*=\s*")(?P<shown>\d{4}-\d\d-\d\d)(?=")'
)
_TABLE = re.compile(r"^\s*\[")


@dataclass(frozen=True, slots=True)
class Moved:
    """One day that was moved. line: counted from 1, in both texts."""

    line: int
    key: str
    was: dt.date
    becomes: dt.date


@dataclass(frozen=True, slots=True)
class Copy:
    """The new text, and every day of it that somebody should look at."""

    text: str
    moved: tuple[Moved, ...]


def copy_text(text: str, *, code: str, name: str, starts_on: dt.date) -> Copy:
    """The file of another campaign: its own code and name, all days moved with its beginning.

    text:      a file without faults.
    starts_on: if it has the month and day of the old beginning, days move by whole years, so that 31 July
               stays 31 July; else by as many days as the beginning does.
    Raises Refused for a code that cannot be one or that is the old one, and if a day stands where it cannot
    be moved.
    """
    old = read_campaign(text)
    if not CODE.fullmatch(code):
        raise Refused(N_("A code holds only a-z, 0-9, “.”, “_” and “-”."), "code")
    if code == old.code:
        raise Refused(N_("The copy needs a code of its own."), "code")
    if not name.strip() or '"' in name or "\\" in name or not name.isprintable():
        raise Refused(N_("Write a name without quotation marks and backslashes."), "name")
    lines, moved = [], []
    is_top = True
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        is_top = is_top and not _TABLE.match(line)
        if is_top and re.match(r"\s*(code|name)\s*=", line):
            key = line.split("=")[0].strip()
            line = f'{key} = "{code if key == "code" else name.strip()}"\n'
        found = [] if line.lstrip().startswith("#") else list(_DAY.finditer(line))
        for match in reversed(found):
            was = dt.date.fromisoformat(match["day"] or match["shown"])
            becomes = move(was, old.starts_on, starts_on)
            line = (
                line[: match.start()]
                + (match["key"] or match["example"])
                + becomes.isoformat()
                + line[match.end() :]
            )
            if match["day"]:
                moved.append(Moved(number, match["key"].split("=")[0].strip(), was, becomes))
        lines.append(line)
    new = "".join(lines)
    wanted = [move(day, old.starts_on, starts_on) for day in _days(tomllib.loads(text))]
    if list(_days(tomllib.loads(new))) != wanted:
        raise Refused(
            N_("The file writes a day in a way that cannot be moved. Write each on a line of its own.")
        )
    read_campaign(new)
    return Copy(new, tuple(sorted(moved, key=lambda one: one.line)))


def move(day: dt.date, old: dt.date, new: dt.date) -> dt.date:
    """The day that lies to `new` as `day` lies to `old`. 29 February becomes the 28th where there is none."""
    if (old.month, old.day) != (new.month, new.day):
        return day + (new - old)
    year = day.year + new.year - old.year
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _days(value: Any) -> Iterator[dt.date]:
    """Every day in what TOML says, in its order."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _days(item)
    elif isinstance(value, list):
        for item in value:
            yield from _days(item)
    elif isinstance(value, dt.date):
        yield value.date() if isinstance(value, dt.datetime) else value
