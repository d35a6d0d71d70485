"""The one exception for every "no" of the rules, and the problem it becomes in an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(msgid: str) -> str:  # noqa: N802  (the name that message extraction looks for)
    """Mark a sentence for the catalogue of translations; it is translated at the edge."""
    return msgid


class Refused(Exception):  # noqa: N818  (the word of the house for every "no")
    """What was asked is not allowed. The sentence is an English msgid; the edge translates it.

    `field` names the form field or ledger column at fault. `params` fill the msgid's %(name)s.
    """

    def __init__(self, msgid: str, /, field: str | None = None, **params: object) -> None:
        self.msgid = msgid
        self.field = field
        self.params = params
        super().__init__(msgid % params)

    @property
    def message(self) -> str:
        """The sentence in English, with its values."""
        return self.msgid % self.params


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a workbook, and where: as Excel shows it.

    row:    1-based; None if it concerns the whole sheet.
    column: the heading as written, or the letter where there is no heading.
    cell:   as in "C12".
    """

    sheet: str
    row: int | None
    column: str | None
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    cell: str | None = None

    @property
    def message(self) -> str:
        """The sentence in English, with its values."""
        return self.msgid % self.params
