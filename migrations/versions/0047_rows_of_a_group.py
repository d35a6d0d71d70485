"""record, participation: what a group has of a kind, and what its people were in, as of a branch

Revision: 0047, after 0046.
"""

from __future__ import annotations

from alembic import op

from migrations.online import beside_others

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_record_group_id_kind_id_happened_on", "record", ["group_id", "kind_id", "happened_on"]),
    ("ix_participation_group_id_record_id", "participation", ["group_id", "record_id"]),
)


def upgrade() -> None:
    with beside_others() as concurrently:
        for name, table, columns in INDEXES:
            # One that broke off, waiting for somebody, has left its index, of no use.
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=concurrently)
            op.create_index(name, table, columns, postgresql_concurrently=concurrently)


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
