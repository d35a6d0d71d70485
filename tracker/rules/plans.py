"""What a plan may say, and how it stands to what was held."""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tracker.models.unit import UnitLevel
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.people import PersonMention, parse_people
from tracker.rules.reach import Reach
from tracker.rules.refusal import N_, Refused

LONGEST_TITLE, LONGEST_NOTE = 200, 400
MOST_ORGANISERS = 30
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")


class PlanState(enum.StrEnum):
    """How a plan stands on a day."""

    AHEAD = "ahead"
    HELD = "held"
    CANCELLED = "cancelled"
    OPEN = "open"  # its day has passed, and nothing was reported


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan says. Minutes are those of the day; unit_ids: its organisers, the first answers for it."""

    happens_on: dt.date
    title: str
    unit_ids: tuple[int, ...]
    type: str | None = None
    place: str | None = None
    note: str | None = None
    from_minute: int | None = None
    to_minute: int | None = None
    lead_id: int | None = None


class Person(Protocol):
    """A member who may be named."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...


def plan_state(day: dt.date, today: dt.date, *, is_cancelled: bool, is_held: bool) -> PlanState:
    """How a plan for `day` stands on `today`. What was held was held, even if it had been cancelled."""
    if is_held:
        return PlanState.HELD
    if is_cancelled:
        return PlanState.CANCELLED
    return PlanState.OPEN if day < today else PlanState.AHEAD


def may_plan(level: UnitLevel, unit_id: int, parent_id: int | None, reach: Reach) -> bool:
    """Whether plans of this unit are somebody's to make and change."""
    if reach.bureau:
        return True
    match level:
        case UnitLevel.BRANCH:
            return unit_id in reach.branches
        case UnitLevel.GROUP:
            return unit_id in reach.groups or parent_id in reach.branches
        case UnitLevel.SECTION:
            return unit_id in reach.sections
    return False


def check_facts(kind: Kind, spec: CampaignSpec, facts: PlanFacts, today: dt.date) -> None:
    """Raises Refused, with the field at fault, for a plan that cannot be."""
    if not kind.is_planned:
        raise Refused(N_("Nothing of this kind is planned beforehand."))
    check_plan_day(facts.happens_on, spec, today)
    if not facts.title:
        raise Refused(N_("Fill this in."), "title")
    for name, most in (("title", LONGEST_TITLE), ("place", LONGEST_TITLE), ("note", LONGEST_NOTE)):
        if len(getattr(facts, name) or "") > most:
            raise Refused(N_("Write at most %(most)d characters."), name, most=most)
    column = kind.column("type")
    if column and column.required and facts.type is None:
        raise Refused(N_("Choose from the list."), "type")
    if facts.type is not None and facts.type not in {one.name for one in kind.types}:
        raise Refused(N_("Choose from the list."), "type")
    if facts.to_minute is not None and facts.from_minute is None:
        raise Refused(N_("Say when it begins too."), "begins")
    if facts.from_minute is not None and facts.to_minute is not None and facts.to_minute <= facts.from_minute:
        raise Refused(N_("It must end after it begins."), "ends")
    if len(facts.unit_ids) > MOST_ORGANISERS:
        raise Refused(N_("At most %(most)d units hold one together."), "together", most=MOST_ORGANISERS)


def check_plan_day(day: dt.date, spec: CampaignSpec, today: dt.date) -> None:
    """Raises Refused for a day outside the campaign, and for one that has passed."""
    if not spec.starts_on <= day <= spec.ends_on:
        outside = N_("The campaign runs from %(start)s to %(end)s; choose a day within.")
        raise Refused(outside, "happens_on", start=spec.starts_on.isoformat(), end=spec.ends_on.isoformat())
    if day < today:
        raise Refused(N_("This day has passed. What took place is entered as a record."), "happens_on")


def parse_clock(text: str | None, field: str) -> int | None:
    """Minutes of the day that 15:00 or 9:30 says, None for a blank. Raises Refused for anything else."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not plain:
        return None
    match = _CLOCK.fullmatch(plain)
    minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else -1
    if not 0 <= minute <= 1440 or (field == "begins" and minute == 1440):
        raise Refused(N_("Write a time such as 15:00."), field)
    return minute


def clock_text(minute: int | None) -> str:
    """Minutes of the day as 15:00, '' for None."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def names_in(text: str | None) -> list[str]:
    """Names of units that a field lists, separated by 、 ， ； or a line break, each once."""
    parts = re.split(r"[、,，;；\n]", text or "")
    return list(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))


def people_named(text: str | None, members: Iterable[Person], field: str = "lead") -> list[int]:
    """Ids of the members whom a text names, in its order. Raises Refused for a name that fits none or two."""
    known = list(members)
    try:
        mentions = parse_people(text)
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from None
    return [_one_of(mention, known, field) for mention in mentions]


def _one_of(mention: PersonMention, known: list[Person], field: str) -> int:
    fits = [
        one.id
        for one in known
        if (mention.number is None or one.number == mention.number)
        and (not mention.name or one.name == mention.name)
    ]
    said = mention.name or mention.number or ""
    if not fits:
        raise Refused(N_("%(name)s is not among the members that you may choose from."), field, name=said)
    if len(fits) > 1:
        raise Refused(N_("There are several members called %(name)s; add the number."), field, name=said)
    return fits[0]
