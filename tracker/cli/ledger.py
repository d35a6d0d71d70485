"""flask ledger: bring a ledger in, or write a blank one."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.cli.imports import import_file
from tracker.files.ledger_template import blank_ledger
from tracker.models import BatchSort, Campaign
from tracker.queries.campaigns import campaign_by_code, current_campaign, spec_of
from tracker.queries.units import names_by_level

group = AppGroup("ledger", help="The ledger: import, blank workbook.")


def campaign_named(code: str | None) -> Campaign:
    """The campaign of that code, the current one without; an error if there is none."""
    campaign = campaign_by_code(code) if code else current_campaign()
    if campaign is None:
        raise click.ClickException(
            _("There is no campaign yet. Load one: flask campaigns load FILE --commit")
        )
    return campaign


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="Write the rows; without it, only show them.")
@click.option("--verified", is_flag=True, help="Enter the rows as verified: they count at once.")
@click.option("--late", default="", help="Why rows of closed periods come late; without it they are refused.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
def import_ledger(file: Path, commit: bool, verified: bool, late: str, code: str | None) -> None:
    """Bring in the ledger FILE (.xlsx). Every row is checked before any is written; twice changes nothing."""
    import_file(
        file, BatchSort.LEDGER, campaign_named(code), as_verified=verified, commit=commit, late_why=late
    )


@group.command("blank")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
def blank(file: Path, code: str | None) -> None:
    """Write the blank workbook of the campaign to FILE (.xlsx): one sheet a kind, with drop-downs."""
    names = names_by_level()
    file.write_bytes(
        blank_ledger(spec_of(campaign_named(code)), names["branch"], names["section"], names["group"])
    )
    click.echo(_("Written."))
