"""What a campaign file may not ask, and what it had better not: each finding with its source and its cure.

Refused is what the notice bans and what a ledger must not hold. Whether the notice covers a web page is
unsettled; the tracker is built as if it did. Its text was seen in copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError, Fault, key_lines
from tracker.rules.campaigns import CampaignSpec, Column, Figure, Kind, Measure, Reduce, Scope
from tracker.rules.lint_rules import (
    ASSESSMENT,
    ILLNESS,
    MUST,
    NAMED,
    PHOTO,
    RULES,
    Level,
    Rule,
    banned_in,
    word_in,
)
from tracker.rules.sensitive import holds_id_number, holds_phone_number, is_sensitive

MOST_REQUIRED = 6
MOST_MINUTES_A_DAY = 60
FEWEST_VISIT_DAYS = 7
TIME = (Measure.MINUTES, Measure.PERSON_MINUTES)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a file that a rule speaks of. key: as in kinds[0].columns[2].heading."""

    rule: Rule
    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_refusal(self) -> bool:
        return self.rule.level is Level.REFUSE


def lint(spec: CampaignSpec) -> list[Finding]:
    """What the rules say of a campaign: refusals first, then warnings, each in the order of the file."""
    found = [*_words(spec), *_figures(spec), *_goals(spec)]
    for n, kind in enumerate(spec.kinds):
        found += [*_columns(kind, f"kinds[{n}]"), *_kind(kind, f"kinds[{n}]")]
    found += _twice(spec)
    return sorted(found, key=lambda one: not one.is_refusal)


def refusals_of(spec: CampaignSpec) -> list[Finding]:
    """Those for which a file is not loaded."""
    return [one for one in lint(spec) if one.is_refusal]


def findings_in(text: str) -> list[tuple[Finding, int | None]]:
    """What the rules say of a file's text, each with its line; nothing of one that has faults already."""
    try:
        spec = read_campaign(text)
    except CampaignFileError:
        return []
    return [(one, line_of(one.key, text)) for one in lint(spec)]


def line_of(key: str, text: str) -> int | None:
    """Where in the file's text a key stands, or the nearest table around it."""
    lines, place = key_lines(text), key
    while place and place not in lines:
        place = re.sub(r"\[[0-9]+\]$", "", place) if place.endswith("]") else place.rpartition(".")[0]
    return lines.get(place)


def as_fault(finding: Finding, text: str) -> Fault:
    """A refusal as a fault of the file, in English: with key, line, source and cure."""
    rule = finding.rule
    says = rule.says % finding.params
    source = f"{rule.source}: {rule.about}"
    return Fault(finding.key, line_of(finding.key, text), f"{says} ({source}) {rule.cure} [{rule.id}]")


def _finding(rule: str, key: str, **params: object) -> Finding:
    return Finding(RULES[rule], key, params)


def _texts(spec: CampaignSpec) -> Iterator[tuple[str, str]]:
    """(key, text) of everything that people read."""
    yield "name", spec.name
    yield "description", spec.description
    for n, kind in enumerate(spec.kinds):
        key = f"kinds[{n}]"
        yield f"{key}.name", kind.name
        yield f"{key}.sheet", kind.sheet
        for i, column in enumerate(kind.columns):
            for heading in (column.heading, *column.aliases):
                yield f"{key}.columns[{i}].heading", heading
            yield f"{key}.columns[{i}].note", column.note
        for name, choices in (("types", kind.types), ("sources", kind.sources), ("stages", kind.stages)):
            for choice in choices:
                yield f"{key}.{name}", choice.name
    for n, figure in enumerate(spec.figures):
        for name in ("title", "unit", "sentence"):
            yield f"figures[{n}].{name}", getattr(figure, name)
    for n, goal in enumerate(spec.goals):
        for name in ("name", "short_name", "unit", "scope_note"):
            yield f"goals[{n}].{name}", getattr(goal, name)


def _words(spec: CampaignSpec) -> Iterator[Finding]:
    """Banned words in what people read; each key and rule once."""
    told: set[tuple[str, str]] = set()
    for key, text in _texts(spec):
        found = list(banned_in(text))
        if word := word_in(text, ASSESSMENT):
            found.append(("assessment" if _is_of_time(key, spec) else "assessment-words", word))
        for rule, word in found:
            if (rule, key) not in told:
                told.add((rule, key))
                yield _finding(rule, key, word=word)


def _is_of_time(key: str, spec: CampaignSpec) -> bool:
    """Whether what stands at the key is about time: a figure or goal of minutes, a kind with that column."""
    match = re.match(r"(kinds|figures|goals)\[([0-9]+)\]", key)
    if match is None:
        return any(figure.measure in TIME for figure in spec.figures)
    number = int(match[2])
    if match[1] == "kinds":
        return spec.kinds[number].column("minutes") is not None
    figure = spec.figures[number] if match[1] == "figures" else spec.figure(spec.goals[number].figure)
    return figure is not None and figure.measure in TIME


def _columns(kind: Kind, key: str) -> Iterator[Finding]:
    """What the columns and lists of a kind ask for."""
    for n, column in enumerate(kind.columns):
        at = f"{key}.columns[{n}]"
        yield from _headings(kind, column, f"{at}.heading")
        if holds_id_number(column.example) or holds_phone_number(column.example):
            yield _finding("sensitive-example", f"{at}.example")
        if is_sensitive(column.note) and "不" not in column.note and "勿" not in column.note:
            yield _finding("sensitive-note", f"{at}.note", word=column.note)
        if word_in(column.note, PHOTO):
            rule = "photo-required" if column.required or MUST.search(column.note) else "photo"
            yield _finding(rule, f"{at}.note", word=column.note)
    for name, choices in (("types", kind.types), ("sources", kind.sources), ("stages", kind.stages)):
        for choice in choices:
            for word in filter(is_sensitive, (choice.name, *choice.aliases)):
                yield _finding("sensitive", f"{key}.{name}", word=word)
    for word in kind.absence_reasons:
        if is_sensitive(word) or ILLNESS.search(word):
            yield _finding("illness", f"{key}.absence_reasons", word=word)


def _headings(kind: Kind, column: Column, key: str) -> Iterator[Finding]:
    for heading in (column.heading, *column.aliases):
        if is_sensitive(heading):
            yield _finding("sensitive", key, word=heading)
        if PHOTO.search(heading):
            yield _finding("photo-required" if column.required else "photo", key, word=heading)
        is_of_helped = kind.column("subject") is not None and column.field not in ("member_name", "people")
        if is_of_helped and NAMED.search(heading):
            yield _finding("named-subject", key, word=heading)


def _kind(kind: Kind, key: str) -> Iterator[Finding]:
    """How much a kind asks, and who sees it."""
    required = [column for column in kind.columns if column.required]
    if is_sensitive(kind.name) or is_sensitive(kind.sheet):
        yield _finding("sensitive", f"{key}.name", word=kind.name)
    if len(required) > MOST_REQUIRED:
        yield _finding("many-fields", f"{key}.columns", count=len(required), most=MOST_REQUIRED)
    if kind.owners[0] == "member":
        if {"member_number", "member_name", "branch"} <= {column.field for column in required}:
            yield _finding("known-already", f"{key}.columns")
        if kind.column("minutes") and not kind.hides_names:
            yield _finding("names-shown", f"{key}.hides_names")
    if kind.visit_every_days and kind.visit_every_days < FEWEST_VISIT_DAYS:
        yield _finding("visits-often", f"{key}.visit_every_days", days=kind.visit_every_days)


def _twice(spec: CampaignSpec) -> Iterator[Finding]:
    """Kinds of the same owner that require the same columns, with the same closed lists."""
    for (_, first), (n, second) in combinations(enumerate(spec.kinds), 2):
        if _form(first) == _form(second):
            yield _finding("same-form", f"kinds[{n}].columns", first=first.name, second=second.name)


def _form(kind: Kind) -> tuple[object, ...]:
    """What makes a form what it is."""
    required = frozenset(column.field for column in kind.columns if column.required)
    lists = [{choice.name for choice in choices} for choices in (kind.types, kind.sources, kind.stages)]
    return kind.owners[0], required, lists


def _figures(spec: CampaignSpec) -> Iterator[Finding]:
    """Figures whose shape ranks members by time."""
    for n, figure in enumerate(spec.figures):
        if figure.scope is not Scope.MEMBER or figure.measure not in TIME:
            continue
        if figure.by is Scope.MEMBER:
            yield _finding("hours-by-member", f"figures[{n}].by")
        if figure.reduce is Reduce.MAX:
            yield _finding("most-of-members", f"figures[{n}].reduce")


def _goals(spec: CampaignSpec) -> Iterator[Finding]:
    """Goals and phases outside the campaign, or beyond what a day holds."""
    for n, phase in enumerate(spec.phases):
        if phase.starts_on < spec.starts_on or phase.ends_on > spec.ends_on:
            yield _finding("due-outside", f"phases[{n}].ends_on")
    for n, goal in enumerate(spec.goals):
        if goal.starts_on < spec.starts_on or goal.due_on > spec.ends_on:
            yield _finding("due-outside", f"goals[{n}].due_on")
        figure = spec.figure(goal.figure)
        if figure is None or not _is_minutes_of_each(figure, goal.unit):
            continue
        days = (goal.due_on - goal.starts_on).days + 1
        minutes = Fraction(goal.target * figure.divide_by, days)
        shown = -(-minutes.numerator // minutes.denominator)
        most = spec.kind(figure.kind or "").most_minutes_per_day
        if minutes > most:
            yield _finding("out-of-reach", f"goals[{n}].target", minutes=shown, most=most)
        elif minutes > MOST_MINUTES_A_DAY:
            yield _finding("heavy-pace", f"goals[{n}].target", minutes=shown, most=MOST_MINUTES_A_DAY)


def _is_minutes_of_each(figure: Figure, unit: str) -> bool:
    """Whether a goal in that unit asks so much time of each member."""
    reduces = (Reduce.MIN, Reduce.MEAN)
    return (
        figure.scope is Scope.MEMBER
        and figure.measure in TIME
        and figure.reduce in reduces
        and figure.unit == unit
    )
