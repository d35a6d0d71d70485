"""flask members: bring a roster in."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.cli.imports import import_file
from tracker.models import BatchSort

group = AppGroup("members", help="The roster: import.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="Write the changes; without it, only show them.")
@click.option("--bureau", help="Name of the bureau's committee, where the file does not say it.")
def import_roster(file: Path, commit: bool, bureau: str | None) -> None:
    """Bring in the roster FILE (.xlsx): units, members, changes with their day. Twice changes nothing."""
    import_file(file, BatchSort.ROSTER, None, as_verified=False, commit=commit, bureau=bureau)
