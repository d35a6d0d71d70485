"""Which ledger an address asks for, in which layout, and its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import abort, current_app, request
from flask_login import current_user

from tracker.files.layout_sheet import Part
from tracker.forms.records import read_id
from tracker.models import Layout, Unit
from tracker.queries.access import own_units, sees_bureau
from tracker.queries.figures import bureau_name
from tracker.queries.layouts import VERIFIED, WITH_WAITING, Asked, asked_rows, layout_for, layout_lines
from tracker.queries.record_filters import is_section
from tracker.queries.units import branches_within, unit_within
from tracker.rules.campaigns import Kind
from tracker.rules.layout_rows import Line, RowWriter, Totals
from tracker.rules.layouts import PLACES, coded, default_layout, fitted, marked, titled
from tracker.rules.layouts import Layout as LayoutSpec
from tracker.rules.periods import Period, period_by_code
from tracker.services.ledgers import load_register
from tracker.views import layout_words as words
from tracker.views.asof import AsOf

MOST_IN_SHEET = 100_000
ELSEWHERE = "机关及科室"  # on the sheet of what belongs to no branch


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for. saved: None for the kind's own layout; layout: as the reader may have it."""

    asof: AsOf
    kind: Kind
    period: Period | None
    unit: Unit | None
    with_waiting: bool
    saved: Layout | None
    layout: LayoutSpec
    asked: Asked

    @property
    def args(self) -> dict[str, Any]:
        """The choices as they stand in an address again."""
        found = {
            "kind": self.kind.code, "period": self.period.code if self.period else None,
            "unit": self.unit.id if self.unit else None, "waiting": "y" if self.with_waiting else None,
            "layout": self.saved.id if self.saved else None, "campaign": request.args.get("campaign"),
        }  # fmt: skip
        return {key: value for key, value in found.items() if value}

    @property
    def unit_words(self) -> str:
        return self.unit.name if self.unit else bureau_name() or ""

    def title(self, unit: str) -> str:
        """The title of a sheet; one with rows that are not verified says so."""
        spec = self.asof.spec
        period = words.period_words(self.period, spec.starts_on, min(spec.ends_on, self.asof.day))
        values = dict(zip(PLACES, (spec.name, self.kind.name, period, unit), strict=True))
        return titled(self.layout, **values) + ("（含未核实记录）" if self.with_waiting else "")


def units_offered() -> list[Unit]:
    """The units of which a reader may take a ledger."""
    if sees_bureau(current_user):
        return branches_within(current_user)
    return [unit for unit_id in own_units(current_user) if (unit := unit_within(current_user, unit_id))]


def chosen_of(asof: AsOf) -> Chosen:
    """What makes no sense is as if it had not been chosen; what is out of reach is not there."""
    spec, args = asof.spec, request.args
    kind = next((one for one in spec.kinds if one.code == args.get("kind")), spec.kinds[0])
    unit_id = read_id(args.get("unit"))
    unit = (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
    if unit is None and not sees_bureau(current_user):
        unit = next(iter(units_offered()), None) or abort(404)
    saved = None
    if layout_id := read_id(args.get("layout")):
        saved = layout_for(current_user, layout_id) or abort(404)
        if saved.campaign_id != asof.campaign.id or saved.kind != kind.code:
            saved = None  # of the kind that was chosen before
    with_waiting = bool(args.get("waiting"))
    period = period_by_code(args.get("period", ""), spec, spec.phases)
    layout = fitted(LayoutSpec.of(saved.content), kind) if saved else default_layout(kind)
    asked = asked_rows(
        asof.campaign, kind, current_user, str(current_app.config["TRACKER"].secret_key), asof.day,
        period=period, unit=unit, statuses=WITH_WAITING if with_waiting else VERIFIED,
        by_branch=layout.by_branch,
    )  # fmt: skip
    if asked.is_coded and is_section(unit):
        abort(404)  # few work in a section: their codes would be as good as their names
    layout = coded(layout) if asked.is_coded else layout
    return Chosen(
        asof, kind, period, unit, with_waiting, saved, marked(layout) if with_waiting else layout, asked
    )


def parts_of(chosen: Chosen) -> Iterator[Part]:
    """The sheets, one after the other: one for each branch, or one."""
    writer = RowWriter(chosen.layout, chosen.kind, register := load_register())
    lines = layout_lines(chosen.asked, current_user, MOST_IN_SHEET)
    if not chosen.layout.by_branch:
        yield _part(chosen, writer, lines, chosen.kind.sheet, chosen.unit_words)
        return
    is_empty = True
    for branch_id, of_branch in groupby(lines, lambda line: line.entry.branch_id):
        is_empty = False
        unit = register.units[branch_id].name if branch_id else ELSEWHERE
        yield _part(chosen, writer, of_branch, f"{chosen.kind.sheet}-{unit}", unit)
    if is_empty:
        yield _part(chosen, writer, iter(()), chosen.kind.sheet, chosen.unit_words)


def _part(chosen: Chosen, writer: RowWriter, lines: Iterator[Line], name: str, unit: str) -> Part:
    totals = Totals(writer)

    def rows() -> Iterator[list[Any]]:
        for serial, (line, values) in enumerate(writer.rows(lines), start=1):
            totals.add(line, values)
            yield writer.cells(values, serial)

    return Part(name, chosen.title(unit), unit, rows(), totals.cells)
