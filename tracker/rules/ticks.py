"""Topics and set books that members tick one by one: which record a tick is, and what it excludes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from tracker.models.record import OwnerType
from tracker.rules.campaigns import CampaignSpec, Figure, Kind, Measure, Phase, Scope
from tracker.rules.ledger_entries import Entry, content_digest, identity_digest
from tracker.rules.refusal import N_
from tracker.rules.registers import Stay

FILTERED = ("type", "category", "source")  # columns that a figure may ask for of what is ticked
LONGEST_TITLE = 200
TOTAL = N_(
    "The ledger reports these for you in one number. Single ones are not ticked beside it: they would "
    "count twice."
)
TWICE = N_("“%(title)s” is ticked already.")
UNKNOWN = N_("The campaign has no such topic or book any more. Reload the page.")
NOT_BEGUN = N_("%(phase)s begins on %(day)s.")
NOT_HERE = N_("On %(day)s you were on no branch's roster.")
HELD_BACK = N_("Ticked one by one in the tracker (%(ticked)s); the number in the row is not brought in.")
TICKED = N_("%(name)s ticked these one by one (%(ticked)s). A number beside that would count them twice.")


class Said(Protocol):
    """What tells whether something is a tick: a record, or an entry."""

    @property
    def type(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class TickList:
    """The topics or the set books of a phase. A tick is a record of the kind that `figure` counts.

    what: 'topics' or 'books'.
    """

    phase: Phase
    what: str
    figure: Figure
    kind: Kind

    @property
    def code(self) -> str:
        return f"{self.phase.code}/{self.what}"

    @property
    def titles(self) -> tuple[str, ...]:
        return self.phase.topics if self.what == "topics" else self.phase.books

    def holds(self, said: Said) -> bool:
        """Whether the figure of the list counts this, of a record of its kind."""
        return all(getattr(said, key) in values for key, values in self.figure.where.values.items())


def tick_lists(spec: CampaignSpec) -> tuple[TickList, ...]:
    """Every list that members tick, in the file's order."""
    return tuple(
        TickList(phase, what, figure, spec.kind(figure.kind))
        for phase in spec.phases
        if phase.ticks
        for what, figure_id in (("topics", phase.topics_figure), ("books", phase.books_figure))
        if figure_id and (figure := spec.figure(figure_id)) is not None and figure.kind
    )


def list_of(lists: tuple[TickList, ...], kind: str, said: Said) -> TickList | None:
    """The list in which a record of this kind is a tick; None if it is none."""
    return next(
        (one for one in lists if one.kind.code == kind and one.holds(said) and said.title in one.titles), None
    )


def counted_by(lists: tuple[TickList, ...], kind: str, said: Said) -> str | None:
    """The figure of the lists that counts a record of this kind, None if none does."""
    return next((one.figure.id for one in lists if one.kind.code == kind and one.holds(said)), None)


def why_not_ticked(figure: Figure, kind: Kind | None) -> str | None:
    """Why a tick cannot be a record that this figure counts as one; None if it can."""
    if kind is None or figure.scope is not Scope.MEMBER or "member" not in kind.owners:
        return "is not counted of records that are a member's own"
    if figure.measure not in (Measure.QUANTITY, Measure.RECORDS):
        return "counts neither quantity nor records"
    if figure.where_not.values or any(
        key not in FILTERED or len(values) != 1 for key, values in figure.where.values.items()
    ):
        return f"must ask for one {', '.join(FILTERED)} each, and exclude nothing"
    return None


def tick_entry(ticked: TickList, title: str, member_id: int, stay: Stay, day: dt.date) -> Entry:
    """The record that a tick is. By its identity there is one of each title for each member."""
    values = {key: values[0] for key, values in ticked.figure.where.values.items()}
    entry = Entry(
        ticked.kind.code, ticked.kind.sheet, 1, day, quantity=1, title=title, stage=ticked.kind.default_stage,
        owner_type=OwnerType.MEMBER, member_id=member_id, branch_id=stay.branch_id, group_id=stay.group_id,
        section_id=stay.section_id, people=(member_id,), **values,  # type: ignore[arg-type]  # texts
    )  # fmt: skip
    entry.content = content_digest(entry)
    parts = ("tick", ticked.kind.code, str(member_id), *sorted(values.values()), title)
    entry.identity = identity_digest("\x1f".join(parts), 0)
    return entry
