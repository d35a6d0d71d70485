"""record: what waits, oldest first

Revision: 0046, after 0045.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.online import beside_others

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "ix_record_waiting", "record", ["campaign_id", "entered_at", "id"]
WAITS = sa.text("status = 'submitted'")


def upgrade() -> None:
    with beside_others() as concurrently:
        # One that broke off, waiting for somebody, has left its index, of no use.
        op.drop_index(NAME, TABLE, if_exists=True, postgresql_concurrently=concurrently)
        op.create_index(
            NAME, TABLE, COLUMNS, sqlite_where=WAITS, postgresql_where=WAITS,
            postgresql_concurrently=concurrently,
        )  # fmt: skip


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
