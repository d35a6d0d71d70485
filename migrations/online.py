"""How a migration makes an index beside people who write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op


@contextmanager
def beside_others() -> Iterator[bool]:
    """For indexes of tables that others write to meanwhile. Yields what `postgresql_concurrently` is to be.

    PostgreSQL makes such an index outside of any transaction. A restore migrates within its own, in which it
    has all tables to itself (`tracker.worker.schemas`): there it is made plainly. SQLite knows no other way.
    """
    here = op.get_context()
    is_given = here.config is not None and here.config.attributes.get("connection") is not None
    if here.dialect.name == "postgresql" and not is_given:
        with here.autocommit_block():
            yield True
    else:
        yield False
