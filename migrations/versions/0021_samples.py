"""samples: random samples of verified records, and what was found

Revision: 0021, after 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RESULT = (
    "(completed_at IS NULL) = (wrong IS NULL) AND (completed_at IS NULL) = (unclear IS NULL)"
    " AND (completed_at IS NULL) = (bound IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "sample",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("round", INT, nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("is_seed_typed", sa.Boolean(), nullable=False),
        sa.Column("level", INT, nullable=False),
        sa.Column("most_percent", INT, nullable=True),
        sa.Column("frame", sa.JSON(), nullable=False),
        sa.Column("frame_size", INT, nullable=False),
        sa.Column("frame_digest", sa.String(length=64), nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("drawn_by_id", INT, nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("completed_by_id", INT, nullable=True),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.Column("wrong", INT, nullable=True),
        sa.Column("unclear", INT, nullable=True),
        sa.Column("bound", INT, nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_sample_ends_after_start")),
        sa.CheckConstraint("size > 0 AND size <= frame_size", name=op.f("ck_sample_size_within_frame")),
        sa.CheckConstraint("level BETWEEN 50 AND 99", name=op.f("ck_sample_level_is_percent")),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (completed_by_id IS NULL)", name=op.f("ck_sample_completed_by_and_at")
        ),
        sa.CheckConstraint(RESULT, name=op.f("ck_sample_result_iff_completed")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_sample_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_sample_kind_id_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_sample_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["user_account.id"], name=op.f("fk_sample_drawn_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["user_account.id"], name=op.f("fk_sample_completed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint(
            "kind_id", "unit_id", "starts_on", "ends_on", "round",
            name=op.f("uq_sample_kind_id_unit_id_starts_on_ends_on_round"),
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_sample_campaign_id_starts_on_ends_on"), "sample", ["campaign_id", "starts_on", "ends_on"]
    )
    op.create_index(op.f("ix_sample_unit_id"), "sample", ["unit_id"])
    op.create_table(
        "sample_row",
        sa.Column("id", INT, nullable=False),
        sa.Column("sample_id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("ordinal", INT, nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=True),
        sa.Column("fault", sa.String(length=24), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("checked_by_id", INT, nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint("verdict IN ('right', 'wrong', 'unclear')", name=op.f("ck_sample_row_verdict")),
        sa.CheckConstraint(
            "fault IN ('not_held', 'day', 'amount', 'people', 'content', 'other')",
            name=op.f("ck_sample_row_fault"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (checked_at IS NULL)", name=op.f("ck_sample_row_checked_at_iff_verdict")
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_sample_row_checked_by_iff_verdict")
        ),
        sa.CheckConstraint(
            "(verdict IS NOT NULL AND verdict = 'wrong') = (fault IS NOT NULL)",
            name=op.f("ck_sample_row_fault_iff_wrong"),
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_row_sample_id_sample")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_sample_row_record_id_record")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user_account.id"], name=op.f("fk_sample_row_checked_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_row")),
        sa.UniqueConstraint("sample_id", "record_id", name=op.f("uq_sample_row_sample_id_record_id")),
        sa.UniqueConstraint("sample_id", "ordinal", name=op.f("uq_sample_row_sample_id_ordinal")),
    )
    op.create_index(op.f("ix_sample_row_record_id"), "sample_row", ["record_id"])
    op.create_table(
        "sample_reopening",
        sa.Column("id", INT, nullable=False),
        sa.Column("sample_id", INT, nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("wrong", INT, nullable=False),
        sa.Column("unclear", INT, nullable=False),
        sa.Column("bound", INT, nullable=False),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["sample.id"], name=op.f("fk_sample_reopening_sample_id_sample")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_sample_reopening_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_reopening")),
    )
    op.create_index(op.f("ix_sample_reopening_sample_id"), "sample_reopening", ["sample_id"])


def downgrade() -> None:
    op.drop_table("sample_reopening")
    op.drop_table("sample_row")
    op.drop_table("sample")
