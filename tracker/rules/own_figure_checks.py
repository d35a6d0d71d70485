"""Which words of the campaign file go together in a figure of the office's own; a sentence for each no."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tracker.rules.campaign_counts import CLASS_HOURS, HOURS, OWN, TIME_MEASURES, UNIT_LEVELS
from tracker.rules.campaign_tables import CODE, CampaignFileError
from tracker.rules.campaigns import DISTINCT_MEASURES, CampaignSpec, Figure, Kind, Measure, Reduce, Scope
from tracker.rules.lint import refusals_of
from tracker.rules.own_figure_offers import (
    EACH,
    MINUTES,
    PER_CENT,
    TIMES,
    WITH_TARGET,
    filters_of,
    known_words,
    measures_of,
    reduces_of,
    scopes_of,
)
from tracker.rules.own_figures import Words, read_own
from tracker.rules.refusal import N_, Refused

HEADS = ("人", "名", "位")
LONGEST_TITLE, LONGEST_UNIT, LONGEST_WORD, MOST_WORDS, LARGEST = 60, 20, 200, 60, 2**31 - 1
SAYS = N_("“%(kind)s” does not tell this. Choose another measure.")
PLAIN = N_("Write it in plain characters, without control characters.")


def checked(words: Words, spec: CampaignSpec) -> Figure:
    """The figure that `words` describe. Raises the first of `refusals`."""
    for refusal in refusals(words, spec):
        raise refusal
    return read_own(words, spec.kinds)


def refusals(words: Words, spec: CampaignSpec) -> Iterator[Refused]:
    """Why this cannot be a figure of the campaign, each with the field of the form that is at fault."""
    found = list(_refusals(words, spec))
    if not found:
        try:
            figure = read_own(words, spec.kinds)
        except CampaignFileError as error:  # what no form can say; no figure is kept that the reader refuses
            said = "; ".join(str(fault) for fault in error.faults)
            found.append(Refused(N_("The campaign cannot have this figure: %(why)s"), None, why=said))
        else:
            found += _banned(figure, spec)
    yield from found


def _refusals(words: Words, spec: CampaignSpec) -> Iterator[Refused]:
    yield from _texts(words)
    kind = next((one for one in spec.kinds if one.code == words.get("kind")), None)
    if "kind" in words and kind is None:
        yield Refused(N_("The campaign has no such kind."), "kind")
        return
    measure = next((one for one in measures_of(kind) if one == words.get("measure")), None)
    if measure is None:
        yield Refused(
            SAYS if kind else N_("Choose what is counted."), "measure", kind=kind.name if kind else ""
        )
        return
    if kind is None:
        yield from _roster(words, measure)
    else:
        yield from _of_kind(words, spec, kind, measure)
    for key in ("category", "standing"):
        if not are_plain(words.get("over", {}).get(key, [])):
            yield Refused(PLAIN, key)


def _texts(words: Words) -> Iterator[Refused]:
    figure_id = str(words["id"])
    if not figure_id.startswith(OWN) or not CODE.fullmatch(figure_id) or figure_id == OWN:
        yield Refused(
            N_("A code holds only a-z, 0-9, “.”, “_” and “-”, at most %(most)s."), "code", most=64 - len(OWN)
        )
    for name, most in (("title", LONGEST_TITLE), ("unit", LONGEST_UNIT)):
        text = str(words.get(name, ""))
        if not text:
            yield Refused(N_("Fill in this field."), name)
        elif len(text) > most:
            yield Refused(N_("Write at most %(most)s characters."), name, most=most)
        elif not is_plain(text):
            yield Refused(PLAIN, name)


def is_plain(text: str) -> bool:
    """Whether it holds nothing that a database, a file or a line of a page cannot take."""
    return not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)


def are_plain(texts: list[str]) -> bool:
    """The same of a list that is not too long, of texts that are not."""
    return len(texts) <= MOST_WORDS and all(is_plain(text) and len(text) <= LONGEST_WORD for text in texts)


def _roster(words: Words, measure: Measure) -> Iterator[Refused]:
    level = words.get("over", {}).get("level")
    if (measure is Measure.UNITS) != (level is not None):
        yield Refused(N_("Say which units for units, and for members leave it out."), "level")
    elif level is not None and level not in UNIT_LEVELS:
        yield Refused(N_("Choose one of the levels."), "level")


def _of_kind(words: Words, spec: CampaignSpec, kind: Kind, measure: Measure) -> Iterator[Refused]:
    for name in ("where", "where_not"):
        yield from _filters(words.get(name, {}), kind)
    scope = next((one for one in scopes_of(kind, measure) if one == words.get("scope", Scope.BUREAU)), None)
    if scope is None:
        yield Refused(N_("This cannot be counted for each of them. Choose another scope."), "scope")
        return
    reduce = EACH if words.get("by") else words.get("reduce", Reduce.SUM)
    if reduce not in reduces_of(kind, measure, scope):
        yield Refused(_why_not(measure, scope, reduce), "reduce")
        return
    if scope is Scope.BUREAU and words.get("over"):
        yield Refused(
            N_("For the whole bureau every row counts, whoever is in it: leave out whom it is taken over."),
            "over",
        )
    target = words.get("target")
    if (target is None) is (reduce in WITH_TARGET):
        missing = N_("Say what is to be reached.")
        superfluous = N_("A target is asked only where something is to be reached. Leave it empty.")
        yield Refused(missing if target is None else superfluous, "target")
    for name in ("target", "divide_by"):
        if not 0 < words.get(name, 1) <= LARGEST:
            yield Refused(N_("Write a whole number above 0."), name)
    first = words.get("starts_on")
    if first and not spec.starts_on.isoformat() <= first <= spec.ends_on.isoformat():
        yield Refused(N_("The day lies outside the campaign."), "starts_on")
    yield from _unit(words, kind, measure, reduce)


def _why_not(measure: Measure, scope: Scope, reduce: str) -> str:
    if scope is Scope.BUREAU:
        return N_("The whole bureau has one value: choose the total or a forecast, or another scope.")
    if reduce == Reduce.SUM and measure in DISTINCT_MEASURES:
        return N_("What is counted once does not add up over members or units.")
    if reduce in (EACH, Reduce.MAX):
        return N_(
            "Nobody is told of by what they alone have. Take the smallest, the mean or how many reached it."
        )
    return N_("Choose how the values become one.")


def _filters(chosen: Mapping[str, list[str]], kind: Kind) -> Iterator[Refused]:
    for key, values in chosen.items():
        known = known_words(kind, key)
        if key not in filters_of(kind) or (known is not None and not set(values) <= set(known)):
            yield Refused(N_("Choose from the list."), f"words_{key}")
        elif not values:
            yield Refused(N_("Choose at least one."), f"words_{key}")
        elif not are_plain(values):
            yield Refused(
                N_("At most %(count)s, each of at most %(most)s plain characters."), f"words_{key}",
                count=MOST_WORDS, most=LONGEST_WORD,
            )  # fmt: skip


def _unit(words: Words, kind: Kind, measure: Measure, reduce: str) -> Iterator[Refused]:
    """人次 and 人 are two numbers; time is told in units of time, and nothing else is."""
    unit, long = words.get("unit"), {HOURS: 60, MINUTES: 1, CLASS_HOURS: kind.class_hour}
    if reduce == Reduce.SHARE_REACHED:
        if unit != PER_CENT:
            yield Refused(N_("A share is told in %(unit)s."), "unit", unit=PER_CENT)
    elif reduce in (Reduce.COUNT_REACHED, Reduce.FORECAST_DATE):
        if unit in (*long, TIMES, PER_CENT):
            msgid = N_("What is shown is how many, or a day; its unit is not that of the target.")
            yield Refused(msgid, "unit")
    elif measure in TIME_MEASURES:
        if unit not in long:
            yield Refused(N_("Time is told in 小时, 分钟 or 学时."), "unit")
        elif long[unit] is None:
            yield Refused(N_("“%(kind)s” does not count in 学时."), "unit", kind=kind.name)
        elif words.get("divide_by", 1) != long[unit]:
            msgid = N_("For %(unit)s this must be %(long)s.")
            yield Refused(msgid, "divide_by", unit=unit, long=long[unit])
    elif unit in (*long, PER_CENT):
        yield Refused(N_("This is no time and no share; choose another unit."), "unit")
    else:
        yield from _heads(unit, measure)


def _heads(unit: str | None, measure: Measure) -> Iterator[Refused]:
    if measure is Measure.PARTICIPATIONS and unit in HEADS:
        yield Refused(N_("Attendances are told in 人次; 人 and 名 are people, each once."), "unit")
    if measure is Measure.PERSONS and unit == TIMES:
        yield Refused(N_("People, each once, are told in 人 or 名; 人次 are attendances."), "unit")


def _banned(figure: Figure, spec: CampaignSpec) -> Iterator[Refused]:
    """What no campaign file may say either."""
    fields = {"by": "reduce"}
    alone = replace(spec, figures=(figure,), goals=(), phases=())
    for finding in refusals_of(alone):
        table, _, key = finding.key.partition(".")
        if table == "figures[0]":
            yield Refused(finding.rule.says, fields.get(key, key), **finding.params)
