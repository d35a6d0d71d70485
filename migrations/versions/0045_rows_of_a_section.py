"""record: what a section has of a kind, as of a branch

Revision: 0045, after 0044.
"""

from __future__ import annotations

from alembic import op

from migrations.online import beside_others

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_record_section_id_kind_id_happened_on", "record"
COLUMNS = ["section_id", "kind_id", "happened_on"]


def upgrade() -> None:
    with beside_others() as concurrently:
        # One that broke off, waiting for somebody, has left its index, of no use.
        op.drop_index(NAME, TABLE, if_exists=True, postgresql_concurrently=concurrently)
        op.create_index(NAME, TABLE, COLUMNS, postgresql_concurrently=concurrently)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
