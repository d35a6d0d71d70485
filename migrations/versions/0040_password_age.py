"""user_account: since when a password holds, and the hashes of those before it

Revision: 0040, after 0039.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("password_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("former_hashes", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("former_hashes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("former_hashes")
        batch_op.drop_column("password_at")
