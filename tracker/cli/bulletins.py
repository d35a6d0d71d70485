"""flask bulletin, flask bulletins: write a bulletin, and prove those that were issued."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cli.imports import refusals
from tracker.cli.ledger import campaign_named
from tracker.clock import now, today
from tracker.db import db
from tracker.files.chart_picture import with_pictures
from tracker.filters import said, said_in_chinese
from tracker.models import Bulletin, BulletinState, Campaign
from tracker.queries.bulletins import begun, document_of, preview_of
from tracker.queries.campaigns import spec_of
from tracker.queries.frozen import begin_snapshot
from tracker.queries.issuing import issue_of
from tracker.queries.proofs import Proof, RowProof, proof_of
from tracker.rules.bulletin_checks import check_as_of
from tracker.rules.bulletins import Document
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.proofs import Cause
from tracker.rules.refusal import N_, Refused
from tracker.services.bulletins import NO_TEMPLATE, draft_bulletin, issue_bulletin
from tracker.services.users import command_line_user

CAUSES: dict[Cause, str] = {
    Cause.REVERSED: N_("reversed"),
    Cause.REPLACED: N_("corrected by a later import"),
    Cause.CONTINUED: N_("taken on to a later stage"),
    Cause.ADDED: N_("added later"),
    Cause.OTHER: N_("changed"),
}


def _as_json(document: Document) -> bytes:
    def plain(value: Any) -> str:
        return value.isoformat() if isinstance(value, dt.date) else str(value)

    text = json.dumps(dataclasses.asdict(document), ensure_ascii=False, indent=1, default=plain)
    return f"{text}\n".encode()


def _as_docx(document: Document) -> bytes:
    from tracker.files.bulletin_docx import docx_of  # python-docx: a third of a second of every command

    return docx_of(document)


WRITERS: dict[str, Callable[[Document], bytes]] = {".docx": _as_docx, ".json": _as_json}


@click.command("bulletin")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of its figures; today if left out.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .docx or .json."
)
@click.option("--template", help="Code of the template; the campaign's first if left out.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
@click.option("--issue", "is_issued", is_flag=True, help="Issue it; without it a draft is written.")
@with_appcontext
def command(
    as_of: dt.datetime | None, out: Path, template: str | None, code: str | None, is_issued: bool
) -> None:
    """Write a bulletin of the campaign to a file. Without --issue nothing is kept, and it says draft."""
    write = WRITERS.get(out.suffix.lower())
    if write is None:
        raise click.ClickException(_("Name a file that ends in .docx or .json."))
    campaign = campaign_named(code)
    day = as_of.date() if as_of else today()
    template = template or templates_of(spec_of(campaign))[0].code
    with refusals():
        document = _issued(campaign.id, template, day) if is_issued else _drafted(campaign, template, day)
    if out.suffix.lower() == ".docx":
        document = with_pictures(document, current_app.config["TRACKER"].chromium)
    out.write_bytes(write(document))
    click.echo(_("Written."))


def _begun(campaign: Campaign, template: str, day: dt.date) -> Bulletin:
    check_as_of(day, spec_of(campaign), today())
    found = begun(campaign, template, day)
    if found is None:
        raise Refused(NO_TEMPLATE, "template")
    return found


def _drafted(campaign: Campaign, template: str, day: dt.date) -> Document:
    seen = preview_of(_begun(campaign, template, day), said_in_chinese, today=today())
    _tell_left_out([(one.sentence, said(one.why)) for one in seen.left_out])
    return seen.document


def _issued(campaign_id: int, template: str, day: dt.date) -> Document:
    """Read everything in one snapshot; then draft and issue in one short transaction: both or neither."""
    at = now()
    db.session.rollback()
    begin_snapshot()
    made = issue_of(_begun(db.session.get_one(Campaign, campaign_id), template, day), said_in_chinese)
    db.session.rollback()
    by, campaign = command_line_user(), db.session.get_one(Campaign, campaign_id)
    bulletin = draft_bulletin(campaign, template, as_of=day, today=today(), by=by, at=at)
    issue_bulletin(
        bulletin, bulletin.version, issued_on=today(), today=today(), by=by, at=at, say=said_in_chinese,
        issue=made,
    )  # fmt: skip
    db.session.commit()
    _tell_left_out([(one["sentence"], one["why"]) for one in bulletin.left_out])
    click.echo(
        _("Issued as number %(number)s. Digest: %(digest)s", number=bulletin.number, digest=bulletin.digest)
    )
    return document_of(bulletin)


def _tell_left_out(sentences: list[tuple[str, str]]) -> None:
    for sentence, why in sentences:
        click.echo(_("Left out: %(sentence)s (%(why)s)", sentence=sentence, why=why), err=True)


group = AppGroup("bulletins", help="Bulletins that were issued: prove.")


@group.command("prove")
@click.argument("numbers", type=int, nargs=-1)
@click.option("--template", help="Code of a template; all if left out.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
def prove(numbers: tuple[int, ...], template: str | None, code: str | None) -> None:
    """Count the issues with these NUMBERS again, or all; exit 1 naming the first row that differs."""
    campaign = campaign_named(code)
    where = [Bulletin.campaign_id == campaign.id, Bulletin.state == BulletinState.ISSUED]
    if numbers:
        where.append(Bulletin.number.in_(numbers))
    if template:
        where.append(Bulletin.template == template)
    issues = db.session.scalars(
        select(Bulletin).where(*where).order_by(Bulletin.template, Bulletin.number)
    ).all()
    for number in sorted(set(numbers) - {issue.number for issue in issues}):
        raise click.ClickException(_("There is no issue number %(number)s.", number=number))
    for issue in issues:
        name = _(
            "%(name)s no. %(number)s, as of %(day)s", name=issue.name, number=issue.number, day=issue.as_of
        )
        found = proof_of(issue)
        difference = _first_difference(found)
        if difference is not None:
            _tell_figures(found)
            click.echo(f"{name}: {difference}", err=True)
            sys.exit(1)
        click.echo(_("%(name)s: %(figures)s figures, unchanged.", name=name, figures=len(found.figures)))


def _tell_figures(proof: Proof) -> None:
    for one in proof.figures:
        if not one.is_same:
            click.echo(f"  {one.figure.title}: {one.figure.exact} → {one.exact_now}")


def _first_difference(proof: Proof) -> str | None:
    """The first thing that does not hold, in words; None if all of it does."""
    if proof.faults:
        return said(proof.faults[0])
    if proof.rows:
        return _row_words(proof.rows[0])
    if proof.roster:
        first = proof.roster[0]
        if first.is_member:
            number = proof.members[first.id].number if first.id in proof.members else first.id
            return _("the roster of the day differs: member %(number)s", number=number)
        unit = proof.units[first.id].name if first.id in proof.units else first.id
        return _("the roster of the day differs: %(unit)s", unit=unit)
    return None


def _row_words(row: RowProof) -> str:
    part = row.parts[0]
    return _(
        "record %(id)s (%(cause)s): %(title)s %(then)s → %(now)s",
        id=row.record_id, cause=_(CAUSES[row.reason.cause]), title=part.titles[0], then=part.then,
        now=part.now,
    )  # fmt: skip
