"""audit_event: the newest that changed something

Revision: 0048, after 0047.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.online import beside_others

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_audit_event_change", "audit_event"
IS_CHANGE = sa.text(
    r"action NOT IN ('access\:denied', 'access\:limited', 'assignment\:export', 'audit\:export',"
    r" 'evidence\:read', 'hours\:export', 'job\:export', 'job\:read', 'member\:export', 'member\:read',"
    r" 'record\:export', 'record\:read', 'sample\:export', 'user\:sign_in', 'user\:sign_in_failed',"
    r" 'user\:sign_out')"
)


def upgrade() -> None:
    with beside_others() as concurrently:
        # One that broke off, waiting for somebody, has left its index, of no use.
        op.drop_index(NAME, TABLE, if_exists=True, postgresql_concurrently=concurrently)
        op.create_index(
            NAME, TABLE, ["id"], sqlite_where=IS_CHANGE, postgresql_where=IS_CHANGE,
            postgresql_concurrently=concurrently,
        )  # fmt: skip


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
