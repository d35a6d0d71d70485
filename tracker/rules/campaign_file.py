"""Reads a campaign file: TOML text in, a checked CampaignSpec out, or every fault with its line and cure."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from typing import TypeVar, cast, get_args

from tracker.rules.campaign_bulletins import read_bulletins
from tracker.rules.campaign_counts import OWNERS, read_figure, read_goal
from tracker.rules.campaign_phases import check_phases, read_phase
from tracker.rules.campaign_reminders import read_reminders
from tracker.rules.campaign_sessions import check_sessions
from tracker.rules.campaign_stages import check_stages, read_stage
from tracker.rules.campaign_tables import CampaignFileError, Fault, Reading, Table, key_lines
from tracker.rules.campaigns import (
    OF_BRANCH,
    BurdenRule,
    CampaignSpec,
    Choice,
    Column,
    Kind,
    ResultRule,
)
from tracker.rules.closes import MOST_GRACE
from tracker.rules.durations import Unit

FORMAT = 1
FEWEST_SHOWN = 3  # results behind an average
MOST_DAYS = 1095
LEDGER_FIELDS = (
    "ref", "happened_on", "ended_on", "due_on", "member_number", "member_name", "branch", "group", "section",
    "minutes", "quantity", "people_served", "headcount", "people", "type", "category", "source", "title",
    "place", "community", "owner_type", "owner_name", "organiser", "subject", "stage", "stories",
)  # fmt: skip
IDENTITY_FIELDS = ("ref", "happened_on", "member_number", "type", "title", "subject", "category", "community")

Part = TypeVar("Part")


def read_campaign(text: str) -> CampaignSpec:
    """Check the text of a campaign file and give back what it says.

    text:   TOML, format 1, see docs/campaign-file.md.
    Raises  CampaignFileError with every fault found, each with key, line (from 1) and what to do.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CampaignFileError([Fault("file", None, f"is not TOML: {error}.")]) from None
    reading = Reading(key_lines(text))
    top = Table(reading, "", data)
    if top.get("format", int, required=True) not in (FORMAT, None):
        reading.fault("format", f"must be {FORMAT}; this program reads no other.")
    starts_on = top.day("starts_on", required=True) or dt.date(2000, 1, 1)
    ends_on = top.day("ends_on", required=True) or dt.date(2099, 12, 31)
    if ends_on <= starts_on:
        reading.fault("ends_on", "must be later than starts_on.")
    kinds = tuple(_kind(table) for table in top.tables("kinds"))
    figures = tuple(read_figure(table, kinds) for table in top.tables("figures"))
    spec = CampaignSpec(
        code=top.code(),
        name=top.text("name", required=True),
        description=top.text("description"),
        quotations=top.words("quotations"),
        close_grace_days=_grace_days(top),
        starts_on=starts_on,
        ends_on=ends_on,
        kinds=kinds,
        figures=figures,
        goals=tuple(read_goal(table, starts_on, ends_on, figures) for table in top.tables("goals")),
        phases=tuple(read_phase(table) for table in top.tables("phases")),
        reminders=read_reminders(top),
        burden=_burden(top),
        bulletins=read_bulletins(top, figures),
    )
    top.end()
    for name, codes in (
        ("kinds", [kind.code for kind in spec.kinds]),
        ("kinds", [kind.sheet for kind in spec.kinds]),
        ("figures", [figure.id for figure in spec.figures]),
        ("goals", [goal.code for goal in spec.goals]),
        ("bulletins", [one.code for one in spec.bulletins]),
    ):
        _check_unique(reading, name, codes)
    check_phases(reading, spec)
    _check_overlaps(reading, spec)
    if not spec.kinds:
        reading.fault("kinds", "is missing; a campaign needs at least one [[kinds]].")
    if reading.faults:
        raise CampaignFileError(reading.faults)
    return spec


def _grace_days(top: Table) -> int:
    days: int = top.get("close_grace_days", int, 0)
    if not 0 <= days <= MOST_GRACE:
        top.reading.fault("close_grace_days", f"is {days}; it must be from 0 to {MOST_GRACE}.")
    return days


def _burden(top: Table) -> BurdenRule:
    inner = Table(top.reading, "burden", top.get("burden", dict, {}))
    usual = BurdenRule()
    rule = BurdenRule(
        inner.positive("seconds_per_field", usual.seconds_per_field) or usual.seconds_per_field,
        inner.positive("minutes_per_record", usual.minutes_per_record) or usual.minutes_per_record,
    )
    inner.end()
    return rule


def _check_overlaps(reading: Reading, spec: CampaignSpec) -> None:
    """Hours are compared with sessions of kinds that there are."""
    codes = [kind.code for kind in spec.kinds]
    for n, kind in enumerate(spec.kinds):
        for code in kind.overlaps_with:
            if code not in codes:
                known = ", ".join(codes)
                reading.fault(f"kinds[{n}].overlaps_with", f"{code!r} is no kind; there are {known}.")


def _check_unique(reading: Reading, name: str, codes: list[str]) -> None:
    for n, code in enumerate(codes):
        if code and code in codes[:n]:
            reading.fault(f"{name}[{n}]", f"{code!r} stands twice; give each its own.")


def _each(table: Table, name: str, part: Callable[[Table], Part]) -> tuple[Part, ...]:
    return tuple(part(item) for item in table.tables(name))


def _choice(table: Table) -> Choice:
    choice = Choice(name=table.text("name", required=True, most=80), aliases=table.words("aliases"))
    table.end()
    return choice


def _column(table: Table) -> Column:
    spread = table.get("spread", dict)
    if spread is not None and (
        set(spread) - {"type", "category", "source"} or not all(isinstance(v, str) for v in spread.values())
    ):
        table.reading.fault(table.path("spread"), "may set type, category and source, each to a text.")
        spread = None
    column = Column(
        field=table.one_of("field", LEDGER_FIELDS) or LEDGER_FIELDS[0],
        heading=table.text("heading", required=True, most=40),
        aliases=table.words("aliases"),
        required=table.get("required", bool, False),
        note=table.text("note"),
        example=table.text("example"),
        spread=spread,
    )
    table.end()
    return column


def _kind(table: Table) -> Kind:
    owners = table.words("owners")
    for owner in owners:
        if owner not in OWNERS:
            table.reading.fault(table.path("owners"), f"{owner!r} is unknown; known are {', '.join(OWNERS)}.")
    kind = Kind(
        code=table.code(),
        name=table.text("name", required=True),
        sheet=table.sheet_name(),
        owners=owners or ("member",),
        columns=_each(table, "columns", _column),
        types=_each(table, "types", _choice),
        sources=_each(table, "sources", _choice),
        sources_open=table.get("sources_open", bool, False),
        stages=_each(table, "stages", read_stage),
        default_stage=table.text("default_stage") or None,
        ended_stage=table.text("ended_stage") or None,
        confirmers=table.words("confirmers"),
        identity=table.words("identity"),
        most_minutes=table.positive("most_minutes", 1440) or 1440,
        most_minutes_per_day=table.positive("most_minutes_per_day", 1440) or 1440,
        minutes_in=cast("Unit", table.one_of("minutes_in", get_args(Unit), "hours")),
        class_hour=table.positive("class_hour_minutes"),
        allows_headcount=table.get("allows_headcount", bool, False),
        hides_names=table.get("hides_names", bool, False),
        compares_titles=table.get("compares_titles", bool, False),
        hours_apart=table.get("hours_apart", bool, False),
        certifies_hours=table.get("certifies_hours", bool, False),
        has_text=table.get("has_text", bool, False),
        overlaps_with=table.words("overlaps_with"),
        results=_results(table),
        sealed_subject=table.get("sealed_subject", bool, False),
        sealed_keep_days=table.positive("sealed_keep_days", 180) or 180,
        visit_every_days=table.positive("visit_every_days"),
        has_agenda=table.get("has_agenda", bool, False),
        absence_reasons=table.words("absence_reasons"),
        make_up_ways=table.words("make_up_ways"),
        allows_sharing=table.get("allows_sharing", bool, False),
        is_planned=table.get("is_planned", bool, False),
        stated=table.get("stated", bool, not OF_BRANCH.isdisjoint(owners or ("member",))),
    )
    table.end()
    _check_kind(table, kind)
    return kind


def _results(table: Table) -> ResultRule | None:
    data = table.get("results", dict)
    if data is None:
        return None
    inner = Table(table.reading, table.path("results"), data)
    rule = ResultRule(
        most=inner.positive("most", required=True) or 1,
        unit=inner.text("unit", required=True, most=10),
        types=inner.words("types"),
        shown_from=inner.positive("shown_from", 5) or 5,
    )
    inner.end()
    if rule.shown_from < FEWEST_SHOWN:
        inner.reading.fault(
            inner.path("shown_from"), f"must be at least {FEWEST_SHOWN}: fewer tell on people."
        )
    return rule


def _check_kind(table: Table, kind: Kind) -> None:
    """What must hold between the keys of one kind."""
    check_stages(table, kind)
    _check_columns(table, kind)
    if kind.results and kind.column("people") is None:
        table.reading.fault(table.path("results"), "need a column with field = 'people': whose are they?")
    for name in kind.results.types if kind.results else ():
        if name not in [choice.name for choice in kind.types]:
            table.reading.fault(table.path("results.types"), f"{name!r} is not one of the types.")
    _check_pairing(table, kind)
    check_sessions(table, kind)
    if kind.stated and OF_BRANCH.isdisjoint(kind.owners):
        fault = "needs an owner 'branch', 'group' or 'member': nobody else states each month."
        table.reading.fault(table.path("stated"), fault)
    if kind.allows_sharing and (kind.hides_names or "member" not in kind.owners):
        fault = "is for kinds of a member's own whose names nobody hides."
        table.reading.fault(table.path("allows_sharing"), fault)
    for name in kind.identity:
        if name not in IDENTITY_FIELDS:
            cure = f"cannot recognise a row; known are {', '.join(IDENTITY_FIELDS)}."
            table.reading.fault(table.path("identity"), f"{name!r} {cure}")


def _check_columns(table: Table, kind: Kind) -> None:
    fault, path = table.reading.fault, table.path
    fields = {column.field for column in kind.columns}
    if kind.is_planned and ("happened_on" not in fields or "member" in kind.owners):
        fault(path("is_planned"), "needs a column with field = 'happened_on', and no owner 'member'.")
    needed = {"member": {"member_name"}, "group": {"branch", "group"}}.get(kind.owners[0], set())
    for name in sorted(needed - fields):
        owner = kind.owners[0]
        fault(path("columns"), f"needs a column with field = {name!r}, since the owner is a {owner}.")
    if kind.owners[0] not in ("member", "group") and not fields & {"organiser", "owner_name"}:
        fault(path("columns"), "needs a column with field = 'organiser' or 'owner_name': whose row is it?")
    single = [column.field for column in kind.columns if not column.spread]
    for name in sorted({name for name in single if single.count(name) > 1}):
        cure = "a second column of it needs spread = { type = … }"
        fault(path("columns"), f"field {name!r} stands twice; {cure}.")
    for name, choices in (("type", kind.types), ("stage", kind.stages)):
        if name in fields and not choices:
            fault(path(f"{name}s"), f"is missing; a column asks for the {name}, so list what it may be.")
    _check_time(table, kind, fields)
    if "due_on" in fields and len(kind.stages) < 2:
        fault(path("stages"), "are missing; what is due is done at the last of them, so list at least two.")


def _check_time(table: Table, kind: Kind, fields: set[str]) -> None:
    """What belongs to a column of durations."""
    fault, path = table.reading.fault, table.path
    if kind.class_hour and "minutes" not in fields:
        fault(path("class_hour_minutes"), "needs a column with field = 'minutes'.")
    if kind.minutes_in == "class_hours" and not kind.class_hour:
        fault(path("minutes_in"), "needs class_hour_minutes = … too: how long is one?")
    if kind.hours_apart and "minutes" not in fields:
        fault(path("hours_apart"), "needs a column with field = 'minutes'.")
    if kind.certifies_hours and ("minutes" not in fields or kind.stages):
        fault(path("certifies_hours"), "needs a column with field = 'minutes', and a kind without stages.")


def _check_pairing(table: Table, kind: Kind) -> None:
    """What is sealed, and visits, belong to one member and one code."""
    for key in ("sealed_subject", "visit_every_days"):
        if not getattr(kind, key):
            continue
        if kind.owners != ("member",):
            table.reading.fault(table.path(key), 'needs owners = ["member"]: it belongs to one member.')
        if not (column := kind.column("subject")) or not column.required:
            fault = "needs a column with field = 'subject' and required = true: the code of the person."
            table.reading.fault(table.path(key), fault)
    for key in ("sealed_keep_days", "visit_every_days"):
        if (getattr(kind, key) or 0) > MOST_DAYS:
            table.reading.fault(table.path(key), f"must be at most {MOST_DAYS} days.")
