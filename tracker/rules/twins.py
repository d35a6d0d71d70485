"""Whether two records of a section and of its members' branch may be one fact. Advice, never a verdict."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from rapidfuzz import fuzz

WITHIN = dt.timedelta(days=60)  # between the days of the two
LEAST_SCORE = 70  # of 100; two different things in one community come to some 30
LEAST_LENGTH = 4  # of a title that stands whole in the other one


def plain_title(title: str | None, community: str | None) -> str:
    """The letters and digits of a title in one spelling, without the community's own name."""
    plain = _letters(title or "")
    return plain.replace(_letters(community), "") if community else plain


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def alike(one: str, other: str) -> int:
    """How alike two plain titles are, 0 … 100.

    With different numbers in them they are two things: 3号楼, 5号楼.
    """
    numbers = [re.findall(r"[0-9]+", title) for title in (one, other)]
    if not one or not other or (all(numbers) and numbers[0] != numbers[1]):
        return 0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= LEAST_LENGTH and shorter in longer:
        return 100
    # Titles are a handful of characters: 维修楼道灯 and 楼道灯维修 are one thing, so their order says little.
    return round(max(fuzz.ratio(one, other), fuzz.ratio(sorted(one), sorted(other)) - 10))


def may_be_twins(
    titles: tuple[str, str], communities: tuple[str | None, str | None], days: tuple[dt.date, dt.date]
) -> bool:
    """Whether somebody should look: alike in title, in one community, within two months of each other."""
    places = {_letters(one) for one in communities if one}
    return len(places) == 1 and abs(days[0] - days[1]) <= WITHIN and alike(*titles) >= LEAST_SCORE
