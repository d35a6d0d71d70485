"""What the help says of one page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """English msgids; "" where there is nothing to say.

    what:   the question that the page answers.
    do:     what a reader does there.
    counts: what counts, and what does not.
    undo:   what can be undone, and how.
    """

    what: str
    do: str
    counts: str = ""
    undo: str = ""
