"""due days: by when a record is to have come to its last stage, and how that day was changed

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_record_due_after_start"), "due_on IS NULL OR due_on >= happened_on"
        )
    op.create_table(
        "deadline_change",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("was_on", sa.Date(), nullable=True),
        sa.Column("becomes_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "was_on IS NOT NULL AND (becomes_on IS NULL OR becomes_on <> was_on)"
            " OR was_on IS NULL AND becomes_on IS NOT NULL",
            name=op.f("ck_deadline_change_changes"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_deadline_change_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_deadline_change_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
    )
    op.create_index(
        op.f("ix_deadline_change_record_id_id"), "deadline_change", ["record_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_deadline_change_record_id_id"), "deadline_change")
    op.drop_table("deadline_change")
    with op.batch_alter_table("record") as batch_op:
        batch_op.drop_constraint(op.f("ck_record_due_after_start"), type_="check")
        batch_op.drop_column("due_on")
