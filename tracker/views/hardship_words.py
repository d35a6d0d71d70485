"""What stands in place of small numbers of people in hardship, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from tracker.queries.boards import Board
from tracker.queries.hardship import kept_back
from tracker.rules.packs import FEW, FEWEST_SHOWN, KEPT_BACK


def few_words(board: Board) -> Mapping[tuple[int, int], str]:
    """(row, column) of the table of units and goals → the words that are exported there."""
    words = {FEW: gettext("fewer than %(count)s", count=FEWEST_SHOWN), KEPT_BACK: gettext("not listed")}
    return {place: words[said] for place, said in kept_back(board).items()}
