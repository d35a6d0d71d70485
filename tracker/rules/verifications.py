"""What a verifier is made to look at twice."""

from __future__ import annotations

from tracker.rules.campaigns import Kind

LONG_PART = 3  # of what the kind allows for one record


def is_long(minutes: int | None, kind: Kind) -> bool:
    """Whether one record takes so long that it may be a slip of the pen: a third of what its kind allows."""
    return minutes is not None and minutes * LONG_PART >= kind.most_minutes
