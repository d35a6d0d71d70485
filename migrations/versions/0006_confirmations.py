"""confirmations: how it was before and after, and the community's word

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("before_note", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("after_note", sa.String(length=400), nullable=True))
    op.create_table(
        "confirmation",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("said_by", sa.String(length=40), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column(
            "heard",
            sa.Enum(
                "in person",
                "phone",
                "written",
                name="heard",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", INT, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", INT, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_confirmation_ended_by_and_at")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_confirmation_ended_why_and_at")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_confirmation_ended_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_confirmation_entered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_confirmation_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index(op.f("ix_confirmation_record_id_id"), "confirmation", ["record_id", "id"], unique=False)
    op.create_index(
        "ix_confirmation_record_id_standing", "confirmation", ["record_id"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("confirmation")
    with op.batch_alter_table("record") as batch_op:
        batch_op.drop_column("after_note")
        batch_op.drop_column("before_note")
