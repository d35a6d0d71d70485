"""backups: what came of each

Revision: 0039, after 0038.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", INT, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("size", INT, nullable=False),
        sa.Column("row_count", INT, nullable=False),
        sa.Column("file_count", INT, nullable=False),
        sa.Column("lacking_count", INT, nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("last_event_id", INT, nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("(name IS NULL) = (error IS NOT NULL)", name=op.f("ck_backup_archive_or_reason")),
        sa.CheckConstraint(
            "size >= 0 AND row_count >= 0 AND file_count >= 0 AND lacking_count >= 0",
            name=op.f("ck_backup_not_negative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_index(op.f("ix_backup_started_at"), "backup", ["started_at"])


def downgrade() -> None:
    op.drop_table("backup")
