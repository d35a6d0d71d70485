"""What the commands that bring a file in have in common: do it, and say what it did."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _

from tracker.cli.endings import finish_act
from tracker.db import db
from tracker.files.scanner import ScannerAway, is_infected
from tracker.models import Batch, BatchSort, Campaign
from tracker.rules.refusal import Problem, Refused
from tracker.security_events import note_infected
from tracker.services.users import command_line_user
from tracker.worker.bringing import bring_in

SHOWN_PROBLEMS = 200
SHOWN_MEMBERS = 20


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into a message and exit code 1, with nothing written."""
    try:
        yield
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal


def import_file(
    file: Path,
    sort: BatchSort,
    campaign: Campaign | None,
    *,
    as_verified: bool,
    commit: bool,
    bureau: str | None = None,
    late_why: str = "",
) -> None:
    """Check a file, print what it would do, and with `commit` do it. Exits with 1 if there are problems."""
    _hold_to_scanner(file)
    with refusals():
        by = command_line_user()
        batch = bring_in(
            current_app.config["TRACKER"],
            file,
            sort,
            campaign,
            by=by,
            as_verified=as_verified,
            commit=commit,
            bureau=bureau,
            late_why=late_why,
        )
    show(batch)
    finish(batch, commit)


def _hold_to_scanner(file: Path) -> None:
    """As for what is sent to a page (tracker/scanned.py): nothing is read that was not called clean."""
    command = current_app.config["TRACKER"].scanner
    if not command:
        return
    db.session.rollback()  # nothing is held while it looks
    try:
        with file.open("rb") as stream:
            found = is_infected(stream, command)
    except ScannerAway as away:
        current_app.logger.error("the virus scanner gave no answer: %s", away.why)
        raise click.ClickException(
            _("The virus scanner does not answer, so the file was not read. The log says why.")
        ) from away
    if found:
        note_infected(None, "batches.upload")
        raise click.ClickException(_("The virus scanner found something in this file; it was not read."))


def finish(batch: Batch, commit: bool) -> None:
    """Commit what was written, or roll the dry run back."""
    if batch.report["problem_count"]:
        count = batch.report["problem_count"]
        db.session.rollback()
        click.echo(_("%(count)s problems; nothing was written.", count=count), err=True)
        sys.exit(1)
    finish_act(commit, _("Written as import %(number)s.", number=batch.id))


def show(batch: Batch) -> None:
    """Print a report: sheets, counts, what is new, effects, problems."""
    report = batch.report
    if report.get("same_as"):
        click.echo(_("The same file was brought in before, as import %(number)s.", number=report["same_as"]))
    for sheet in report["sheets"]:
        _show_sheet(sheet)
    if "roster" in report:
        _show_roster(report["roster"])
    for name, values in report["new_values"].items():
        click.echo(_("New in %(list)s: %(values)s", list=name, values="、".join(values)))
    for remark in report["remarks"]:
        click.echo(sentence(remark))
    for effect in report["effects"]:
        click.echo(f"  {effect['figure']}: {shown(effect['before'])} → {shown(effect['after'])}")
    for problem in report["problems"][:SHOWN_PROBLEMS]:
        click.echo(sentence(problem), err=True)
    left = report["problem_count"] - len(report["problems"][:SHOWN_PROBLEMS])
    if left > 0:
        click.echo(_("… and %(count)s more.", count=left), err=True)


def sentence(problem: dict[str, Any]) -> str:
    """Where a problem is, and what: 学习活动 5 (C5 日期): …"""
    found = Problem(**{**problem, "params": problem["params"]})
    place = " ".join(str(part) for part in (found.sheet, found.row) if part)
    cell = " ".join(part for part in (found.cell, found.column) if part)
    where = f"{place} ({cell})" if cell else place
    said = _(found.msgid, **found.params)
    return f"{where}: {said}" if where else said


def _show_sheet(sheet: dict[str, Any]) -> None:
    if sheet["is_skipped"] and not sheet["columns"]:
        click.echo(_("%(sheet)s: not read", sheet=sheet["sheet"]))
        return
    counts = {name: sheet[name] for name in ("read", "new", "changed", "unchanged", "reversed_before")}
    click.echo(
        _(
            "%(sheet)s: %(read)s rows read; new %(new)s, changed %(changed)s, unchanged %(unchanged)s, "
            "reversed before %(reversed_before)s",
            sheet=sheet["sheet"],
            **counts,
        )
    )
    renamed = [f"{written}={own}" for written, own in sheet["columns"] if written != own]
    if renamed:
        click.echo("  " + _("understood as: %(columns)s", columns="、".join(renamed)))
    if sheet["unknown"]:
        click.echo("  " + _("columns that are not used: %(columns)s", columns="、".join(sheet["unknown"])))
    if sheet["dropped"]:
        click.echo("  " + _("columns that may not be kept: %(columns)s", columns="、".join(sheet["dropped"])))
    if sheet["totals"]:
        click.echo("  " + _("rows of totals checked: %(count)s", count=sheet["totals"]))


def _show_roster(roster: dict[str, Any]) -> None:
    click.echo(_("Committee: %(name)s", name=roster["committee"]["name"]))
    click.echo(
        _(
            "New units %(units)s, new members %(members)s, changes %(changes)s, corrections %(updates)s, "
            "not in the file %(missing)s",
            **{
                name: roster[f"{name}_count"]
                for name in ("units", "members", "changes", "updates", "missing")
            },
        )
    )
    for unit in roster["units"]:
        click.echo(f"  + {unit['parent'] + ' / ' if unit['parent'] else ''}{unit['name']}")
    for change in (*roster["changes"], *roster["updates"]):
        day = f" ({change['on']})" if change["on"] else ""
        values = f"{shown(change['before'])} → {shown(change['after'])}"
        click.echo(f"  {change['number']} {change['name']} {change['field']}: {values}{day}")
    for member in roster["missing"][:SHOWN_MEMBERS]:
        click.echo(f"  − {member['number']} {member['name']}")


def shown(value: object) -> str:
    """A figure's value, or a value of the roster, as one word."""
    if isinstance(value, dict):
        return "、".join(f"{name} {shown(part)}" for name, part in value.items()) or "—"
    return "—" if value is None else str(value)
