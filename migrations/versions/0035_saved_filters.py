"""saved filters: choices of a list that somebody gave a name

Revision: 0035, after 0034.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", INT, nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("name <> '' AND query <> ''", name=op.f("ck_saved_filter_said")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_saved_filter_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    kept = sa.text("removed_at IS NULL")
    op.create_index(
        "ix_saved_filter_name_of_one", "saved_filter", ["user_id", "page", "name"], unique=True,
        sqlite_where=kept, postgresql_where=kept,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("saved_filter")
