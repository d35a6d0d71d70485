"""tally: a number that is drawn anew whenever its cells are replaced

Revision: 0049, after 0048.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.db import INT

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tally", sa.Column("version", INT, server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("tally") as tally:
        tally.drop_column("version")
