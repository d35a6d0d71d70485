"""The cells of one row of the ledger: parsed, with all that is wrong in it. Nobody is looked up here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.campaigns import CampaignSpec, Choice, Kind
from tracker.rules.cells import Raw, parse_choice, parse_code, parse_count, parse_text, shown
from tracker.rules.days import parse_day
from tracker.rules.durations import Unit, parse_minutes
from tracker.rules.ledger_columns import SPREAD
from tracker.rules.people import parse_people, person_name
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.sensitive import holds_id_number
from tracker.rules.sheet_rows import marks_row
from tracker.rules.sheets import HOLDS_ID_NUMBER, Understood
from tracker.rules.stories import StoryMention, parse_stories, typed_story

Values = dict[str, Any]
Parser = Callable[[Raw], object]

DUE_TOO_EARLY = N_("It cannot be due before %(day)s, when it begins.")
OWNER_WORDS = {
    "支部": "branch", "党支部": "branch", "科室": "section", "科": "section", "处室": "section",
    "党小组": "group", "小组": "group",
    "机关": "bureau", "局": "bureau", "机关党委": "bureau", "党委": "bureau",
}  # fmt: skip

_CODES = ("ref", "subject")
_PLAIN: dict[str, Parser] = {
    "member_number": parse_code,
    "happened_on": parse_day,
    "ended_on": parse_day,
    "due_on": parse_day,
    "member_name": person_name,
    "quantity": parse_count,
    "people_served": parse_count,
    "headcount": parse_count,
    "people": parse_people,
    "stories": lambda raw: _kept_stories(parse_stories(raw)),
    "owner_type": lambda raw: parse_choice(raw, OWNER_WORDS),
    "organiser": lambda raw: parse_text(raw, 2_000),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days a record may lie on."""

    starts_on: dt.date
    ends_on: dt.date
    today: dt.date

    @classmethod
    def of(cls, spec: CampaignSpec, today: dt.date) -> Bounds:
        return cls(spec.starts_on, spec.ends_on, today)


def choices(listed: Iterable[Choice]) -> dict[str, str]:
    """alias -> name of every choice of a closed list, each name first."""
    found: dict[str, str] = {}
    for choice in listed:
        for word in (choice.name, *choice.aliases):
            found.setdefault(word, choice.name)
    return found


def parser_of(name: str, kind: Kind, unit: Unit | None) -> Parser:
    """How the cells of one column are read."""
    if name == "minutes":
        bare = unit or kind.minutes_in
        return lambda raw: parse_minutes(raw, bare, kind.class_hour)
    closed = {
        "type": kind.types,
        "stage": kind.stages,
        "source": () if kind.sources_open else kind.sources,
    }.get(name)
    if closed:
        words: Mapping[str, str] = choices(closed)
        return lambda raw: parse_choice(raw, words)
    name = name.partition(SPREAD)[0]
    if name in _CODES:
        return lambda raw: _kept(parse_code(raw), at_start=True)
    most = 80 if name in ("type", "source") else 200
    return _PLAIN.get(name, lambda raw: _kept(parse_text(raw, most)))


def _kept(text: str | None, *, at_start: bool = False) -> str | None:
    """The text, if a sheet that holds it can be brought in again. Raises Refused."""
    if text is not None and holds_id_number(text):
        raise Refused(HOLDS_ID_NUMBER)
    if text is not None and marks_row(text, at_start=at_start):
        raise Refused(
            N_("In a spreadsheet “%(value)s” marks a row that is not data. Write it otherwise."),
            value=shown(text),
        )
    return text


def _kept_stories(stories: list[StoryMention]) -> list[StoryMention]:
    """The stories, if a cell that names them can be read again. Raises Refused."""
    for story in stories:
        _kept(typed_story(story.title, story.teller))
    return stories


class RowReader:
    """Reads the rows of one sheet. A cell met before is not parsed again: ledgers repeat themselves."""

    def __init__(self, kind: Kind, understood: Understood, bounds: Bounds) -> None:
        self.kind, self.understood, self.bounds = kind, understood, bounds
        self.columns: list[tuple[str, Parser, dict[Any, Any]]] = [
            (name, parser_of(name, kind, understood.units.get(name)), {}) for name in understood.columns
        ]
        required = {c.field for c in kind.columns if c.required and not c.spread}
        self.required = frozenset(required & understood.columns.keys())
        # Of columns that are records of their own one is enough: the others were not reported.
        self.spreads = [name for name in understood.columns if SPREAD in name]
        self.formulas = frozenset(understood.formulas)
        self._days: dict[dt.date, tuple[str, dict[str, object]] | None] = {}

    def read(self, row: int, cells: Mapping[str, Raw]) -> tuple[Values, list[Problem]]:
        """The row's values by field, blanks left out, and everything that is wrong with single cells."""
        values: Values = {}
        wrong: list[Problem] = []
        for name, parse, cache in self.columns:
            raw = cells[name]
            if raw is None:
                if name in self.required or (self.formulas and (row, name) in self.formulas):
                    wrong.append(self._blank(row, name))
                continue
            key = (raw,) if raw is True or raw is False else raw  # True is a key like 1
            try:
                value = cache[key]
            except KeyError:
                value = cache[key] = self._parse(parse, raw)
            if type(value) is Refused:
                wrong.append(self.understood.problem(row, name, value.msgid, **value.params))
            elif value is not None:
                values[name] = value
        if self.spreads and not wrong and not any(name in values for name in self.spreads):
            wrong.append(self._blank(row, self.spreads[0]))
        self._check_days(row, values, wrong)
        minutes = values.get("minutes")
        if minutes is not None and minutes > self.kind.most_minutes:
            wrong.append(
                self.understood.problem(
                    row, "minutes", N_("%(minutes)s minutes are more than one entry may have (%(most)s)."),
                    minutes=minutes, most=self.kind.most_minutes,
                )
            )  # fmt: skip
        return values, wrong

    @staticmethod
    def _parse(parse: Parser, raw: Raw) -> object:
        try:
            return parse(raw)
        except Refused as refusal:
            return refusal

    def _blank(self, row: int, name: str) -> Problem:
        if (row, name) in self.formulas:
            return self.understood.problem(
                row,
                name,
                N_("The formula in this cell has no value. Open the file in Excel or WPS and save it."),
            )
        return self.understood.problem(row, name, N_("Fill in this cell."))

    def _check_days(self, row: int, values: Values, wrong: list[Problem]) -> None:
        happened_on: dt.date | None = values.get("happened_on")
        if happened_on is not None:
            try:
                fault = self._days[happened_on]
            except KeyError:
                fault = self._days[happened_on] = self._fault(happened_on)
            if fault:
                wrong.append(self.understood.problem(row, "happened_on", fault[0], **fault[1]))
        due_on: dt.date | None = values.get("due_on")
        if due_on is not None and due_on < (happened_on or self.bounds.starts_on):
            start = (happened_on or self.bounds.starts_on).isoformat()
            wrong.append(self.understood.problem(row, "due_on", DUE_TOO_EARLY, day=start))
        ended_on: dt.date | None = values.get("ended_on")
        if ended_on is None:
            return
        if ended_on > self.bounds.today:
            wrong.append(
                self.understood.problem(
                    row, "ended_on", N_("%(day)s has not come yet."), day=ended_on.isoformat()
                )
            )
        if happened_on is not None and ended_on < happened_on:
            wrong.append(
                self.understood.problem(
                    row, "ended_on", N_("It ends on %(end)s, before it begins on %(start)s."),
                    end=ended_on.isoformat(), start=happened_on.isoformat(),
                )
            )  # fmt: skip

    def _fault(self, day: dt.date) -> tuple[str, dict[str, object]] | None:
        bounds = self.bounds
        if day < bounds.starts_on:
            return N_("%(day)s lies before the campaign, which begins on %(start)s."), {
                "day": day.isoformat(),
                "start": bounds.starts_on.isoformat(),
            }
        if day > bounds.ends_on:
            return N_("%(day)s lies after the campaign, which ends on %(end)s."), {
                "day": day.isoformat(),
                "end": bounds.ends_on.isoformat(),
            }
        if day > bounds.today:
            return N_("%(day)s has not come yet."), {"day": day.isoformat()}
        return None
