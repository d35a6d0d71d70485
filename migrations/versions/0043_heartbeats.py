"""heartbeat: when the worker last came round, and when all was last counted again

Revision: 0043, after 0042.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEATS = ("minute", "hour", "totals")


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", INT, nullable=False),
        sa.Column(
            "beat",
            sa.Enum(*BEATS, name="beat", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("is_well", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("beat", name=op.f("uq_heartbeat_beat")),
    )


def downgrade() -> None:
    op.drop_table("heartbeat")
