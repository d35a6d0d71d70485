"""How large and how long a run is: what fits into ten minutes, or everything."""

from __future__ import annotations

from dataclasses import dataclass

from bench.worlds import Place, Size


@dataclass(frozen=True, slots=True)
class Turn:
    """One run on one database.

    records:  sizes of the ledger, the smallest first. rosters: (records, members, branches), likewise.
    rows:     of imported workbooks. exported, queue: rows. seconds, rounds, times: of each side of a line.
    people, minutes: of the last day of the month.
    """

    place: Place
    records: tuple[int, ...] = (10_000, 100_000)
    rosters: tuple[tuple[int, int, int], ...] = ((10_000, 1_000, 50),)
    rows: tuple[int, ...] = (5_000, 20_000)
    exported: int = 20_000
    queue: int = 100_000
    seconds: float = 0.7
    rounds: int = 3
    times: int = 8
    requests: int = 10_000
    people: int = 50
    minutes: float = 0.5

    @property
    def size(self) -> Size:
        """The largest ledger."""
        return Size(self.records[-1])


def full(place: Place) -> Turn:
    """Every size; hours."""
    return Turn(
        place, (10_000, 100_000, 1_000_000, 10_000_000),
        ((10_000_000, 1_000, 50), (10_000_000, 100_000, 5_000)),
        (10_000, 100_000, 1_000_000), 200_000, 100_000, 3.0, 7, 40, 100_000, 500, 10.0,
    )  # fmt: skip
