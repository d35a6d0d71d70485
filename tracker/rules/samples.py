"""Random samples of verified records, drawn so that anybody can draw them again, and what they say.

Everything is counted in whole numbers: no bound depends on how a machine rounds.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.confirmations import check_note
from tracker.rules.refusal import N_, Refused

LEVELS = (90, 95, 99)  # percent
MOST_SIZE = 500  # more than people check by hand
SEED = re.compile(r"[A-Za-z0-9._-]{4,64}")
PARTS = 10_000  # a share is told in hundredths of a percent


def frame_text(frame: Iterable[int]) -> str:
    """The frame as a text file: the ids of its records upwards, each on a line of its own."""
    return "".join(f"{record_id}\n" for record_id in sorted(frame))


def frame_digest(frame: Iterable[int]) -> str:
    """SHA-256 of the bytes of `frame_text`, hex: whoever has the same frame has the same digest."""
    return hashlib.sha256(frame_text(frame).encode()).hexdigest()


def draw(seed: str, frame: Iterable[int], size: int) -> list[int]:
    """A simple random sample of the frame, in the order in which it was drawn.

    Each record has as its lot the SHA-256 (hex) of the text `seed:id`; the `size` smallest lots are drawn.
    So the sample depends on nothing but seed, frame and size, and a larger one begins with the smaller.
    """

    def lot(record_id: int) -> tuple[str, int]:
        return hashlib.sha256(f"{seed}:{record_id}".encode()).hexdigest(), record_id

    return heapq.nsmallest(size, set(frame), key=lot)


def check_seed(text: str) -> str:
    """A seed as it was typed, without blanks at its ends. Raises Refused for one that cannot be told on."""
    seed = text.strip()
    if not SEED.fullmatch(seed):
        raise Refused(N_("A seed is 4 to 64 letters, digits, dots, hyphens or underscores."), "seed")
    return seed


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How much is drawn: so many records, or as many as it takes to say something if no error is found.

    level:        of confidence, in percent.
    size:         so many; None where `most_percent` says it.
    most_percent: without a single error among those checked, at most so many percent are wrong.
    """

    level: int
    size: int | None = None
    most_percent: int | None = None

    def size_of(self, population: int) -> int:
        """How many of a frame of that size are drawn; never more than there are."""
        if self.size is not None:
            return min(self.size, population)
        return size_for(population, self.most_percent or 1, self.level)


def check_plan(plan: SamplePlan) -> None:
    """Raises Refused, at the field at fault, for a plan that cannot be drawn."""
    if plan.level not in LEVELS:
        raise Refused(N_("Choose a level of confidence."), "level")
    if plan.size is not None and not 1 <= plan.size <= MOST_SIZE:
        raise Refused(N_("Draw between 1 and %(most)d records."), "size", most=MOST_SIZE)
    if plan.size is None and not 1 <= (plan.most_percent or 0) <= 50:
        raise Refused(N_("Choose between 1 and 50 percent."), "most_percent")


def most_wrong(population: int, size: int, wrong: int, level: int) -> int:
    """How many of a finite population are wrong at most, if `wrong` of a simple random sample are.

    population, size: N and n, 0 <= wrong <= size <= N.  level: of confidence, in percent, one-sided.
    Returns  the largest D with P(X <= wrong) > 1 - level, where X is hypergeometric (N, D, n). Whatever the
             true D, at least `level` percent of all samples give a bound that is not below it.
    Source   L. Katz, Confidence Intervals for the Number Showing a Certain Characteristic in a Population
             When Sampling is Without Replacement, JASA 48 (1953) 256-261; J. P. Buonaccorsi, A Note on
             Confidence Intervals for Proportions in Finite Populations, The American Statistician 41 (1987)
             215-218.
    """
    least, most = wrong, population - (size - wrong)
    while least < most:  # the chance falls as D grows
        middle = (least + most + 1) // 2
        if _is_likely(population, middle, size, wrong, level):
            least = middle
        else:
            most = middle - 1
    return least


def _is_likely(population: int, bad: int, size: int, wrong: int, level: int) -> bool:
    """Whether P(X <= wrong) > 1 - level, in whole numbers."""
    good = population - bad
    ways = sum(math.comb(bad, k) * math.comb(good, size - k) for k in range(wrong + 1))
    return 100 * ways > (100 - level) * math.comb(population, size)


def size_for(population: int, most_percent: int, level: int) -> int:
    """How many must be drawn, so that without an error at most `most_percent` percent of all are wrong.

    The smallest such n; at most the population.
    """
    allowed = population * most_percent // 100
    least, most = 1, 1
    while most < population and most_wrong(population, most, 0, level) > allowed:  # it falls as n grows
        least, most = most + 1, min(2 * most, population)
    while least < most:
        middle = (least + most) // 2
        if most_wrong(population, middle, 0, level) <= allowed:
            most = middle
        else:
            least = middle + 1
    return least


def most_share(size: int, wrong: int, level: int) -> int:
    """The same bound for a population without end, in hundredths of a percent, rounded up.

    Source   C. J. Clopper, E. S. Pearson, The Use of Confidence or Fiducial Limits Illustrated in the Case of
             the Binomial, Biometrika 26 (1934) 404-413; one-sided.
    """
    least, most = 0, PARTS
    while least < most:
        middle = (least + most) // 2
        rest = PARTS - middle
        ways = sum(math.comb(size, k) * middle**k * rest ** (size - k) for k in range(wrong + 1))
        if 100 * ways <= (100 - level) * PARTS**size:
            most = middle
        else:
            least = middle + 1
    return least


def check_verdict(*, is_wrong: bool, is_unclear: bool, has_fault: bool, needs_words: bool, note: str) -> str:
    """The words beside a verdict. Raises Refused, at the field at fault, if something is missing."""
    words = check_note(note, "note")
    if is_wrong and not has_fault:
        raise Refused(N_("Say what is wrong."), "fault")
    if (is_unclear or needs_words) and len(words) < 2:
        raise Refused(N_("Say in a few words what was found."), "note")
    return words
