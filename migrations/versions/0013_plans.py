"""plans: activities that are to take place, and the table of holidays

Revision: 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("happens_on", sa.Date(), nullable=False),
        sa.Column("from_minute", INT, nullable=True),
        sa.Column("to_minute", INT, nullable=True),
        sa.Column("type", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("lead_id", INT, nullable=True),
        sa.Column("planned_by_id", INT, nullable=False),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("cancelled_by_id", INT, nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("cancelled_why", sa.String(length=400), nullable=True),
        sa.Column("record_id", INT, nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint(
            "from_minute IS NULL OR from_minute BETWEEN 0 AND 1439", name=op.f("ck_plan_begins_within_day")
        ),
        sa.CheckConstraint(
            "to_minute IS NULL OR (from_minute IS NOT NULL AND to_minute > from_minute AND to_minute <= 1440)",
            name=op.f("ck_plan_ends_after_begin"),
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name=op.f("ck_plan_cancelled_by_and_at")
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_why IS NULL)", name=op.f("ck_plan_cancelled_why_and_at")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_plan_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_plan_kind_id_kind")),
        sa.ForeignKeyConstraint(["lead_id"], ["member.id"], name=op.f("fk_plan_lead_id_member")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user_account.id"], name=op.f("fk_plan_planned_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["user_account.id"], name=op.f("fk_plan_cancelled_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_plan_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("record_id", name=op.f("uq_plan_record_id")),
    )
    op.create_index(
        op.f("ix_plan_campaign_id_happens_on"), "plan", ["campaign_id", "happens_on"], unique=False
    )
    op.create_index(op.f("ix_plan_lead_id"), "plan", ["lead_id"], unique=False)
    op.create_table(
        "plan_organiser",
        sa.Column("id", INT, nullable=False),
        sa.Column("plan_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_organiser_plan_id_plan")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_plan_organiser_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_organiser")),
        sa.UniqueConstraint("plan_id", "unit_id", name=op.f("uq_plan_organiser_plan_id_unit_id")),
    )
    op.create_index(op.f("ix_plan_organiser_unit_id"), "plan_organiser", ["unit_id"], unique=False)
    op.create_table(
        "holiday",
        sa.Column("id", INT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sort", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.CheckConstraint("sort IN ('holiday', 'workday', 'ordinary')", name=op.f("ck_holiday_daysort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )


def downgrade() -> None:
    op.drop_table("holiday")
    op.drop_table("plan_organiser")
    op.drop_table("plan")
