"""Erasing a person: the code that stands in the place of the name, and the list of those who were erased."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.rules.refusal import N_, Refused

BAD_LINE = N_("Line %(line)s of the list of erased persons cannot be read. Nothing was written.")
SHORTEST = 5  # digits of a number that is no amount
LETTERS = 10  # hex digits of a code: one in a trillion


@dataclass(frozen=True, slots=True)
class Erasure:
    """One line of the list. proof: that the member of this id is the one who was erased; no name is in it."""

    at: dt.datetime
    member_id: int
    proof: str


def code_of(member_id: int, secret: str) -> str:
    """The code that stands in the place of name and number: keyed, so that nobody without the key finds who
    it was by trying numbers; and the same whenever it is made."""
    return "E-" + hmac.digest(secret.encode(), f"erased {member_id}".encode(), "sha256").hex()[:LETTERS]


def proof_of(member_id: int, number: str, secret: str) -> str:
    """Tells the member of a restored backup from another one with the same id."""
    return hmac.digest(secret.encode(), f"erasure {member_id} {number}".encode(), "sha256").hex()


def is_code_of(number: str, member_id: int, keys: Sequence[str]) -> bool:
    """Whether a member's number is such a code. keys: the installation's, the one that is set first."""
    return any(number == code_of(member_id, key) for key in keys)


def is_proof_of(proof: str, member_id: int, number: str, keys: Sequence[str]) -> bool:
    """Whether a line of the list is about this member. keys: as in `is_code_of`."""
    return any(hmac.compare_digest(proof, proof_of(member_id, number, key)) for key in keys)


def line_of(erasure: Erasure) -> str:
    """A line of the list."""
    return f"{erasure.at.isoformat()} {erasure.member_id} {erasure.proof}\n"


def read_lines(lines: Iterable[str]) -> list[Erasure]:
    """The list. Raises Refused naming the first line that is none of its own."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            at, member_id, proof = line.split()
            found.append(Erasure(dt.datetime.fromisoformat(at), int(member_id), proof))
        except ValueError:
            raise Refused(BAD_LINE, line=number) from None
    return found


def telling(*words: str | None) -> list[str]:
    """The words by which a person is found in texts, each once; no number that may be an amount."""
    return list(dict.fromkeys(one for one in words if one and not (one.isdigit() and len(one) < SHORTEST)))


def pattern_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds each of these words where it stands by itself: M0001 is not in M00011, 张三 is in 张三的."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(rf"(?<![0-9A-Za-z_]){re.escape(word)}(?![0-9A-Za-z_])" for word in longest_first)
    )


def without(value: Any, words: re.Pattern[str], code: str) -> Any:
    """A value of JSON in which the code stands for each of these words, however deep. Names of its fields and
    sentences of the program's own (`msgid`) stay."""
    if isinstance(value, str):
        return words.sub(code, value)
    if isinstance(value, list):
        return [without(one, words, code) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "msgid" else without(one, words, code) for key, one in value.items()}
    return value
