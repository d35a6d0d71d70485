"""Seals over the audit: a tag for each event under a key that is not in the database, and a chain of digests.

Without the key nobody can make a tag or a digest anew, so what was changed, taken out or put in is found, and
which event it was (NIST SP 800-107, 5.3.3: tags of HMAC-SHA-256 cut to 128 bits).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.rules.seals import SealKey

ID, TAG = 8, 16  # bytes
PURPOSE = b"tracker audit seal 1"  # the key of the file seals other things too
LEAST_DAYS = 184  # no six calendar months are longer: 网络安全法 第二十三条第三项


class Broken(StrEnum):
    """What is wrong with an event or a seal."""

    CHANGED = "changed"  # an event is not as it was sealed
    GONE = "gone"  # a sealed event is not there
    ADDED = "added"  # an event stands among sealed ones that was not sealed with them
    SEAL_CHANGED = "seal_changed"
    SEAL_GONE = "seal_gone"  # the seal before is not there
    NO_KEY = "no_key"  # its key is not in the file of keys
    CUT_OFF = "cut_off"  # a seal that the list of heads names is not there, or is another
    BEGUN_ANEW = "begun_anew"  # the chain began again without a demo being taken out
    UNSEALED = "unsealed"  # events have waited for a seal for more than a day


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. event_id: the first event that is concerned, None where a whole seal is."""

    broken: Broken
    seal_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class SealedRange:
    """What a seal says, without its tags being looked at."""

    id: int
    first_id: int
    last_id: int
    tags: bytes
    key_name: str
    before: str
    digest: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The list of heads. begun: how often a chain began; seals: id and digest since the last time."""

    begun: int
    seals: Sequence[tuple[int, str]]


def key_of(keys: Sequence[SealKey], name: str) -> bytes | None:
    """What seals the audit under this key of the file; None if the file does not have it."""
    secret = next((key.secret for key in keys if key.name == name), None)
    return None if secret is None else hmac.digest(secret, PURPOSE, "sha256")


def tag(event: Any, key: bytes) -> bytes:
    """The tag of an event. event: a mapping of its columns by name, the moment with its zone."""
    said = [
        event["id"], event["at"].isoformat(timespec="microseconds"), event["actor_id"], event["action"],
        event["subject_type"], event["subject_id"], event["detail"],
    ]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256")[:TAG]


def pack(events: Iterable[Any], key: bytes) -> bytes:
    """Ids and tags of events, in order."""
    return b"".join(int(event["id"]).to_bytes(ID, "big") + tag(event, key) for event in events)


def unpack(tags: bytes) -> dict[int, bytes]:
    """Id → tag."""
    size = ID + TAG
    return {
        int.from_bytes(tags[at : at + ID], "big"): tags[at + ID : at + size]
        for at in range(0, len(tags), size)
    }


def digest(before: str, first_id: int, last_id: int, tags: bytes, key: bytes) -> str:
    """The digest of a seal, which the next one is chained to."""
    head = f"{before}|{first_id}|{last_id}|{hashlib.sha256(tags).hexdigest()}"
    return hmac.digest(key, head.encode(), "sha256").hex()


def seal_faults(seal: SealedRange, before: SealedRange | None, keys: Sequence[SealKey]) -> Iterator[Fault]:
    """What is wrong with a seal itself. before: the one before it that is there."""
    if seal.before != (before.digest if before else ""):
        yield Fault(Broken.SEAL_GONE, seal.id)
    key = key_of(keys, seal.key_name)
    if key is None:
        yield Fault(Broken.NO_KEY, seal.id)
    elif not hmac.compare_digest(
        digest(seal.before, seal.first_id, seal.last_id, seal.tags, key), seal.digest
    ):
        yield Fault(Broken.SEAL_CHANGED, seal.id)


def event_faults(seal: SealedRange, events: Iterable[Any], key: bytes) -> Iterator[Fault]:
    """Which of a seal's events are not as they were. events: those that are there between its ids, as `tag`
    takes them."""
    sealed = unpack(seal.tags)
    for event in events:
        was = sealed.pop(event["id"], None)
        if was is None:
            yield Fault(Broken.ADDED, seal.id, event["id"])
        elif not hmac.compare_digest(was, tag(event, key)):
            yield Fault(Broken.CHANGED, seal.id, event["id"])
    for gone in sorted(sealed):
        yield Fault(Broken.GONE, seal.id, gone)
