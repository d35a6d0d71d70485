"""In what a figure is not the one that a claim speaks of: stage, owner, people, way of reducing, unit."""

from __future__ import annotations

import enum
from fractions import Fraction

from tracker.rules import claim_words as words
from tracker.rules.campaigns import ROSTER_MEASURES, CampaignSpec, Figure, Kind, Measure, Reduce, Scope
from tracker.rules.claim_fits import Said
from tracker.rules.claim_texts import Claim
from tracker.rules.claims import Known

REDUCING = (Reduce.MIN, Reduce.MEAN, Reduce.MAX)


class Differs(enum.StrEnum):
    """The dimensions, in the order in which a reason names the first."""

    PEOPLE = "people"  # 人次 and 人数
    UNIT = "unit"
    STAGE = "stage"
    TYPE = "type"
    OWNER = "owner"
    OVER = "over"  # 在职, 应学, 全体
    REDUCE = "reduce"  # 最低, 平均
    PLACE = "place"
    ADDED = "added"  # distinct things added up over branches
    NOUN = "noun"  # counts something else


def class_of(known: Known) -> int | str:
    """The class of the value's unit: by what is measured, or else by the word."""
    measure = known.figure.measure if known.figure else None
    if measure in words.MEASURED:
        return words.MEASURED[measure]
    return words.unit_class(known.unit)


def in_unit_of(claim: Claim, known: Known, kind: Kind | None) -> Fraction:
    """How many of the value's units one of the claim's is; 0 where neither can be told in the other."""
    one, other = claim.kind_of_unit, class_of(known)
    if one == other:
        return Fraction(1)
    lengths: dict[int | str, int] = {words.HOURS: 60, words.MINUTES: 1}
    if kind and kind.class_hour:
        lengths[words.CLASS_HOURS] = kind.class_hour
    if one in lengths and other in lengths:
        return Fraction(lengths[one], lengths[other])
    return Fraction(0)


def differences(
    claim: Claim, said: Said, known: Known, spec: CampaignSpec, *, is_named: bool = False
) -> tuple[Differs, ...]:
    """Every dimension in which the value is not what the claim says it counts; () where it may be it.

    is_named: whether the claim's own part of the sentence names the figure.
    """
    figure = known.figure
    unit, own = claim.kind_of_unit, class_of(known)
    is_other = bool(claim.unit) and unit != own
    is_people = is_other and {unit, own} == {words.PERSONS, words.PERSON_TIMES}
    tried = {
        Differs.PEOPLE: is_people,
        Differs.UNIT: is_other and not is_people,
        Differs.PLACE: known.place != said.place,
        Differs.ADDED: known.is_added,
    }
    if figure is not None:
        of_bureau = not known.place
        tried |= {
            Differs.NOUN: _other_noun(claim, said, figure),
            Differs.STAGE: _other_stage(claim, figure, spec, is_named=is_named),
            Differs.TYPE: _other_type(claim, figure, spec),
            Differs.OWNER: of_bureau and _other_owner(said, figure, spec),
            Differs.OVER: figure.measure in ROSTER_MEASURES and _other_people(said, figure, spec),
            Differs.REDUCE: of_bureau and _other_reduce(said, figure, spec),
        }
    return tuple(one for one in Differs if tried.get(one))


def _other_noun(claim: Claim, said: Said, figure: Figure) -> bool:
    """A bare 个 counts the noun beside it: communities are no branches."""
    if claim.kind_of_unit != words.ITEMS and claim.unit:
        return False
    counts = figure.measure
    if counts is Measure.UNITS:
        counts = Measure.UNITS if figure.over.level == "group" else Measure.BRANCHES
    elif figure.reduce is Reduce.COUNT_REACHED:
        counts = {Scope.BRANCH: Measure.BRANCHES, Scope.GROUP: Measure.UNITS}.get(figure.scope, counts)
    nouns = (Measure.COMMUNITIES, Measure.BRANCHES, Measure.UNITS)
    if said.noun is None or said.noun is counts:
        return counts in nouns and said.noun is None
    return counts in nouns or (said.noun in nouns and claim.unit == "个")


def stages_said(text: str, kind: Kind) -> set[str]:
    """The stages of a kind that a text names; 未完成 names the others. The kind's own name names none."""
    found: set[str] = set()
    for stage in kind.stages:
        for word in (stage.name, *stage.aliases):
            place = text.find(word) if len(word) > 1 and word not in kind.name else -1
            if place < 0:
                continue
            before = text[max(0, place - 3) : place]
            if before.endswith("现") and word.startswith("在"):  # 现在办完了
                continue
            if any(before.endswith(no) for no in words.NOT_YET):
                found |= {other.name for other in kind.stages if other.name != stage.name}
            else:
                found.add(stage.name)
    return found


def _other_stage(claim: Claim, figure: Figure, spec: CampaignSpec, *, is_named: bool) -> bool:
    """A figure that its own part of the sentence names is not of a stage named before."""
    kind = spec.kind(figure.kind) if figure.kind else None
    if kind is None or not kind.stages:
        return False
    parts = (claim.near,) if is_named else (claim.near, *claim.back)
    named = next((found for part in parts if (found := stages_said(part, kind))), set())
    wanted = figure.where.values.get("stage")
    if not named:
        return False
    if wanted is None:  # every record began at the first stage
        in_title = {stage.name for stage in kind.stages if stage.name in figure.title}
        return not named <= {kind.stages[0].name} | in_title and any(
            other.kind == figure.kind and "stage" in other.where.values for other in spec.figures
        )
    return not named & set(wanted)


def _other_type(claim: Claim, figure: Figure, spec: CampaignSpec) -> bool:
    """One type is named, and the figure takes others too, or only others."""
    wanted = set(figure.where.values.get("type", ()))
    if not wanted or figure.kind is None:
        return False
    types = spec.kind(figure.kind).types
    named = {one.name for one in types if any(word in claim.near for word in (one.name, *one.aliases))}
    return bool(named) and not wanted <= named


def _other_owner(said: Said, figure: Figure, spec: CampaignSpec) -> bool:
    """An owner that is named restricts; one that is not named does not, where there is a figure over all."""
    wanted = set(figure.where.values.get("owner_type", ()))
    siblings = [
        other for other in spec.figures
        if other.kind == figure.kind and other.measure is figure.measure and figure.kind
    ]  # fmt: skip
    named_ones = {one for other in siblings for one in other.where.values.get("owner_type", ())}
    named = set(said.owners) & named_ones
    if len(named) > 1:
        named = set()
    if not wanted:
        return bool(named)
    return named != wanted if named else any("owner_type" not in other.where.values for other in siblings)


def _other_people(said: Said, figure: Figure, spec: CampaignSpec) -> bool:
    over = figure.over
    if over.category:
        alone = not any(
            other.measure is figure.measure and other.over.level == over.level and not other.over.category
            for other in spec.figures
        )
        named = said.categories or said.categories_before
        return not (named & set(over.category) or (alone and not named))
    if over.eligible:
        return not said.is_eligible
    return bool(said.categories) or said.is_eligible


def _other_reduce(said: Said, figure: Figure, spec: CampaignSpec) -> bool:
    if figure.reduce in (Reduce.COUNT_REACHED, Reduce.SHARE_REACHED):
        return False
    named = said.reduces - {Reduce.COUNT_REACHED}
    if figure.reduce in REDUCING:
        if named:
            return figure.reduce not in named
        held = {goal.figure for goal in spec.goals}
        alike = [
            other for other in spec.figures if (other.kind, other.measure) == (figure.kind, figure.measure)
        ]
        return figure.id not in held and any(other.id in held for other in alike)
    timed = figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES, Measure.QUANTITY)
    return timed and figure.scope is Scope.BUREAU and bool(named & set(REDUCING))
