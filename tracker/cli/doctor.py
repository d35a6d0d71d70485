"""flask doctor: what is unsafe here, and what to do about it."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from tracker.doctor import look_at_database, look_at_settings, said
from tracker.rules.doctor import Finding, State, refusals
from tracker.rules.refusal import N_

WORDS: dict[State, str] = {
    State.GOOD: N_("all right"),
    State.WARNED: N_("warning"),
    State.REFUSED: N_("not safe"),
    State.UNKNOWN: N_("not looked at"),
}
WIDEST = 18  # the longest id of a check


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For a program that reads it.")
@with_appcontext
def command(as_json: bool) -> None:
    """Look at every setting that can be unsafe; exit 1 if production refuses one of them."""
    found = look_at_settings() + look_at_database()
    if as_json:
        click.echo(json.dumps([_row(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            click.echo(f"{_(WORDS[finding.state])}\t{finding.id:<{WIDEST}} {said(finding)}")
        counts = {state: sum(finding.state is state for finding in found) for state in State}
        click.echo(
            _(
                "Checks: %(all)s. Not safe: %(refused)s, warnings: %(warned)s, not looked at: %(unknown)s.",
                all=len(found), refused=counts[State.REFUSED], warned=counts[State.WARNED],
                unknown=counts[State.UNKNOWN],
            )
        )  # fmt: skip
    sys.exit(1 if refusals(found) else 0)


def _row(finding: Finding) -> dict[str, str]:
    return {
        "id": finding.id, "looks_at": _(finding.looks_at), "state": str(finding.state), "says": said(finding),
    }  # fmt: skip
