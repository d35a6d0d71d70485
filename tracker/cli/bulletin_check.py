"""flask bulletin-check: a DOCX measured against GB/T 9704-2012."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from tracker.rules.refusal import Refused

if TYPE_CHECKING:
    from tracker.files.bulletin_check import Finding


@click.command("bulletin-check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def command(file: Path) -> None:
    """Measure FILE (.docx) against GB/T 9704-2012: page, margins, grid, fonts, indents, page number.

    Exit 1 if anything departs from the standard. What it does not say is whether the words are right.
    """
    from tracker.files.bulletin_check import check_docx  # python-docx: a third of a second of every command

    try:
        found = check_docx(file.read_bytes(), file.name)
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    for one in found:
        click.echo(_line(one))
    if found:
        raise click.ClickException(_("%(count)s departures from GB/T 9704-2012.", count=len(found)))
    click.echo(_("As GB/T 9704-2012 wants it."))


def _line(one: Finding) -> str:
    """The clause, and what departs from it."""
    said = {name: _(value) if name == "kind" else value for name, value in one.params.items()}
    return f"{one.clause or '—':6} {_(one.msgid, **said)}"
