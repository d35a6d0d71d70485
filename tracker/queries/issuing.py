"""Everything that an issue will keep, read in one go before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import (
    Bulletin,
    BulletinBasis,
    BulletinCorrection,
    BulletinFigure,
)
from tracker.queries.bulletin_charts import bulletin_charts
from tracker.queries.bulletins import (
    Say,
    chips_by_ref,
    figures_quoted,
    masthead_of,
    rule_of,
    template_of,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.corrections import Correction, corrections_due
from tracker.queries.figures import bureau_name
from tracker.queries.frozen import Counted, Progress, count_figures
from tracker.queries.quoted import quoted_of
from tracker.rules.bulletin_text import Facts, compose
from tracker.rules.bulletins import CHIP_KEYS, QUOTED, Body, Chip
from tracker.rules.frozen import ROSTER


@dataclass(frozen=True, slots=True)
class Issue:
    """A bulletin ready to be issued. The rows have no bulletin yet.

    version: of the draft from which it was made; after: the number of the issue before it, whose corrections
             were looked for last. If either is another when it is written, it is made anew.
    """

    version: int
    after: int
    masthead: dict[str, Any]
    body: Body
    left_out: list[dict[str, Any]]
    figures: list[BulletinFigure] = field(default_factory=list)
    bases: list[BulletinBasis] = field(default_factory=list)
    corrections: list[BulletinCorrection] = field(default_factory=list)
    charts: list[dict[str, Any]] = field(default_factory=list)


def last_number(campaign_id: int, template: str) -> int:
    """The number of the last issue from a template; 0 before the first."""
    same = Bulletin.campaign_id == campaign_id, Bulletin.template == template
    return db.session.scalar(select(func.max(Bulletin.number)).where(*same)) or 0


def issue_of(bulletin: Bulletin, say: Say, progress: Progress | None = None) -> Issue:
    """Count every figure of a draft from rows that will be kept, put them in, and look for what earlier
    issues said that can no longer be said. Nothing is written.

    progress: told how far the reading of the rows is.
    """
    campaign, day = bulletin.campaign, bulletin.as_of
    after = last_number(campaign.id, bulletin.template)
    spec = spec_of(campaign)
    counted = count_figures(campaign, figures_quoted(bulletin.text, spec), day, progress)
    facts = Facts(spec, counted.values, day, bureau_name() or "", quoted_of(campaign, day))
    body = compose(bulletin.text, facts)
    left_out = [{"sentence": one.sentence, "ref": one.ref, "why": say(one.why)} for one in body.left_out]
    template = template_of(bulletin, spec)
    issue = Issue(bulletin.version, after, masthead_of(template), body, left_out)
    issue.charts.extend(one.as_json() for one in bulletin_charts(campaign, template.charts, day))
    for position, (ref, chips) in enumerate(chips_by_ref(body).items(), start=1):
        issue.figures.append(_figure(position, ref, chips, facts, counted, say))
    used = {one.basis for one in issue.figures} | {ROSTER}
    for code, basis in counted.bases.items():
        if code in used:
            issue.bases.append(
                BulletinBasis(code=code, count=basis.count, digest=basis.digest, lines=basis.lines)
            )
    for position, one in enumerate(corrections_due(campaign, bulletin.template), start=1):
        issue.corrections.append(_correction(position, one))
    return issue


def _figure(
    position: int, ref: str, chips: list[Chip], facts: Facts, counted: Counted, say: Say
) -> BulletinFigure:
    title, rule, version = rule_of(ref, facts, say)
    printed = [{key: getattr(chip, key) for key in CHIP_KEYS if key != "ref"} for chip in chips]
    figure = BulletinFigure(
        position=position, ref=ref, title=title, rule=rule, rule_version=version, exact=chips[0].exact,
        printed=printed,
    )  # fmt: skip
    if ref.startswith(QUOTED):
        quoted = facts.quoted[ref.removeprefix(QUOTED)]
        figure.unit, figure.definition, figure.value = quoted.unit, {}, str(quoted.value)
        figure.low, figure.high, figure.date = figure.value, figure.value, quoted.as_of
        return figure
    value, frozen = counted.values[ref], counted.frozen[ref]
    basis = counted.bases[frozen.basis]
    figure.unit, figure.definition = frozen.figure.unit, counted.definitions[ref]
    figure.value, figure.low, figure.high = (
        None if one is None else str(one) for one in (value.value, value.low, value.high)
    )
    figure.date = value.date
    figure.basis, figure.rows, figure.digest = basis.code, basis.count, basis.digest
    return figure


def _correction(position: int, one: Correction) -> BulletinCorrection:
    return BulletinCorrection(
        position=position, of_id=one.of.id, ref=one.ref, before=one.before, now=one.now,
        value_now=one.value_now, sentence=one.sentence, causes=one.causes,
    )  # fmt: skip
