"""Which records a list shows: what the reader chose, as conditions on the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, cast, false, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import INT
from tracker.models import (
    Campaign,
    CoOrganiser,
    Kind,
    Member,
    Participation,
    Record,
    Status,
    Story,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import people_within, records_within, sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
from tracker.queries.members import is_named
from tracker.queries.rosters import roster_as_of
from tracker.queries.terms import SAID, terms_like
from tracker.rules.campaigns import CampaignSpec, Figure, Scope
from tracker.rules.figures import Roster, places_of
from tracker.rules.tallies import Question, question_of

PLACES: dict[UnitLevel, tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]] = {
    UnitLevel.BRANCH: (Record.branch_id, Participation.branch_id),
    UnitLevel.GROUP: (Record.group_id, Participation.group_id),
    UnitLevel.SECTION: (Record.section_id, Participation.section_id),
}
SORTS = ("day", "kind", "branch", "minutes", "entered")


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What the reader chose. Empty fields choose nothing.

    unit:   a branch, a group or a section.
    figure: only the rows behind it as of `day`.
    is_late: only what was entered after its period was closed.
    sort:   one of SORTS, with '-' before it for downwards.
    """

    day: dt.date
    kind: str | None = None
    unit: Unit | None = None
    type: str | None = None
    stage: str | None = None
    status: Status | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""
    is_late: bool = False
    figure: Figure | None = None
    sort: str = "-day"
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether a choice besides the figure and its unit may leave rows out."""
        return any(
            (self.kind, self.type, self.stage, self.status, self.since, self.until, self.text, self.is_late)
        )


def hidden_kinds(user: User, spec: CampaignSpec) -> frozenset[str]:
    """Kinds whose people this reader sees as codes: those who see the whole bureau could rank them."""
    if not sees_bureau(user):
        return frozenset()
    return frozenset(kind.code for kind in spec.kinds if kind.hides_names)


def may_sort_by_minutes(chosen: RecordFilter, hidden: frozenset[str]) -> bool:
    """Whether no row of a hidden kind can be in the list; otherwise hours would rank people."""
    if not hidden:
        return True
    kind = chosen.figure.kind if chosen.figure else chosen.kind
    return kind is not None and kind not in hidden


def is_section(unit: Unit | None) -> bool:
    """Whether it is a section: so few work in one that a code there is as good as a name."""
    return unit is not None and unit.level is UnitLevel.SECTION


def conditions(
    chosen: RecordFilter, campaign_id: int, kinds: Sequence[Kind], user: User, hidden: frozenset[str]
) -> list[ColumnElement[bool]]:
    """Everything but the figure: what may be seen, and what was chosen."""
    ids = {kind.code: kind.id for kind in kinds}
    found: list[ColumnElement[bool]] = [Record.campaign_id == campaign_id, records_within(user)]
    if chosen.kind:
        found.append(Record.kind_id == ids[chosen.kind])
    if chosen.unit and chosen.figure is None:
        found.append(_in_unit(chosen.unit))
        if is_section(chosen.unit) and hidden:
            found.append(Record.kind_id.not_in([ids[code] for code in sorted(hidden)]))
    for value, column in (
        (chosen.type, Record.type),
        (chosen.stage, Record.stage),
        (chosen.status, Record.status),
    ):
        if value:
            found.append(column == value)
    found += _within_days(chosen.since, chosen.until)
    if chosen.is_late:
        found.append(Record.late_why.is_not(None))
    if chosen.text:
        sources = holding(chosen.text, user, [ids[code] for code in sorted(hidden)])
        # Found once and kept: PostgreSQL, which knows nothing of tables that were just filled, would else
        # look for it anew for every record.
        answers = union_all(*sources).cte().prefix_with("MATERIALIZED", dialect="postgresql")
        found.append(Record.id.in_(select(answers.c.id)))
    return found


def _within_days(since: dt.date | None, until: dt.date | None) -> list[ColumnElement[bool]]:
    found = [Record.happened_on >= since] if since else []
    return [*found, Record.happened_on <= until] if until else found


def _in_unit(unit: Unit) -> ColumnElement[bool]:
    own, of_people = PLACES[unit.level]
    found = [own == unit.id, Record.id.in_(select(Participation.record_id).where(of_people == unit.id))]
    if unit.level is UnitLevel.BRANCH:
        found.append(Record.id.in_(select(CoOrganiser.record_id).where(CoOrganiser.unit_id == unit.id)))
    return or_(*found)


def holding(text: str, user: User, hidden_ids: Sequence[int]) -> list[Select[int]]:
    """Ids of the records that answer to a search: what they say, the stories told in them, their number, who
    was in them where the name may be seen. Each source is a statement over an index, joined to Record."""
    terms = terms_like(text)
    found = [select(Record.id).where(column.in_(terms)) for column in SAID]
    found.append(select(Record.id).join(Story, Story.record_id == Record.id).where(Story.title.in_(terms)))
    number = read_number(text)
    if number is not None:
        found.append(select(Record.id).where(Record.id == number))
    return [*found, with_people(text, user, hidden_ids)]


def with_people(text: str, user: User, hidden_ids: Sequence[int]) -> Select[int]:
    """Ids of the records in which somebody of that name was, where the user may see the name."""
    # + 0: else SQLite reads the whole ledger in the order of the ids, to find each of them once.
    named = select((Participation.record_id + 0).label("id"))
    named = named.join(Record, Record.id == Participation.record_id)
    named = named.join(Member, Member.id == Participation.member_id)
    named = named.where(is_named(text), people_within(user))
    return named.where(Record.kind_id.not_in(hidden_ids)) if hidden_ids else named


def says(text: str) -> ColumnElement[bool]:
    """Records that say it or have that number, for rows that are few already: it asks no index."""
    terms = terms_like(text)
    number = read_number(text)
    return or_(
        *(column.in_(terms) for column in SAID),
        Record.id.in_(select(Story.record_id).where(Story.title.in_(terms))),
        Record.id == number if number is not None else false(),
    )


def read_number(text: str) -> int | None:
    """The number of a record in what was typed: #123 or 123; None if it is none."""
    number = text.removeprefix("#").removeprefix("＃")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 15 else None


def question_asked(figure: Figure, unit: Unit | None) -> Question | None:
    """The figure's question; for a unit's part of a bureau's figure, the same at the unit's level."""
    if unit is None or figure.scope is not Scope.BUREAU:
        return question_of(figure)
    return question_of(figure, Scope(str(unit.level)))


def places_asked(figure: Figure, unit: Unit | None, roster: Roster) -> list[int] | None:
    """The members or units over whom the figure is taken, those in `unit` if given; None for the bureau."""
    if figure.scope is Scope.BUREAU:
        return [unit.id] if unit else None
    places = places_of(figure.scope, figure.over, roster)
    if unit is None:
        return places
    if figure.scope is Scope.MEMBER:
        key = f"{unit.level}_id"
        inside = {row.member_id for row in roster.members if getattr(row, key) == unit.id}
    else:
        inside = {unit.id} | {row.id for row in roster.units if row.parent_id == unit.id}
    return [place for place in places if place in inside]


def rows_behind(campaign: Campaign, chosen: RecordFilter, figure: Figure) -> Subquery | None:
    """The contributions behind a figure as of the chosen day, of the chosen unit; None over the roster."""
    question = question_asked(figure, chosen.unit)
    if question is None:
        return None
    kind_id = next(kind.id for kind in campaign.kinds if kind.code == question.kind)
    rows = contributions(question, spec_of(campaign).kind(question.kind), kind_id)
    statement = select(rows).where(rows.c.day <= chosen.day)
    if chosen.unit or figure.scope is not Scope.BUREAU:
        places = places_asked(figure, chosen.unit, roster_as_of(chosen.day))
        if places is not None:
            # + 0: else SQLite looks up every member for every record in the unique index (record, member).
            statement = statement.where((rows.c.place_id + 0).in_(places))
    return statement.subquery("behind")


def adds_by_record(rows: Subquery) -> Subquery:
    """record_id and what the record adds, whole; records that add nothing (any more) are not in it."""
    statement: Select[Any] = (
        select(rows.c.record_id, cast(func.sum(rows.c.value), INT).label("adds"))
        .group_by(rows.c.record_id)
        .having(func.sum(rows.c.value) != 0)
    )
    return statement.subquery("adds")
