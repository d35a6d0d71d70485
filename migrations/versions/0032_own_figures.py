"""own figures: figures that the office makes in the browser, with the campaign

Revision: 0032, after 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("campaign") as table:
        table.add_column(sa.Column("own_figures", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "own_figure",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("figure", sa.String(length=64), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("saved_by_id", INT, nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_own_figure_version_counts")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_own_figure_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user_account.id"], name=op.f("fk_own_figure_saved_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_figure")),
        sa.UniqueConstraint(
            "campaign_id", "figure", "version", name=op.f("uq_own_figure_campaign_id_figure_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("own_figure")
    with op.batch_alter_table("campaign") as table:
        table.drop_column("own_figures")
