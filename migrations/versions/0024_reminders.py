"""reminders: of what somebody was reminded last, and whether they want reminders

Revision: 0024, after 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MATTERS = ("returned", "visit", "resolution", "pace", "verify", "stage", "assignment")


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_reminder_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column("matter", sa.String(length=24), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by_id", INT, nullable=True),
        sa.Column("dismissed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "matter IN (" + ", ".join(f"'{matter}'" for matter in MATTERS) + ")",
            name=op.f("ck_reminder_matter"),
        ),
        _key("campaign_id", "campaign"),
        _key("user_id", "user_account"),
        _key("sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("user_id", "matter", name=op.f("uq_reminder_user_id_matter")),
    )
    op.add_column(
        "user_account", sa.Column("is_reminded", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("is_reminded")
    op.drop_table("reminder")
