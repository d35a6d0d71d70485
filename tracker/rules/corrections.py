"""When a figure of an earlier issue must be put right, and the sentence that the next issue prints.

Bulletins are Chinese whatever the language of the pages, so these words are no messages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from tracker.rules.bulletin_text import Placeholder
from tracker.rules.bulletins import Chip
from tracker.rules.figures import FigureValue
from tracker.rules.hedges import Hedge, day_text, printed
from tracker.rules.proofs import Cause

ROSTER, MANY = "roster", "many"  # causes beside those of a single row
WORDS: dict[str, str] = {
    Cause.REVERSED: "冲正{}条",
    Cause.REPLACED: "更正{}条",
    Cause.CONTINUED: "阶段变化{}条",
    Cause.OTHER: "改动{}条",
    Cause.ADDED: "补报{}条",
    ROSTER: "名册变动{}处",
    MANY: "台账变动{}条",
}
NUMBER = re.compile(r"[0-9]+")
NOTHING = "无数据"


def still_true(chip: Chip, value: FigureValue, day: dt.date, asked: tuple[Placeholder, ...] = ()) -> bool:
    """Whether what an issue printed of a figure can still be said, now that it comes to `value`.

    asked: how the text asked for the figure, for how round its numbers are.
    以上 and 超 claim no more than a bound; everything else must be printed again as it was.
    """
    said = printed(value, day)
    if chip.text == said.text and said.text:
        return True
    bound = NUMBER.search(chip.text)
    if value.value is not None and bound and chip.hedge in (Hedge.AT_LEAST, Hedge.ABOVE):
        low, least = value.low if value.low is not None else value.value, int(bound[0])
        return low >= least if chip.hedge == Hedge.AT_LEAST else low > least
    ways = [one.hedge for one in asked if one.ref == chip.ref and one.hedge]
    return any(printed(value, day, hedge, step).text == chip.text for hedge, step in ways)


def exact_now(value: FigureValue, day: dt.date) -> str:
    """A figure as a correction prints it: exact, and in words where there is nothing."""
    said = printed(value, day)
    if not said.text and value.is_reached:
        return "已达成"
    return said.text or NOTHING


def is_mistake(causes: Mapping[str, int]) -> bool:
    """Whether something was wrong (勘误), and not only late (补报说明)."""
    return not causes or any(cause != Cause.ADDED for cause in causes)


def sentence(
    number: int, as_of: dt.date, title: str, before: str, now: str, causes: Mapping[str, int]
) -> str:
    """One line of 勘误 or 补报说明.

    number, as_of: of the earlier issue.  before: as last published; now: as it is counted today.
    """
    of = f"第{number}期（截至{day_text(as_of)}）所载“{title}”{before}，"
    told = "、".join(words.format(causes[cause]) for cause, words in WORDS.items() if causes.get(cause))
    if not is_mistake(causes):
        return f"{of}因{told}，现为{now}。"
    return f"{of}现更正为{now}{f'（{told}）' if told else ''}。"
