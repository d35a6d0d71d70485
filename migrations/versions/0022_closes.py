"""closes: periods that are closed, and late entries

Revision: 0022, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDS = "reopened_at IS NULL"
BUREAU_STANDS = f"{STANDS} AND unit_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "close",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("unit_id", INT, nullable=True),
        sa.Column("grace_until", sa.Date(), nullable=True),
        sa.Column("holds_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("closed_by_id", INT, nullable=False),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_by_id", INT, nullable=True),
        sa.Column("reopened_why", sa.String(length=400), nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_close_ends_after_start")),
        sa.CheckConstraint("holds_at >= closed_at", name=op.f("ck_close_holds_once_closed")),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by_id IS NULL)", name=op.f("ck_close_reopened_by_and_at")
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_why IS NULL)", name=op.f("ck_close_reopened_why_and_at")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_close_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_close_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user_account.id"], name=op.f("fk_close_closed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["user_account.id"], name=op.f("fk_close_reopened_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_close")),
    )
    op.create_index(
        "ix_close_bureau_stands", "close", ["campaign_id", "code"], unique=True,
        sqlite_where=sa.text(BUREAU_STANDS), postgresql_where=sa.text(BUREAU_STANDS),
    )  # fmt: skip
    op.create_index(
        "ix_close_unit_stands", "close", ["campaign_id", "code", "unit_id"], unique=True,
        sqlite_where=sa.text(STANDS), postgresql_where=sa.text(STANDS),
    )  # fmt: skip
    for table in ("record", "batch"):
        op.add_column(table, sa.Column("late_why", sa.String(length=400), nullable=True))


def downgrade() -> None:
    for table in ("batch", "record"):
        op.drop_column(table, "late_why")
    op.drop_table("close")
