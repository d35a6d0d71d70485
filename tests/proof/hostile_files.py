"""The seventy hostile files together: each made by a few lines, none larger than a page takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from tests.files.evidence_files import PDF
from tests.files.hostile import harmless
from tests.proof.hostile_names import CONTENTS, NAMES
from tests.proof.hostile_papers import PAPERS
from tests.proof.hostile_pictures import PICTURES
from tests.proof.hostile_workbooks import WORKBOOKS


class Hostile(NamedTuple):
    """One of them. may_stay: it does no harm as an attachment, or as rows whose faults are named."""

    number: int
    what: str
    filename: str
    make: Callable[[], bytes]
    may_stay: bool


def files() -> Iterator[Hostile]:
    """All of them, in their order."""
    for row in (*WORKBOOKS, *PAPERS, *PICTURES, *CONTENTS):
        yield Hostile(*row)
    for number, name in NAMES:
        yield Hostile(number, f"name {name[:20]!r} of a PDF", name, lambda: PDF, True)
        yield Hostile(number, f"name {name[:20]!r} of a workbook", f"{name}.xlsx", harmless, True)


def changed(content: bytes, random: Random) -> bytes:
    """The same with something in it that is wrong: bytes turned, taken out, put twice, or the end cut off."""
    if not content:
        return random.randbytes(20)
    raw = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        at, length = random.randrange(len(raw)), random.choice((1, 1, 4, 64, 4096))
        match random.randrange(5):
            case 0:
                raw[at] ^= 1 << random.randrange(8)
            case 1:
                raw[at : at + length] = random.randbytes(length)
            case 2:
                raw[at:at] = raw[at : at + length]
            case 3 if len(raw) > length:
                del raw[at : at + length]
            case _:
                raw[at : at + 4] = random.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", bytes(4)))
    return bytes(raw)
