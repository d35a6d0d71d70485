"""How near two texts are: shingles to find candidates, a score to tell a copy from a common theme.

An advice for people, never a verdict: what is official wording is left out first, and the writer sees it
before anybody else.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable

from rapidfuzz import fuzz

LENGTH = 5  # characters of a shingle: about two Chinese words
KEPT_OF = 4  # one shingle of so many is kept, chosen by its own value, so that two texts choose the same ones
LEAST_SHARE = 0.3  # of one's own shingles that stand in the other text too
LEAST_SCORE = 55  # of 100; texts that only share their theme come to some 20
TOO_COMMON = 50  # texts in which a shingle stands before it says nothing any more


def plain_text(text: str, quotations: Iterable[str] = ()) -> str:
    """The letters and digits of a text in one spelling, without the quotations that stand in it."""
    plain = _letters(text)
    for quotation in sorted(map(_letters, quotations), key=len, reverse=True):
        if len(quotation) >= LENGTH:
            plain = plain.replace(quotation, "\n")  # no shingle spans the gap: a letter it is not
    return plain


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def shingles(plain: str) -> set[int]:
    """The kept shingles of a plain text: CRC-32 (0 … 2³²−1) of each run of LENGTH characters."""
    runs = {plain[at : at + LENGTH] for at in range(len(plain) - LENGTH + 1)}
    values = {zlib.crc32(run.encode()) for run in runs if "\n" not in run}
    return {value for value in values if value % KEPT_OF == 0}


def score(one: str, other: str) -> int:
    """How alike two plain texts are, 0 … 100 (normalised indel similarity, rapidfuzz `fuzz.ratio`)."""
    return round(fuzz.ratio(one, other, score_cutoff=0))


def is_near(share: float, alike: int) -> bool:
    """Whether a text is worth a look. share: of its shingles that stand in the other; alike: their score."""
    return share >= LEAST_SHARE and (alike >= LEAST_SCORE or share >= 2 * LEAST_SHARE)
