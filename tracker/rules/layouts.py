"""A layout (表样): how the ledger of a kind stands on a sheet that an office hands in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.cells import parse_text
from tracker.rules.durations import Unit
from tracker.rules.entries import MEMBER, UNITS, named_columns
from tracker.rules.headings import SERIALS, assign, normalise_heading, unit_of
from tracker.rules.ledger_columns import SPREAD, columns_of
from tracker.rules.refusal import N_, Refused
from tracker.rules.sensitive import is_sensitive
from tracker.rules.sheet_rows import RowSort, sort_of
from tracker.rules.sheets import COUNTED

SERIAL, STATUS, CODE = "serial", "status", "code"
SERIAL_HEADING, STATUS_HEADING, CODE_HEADING = "序号", "核实情况", "代号"
PLACES = ("计划", "类别", "时段", "单位")  # what a title may ask for, in braces
TITLE = "{计划}{类别}台账（{时段}）"
SIGNERS = ("填报人", "审核人", "单位负责人")
UNIT_WORDS = {"hours": "小时", "minutes": "分钟", "class_hours": "学时"}
LONGEST_NAME, LONGEST_TITLE, LONGEST_HEADING, MOST_SIGNERS = 60, 100, 40, 4
UPRIGHT = 92  # so many characters fit upright on A4 as they are
NARROWEST, WIDEST, MOST_DIGITS = 4, 80, 2
NAMING = frozenset((*MEMBER, "section", "people", "stories"))  # by what somebody could be told
# Filled in every row, and never a text that somebody made up: such a text could look like a signature.
FIRST = frozenset((*MEMBER, *UNITS, "happened_on", "type", "owner_type", "owner_name", "organiser"))

_PLACE = re.compile(r"\{([^{}]*)\}")
_WIDTHS = {
    "people": 34, "stories": 22, "title": 22, "organiser": 20, "branch": 20, "owner_name": 20, "place": 18,
    "category": 14, "community": 14, "source": 12, "happened_on": 12, "ended_on": 12, "due_on": 12,
    "member_number": 10, "member_name": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column: a field of the kind (a spread one as field#position) or the running number; its width in
    characters of Excel."""

    field: str
    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one kind are written.

    kind:   its code.
    title:  may hold {计划}, {类别}, {时段} and {单位}.
    unit:   of durations: "hours", "minutes", or "class_hours" where the campaign says what one comes to.
    digits: behind the point, as durations are shown; the cells hold them whole.
    """

    kind: str
    columns: tuple[LayoutColumn, ...]
    name: str = ""
    title: str = TITLE
    unit: Unit = "hours"
    digits: int = 1
    by_branch: bool = False
    is_landscape: bool = True
    has_unit: bool = True
    has_date: bool = True
    has_total: bool = True
    signers: tuple[str, ...] = SIGNERS

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Layout:
        """What `as_json` gave."""
        columns = tuple(LayoutColumn(**column) for column in data["columns"])
        return cls(**{**data, "columns": columns, "signers": tuple(data["signers"])})


@dataclass(frozen=True, slots=True)
class Gaps:
    """Why a sheet cannot be brought in again as it is: headings left out, and headings not recognised."""

    left_out: tuple[str, ...] = field(default=())
    unknown: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.left_out or self.unknown)


def default_layout(kind: Kind) -> Layout:
    """Every column that the campaign gives the kind, in its order, behind a running number."""
    columns = [LayoutColumn(SERIAL, SERIAL_HEADING, 6)]
    columns += [
        LayoutColumn(name, column.heading, width_of(name, column.heading))
        for name, column in named_columns(kind)
    ]
    return Layout(
        kind.code,
        tuple(columns),
        unit=kind.minutes_in,
        is_landscape=sum(column.width for column in columns) > UPRIGHT,
    )


def width_of(name: str, heading: str) -> int:
    """A width that suits most of what stands in such a column."""
    return _WIDTHS.get(name, min(24, max(9, 2 * len(heading) + 2)))


def units_of(kind: Kind) -> tuple[Unit, ...]:
    """In what durations of the kind may be written; () if it has none."""
    if kind.column("minutes") is None:
        return ()
    return ("hours", "minutes", "class_hours") if kind.class_hour else ("hours", "minutes")


def fields_of(kind: Kind) -> list[tuple[str, str]]:
    """(field, heading by the campaign) of every column that a layout of the kind may have."""
    return [(SERIAL, SERIAL_HEADING), *((name, column.heading) for name, column in named_columns(kind))]


def fitted(layout: Layout, kind: Kind) -> Layout:
    """The layout without columns and units that the campaign has no more."""
    known = {name for name, _ in fields_of(kind)}
    columns = tuple(column for column in layout.columns if column.field in known)
    unit = layout.unit if layout.unit in units_of(kind) or not units_of(kind) else units_of(kind)[0]
    return replace(layout, columns=columns, unit=unit)


def titled(layout: Layout, **words: str) -> str:
    """The title with its places filled in. words: what stands for each of PLACES."""
    return _PLACE.sub(lambda match: words.get(match[1], match[0]), layout.title)


def coded(layout: Layout) -> Layout:
    """The layout for a reader who may see no names: a code in their place, no column that tells on them."""
    columns: list[LayoutColumn] = []
    for column in layout.columns:
        if column.field in MEMBER and all(one.field != CODE for one in columns):
            columns.append(LayoutColumn(CODE, CODE_HEADING, max(12, column.width)))
        elif column.field not in NAMING:
            columns.append(column)
    return replace(layout, columns=tuple(columns))


def marked(layout: Layout) -> Layout:
    """The layout with a column that says of each row whether it was verified."""
    return replace(layout, columns=(*layout.columns, LayoutColumn(STATUS, STATUS_HEADING, 10)))


def check_layout(layout: Layout, kind: Kind) -> None:
    """Raises Refused beside the field that will not do.

    A sheet must not say to the import what it does not mean: a heading under which another column is known,
    minutes under a heading of hours, a row that looks like a signature.
    """
    if not layout.name or len(layout.name) > LONGEST_NAME:
        raise Refused(N_("Give it a name of at most %(most)d characters."), "name", most=LONGEST_NAME)
    _check_title(layout.title)
    _check_columns(layout, kind)
    _check_headings(layout, kind)
    _check_unit(layout, kind)
    if not 0 <= layout.digits <= MOST_DIGITS:
        raise Refused(N_("Choose between 0 and %(most)d digits."), "digits", most=MOST_DIGITS)
    if len(layout.signers) > MOST_SIGNERS:
        raise Refused(N_("At most %(most)d may sign."), "signers", most=MOST_SIGNERS)
    for signer in layout.signers:
        if len(signer) > LONGEST_HEADING or sort_of([f"{signer}："]) is not RowSort.SIGNATURE:
            raise Refused(
                N_("“%(signer)s” is not known as a signature. Write for example 填报人、审核人、单位负责人."),
                "signers",
                signer=signer,
            )


def _check_title(title: str) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(N_("Write a title of at most %(most)d characters."), "caption", most=LONGEST_TITLE)
    try:
        parse_text(title, LONGEST_TITLE)
    except Refused as refusal:
        raise Refused(refusal.msgid, "caption", **refusal.params) from None
    for place in _PLACE.findall(title):
        if place not in PLACES:
            known = "、".join(f"{{{one}}}" for one in PLACES)
            raise Refused(
                N_("“{%(place)s}” stands for nothing. What may stand in braces: %(known)s."),
                "caption", place=place, known=known,
            )  # fmt: skip


def _check_columns(layout: Layout, kind: Kind) -> None:
    known = dict(fields_of(kind))
    names = [column.field for column in layout.columns]
    if len(set(names)) < len(names) or any(name not in known for name in names):
        raise Refused(N_("The columns are not those of the kind."), "columns")
    if sum(name != SERIAL for name in names) < 2:
        raise Refused(N_("Choose at least two columns."), "columns")
    first = kind.column(names[0])
    is_filled = first is not None and (first.required or first.field in MEMBER)
    if names[0] != SERIAL and not (names[0] in FIRST and is_filled):
        raise Refused(
            N_("Let the sheet begin with the running number, a day or whose it is, not with %(heading)s."),
            names[0], heading=known[names[0]],
        )  # fmt: skip


def _check_headings(layout: Layout, kind: Kind) -> None:
    specs, headings = columns_of(kind), {spec.field: spec.heading for spec in columns_of(kind)}
    for column in layout.columns:
        if not column.heading or parse_text(column.heading, LONGEST_HEADING) != column.heading:
            raise Refused(N_("Write a heading on one line."), column.field)
        if is_sensitive(column.heading):
            raise Refused(N_("This heading announces what is not kept."), column.field)
        if not NARROWEST <= column.width <= WIDEST:
            raise Refused(
                N_("A column is between %(least)d and %(most)d characters wide."),
                column.field, least=NARROWEST, most=WIDEST,
            )  # fmt: skip
    found, _ = assign({n: (column.heading,) for n, column in enumerate(layout.columns)}, specs)
    meant = {n: name for name, (n, _) in found.items()}
    seen: dict[str, str] = {}
    for n, column in enumerate(layout.columns):
        if meant.get(n, column.field) != column.field:
            raise Refused(
                N_("Under this heading the import expects %(other)s. Write another one."),
                column.field, other=headings[meant[n]],
            )  # fmt: skip
        if seen.setdefault(normalise_heading(column.heading), column.field) != column.field:
            raise Refused(N_("Two columns have this heading."), column.field)
        if column.field != SERIAL and normalise_heading(column.heading) in SERIALS:
            raise Refused(N_("Under this heading a running number is expected."), column.field)


def _check_unit(layout: Layout, kind: Kind) -> None:
    column = next((column for column in layout.columns if column.field == "minutes"), None)
    if column is None:
        return
    if layout.unit not in units_of(kind):
        raise Refused(N_("The campaign does not say what such a unit comes to."), "unit")
    stated = unit_of(column.heading)
    word = UNIT_WORDS[layout.unit]
    if stated is not None and stated != layout.unit:
        raise Refused(N_("The heading %(heading)s says another unit."), "minutes", heading=column.heading)
    if stated is None and layout.unit != kind.minutes_in:
        example = f"{column.heading}（{word}）"
        raise Refused(N_("Say the unit in the heading, for example %(example)s."), "minutes", example=example)


def gaps_of(layout: Layout, kind: Kind) -> Gaps:
    """What keeps a sheet of this layout from saying all that the ledger says, when it is brought in again."""
    specs = columns_of(kind)
    written = {column.field: column.heading for column in layout.columns}
    found, doubled = assign({n: (column.heading,) for n, column in enumerate(layout.columns)}, specs)
    known = {
        name for name, (n, _) in found.items() if layout.columns[n].field == name and name not in doubled
    }
    follows = UNITS if "member_number" in written and "member" in kind.owners else ()
    left_out = tuple(
        spec.heading for spec in specs if spec.field not in written and spec.field not in follows
    )
    unknown = tuple(
        heading for name, heading in written.items() if name not in (SERIAL, STATUS) and name not in known
    )
    return Gaps(left_out, unknown)


def layout_kind(layout: Layout, spec: CampaignSpec) -> Kind | None:
    """The kind whose rows it writes, None if the campaign has it no more."""
    return next((kind for kind in spec.kinds if kind.code == layout.kind), None)


def adds_up(name: str) -> bool:
    """Whether the cells of a column may be added."""
    return name.partition(SPREAD)[0] in COUNTED


def signers_of(text: str) -> tuple[str, ...]:
    """Who signs, as somebody typed it: 填报人、审核人."""
    return tuple(filter(None, (one.strip(" 　:：") for one in re.split(r"[、,，;；\n]+", text))))


def in_order(asked: Sequence[tuple[int | None, LayoutColumn]]) -> tuple[LayoutColumn, ...]:
    """The columns that have a number, by it; equal numbers stay in the order in which they are asked."""
    return tuple(
        column for _, column in sorted((one for one in asked if one[0]), key=lambda one: one[0] or 0)
    )
