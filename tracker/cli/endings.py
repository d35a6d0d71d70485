"""How a command that changes data ends: written, or only shown."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from tracker.db import db


def finish_act(commit: bool, done: str | None = None) -> None:
    """Commit and say so, or roll the dry run back and say how to write it.

    done: the sentence for what was written; "Written." if left out. It is made before the commit, which
          expires the rows that it may name.
    """
    if commit:
        db.session.commit()
        click.echo(done or _("Written."))
    else:
        db.session.rollback()
        click.echo(_("Nothing written. Add --commit to write."))
