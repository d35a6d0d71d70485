"""reminders of statements: a month that a branch has not stated is one more matter

Revision: 0025, after 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("returned", "visit", "resolution", "pace", "verify", "stage", "assignment")


def _let_be(*matters: str) -> None:
    listed = ", ".join(f"'{matter}'" for matter in matters)
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.drop_constraint(op.f("ck_reminder_matter"), type_="check")
        batch_op.create_check_constraint(op.f("ck_reminder_matter"), f"matter IN ({listed})")


def upgrade() -> None:
    _let_be(*BEFORE, "statement")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM reminder WHERE matter = 'statement'"))
    _let_be(*BEFORE)
