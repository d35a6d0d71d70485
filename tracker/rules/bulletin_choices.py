"""What the editor of a bulletin offers: every figure with each way in which it may be printed now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.rules.bulletin_text import WORDS, Facts, Placeholder, compose, placeholders_of
from tracker.rules.bulletins import QUOTED, Body
from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.hedges import STEPS, Hedge, day_text, hedges_for
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence

UNEARNED = N_("%(value)s does not bear it out.")
ROUNDER = (1, 10, 100, 1000)  # how round a number may be asked for

_DATE = r"\d+年(?:\d+月(?:\d+日)?)?|\d+月(?:\d+日)?|\d+[-/.]\d+[-/.]\d+"
_NUMBER = re.compile(rf"(?:{_DATE})|(第?\d[\d,，.]*%?[一-鿿]{{0,2}})")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to print a figure. wanted: what stands behind the colon, '' for the value itself.

    text: what is printed where the text asks for it; '' where its sentence is left out.
    why:  why it cannot be had; then `text` is the value itself, or ''.
    """

    wanted: str
    hedge: str
    text: str
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that can be put into the text. ways: the plain one first."""

    ref: str
    title: str
    ways: tuple[Way, ...]

    @property
    def plain(self) -> Way:
        return self.ways[0]


def choices_of(facts: Facts, text: str = "") -> tuple[Choice, ...]:
    """Every figure of the campaign and of the register of quoted figures, in their order.

    text: of the bulletin; ways that it asks for and that are not offered by themselves are among them.
    """
    asked: dict[str, dict[str, None]] = {}
    for part in placeholders_of(text):
        if part.hedge is not None:
            asked.setdefault(part.ref, {})[part.wanted] = None
    found = [_choice(figure, facts, asked.get(figure.id, {})) for figure in facts.spec.figures]
    for code, quoted in facts.quoted.items():
        ref = f"{QUOTED}{code}"
        found.append(Choice(ref, quoted.title, (_way(ref, "", "", facts),)))
    return tuple(found)


def words_of(facts: Facts) -> dict[str, str]:
    """What the placeholders that are no figures stand for."""
    words = {"as_of": day_text(facts.day), "bureau": facts.bureau, "campaign": facts.spec.name}
    return {name: words[name] for name in WORDS}


def _choice(figure: Figure, facts: Facts, asked: Iterable[str]) -> Choice:
    ways = [_way(figure.id, "", "", facts)]
    if ways[0].why is None:
        for hedge in hedges_for(figure):
            ways += _ways(figure.id, hedge, facts)
        known = {way.wanted for way in ways}
        ways += [_way(figure.id, one, one.rstrip("0123456789"), facts) for one in asked if one not in known]
    return Choice(figure.id, figure.title, tuple(ways))


def _ways(ref: str, hedge: Hedge, facts: Facts) -> list[Way]:
    """A hedge as it comes by itself, then beside rounder numbers as far as they say something else."""
    first = _way(ref, str(hedge), str(hedge), facts)
    if hedge is Hedge.EVERYBODY:
        return [first]
    more = [_way(ref, f"{hedge}{step}", str(hedge), facts) for step in ROUNDER if step > STEPS[hedge]]
    kept = {way.text: way for way in reversed([first, *more]) if way.why is None}
    return list(reversed(kept.values())) or [first]


def _way(ref: str, wanted: str, hedge: str, facts: Facts) -> Way:
    """What the text itself would print there."""
    body = compose(str(Placeholder(ref, wanted)), facts)
    if body.left_out:
        return Way(wanted, hedge, "", body.left_out[0].why)
    chip = body.chips[0]
    why = None if chip.hedge == hedge else Sentence(UNEARNED, {"value": chip.exact})
    return Way(wanted, hedge, chip.text, why)


def loose_numbers(body: Body, spec: CampaignSpec) -> tuple[str, ...]:
    """Numbers in the free words of a text, each once, in the order of reading: they have no source.

    Days and the campaign's own targets (100小时) are left out. Only digits are seen here: numbers in Chinese
    characters are for the check of claims.
    """
    targets = tuple(f"{goal.target}{goal.unit}" for goal in spec.goals)
    found: dict[str, None] = {}
    for piece in _free(body):
        for match in _NUMBER.finditer(piece):
            said = match[1]
            if said and not said.startswith(targets):
                found[said] = None
    return tuple(found)


def _free(body: Body) -> Sequence[str]:
    return [piece.text for one in body.paragraphs for piece in one.pieces if piece.chip is None]


def read_number(text: str) -> int | None:
    """The number of an issue that somebody looks for: 12, 第12期. None if it is none."""
    found = re.fullmatch(r"第?\s*([1-9][0-9]{0,8})\s*期?", text, re.ASCII)
    return int(found[1]) if found else None
