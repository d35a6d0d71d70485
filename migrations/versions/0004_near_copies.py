"""near copies: the index of shingles

Revision: 0004, after 0003.
"""

from __future__ import annotations

import unicodedata
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def shingles(text: str) -> set[int]:
    """The shingles of a text as they were first kept; rules/near_copies.py has those of today."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
    values = {zlib.crc32(plain[at : at + 5].encode()) for at in range(len(plain) - 4)}
    return {value for value in values if value % 4 == 0}


def upgrade() -> None:
    table = op.create_table(
        "shingle",
        sa.Column("value", INT, autoincrement=False, nullable=False),
        sa.Column("work_id", INT, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_shingle_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", "work_id", name=op.f("pk_shingle")),
    )
    op.create_index(op.f("ix_shingle_work_id"), "shingle", ["work_id"], unique=False)
    if op.get_context().as_sql:
        return  # a script has no texts to read
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.text("SELECT id, text FROM work WHERE id > :last ORDER BY id LIMIT 100"), {"last": last}
    ).all():
        values = [{"value": value, "work_id": row.id} for row in rows for value in sorted(shingles(row.text))]
        if values:
            op.bulk_insert(table, values)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_table("shingle")
