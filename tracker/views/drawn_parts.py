"""What each source, category or type adds, as a chart."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import gettext

from tracker import charts
from tracker.files.chart_sheet import Value
from tracker.filters import percent
from tracker.queries.breakdowns import Part, breakdown
from tracker.queries.goal_overlaps import names_people
from tracker.queries.rosters import roster_as_of
from tracker.rules.campaigns import Kind, Over, Scope
from tracker.rules.figures import places_of
from tracker.rules.numbers import number
from tracker.views.asof import AsOf
from tracker.views.drawn_tables import Further, about_words, month_word

MOST = 12  # bars in the picture; the table has all of them


def by_word(kind: Kind, by: str) -> str:
    """What a kind calls the column that it is broken down by."""
    column = kind.column(by)
    return column.heading if column else gettext("Type")


def part_name(kind: Kind, by: str) -> str:
    """The name of a kind with what it is broken down by."""
    return gettext("%(kind)s by %(what)s", kind=kind.name, what=by_word(kind, by))


def draw_parts(kind: Kind, by: str, code: str, asof: AsOf) -> Further:
    """Lying bars, a stack of months each: hours where the kind counts minutes, else records."""
    most_people = len(places_of(Scope.MEMBER, Over(eligible=True), roster_as_of(asof.day)))
    parts = breakdown(asof.campaign, kind, by, asof.day, most_people)
    in_hours = kind.column("minutes") is not None
    unit = gettext("hours") if in_hours else gettext("records")
    months = sorted({month for part in parts for month in part.by_month})

    def amount(part: Part, month_at: int | None = None) -> Fraction:
        if month_at is None:
            return Fraction(part.minutes, 60) if in_hours else Fraction(part.rows)
        rows, minutes = part.by_month.get(months[month_at], (0, 0))
        return Fraction(minutes, 60) if in_hours else Fraction(rows)

    total = sum((amount(part) for part in parts), Fraction(0))
    with_people = names_people(kind) or kind.allows_headcount
    words = [part.value or gettext("not said") for part in parts]
    rows = [
        [
            word,
            *(amount(part, n) for n in range(len(months))),
            amount(part),
            *([part.rows] if in_hours else []),
            *([part.times, _people(part)] if with_people else []),
        ]
        for word, part in zip(words, parts, strict=True)
    ]
    shown, rest = parts[: MOST - 1], parts[MOST - 1 :]
    names = words[: len(shown)]
    if len(rest) == 1:
        shown, rest, names = parts, [], words
    elif rest:
        names = [*names, gettext("%(count)s others", count=len(rest))]
    series = [
        (
            month_word(month),
            [amount(part, n) for part in shown]
            + ([sum((amount(part, n) for part in rest), Fraction(0))] if rest else []),
            charts.COLOURS[n % len(charts.COLOURS)],
        )
        for n, month in enumerate(months)
    ]
    title = _finding(kind, by, words, [amount(part) for part in parts], total, unit)
    figure = charts.bars_figure(charts.Bars(title, unit, names, series, by_word(kind, by))) if total else None
    people = [gettext("Attendances"), gettext("Different people")] if with_people else []
    return Further(
        code,
        part_name(kind, by),
        title,
        charts.as_json(figure) if figure else "",
        (
            by_word(kind, by),
            *(month_word(month) for month in months),
            gettext("All together (%(unit)s)", unit=unit),
            *([gettext("records")] if in_hours else []),
            *people,
        ),
        rows,
        gettext("Different people do not add up over the rows.") if with_people else "",
        unit,
        charted=len(months),
        is_stacked=True,
        is_tall=True,
        about=about_words(part_name(kind, by), unit, asof.day),
    )


def _people(part: Part) -> Value:
    return part.least if part.least == part.most else f"{part.least}–{part.most}"


def _finding(
    kind: Kind, by: str, words: list[str], amounts: list[Fraction], total: Fraction, unit: str
) -> str:
    """Which value adds most, and its share, cut: a share of 99.9 % is not all of it."""
    if not total:
        return gettext("%(name)s: nothing verified yet", name=part_name(kind, by))
    most = max(range(len(amounts)), key=lambda n: amounts[n])
    return gettext(
        "%(name)s: “%(value)s” adds most, %(share)s of %(total)s %(unit)s",
        name=part_name(kind, by), value=words[most], share=percent(amounts[most] / total),
        total=number(total), unit=unit,
    )  # fmt: skip
