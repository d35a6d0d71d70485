"""The schema's revisions, and how a restore goes from one to another."""

from __future__ import annotations

from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.engine import Connection

from tracker.queries.neutral_rows import revision_of
from tracker.services.restores import Schema


def schema() -> Schema:
    """The revisions that this version knows."""
    config = current_app.extensions["migrate"].migrate.get_config()
    known = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]

    def bring(connection: Connection, revision: str) -> None:
        """Migrate up or down within the transaction that is open."""
        now = revision_of(connection)
        if now == revision:
            return
        config.attributes["connection"] = connection
        is_down = now is not None and known.index(now) > known.index(revision)
        (command.downgrade if is_down else command.upgrade)(config, revision)

    return Schema(bring=bring, knows=known.__contains__, head=known[-1])
