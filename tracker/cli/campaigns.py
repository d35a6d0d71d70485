"""flask campaigns: check, load and list campaign files."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.cli.endings import finish_act
from tracker.clock import now, today
from tracker.db import db
from tracker.models import Campaign
from tracker.queries.burden import sizes_as_of
from tracker.queries.campaigns import archive_of, campaign_by_code, campaigns, spec_of
from tracker.rules.burden import Sizes, burden_of, rounded_up
from tracker.rules.campaign_copies import copy_text
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.lint import Finding, line_of, lint
from tracker.rules.numbers import number
from tracker.rules.refusal import Refused
from tracker.services.archives import archive_campaign, reopen_campaign
from tracker.services.campaigns import Change, load_campaign, open_campaign

group = AppGroup("campaigns", help="Campaign files: lint, load, list, open, copy, archive.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("lint")
@click.argument("file", type=FILE)
def lint_file(file: Path) -> None:
    """Say what in FILE (.toml) is forbidden or had better not be asked, and what it asks of a branch a week.

    Exit 1 if something is refused: such a file is not loaded. With warnings only it is 0.
    """
    text, spec = _read(file)
    found = lint(spec)
    for one in found:
        click.echo(_finding(one, file.name, text), err=one.is_refusal)
    if not found:
        click.echo(_("Nothing is refused, nothing warned of."))
    for line in _burden(spec, sizes_as_of(today())):
        click.echo(line)
    if refused := sum(one.is_refusal for one in found):
        raise click.ClickException(_("%(count)s refused; such a file is not loaded.", count=refused))


def _read(file: Path) -> tuple[str, CampaignSpec]:
    """The text of a file and what it says; the faults of one that cannot be used."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        return text, read_campaign(text)
    except UnicodeDecodeError as error:
        raise click.ClickException(_("%(file)s is not UTF-8 text.", file=file.name)) from error
    except CampaignFileError as error:
        raise _faulty(file, error) from error


def _faulty(file: Path, error: CampaignFileError) -> click.ClickException:
    for fault in error.faults:
        click.echo(f"{file.name}: {fault}", err=True)
    return click.ClickException(_("%(count)s faults; nothing was written.", count=len(error.faults)))


def _finding(one: Finding, name: str, text: str) -> str:
    """One line: where, what, by which rule, and the cure."""
    rule, line = one.rule, line_of(one.key, text)
    place = f"{name}:{line}" if line else name
    level = _("refused") if one.is_refusal else _("warning")
    source = _("%(source)s: %(about)s", source=_(rule.source), about=_(rule.about))
    return f"{place} {one.key} {level} [{rule.id}] {_(rule.says, **one.params)} ({source}) {_(rule.cure)}"


def _burden(spec: CampaignSpec, sizes: Sizes) -> list[str]:
    """What each kind asks; how much in a week, if there is a roster over which goals are spread."""
    burden = burden_of(spec, sizes)
    lines = []
    for one in burden.kinds:
        said = _(
            "%(kind)s: %(required)s required fields, %(optional)s others, some %(seconds)s seconds a record",
            kind=one.kind.name, required=one.required, optional=one.optional, seconds=one.seconds,
        )  # fmt: skip
        if one.records is not None:
            records = _up(one.records)
            said += _("; the goals need at most %(records)s records of a branch a week", records=records)
        lines.append(said)
    if not sizes.branches:
        return [*lines, _("How much that is in a week can be told once there is a roster.")]
    together = _(
        "The goals need of a branch a week at most %(records)s records: %(fields)s fields, %(minutes)s min.",
        records=_up(burden.records), fields=_up(burden.fields), minutes=_up(burden.minutes),
    )  # fmt: skip
    return [*lines, together]


def _up(value: Fraction) -> str:
    return number(rounded_up(value))


@group.command("load")
@click.argument("file", type=FILE)
@click.option("--commit", is_flag=True, help="Write the changes; without it, only show them.")
def load(file: Path, commit: bool) -> None:
    """Create or update the campaign described in FILE (.toml), and show the effect on each figure."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        loaded = load_campaign(text, by=None, at=now(), as_of=today())
    except UnicodeDecodeError as error:
        raise click.ClickException(_("%(file)s is not UTF-8 text.", file=file.name)) from error
    except CampaignFileError as error:
        db.session.rollback()
        raise _faulty(file, error) from error
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    for one in lint(spec_of(loaded.campaign)):
        click.echo(_finding(one, file.name, text), err=True)
    for change in loaded.changes:
        click.echo(_line(change))
    for effect in loaded.effects:
        click.echo(f"  {effect.figure}: {_shown(effect.before)} → {_shown(effect.after)}")
    if not loaded.changes:
        click.echo(_("Nothing changes."))
    finish_act(commit)


def _line(change: Change) -> str:
    words = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
    nouns = {"campaign": _("campaign"), "kind": _("kind"), "figure": _("figure"), "goal": _("goal")}
    return f"{nouns[change.what]} {change.code}: {words[change.how]}"


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


@group.command("list")
def list_campaigns() -> None:
    """Show the campaigns; the one that pages open unasked has a star."""
    for campaign in campaigns():
        star = "*" if campaign.is_current else " "
        closed = "  " + _("archived") if archive_of(campaign.id) else ""
        click.echo(
            f"{star} {campaign.code}  {campaign.name}  {campaign.starts_on} – {campaign.ends_on}{closed}"
        )


@group.command("open")
@click.argument("code")
def open_code(code: str) -> None:
    """Make CODE the campaign that pages open unasked."""
    campaign = _named(code)
    open_campaign(campaign, by=None, at=now())
    db.session.commit()
    click.echo(_("Written."))


def _named(code: str) -> Campaign:
    campaign = campaign_by_code(code)
    if campaign is None:
        raise click.ClickException(_("There is no campaign %(code)s.", code=code))
    return campaign


@group.command("copy")
@click.argument("code")
@click.argument("new_code")
@click.option("--starts-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day of the copy.")
@click.option("--name", help="Its name; that of the old one if left out.")
def copy(code: str, new_code: str, starts_on: dt.datetime, name: str | None) -> None:
    """Print the file of campaign CODE as that of NEW_CODE, its days moved. No row is copied."""
    campaign = _named(code)
    try:
        found = copy_text(
            campaign.definition["text"], code=new_code, name=name or campaign.name, starts_on=starts_on.date()
        )
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    for one in found.moved:
        click.echo(f"{one.line}: {one.key} {one.was} → {one.becomes}", err=True)
    click.echo(found.text, nl=False)


@group.command("archive")
@click.argument("code")
@click.option("--why", required=True, help="The reason; it is kept.")
def archive(code: str, why: str) -> None:
    """Let nothing be written into CODE any more. It can be read."""
    campaign = _named(code)
    try:
        archive_campaign(campaign, why=why, by=None, at=now(), today=today())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    click.echo(_("Written."))


@group.command("reopen")
@click.argument("code")
@click.option("--why", required=True, help="The reason; it is kept.")
def reopen(code: str, why: str) -> None:
    """Take CODE out of the archive."""
    campaign = _named(code)
    stay = archive_of(campaign.id)
    if stay is None:
        raise click.ClickException(_("It is not in the archive."))
    try:
        reopen_campaign(campaign, archive_id=stay.id, why=why, by=None, at=now())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    click.echo(_("Written."))
