"""One row of the ledger ready to be written, and how it is recognised when its file comes again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models.record import OwnerType
from tracker.rules.campaigns import Kind
from tracker.rules.stories import Told

_SEPARATOR = "\x1f"


@dataclass(slots=True)
class Entry:
    """One record that a row says. people: ids of those in it; co_organisers: of further branches;
    stories: told at it."""

    kind: str
    sheet: str
    row: int
    happened_on: dt.date
    is_dated: bool = True
    ref: str | None = None
    ended_on: dt.date | None = None
    due_on: dt.date | None = None
    minutes: int | None = None
    quantity: int | None = None
    people_served: int | None = None
    headcount: int | None = None
    type: str | None = None
    category: str | None = None
    source: str | None = None
    title: str | None = None
    place: str | None = None
    community: str | None = None
    subject: str | None = None
    stage: str | None = None
    owner_type: OwnerType = OwnerType.BUREAU
    member_id: int | None = None
    branch_id: int | None = None
    group_id: int | None = None
    section_id: int | None = None
    people: tuple[int, ...] = ()
    co_organisers: tuple[int, ...] = ()
    stories: tuple[Told, ...] = ()
    identity: str = ""
    content: str = ""


def content_of(entry: Entry) -> str:
    """All that the row says, in one spelling: what did not change comes to the same text."""
    owner: object = entry.member_id
    if entry.owner_type is OwnerType.GROUP:
        owner = entry.group_id
    elif entry.owner_type is OwnerType.SECTION:
        owner = entry.section_id
    elif entry.owner_type is OwnerType.BRANCH:
        owner = entry.branch_id
    people = () if entry.owner_type is OwnerType.MEMBER and len(entry.people) == 1 else sorted(entry.people)
    parts: Sequence[object] = (
        entry.kind, entry.ref, entry.happened_on if entry.is_dated else None, entry.ended_on, entry.minutes,
        entry.quantity, entry.people_served, entry.headcount, entry.type, entry.category, entry.source,
        entry.title, entry.place, entry.community, entry.subject, entry.stage, entry.owner_type.value, owner,
        ",".join(map(str, people)), ",".join(map(str, sorted(entry.co_organisers))),
    )  # fmt: skip
    words = ["" if part is None else str(part) for part in parts]
    # Newer than the rows of old files, which must come to the same text as before.
    if entry.due_on is not None:
        words.append(f"due {entry.due_on}")
    words += [f"told {told.title}({told.member_id or told.teller or ''})" for told in entry.stories]
    return _SEPARATOR.join(words)


def base_of(entry: Entry, kind: Kind, *, by_content: bool = False) -> str:
    """By what a row is recognised: the fields that its kind names, or all it says if they are blank."""
    if kind.identity and not by_content:
        values = [_identifying(entry, name) for name in kind.identity]
        if any(value is not None for value in values):
            return _SEPARATOR.join([kind.code, *("" if v is None else str(v) for v in values)])
    return content_of(entry)


def content_digest(entry: Entry) -> str:
    """SHA-256 of all that the row says, hex."""
    return hashlib.sha256(content_of(entry).encode()).hexdigest()


def identity_digest(base: str, ordinal: int) -> str:
    """SHA-256 of a base and its ordinal among its equals, hex."""
    return hashlib.sha256(f"{base}{_SEPARATOR}{ordinal}".encode()).hexdigest()


class Recogniser:
    """Gives entries their identity and content. One for each import: it counts the equals.

    Two rows alike to the letter are two facts: a row is recognised by its base and its ordinal.
    """

    def __init__(self) -> None:
        self._equals: dict[str, int] = {}

    def mark(self, entry: Entry, kind: Kind) -> None:
        """Fill in the two digests."""
        base = base_of(entry, kind)
        ordinal = self._equals.get(base, 0)
        self._equals[base] = ordinal + 1
        entry.content = content_digest(entry)
        entry.identity = identity_digest(base, ordinal)


def _identifying(entry: Entry, name: str) -> object:
    if name == "member_number":
        return entry.member_id
    if name == "happened_on" and not entry.is_dated:
        return None
    value: object = getattr(entry, name)
    return value
