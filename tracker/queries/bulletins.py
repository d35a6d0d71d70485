"""Bulletins: the list, a draft as it would be printed today, an issue as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Bulletin, BulletinFigure, BulletinState, Campaign, User
from tracker.queries.bulletin_charts import bulletin_charts
from tracker.queries.bulletin_facts import facts_on
from tracker.queries.campaigns import spec_of
from tracker.queries.corrections import Correction, corrections_due
from tracker.queries.figures import bureau_name
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.quoted import quoted_of
from tracker.rules.bulletin_choices import read_number
from tracker.rules.bulletin_templates import Template
from tracker.rules.bulletin_text import Facts, compose, partner_of, placeholders_of
from tracker.rules.bulletins import (
    QUOTED,
    Body,
    ChartTable,
    Chip,
    Document,
    LeftOut,
    SourceLine,
    body_of,
    chart_of,
)
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.rule_versions import rule_version
from tracker.rules.wording import Sentence, rule_in_words

Say = Callable[[Sentence], str]  # a sentence in Chinese: tracker.language.in_chinese


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as it would be printed today.

    left_out: sentences that would not be printed; typed: chips over which a hand wrote.
    """

    document: Document
    body: Body
    typed: tuple[Chip, ...]
    corrections: tuple[Correction, ...]

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.body.left_out


def bulletins_of(campaign: Campaign, page: int = 1, text: str = "") -> Page[Bulletin]:
    """Drafts first, then issues, the latest of each first; what was thrown away is not among them.

    text: only those with this in their title or name, or with this number (12, 第12期).
    """
    where = [Bulletin.campaign_id == campaign.id, Bulletin.state != BulletinState.DISCARDED]
    if text:
        number = read_number(text)
        named = [one.contains(text, autoescape=True) for one in (Bulletin.title, Bulletin.name)]
        where.append(or_(*named, Bulletin.number == number) if number else or_(*named))
    total = db.session.scalar(select(func.count()).select_from(Bulletin).where(*where)) or 0
    page = page_within(page, total)
    rows = db.session.scalars(
        select(Bulletin)
        .where(*where)
        .order_by(
            Bulletin.state == BulletinState.ISSUED,
            Bulletin.issued_at.desc(),
            Bulletin.number.desc(),
            Bulletin.changed_at.desc(),
            Bulletin.id.desc(),
        )
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(
            joinedload(Bulletin.drafted_by).lazyload(User.grants),
            joinedload(Bulletin.issued_by).lazyload(User.grants),
        )
    )
    return Page(list(rows), page, total)


def template_of(bulletin: Bulletin, spec: CampaignSpec) -> Template:
    """The template from which a bulletin was begun; a bare one where the campaign has it no more."""
    found = next((one for one in templates_of(spec) if one.code == bulletin.template), None)
    return found or Template(bulletin.template, bulletin.name, bulletin.name, bulletin.title, bulletin.text)


def begun(campaign: Campaign, template: str, as_of: dt.date) -> Bulletin | None:
    """A bulletin as it begins, not kept yet; None if the campaign has no such template."""
    found = next((one for one in templates_of(spec_of(campaign)) if one.code == template), None)
    if found is None:
        return None
    return Bulletin(
        campaign=campaign, template=found.code, name=found.name, title=found.title, text=found.text.strip(),
        as_of=as_of, state=BulletinState.DRAFT, version=1,
    )  # fmt: skip


def masthead_of(template: Template) -> dict[str, Any]:
    """What stands around the text of an issue: {"head", "issuer", "receivers"}."""
    return {
        "head": template.head,
        "issuer": template.issuer or bureau_name() or "",
        "receivers": [list(one) for one in template.receivers],
    }


def preview_of(bulletin: Bulletin, say: Say, *, today: dt.date) -> Preview:
    """A draft as it would be issued today, its corrections of earlier issues with it."""
    campaign = bulletin.campaign
    facts = facts_on(campaign, bulletin.as_of, quoted_of(campaign, bulletin.as_of))
    body = compose(bulletin.text, facts)
    due = tuple(corrections_due(campaign, bulletin.template))
    template = template_of(bulletin, facts.spec)
    document = _document(
        bulletin, masthead_of(template), body, issued_on=today,
        corrections=tuple(one.sentence for one in due), sources=draft_sources(body, facts, say),
        charts=bulletin_charts(campaign, template.charts, bulletin.as_of),
    )  # fmt: skip
    return Preview(document, body, tuple(one for one in body.chips if one.typed is not None), due)


def draft_sources(body: Body, facts: Facts, say: Say) -> tuple[SourceLine, ...]:
    """The annex of a draft: without rows, which are counted and kept at the issue only."""
    found = []
    for position, (ref, chips) in enumerate(chips_by_ref(body).items(), start=1):
        title, rule, version = rule_of(ref, facts, say)
        printed = tuple(dict.fromkeys(one.printed for one in chips))
        found.append(SourceLine(position, ref, title, printed, chips[0].exact, "".join(rule), version))
    return tuple(found)


def chips_by_ref(body: Body) -> dict[str, list[Chip]]:
    """What is printed of each figure, in the order in which the text comes to them."""
    found: dict[str, list[Chip]] = {}
    for chip in body.chips:
        found.setdefault(chip.ref, []).append(chip)
    return found


def rule_of(ref: str, facts: Facts, say: Say) -> tuple[str, list[str], str]:
    """Title, rule in words, and version of the rule, of a figure that a text quotes."""
    if ref.startswith(QUOTED):
        quoted = facts.quoted[ref.removeprefix(QUOTED)]
        return quoted.title, [f"{quoted.source}（截至{quoted.as_of:%Y-%m-%d}）。"], ""
    figure = facts.spec.figure(ref)
    assert figure is not None  # it stands in a text that was put together from the campaign's figures
    words = [say(sentence) for sentence in rule_in_words(figure, facts.spec)]
    return figure.title, words, rule_version(figure, facts.spec)


def document_of(bulletin: Bulletin) -> Document:
    """An issue, from nothing but what was kept of it."""
    return _document(
        bulletin, bulletin.masthead, body_of(bulletin.body), issued_on=bulletin.issued_on or bulletin.as_of,
        corrections=tuple(one.sentence for one in bulletin.corrections),
        sources=tuple(_source(figure) for figure in bulletin.figures),
        charts=tuple(chart_of(one) for one in bulletin.charts),
    )  # fmt: skip


def _source(figure: BulletinFigure) -> SourceLine:
    chips = [Chip(figure.ref, **one) for one in figure.printed]
    return SourceLine(
        position=figure.position,
        ref=figure.ref,
        title=figure.title,
        printed=tuple(dict.fromkeys(one.printed for one in chips)),
        exact=figure.exact,
        rule="".join(figure.rule),
        version=figure.rule_version,
        rows=figure.rows,
        digest=figure.digest,
    )


def _document(
    bulletin: Bulletin,
    masthead: Mapping[str, Any],
    body: Body,
    *,
    issued_on: dt.date,
    corrections: tuple[str, ...],
    sources: tuple[SourceLine, ...],
    charts: tuple[ChartTable, ...],
) -> Document:
    return Document(
        head=masthead["head"],
        number=f"第{bulletin.number}期" if bulletin.number else "",
        issuer=masthead["issuer"],
        issued_on=issued_on,
        title=bulletin.title,
        paragraphs=body.paragraphs,
        as_of=bulletin.as_of,
        corrections=corrections,
        receivers=tuple((mark, to) for mark, to in masthead["receivers"]),
        sources=sources,
        charts=charts,
        frozen_at=bulletin.issued_at,
        digest=bulletin.digest,
    )


def figures_quoted(text: str, spec: CampaignSpec) -> list[Figure]:
    """The campaign's figures that a text may print: those that it names, and the other half of each pair."""
    found: dict[str, Figure] = {}
    for part in placeholders_of(text):
        figure = spec.figure(part.ref)
        if figure is not None:
            other = partner_of(figure, spec)
            found |= {one.id: one for one in (figure, other) if one is not None}
    return list(found.values())
