"""Everything that an issue says and rests on, as one value over which its digest is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tracker.models import Bulletin, BulletinBasis, BulletinCorrection, BulletinFigure

OF_BULLETIN = (
    "template", "name", "title", "text", "as_of", "number", "issued_on", "issued_at", "masthead", "body",
    "left_out", "charts",
)  # fmt: skip
OF_FIGURE = (
    "position", "ref", "title", "unit", "definition", "rule", "rule_version", "value", "low", "high", "date",
    "exact", "printed", "basis", "rows", "digest",
)  # fmt: skip
OF_BASIS = ("code", "count", "digest")
OF_CORRECTION = ("position", "of_id", "ref", "before", "now", "value_now", "sentence", "causes")


def content_of(
    bulletin: Bulletin,
    figures: Sequence[BulletinFigure],
    bases: Sequence[BulletinBasis],
    corrections: Sequence[BulletinCorrection],
) -> dict[str, Any]:
    """The content of an issue as JSON; days and moments as ISO texts. The rows' lines are in it by their
    digests."""
    ordered = sorted(bases, key=lambda one: one.code)
    return {
        **_taken(bulletin, OF_BULLETIN),
        "figures": [_taken(one, OF_FIGURE) for one in figures],
        "bases": [_taken(one, OF_BASIS) for one in ordered],
        "corrections": [_taken(one, OF_CORRECTION) for one in corrections],
    }


def _taken(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
