"""The campaign files that come with the tracker, to begin with."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.rules.campaign_copies import copy_text
from tracker.rules.campaign_file import read_campaign

FOLDER = Path(__file__).resolve().parent.parent / "campaigns"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of them: what it is called, and when it runs as it stands in its file."""

    code: str
    name: str
    description: str
    starts_on: dt.date
    ends_on: dt.date
    text: str


@cache
def shipped_campaigns() -> tuple[Shipped, ...]:
    """All of them, the newest first. They come with the code, so they are read once."""
    found = []
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        spec = read_campaign(text)
        found.append(Shipped(spec.code, spec.name, spec.description, spec.starts_on, spec.ends_on, text))
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.code), reverse=True))


def shipped_campaign(code: str) -> Shipped | None:
    return next((one for one in shipped_campaigns() if one.code == code), None)


def text_from(shipped: Shipped, starts_on: dt.date | None) -> str:
    """Its file; all days moved with its beginning, and the year in its code too, if another day is given.

    Raises Refused if its days cannot be moved there.
    """
    if starts_on is None or starts_on == shipped.starts_on:
        return shipped.text
    code = f"{re.sub(r'-[0-9]{4}$', '', shipped.code)}-{starts_on.year}"
    code = code if code != shipped.code else f"{code}-{starts_on:%m%d}"
    return copy_text(shipped.text, code=code, name=shipped.name, starts_on=starts_on).text
