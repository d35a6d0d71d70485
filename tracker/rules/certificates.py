"""Certificates of hours: their numbers, what is frozen, and what a stranger who checks one is shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.refusal import N_, Refused

DIGITS = 5


class Line(NamedTuple):
    """One row of a certificate: one member in one verified record. As it is frozen."""

    participation_id: int
    day: str  # as ISO text
    kind: str
    what: str
    community: str
    unit: str
    minutes: int


def certifying_kinds(spec: CampaignSpec) -> tuple[Kind, ...]:
    """The kinds whose hours are certified."""
    return tuple(kind for kind in spec.kinds if kind.certifies_hours)


def number_text(campaign_code: str, number: int) -> str:
    """The number as it is printed: the campaign's code and the running number."""
    return f"{campaign_code}-{number:0{DIGITS}}"


def read_number(text: str) -> tuple[str, int] | None:
    """(code of the campaign, running number) of a number as somebody typed it; None if it is none."""
    code, _, digits = text.strip().lower().rpartition("-")
    if not code or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return code, int(digits)


def read_code(text: str) -> str:
    """A code as it is kept, however it was typed: small letters, in parts of four."""
    plain = "".join(one for one in text.lower() if one.isascii() and one.isalnum())
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def check_period(
    starts_on: dt.date | None, ends_on: dt.date | None, spec: CampaignSpec, today: dt.date
) -> None:
    """Raises Refused unless hours between the two days can be certified today."""
    last = min(today, spec.ends_on)
    if starts_on is None or starts_on < spec.starts_on or starts_on > last:
        raise Refused(
            N_("Choose a day from %(first)s to %(last)s."), "starts_on",
            first=spec.starts_on.isoformat(), last=last.isoformat(),
        )  # fmt: skip
    if ends_on is None or ends_on < starts_on or ends_on > last:
        raise Refused(
            N_("Choose a day from %(first)s to %(last)s."), "ends_on", first=starts_on.isoformat(),
            last=last.isoformat(),
        )  # fmt: skip


def digest_of_lines(lines: Sequence[Sequence[Any]]) -> str:
    """SHA-256 of the frozen rows, hex."""
    return hashlib.sha256(json.dumps([list(line) for line in lines], ensure_ascii=False).encode()).hexdigest()


def masked(name: str) -> str:
    """A name as a stranger is shown it: its first character, a star for each other."""
    return name[:1] + "*" * len(name[1:])
