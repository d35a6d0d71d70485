"""Words for samples: their period, their result, and the rows of their workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from flask_babel import gettext

from tracker.files.record_sheet import Cell
from tracker.filters import day_words, moment
from tracker.forms.samples import FAULTS, VERDICTS
from tracker.models import Sample, SampleRow, Verdict
from tracker.queries.samples import SampledRecord, SampleLine
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.numbers import number
from tracker.rules.periods import Period, period_by_code
from tracker.rules.refusal import N_
from tracker.views import record_words

RULE = N_(
    "Of each record of the frame take the SHA-256 (in small hexadecimal letters) of the text: the seed, a "
    "colon, the number. The records with the smallest values, in their order, are the sample. The digest of "
    "the frame is that of a text file with one number a line, upwards."
)
# verdict → colour and icon of its mark.
MARKS: dict[Verdict, tuple[str, str]] = {
    Verdict.RIGHT: ("ok", "circle-check"),
    Verdict.WRONG: ("warn", "x"),
    Verdict.UNCLEAR: ("mute", "help-circle"),
}


def period_words(period: Period) -> str:
    """A phase by its name, a month by year and number."""
    if period.name:
        return period.name
    return gettext("%(month)s/%(year)s", year=period.starts_on.year, month=period.starts_on.month)


def period_of(sample: Sample, spec: CampaignSpec) -> str:
    """The period of a sample; its days, should the campaign have no such period any more."""
    period = period_by_code(sample.period, spec, spec.phases)
    if period is None or (period.starts_on, period.ends_on) != (sample.starts_on, sample.ends_on):
        return f"{day_words(sample.starts_on)} – {day_words(sample.ends_on)}"
    return period_words(period)


def parts_words(parts: int | None) -> str:
    """A bound in hundredths of a percent, with at most one decimal and rounded up, so that it still holds."""
    return "—" if parts is None else f"{number(Fraction(-(-parts // 10), 10))}%"


def rate_words(sample: Sample) -> str:
    """The share that was found wrong; from – to, where some could not be checked."""
    if sample.wrong is None or sample.unclear is None:
        return "—"
    least, most = (Fraction(100 * n, sample.size) for n in (sample.wrong, sample.wrong + sample.unclear))
    return f"{number(least)}%" if least == most else f"{number(least)}%–{number(most)}%"


def verdict_words(row: SampleRow) -> str:
    """The verdict, with what is wrong; a dash as long as there is none."""
    if row.verdict is None:
        return "—"
    words = gettext(VERDICTS[row.verdict])
    if row.fault is None:
        return words
    return gettext("%(verdict)s: %(what)s", verdict=words, what=gettext(FAULTS[row.fault]))


def headings() -> list[str]:
    """The heading row of a sample's workbook."""
    return [
        gettext("Order"), gettext("No."), gettext("Day"), gettext("Whose"), gettext("What"),
        gettext("Amount"), gettext("Files"), gettext("Verdict"), gettext("What was found"),
        gettext("Checked by"), gettext("Checked on"),
    ]  # fmt: skip


def sheet_rows(found: Iterable[SampledRecord]) -> Iterator[list[Cell]]:
    """The rows of a sample's workbook, in the order of `headings`."""
    for one in found:
        row, record = one.row, one.line.record
        yield [
            row.ordinal,
            record.id,
            record.happened_on if record.is_dated else gettext("no day given"),
            record_words.owner_words(one.line),
            record.title or record.category or record.type or record.subject or record.ref,
            record_words.amount_words(one.line),
            one.files,
            verdict_words(row) if row.verdict else None,
            row.note,
            row.checked_by.name if row.checked_by else None,
            moment(row.checked_at) if row.checked_at else None,
        ]


def about(line: SampleLine, spec: CampaignSpec) -> list[tuple[str, str]]:
    """What a sample is and how it is drawn again, as pairs of label and text."""
    one = line.sample
    pairs = [
        (gettext("Campaign"), spec.name),
        (gettext("Unit"), one.unit.name),
        (gettext("Kind"), one.kind.name),
        (gettext("Period"), period_of(one, spec)),
        (gettext("Round"), str(one.round)),
        (gettext("Drawn on"), moment(one.drawn_at)),
        (gettext("Seed"), one.seed),
        (gettext("Frame"), gettext("%(count)s verified records", count=one.frame_size)),
        (gettext("SHA-256 of the frame"), one.frame_digest),
        (gettext("Drawn"), gettext("%(count)s records", count=one.size)),
        (gettext("Level of confidence"), f"{one.level}%"),
        (gettext("Rule"), gettext(RULE)),
    ]  # fmt: skip
    if line.is_completed:
        pairs += [
            (gettext("Found wrong"), str(one.wrong)),
            (gettext("Could not be checked"), str(one.unclear)),
            (gettext("Share found wrong"), rate_words(one)),
            (gettext("Wrong in the frame at most"), result_words(line)),
        ]
    return pairs


def result_words(line: SampleLine) -> str:
    """The bound in a sentence; a dash as long as the sample is being checked."""
    one = line.sample
    if one.bound is None:
        return "—"
    return gettext(
        "at most %(bound)s of %(frame)s (%(share)s), level %(level)s%%",
        bound=one.bound, frame=one.frame_size, share=parts_words(line.bound_parts), level=one.level,
    )  # fmt: skip
