"""Figures that the office makes in the browser: the words of the campaign file, read as the file is read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tracker.rules.campaign_counts import OWN, read_figure
from tracker.rules.campaign_tables import CampaignFileError, Reading, Table
from tracker.rules.campaigns import CampaignSpec, Figure, Kind, Reduce, Scope
from tracker.rules.pinyin import pinyin_key

Words = Mapping[str, Any]  # the keys of a [[figures]] table; a day is a text such as 2021-03-01
LONGEST_ID = 64
BINS = 8


def read_own(words: Words, kinds: tuple[Kind, ...]) -> Figure:
    """The figure that `words` describe. Raises CampaignFileError, as a file with them would."""
    reading, data = Reading({}), dict(words)
    if "starts_on" in data:
        data["starts_on"] = dt.date.fromisoformat(data["starts_on"])
    figure = read_figure(Table(reading, str(data.get("id", OWN)), data), kinds, is_own=True)
    if reading.faults:
        raise CampaignFileError(reading.faults)
    return figure


def with_own(spec: CampaignSpec, own: Sequence[Words]) -> CampaignSpec:
    """The campaign with the office's own figures behind those of its file. Raises CampaignFileError."""
    return replace(spec, figures=spec.figures + tuple(read_own(words, spec.kinds) for words in own))


def misfits(spec: CampaignSpec, own: Sequence[Words]) -> list[str]:
    """The ids of own figures that a campaign of this file could not have."""
    found = []
    for words in own:
        try:
            read_own(words, spec.kinds)
        except CampaignFileError:
            found.append(str(words["id"]))
    return found


def is_own(figure: Figure) -> bool:
    """Whether the office made it in the browser. Its words may be those of any branch's rows, so only those
    who see the whole bureau see it."""
    return figure.id.startswith(OWN)


def words_of(figure: Figure) -> dict[str, Any]:
    """The words that describe `figure`; what a file may leave out is left out."""
    over = figure.over
    found: dict[str, Any] = {
        "id": figure.id,
        "title": figure.title,
        "kind": figure.kind,
        "where": {key: list(values) for key, values in figure.where.values.items()},
        "where_not": {key: list(values) for key, values in figure.where_not.values.items()},
        "measure": str(figure.measure),
        "scope": str(figure.scope) if figure.scope is not Scope.BUREAU else None,
        "over": {
            key: value
            for key, value in (
                ("eligible", over.eligible), ("category", list(over.category)),
                ("standing", list(over.standing)), ("level", over.level),
            )
            if value
        },
        "reduce": str(figure.reduce) if figure.reduce is not Reduce.SUM else None,
        "by": str(figure.by) if figure.by else None,
        "target": figure.target,
        "divide_by": figure.divide_by if figure.divide_by != 1 else None,
        "unit": figure.unit,
        "starts_on": figure.starts_on.isoformat() if figure.starts_on else None,
        "sentence": figure.sentence,
        "compares_with": figure.compares_with,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def toml_of(words: Words) -> str:
    """The [[figures]] table of a campaign file that says the same, under its id without the prefix."""
    lines = ["[[figures]]"]
    for key, value in words.items():
        if key == "id":
            value = value.removeprefix(OWN)
        lines.append(f"{key} = {value if key == 'starts_on' else _toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    # TOML takes the texts, numbers and truths of JSON, but for one control character that JSON lets stand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def id_of(title: str) -> str:
    """An id for a figure of that title: its pinyin."""
    plain = pinyin_key(title, is_person=False).partition(" ")[0]
    kept = "".join(char for char in plain if char.isascii() and (char.isdigit() or char.islower()))
    return OWN + (kept[: LONGEST_ID // 2] or "figure")


def numbered(figure_id: str, taken: Sequence[str]) -> str:
    """The id, with a number behind it if it is among those that are taken."""
    n, found = 1, figure_id
    while found in taken:
        n += 1
        found = f"{figure_id}-{n}"
    return found


def spread(values: Sequence[Fraction]) -> list[tuple[Fraction, Fraction, int]]:
    """How values are distributed: (from, to, how many) of at most BINS equal stretches.

    The last one holds its end. One stretch where all are the same.
    """
    if not values:
        return []
    low, high = min(values), max(values)
    if low == high:
        return [(low, high, len(values))]
    whole = low.denominator == high.denominator == 1
    count = min(BINS, int(high - low)) if whole and high - low >= 1 else BINS
    step = (high - low) / count
    counts = [0] * count
    for value in values:
        counts[min(count - 1, int((value - low) / step))] += 1
    return [(low + n * step, low + (n + 1) * step, many) for n, many in enumerate(counts)]
