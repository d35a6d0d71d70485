"""flask records: reverse one record, or one attendance in it."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cli.endings import finish_act
from tracker.clock import now
from tracker.db import db
from tracker.models import Member, Participation, Record
from tracker.rules.refusal import Refused
from tracker.services.records import reverse_participation, reverse_record

group = AppGroup("records", help="Single records of the ledger.")


@group.command("reverse")
@click.argument("record_id", type=int)
@click.option("--why", required=True, help="The reason; it is kept with the record.")
@click.option("--member", "number", help="Number of the member whose attendance alone is reversed.")
@click.option("--commit", is_flag=True, help="Write the change; without it, only show it.")
def reverse(record_id: int, why: str, number: str | None, commit: bool) -> None:
    """Take a verified record, or one attendance in it, out of every figure (冲正)."""
    record = db.session.get(Record, record_id)
    if record is None:
        raise click.ClickException(_("There is no record %(id)s.", id=record_id))
    try:
        if number is None:
            reverse_record(record, version=record.version, why=why, by=None, at=now())
        else:
            attendance = _attendance(record_id, number)
            reverse_participation(attendance, version=attendance.version, why=why, by=None, at=now())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    click.echo(f"{record.kind.name} {record.happened_on} {record.title or record.ref or record.id}")
    finish_act(commit)


def _attendance(record_id: int, number: str) -> Participation:
    found = db.session.scalar(
        select(Participation)
        .join(Member, Member.id == Participation.member_id)
        .where(Participation.record_id == record_id, Member.number == number)
    )
    if found is None:
        raise click.ClickException(
            _("Member %(number)s is not in record %(id)s.", number=number, id=record_id)
        )
    return found
