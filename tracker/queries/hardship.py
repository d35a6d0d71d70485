"""Small numbers of people in hardship: what is taken away of the table of units and goals has none."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.queries.boards import Board
from tracker.rules.packs import hidden, is_about_hardship


def kept_back(board: Board) -> Mapping[tuple[int, int], str]:
    """(row, column), both from 0 → what stands in place of the number, in what is exported or printed.

    Source: design of the campaign's counting, mission § 6: cells below 3 are suppressed in exports.
    """
    found: dict[tuple[int, int], str] = {}
    for column, card in enumerate(board.cards):
        if is_about_hardship(card.standing.figure.figure, board.standing.spec):
            cells = [row.cells[column] for row in board.rows]
            values = [cell.value if cell.state == "value" else None for cell in cells]
            found |= {(row, column): said for row, said in hidden(values).items()}
    return found
