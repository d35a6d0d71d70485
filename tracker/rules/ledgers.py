"""Checks a whole ledger, sheet by sheet and row by row, before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tracker.rules.campaigns import CampaignSpec, Kind, Stage
from tracker.rules.cells import Raw
from tracker.rules.ledger_columns import (
    HIDDEN,
    SPREAD,
    kind_of_sheet,
    understand_kind,
    understood_columns,
    why_left_out,
)
from tracker.rules.ledger_entries import Entry, Recogniser
from tracker.rules.ledger_owners import Owners
from tracker.rules.ledger_rows import Bounds, RowReader, Values
from tracker.rules.ledger_totals import check_totals
from tracker.rules.mappings import (
    LEFT_OUT,
    UNFIT,
    MappingSpec,
    fixed_values,
    kind_of,
    mapping_for,
    understand_mapped,
)
from tracker.rules.refusal import N_, Problem
from tracker.rules.registers import Register
from tracker.rules.sheets import RawSheet, Understood

REPORTED_ROWS = 1_000  # progress is told that often
OPEN_LISTS = ("category", "community", "place")
TWICE = N_("The number %(number)s stands in row %(row)s of sheet %(sheet)s too.")
_COPIED = ("ref", "ended_on", "due_on", "minutes", "quantity", "people_served", "type", "category", "source",
           "title", "place", "community", "subject")  # fmt: skip

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class SheetPlan:
    """One sheet of the file. kind: None if it was skipped. Counts are of records, `read` of rows.

    top: the cell of its first heading. minutes: the letter of the column of durations.
    columns: [heading as written, heading of the campaign]; fixed: [the same for every row, that heading].
    """

    sheet: str
    kind: Kind | None = None
    read: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    reversed_before: int = 0
    totals: int = 0
    top: str | None = None
    minutes: str | None = None
    columns: list[list[str]] = field(default_factory=list)
    fixed: list[list[str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LedgerPlan:
    """What an import of a ledger would write. Nothing may be written while there are problems.

    organiser: in no roster; becomes the root committee.
    new_values: of open lists, first seen in this file: field -> values in the file's order.
    replaced:  position in `entries` -> id of the stored record whose correction it is.
    skipped:   positions in `entries` that are stored already, or were reversed one by one.
    freed:     ids of reversed records that give their identity up to an entry that puts them right.
    mappings:  by which sheets are read whose headings somebody explained.
    late:      positions in `entries` that belong to a closed period; late_why: why they come late.
    register:  the roster that entries of a form were checked with; their people are locked since.
    """

    sheets: list[SheetPlan] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    organiser: str | None = None
    new_values: dict[str, list[str]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    freed: set[int] = field(default_factory=set)
    mappings: tuple[MappingSpec, ...] = ()
    late: set[int] = field(default_factory=set)
    late_why: str = ""
    register: Register | None = field(default=None, compare=False, repr=False)


def check_sheets(
    sheets: Sequence[RawSheet],
    spec: CampaignSpec,
    register: Register,
    today: dt.date,
    progress: Progress | None = None,
    mappings: Sequence[MappingSpec] = (),
) -> LedgerPlan:
    """Understand every sheet and check every row of the file by itself.

    mappings: sheets that they were made for are read by them, the others as those of a ledger.
    register: who is who.
    progress: told how many rows of how many are checked, now and then.
    What the rows come to beside the stored ones is checked by services.ledgers.
    """
    plan = LedgerPlan(mappings=tuple(mappings))
    check = Run(plan, spec, register, today, progress, sum(len(sheet.rows) for sheet in sheets))
    for sheet in sheets:
        check.sheet(sheet)
    check.finish()
    return plan


class Run:
    """One run over a workbook."""

    def __init__(
        self,
        plan: LedgerPlan,
        spec: CampaignSpec,
        register: Register,
        today: dt.date,
        progress: Progress | None,
        total: int,
    ) -> None:
        self.plan, self.spec, self.register = plan, spec, register
        self.bounds = Bounds.of(spec, today)
        self.recogniser = Recogniser()
        self.pending: dict[str, list[Problem]] = {}
        self.refs: dict[tuple[str, str], tuple[str, int]] = {}
        self.used: list[MappingSpec] = []
        self.progress, self.total, self.done = progress, total, 0

    def sheet(self, sheet: RawSheet) -> None:
        """Read one sheet, or say why it is left out."""
        plan = SheetPlan(sheet.name)
        self.plan.sheets.append(plan)
        kind, fitting = kind_of_sheet(sheet, self.spec) if sheet.rows else (None, ())
        mapping = mapping_for(sheet, self.plan.mappings, self.spec)
        if mapping is not None:
            self.used.append(mapping)
        if mapping and (mapped := kind_of(mapping, self.spec)):
            plan.kind, plan.fixed = mapped, fixed_values(mapping, mapped)
            self._rows(understand_mapped(sheet, mapping, mapped), mapped, plan)
        elif mapping:
            self._remark(sheet.name, LEFT_OUT)
        elif kind is None:
            self._skip(sheet, fitting)
        elif sheet.is_hidden:
            self._remark(sheet.name, HIDDEN)
        else:
            plan.kind = kind
            self._rows(understand_kind(sheet, kind), kind, plan)

    def _remark(self, sheet: str, msgid: str, **params: object) -> None:
        self.plan.remarks.append(Problem(sheet, None, None, msgid, params))

    def _skip(self, sheet: RawSheet, fitting: tuple[Kind, ...]) -> None:
        is_in_the_way, sentence, params = why_left_out(sheet, fitting, self.spec)
        told = self.plan.problems if is_in_the_way else self.plan.remarks
        told.append(Problem(sheet.name, None, None, sentence, params))

    def _rows(self, understood: Understood, kind: Kind, plan: SheetPlan) -> None:
        plan.read = len(understood.rows)
        plan.columns, plan.top = understood_columns(understood, kind), understood.top
        if "minutes" in understood.columns:
            plan.minutes = understood.columns["minutes"].letter
        plan.unknown, plan.dropped = understood.unknown_headings, understood.dropped_headings
        self.plan.problems += understood.problems
        self.plan.remarks += understood.remarks
        if understood.not_understood:
            return
        if understood.formulas:
            self._remark(
                understood.sheet, N_("%(count)s cells hold formulas; their values were read."),
                count=len(understood.formulas),
            )  # fmt: skip
        row_check = RowCheck(self, understood, kind)
        for row, cells in understood.rows:
            row_check.check(row, cells)
            self.done += 1
            if self.progress and self.done % REPORTED_ROWS == 0:
                self.progress(self.done, self.total)
        plan.totals, wrong = check_totals(understood, kind)
        self.plan.problems += wrong

    def finish(self) -> None:
        """Decide which organiser in no roster is the bureau: the only one that there is."""
        if len(self.pending) == 1:
            (self.plan.organiser,) = self.pending
            self._remark(
                "", N_("%(name)s is in no roster; it becomes the committee of the bureau."),
                name=self.plan.organiser,
            )  # fmt: skip
        else:
            for problems in self.pending.values():
                self.plan.problems += problems
        for mapping in self.plan.mappings:
            if mapping not in self.used:
                params = {"name": mapping.name, "headings": "、".join(mapping.columns.values())}
                self.plan.problems.append(Problem("", None, None, UNFIT, params))
        if not any(sheet.kind for sheet in self.plan.sheets) and not self.plan.problems:
            empty = N_("The workbook holds no sheet of the ledger.")
            self.plan.problems.append(Problem("", None, None, empty))


class RowCheck:
    """Turns the rows of one sheet into entries."""

    def __init__(self, check: Run, understood: Understood, kind: Kind) -> None:
        self.run, self.understood, self.kind = check, understood, kind
        self.reader = RowReader(kind, understood, check.bounds)
        self.owners = Owners(kind, check.register, understood, check.pending)
        self.asks_day = kind.column("happened_on") is not None
        self.has_stage = kind.column("stage") is not None
        self.spreads = [
            (f"{column.field}{SPREAD}{position}", column.field, column.spread)
            for position, column in enumerate(kind.columns)
            if column.spread is not None
        ]
        self.copied = [name for name in _COPIED if name in understood.columns]
        self.by_ref = "ref" in kind.identity
        self.stages = {stage.name: stage for stage in kind.stages}

    def check(self, row: int, cells: dict[str, Raw]) -> None:
        """Add the row's entries to the plan, or its problems."""
        values, wrong = self.reader.read(row, cells)
        day: dt.date | None = values.get("happened_on")
        entry = Entry(
            self.kind.code, self.understood.sheet, row, day or self.run.bounds.starts_on, day is not None
        )
        for name in self.copied:
            if name in values:
                setattr(entry, name, values[name])
        if day is not None or not self.asks_day:
            self.owners.fill(entry, values, day, wrong)
        self._stage(entry, values, wrong)
        if self.by_ref and entry.ref:
            self._check_ref(entry, wrong)
        if wrong:
            self.run.plan.problems += wrong
            return
        for ready in self._spread(entry, values) if self.spreads else (entry,):
            self.run.recogniser.mark(ready, self.kind)
            self.run.plan.entries.append(ready)

    def _stage(self, entry: Entry, values: Values, wrong: list[Problem]) -> None:
        """The stage as written, else that of a row with an end, else the kind's first; ends must fit."""
        kind = self.kind
        if not kind.stages:
            return
        name = values.get("stage")
        if name is None:
            name = kind.ended_stage if entry.ended_on and kind.ended_stage else kind.default_stage
        entry.stage = name
        stage: Stage | None = self.stages.get(name or "")
        if stage is None or not self.has_stage:
            return
        if stage.before and entry.ended_on is None and "ended_on" not in values:
            wrong.append(
                self.understood.problem(
                    entry.row, "ended_on" if "ended_on" in self.understood.columns else "stage",
                    N_("At the stage %(stage)s the day on which it was reached is needed."), stage=name,
                )
            )  # fmt: skip
        elif not stage.before and entry.ended_on is not None:
            wrong.append(
                self.understood.problem(
                    entry.row, "ended_on",
                    N_("At the stage %(stage)s there is no end yet. Correct the stage, or take the day out."),
                    stage=name,
                )
            )  # fmt: skip

    def _check_ref(self, entry: Entry, wrong: list[Problem]) -> None:
        """A number of the file's own tells its rows apart, so it may stand only once."""
        place = (entry.sheet, entry.row)
        first = self.run.refs.setdefault((entry.kind, str(entry.ref)), place)
        if first != place:
            wrong.append(
                self.understood.problem(
                    entry.row, "ref", TWICE,
                    number=entry.ref, row=first[1], sheet=first[0],
                )
            )  # fmt: skip

    def _spread(self, entry: Entry, values: Values) -> list[Entry]:
        """One entry for each column that is a record of its own."""
        found = []
        for key, name, fixed in self.spreads:
            if key in values:
                found.append(replace(entry, **{name: values[key]}, **(fixed or {})))  # type: ignore[arg-type]
        return found
