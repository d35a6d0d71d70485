"""series: plans that come again

Revision: 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("every", sa.String(length=24), nullable=False),
        sa.Column("weekday", INT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("lead_ids", sa.JSON(), nullable=False),
        sa.Column("planned_by_id", INT, nullable=False),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint("every IN ('week', 'two_weeks', 'month')", name=op.f("ck_series_every")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_series_weekday_of_a_week")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_series_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_series_kind_id_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_series_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user_account.id"], name=op.f("fk_series_planned_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_campaign_id"), "series", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_series_unit_id"), "series", ["unit_id"], unique=False)
    with op.batch_alter_table("plan") as batch_op:
        batch_op.add_column(sa.Column("series_id", INT, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_plan_series_id_series"), "series", ["series_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_plan_series_id"), ["series_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("plan") as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_series_id"))
        batch_op.drop_constraint(batch_op.f("fk_plan_series_id_series"), type_="foreignkey")
        batch_op.drop_column("series_id")
    op.drop_table("series")
