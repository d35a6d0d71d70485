"""flask claims: a draft held against the ledger."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from tracker.clock import today
from tracker.files.docx_text import read_docx
from tracker.filters import day_words
from tracker.queries.campaigns import campaign_by_code, current_campaign
from tracker.queries.claims import claim_ledger
from tracker.rules.claim_checks import check_draft, report_lines
from tracker.rules.claim_days import as_of_in
from tracker.rules.claims import Finding
from tracker.rules.refusal import Refused

DOCX = b"PK\x03\x04"


@click.command("claims")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day; that of 截至 or today if left out."
)
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
@with_appcontext
def command(file: Path, as_of: dt.datetime | None, code: str | None) -> None:
    """Hold every number of a draft (text or DOCX) against the ledger.

    Ends with 1 where a number differs from the ledger or is counted otherwise.
    """
    campaign = campaign_by_code(code) if code else current_campaign()
    if campaign is None:
        raise click.ClickException(
            _("There is no campaign yet. Load one: flask campaigns load FILE --commit")
        )
    try:
        text = _text_of(file)
        day = as_of.date() if as_of else as_of_in(text, today()) or today()
        checked = check_draft(text, claim_ledger(campaign, day))
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from None
    click.echo(_("Claim check, ledger as of %(day)s", day=day_words(day)))
    click.echo("\n".join(report_lines(checked, _, _reasons)))
    if not checked.is_clean:
        raise SystemExit(1)


def _reasons(finding: Finding) -> str:
    """Why, in the language of the terminal."""
    said = []
    for sentence in finding.why:
        params = {
            name: day_words(value) if isinstance(value, dt.date) else value
            for name, value in sentence.params.items()
        }
        said.append(_(sentence.msgid, **params))
    return "".join(said)


def _text_of(file: Path) -> str:
    """The text of the draft. Raises Refused for a document that is not read."""
    with file.open("rb") as stream:
        is_document = stream.read(4) == DOCX
        stream.seek(0)
        if is_document:
            return read_docx(stream, file.name).text
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise click.ClickException(_("The file is neither UTF-8 text nor a Word document.")) from None
