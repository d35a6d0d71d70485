"""campaign archive: when a campaign was put away; and in which campaign a signed-in browser works

Revision: 0026, after 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("reopened_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "campaign_archive",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=False),
        sa.Column("archived_by_id", INT, nullable=True),
        sa.Column("archived_why", sa.String(length=400), nullable=False),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_by_id", INT, nullable=True),
        sa.Column("reopened_why", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_why IS NULL)",
            name=op.f("ck_campaign_archive_reopened_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_archive_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["archived_by_id"],
            ["user_account.id"],
            name=op.f("fk_campaign_archive_archived_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"],
            ["user_account.id"],
            name=op.f("fk_campaign_archive_reopened_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_archive")),
    )
    op.create_index(
        "ix_campaign_archive_campaign_id_open",
        "campaign_archive",
        ["campaign_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    with op.batch_alter_table("user_session") as table:
        table.add_column(sa.Column("campaign_id", INT, nullable=True))
        table.create_foreign_key(
            op.f("fk_user_session_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("user_session") as table:
        table.drop_constraint(op.f("fk_user_session_campaign_id_campaign"), type_="foreignkey")
        table.drop_column("campaign_id")
    op.drop_index("ix_campaign_archive_campaign_id_open", table_name="campaign_archive")
    op.drop_table("campaign_archive")
