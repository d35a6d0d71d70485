"""Of what a claim speaks: by the words around it, and by the owner, people and unit that they name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.rules import claim_words as words
from tracker.rules.campaigns import CampaignSpec, Figure, Kind, Measure, Reduce
from tracker.rules.claim_texts import Claim
from tracker.rules.claims import Known, Ledger

NEAR, BACK, FADES, FAR = 1.0, 0.8, 0.7, 0.35  # how much a word counts by where it stands
FAMILY = 0.35
NEAR_NOUN = 7  # characters beside a number in which its noun is looked for
NOUNS = {
    "社区": Measure.COMMUNITIES, "党支部": Measure.BRANCHES, "支部": Measure.BRANCHES,
    "党小组": Measure.UNITS, "小组": Measure.UNITS, "故事": Measure.STORIES,
}  # fmt: skip
Found = TypeVar("Found")
_SAID = re.compile(r"(?:^|[}，、；])([^{}，、；]*)\{([a-z0-9_.]+)")


def pairs_of(text: str) -> set[str]:
    """Each two characters that stand beside each other."""
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _own_words(figure: Figure, kind: Kind | None) -> tuple[str, ...]:
    """What a text may call this figure: its title, its other names, the choices that it takes."""
    choices = [word for key in ("type", "category", "source") for word in figure.where.values.get(key, ())]
    aliases = [
        alias for choice in (*(kind.types if kind else ()), *(kind.sources if kind else ()))
        if choice.name in choices for alias in choice.aliases
    ]  # fmt: skip
    return (figure.title, *figure.words, *choices, *aliases)


def _stage_words(figure: Figure, kind: Kind) -> list[set[str]]:
    """Kind, owner and stage together, as in 科室 … 在办."""
    owners = [words.OWNER_WORDS.get(one, ("",))[0] for one in figure.where.values.get("owner_type", ())]
    return [
        pairs_of(kind.name).union(pairs_of(word), *(pairs_of(owner) for owner in owners))
        for stage in kind.stages
        if stage.name in figure.where.values.get("stage", (kind.stages[0].name,))
        for word in (stage.name, *stage.aliases)
        if len(word) > 1
    ]


def _sentence_words(spec: CampaignSpec) -> dict[str, set[str]]:
    """What the sentences of the campaign file say right before each figure."""
    found: dict[str, set[str]] = {}
    for figure in spec.figures:
        for before, figure_id in _SAID.findall(figure.sentence):
            if len(before) > 2:
                found.setdefault(figure_id, set()).update(pairs_of(before))
    return found


class Lexicon:
    """The words of a campaign's figures, each pair of characters weighed by how few figures have it."""

    def __init__(self, spec: CampaignSpec, others: Iterable[Known] = ()) -> None:
        kinds = {kind.code: kind for kind in spec.kinds}
        sentences = _sentence_words(spec)
        own: dict[str, list[set[str]]] = {}
        family: dict[str, list[set[str]]] = {}
        for figure in spec.figures:
            kind = kinds.get(figure.kind or "")
            own[figure.id] = [pairs_of(one) for one in _own_words(figure, kind)]
            own[figure.id] += _stage_words(figure, kind) if kind else []
            own[figure.id] += [sentences[figure.id]] if figure.id in sentences else []
            family[figure.id] = [pairs_of(one) for one in _family_words(figure, kind, spec)]
        for known in others:
            own[known.title] = [pairs_of(known.title)]
        counts = Counter(pair for phrases in own.values() for pair in set().union(*phrases))
        self.weight = {pair: math.log(1 + len(own) / count) for pair, count in counts.items()}
        self._own = self._indexed(own)
        self._family = self._indexed(family)

    def _indexed(self, phrases: Mapping[str, Sequence[set[str]]]) -> dict[str, list[tuple[str, int, float]]]:
        """pair → (key, which of its phrases, how much of that phrase the pair is)."""
        index: dict[str, list[tuple[str, int, float]]] = {}
        for key, sets in phrases.items():
            for n, phrase in enumerate(sets):
                whole = sum(self.weight.get(pair, 1.0) for pair in phrase)
                for pair in phrase:
                    index.setdefault(pair, []).append((key, n, self.weight.get(pair, 1.0) / whole))
        return index

    def named(self, heard: Mapping[str, float]) -> dict[str, float]:
        """How much the text names each figure itself, 1 where it does so in full; others are left out."""
        return _best(self._own, heard)

    def scores(self, heard: Mapping[str, float]) -> dict[str, float]:
        """How much the text speaks of each figure, its kind and its goal counted in."""
        own, family = self.named(heard), _best(self._family, heard)
        return {key: own.get(key, 0.0) + FAMILY * family.get(key, 0.0) for key in own.keys() | family.keys()}


def _best(index: Mapping[str, list[tuple[str, int, float]]], heard: Mapping[str, float]) -> dict[str, float]:
    """key → the phrase of it that the text has most of."""
    sums: dict[tuple[str, int], float] = {}
    for pair, weight in heard.items():
        for key, n, share in index.get(pair, ()):
            sums[key, n] = sums.get((key, n), 0.0) + weight * share
    best: dict[str, float] = {}
    for (key, _), covered in sums.items():
        best[key] = max(round(covered, 6), best.get(key, 0.0))  # the order of adding up decides nothing
    return best


def _family_words(figure: Figure, kind: Kind | None, spec: CampaignSpec) -> list[str]:
    """The words for what it is one figure of: its kind, and the goals that show it."""
    goals = [
        goal for goal in spec.goals
        if figure.id in (goal.figure, goal.reached, goal.until_reported, *goal.show)
    ]  # fmt: skip
    names = [kind.name] if kind else ["党员"] if figure.measure is Measure.MEMBERS else []
    return [*names, *(goal.short_name for goal in goals), *(goal.name for goal in goals)]


def heard_in(claim: Claim) -> dict[str, float]:
    """Each pair of characters around the claim, with how near it stands."""
    heard: dict[str, float] = {}
    parts: list[tuple[str, float]] = [(claim.far, FAR)]
    parts += [(part, BACK * FADES**n) for n, part in reversed(list(enumerate(claim.back)))]
    for text, weight in [*parts, (claim.near, NEAR)]:
        for pair in pairs_of(text):
            heard[pair] = max(weight, heard.get(pair, 0.0))
    return heard


def heard_near(claim: Claim) -> dict[str, float]:
    """The pairs of its own part of the sentence only."""
    return dict.fromkeys(pairs_of(claim.near), NEAR)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around a claim say beside its topic; None or () where they say nothing."""

    owners: frozenset[str]
    reduces: frozenset[Reduce]
    categories: frozenset[str]
    categories_before: frozenset[str]
    is_eligible: bool
    is_all: bool
    is_outside: bool
    place: str
    noun: Measure | None


def said_around(claim: Claim, ledger: Ledger) -> Said:
    """Owner, reduction, people, place and counted noun that the text names: the nearest words win."""
    parts = (claim.near, *claim.back)
    is_all = any(word in claim.near for word in words.ALL_WORDS) or bool(
        words.WHOLE.search(claim.before) or claim.before.endswith("共")
    )
    owners = _first(parts[:1] if is_all else parts, _owners)
    reduces = _first(parts[:2], _reduces)
    near_place = _first(parts if not is_all else parts[:1], lambda part: _places(part, ledger.places))
    noun_end = claim.after.find("党员")
    here = f"{claim.before}{claim.unit}{claim.after[: noun_end + 2] if noun_end >= 0 else claim.after}"
    here = here if claim.before.strip() or claim.after.strip() else "".join(parts[:2])
    inherited = "".join(parts[:2])
    return Said(
        owners=owners,
        reduces=reduces,
        categories=frozenset(one for one in ledger.categories if one in here),
        categories_before=frozenset(one for one in ledger.categories if one in inherited),
        is_eligible=any(word in here for word in words.EXEMPT_WORDS),
        is_all=is_all,
        is_outside=any(word in part for word in words.OUTSIDE for part in parts),
        place=next(iter(near_place), ""),
        noun=_noun(claim),
    )  # fmt: skip


def _first(parts: Sequence[str], look: Callable[[str], set[Found]]) -> frozenset[Found]:
    """What the first part says that says anything."""
    return next((frozenset(found) for part in parts if (found := look(part))), frozenset())


def _owners(part: str) -> set[str]:
    return {owner for owner, known in words.OWNER_WORDS.items() if any(word in part for word in known)}


def _reduces(part: str) -> set[Reduce]:
    found = {reduce for reduce, known in words.REDUCED.items() if any(word in part for word in known)}
    return found - {Reduce.MIN} if Reduce.MEAN in found and "最" not in part else found


def _places(part: str, places: Mapping[str, str]) -> set[str]:
    named = [name for name in places if name in part]
    longest = [name for name in named if not any(name != other and name in other for other in named)]
    return {places[name] for name in longest[:1]}


def _noun(claim: Claim) -> Measure | None:
    """What a bare 个 counts: the noun behind it, or else the one just before the number."""
    behind, front = claim.after[:NEAR_NOUN], claim.before[-NEAR_NOUN:]
    if found := {behind.find(word): noun for word, noun in NOUNS.items() if word in behind}:
        return found[min(found)]
    found = {front.rfind(word): noun for word, noun in NOUNS.items() if word in front}
    return found[max(found)] if found else None
