"""tally_cell: its key is what a cell is of, and on SQLite the table is kept in the order of that key

A figure adds up all cells of a tally. In the order in which they were written, each was looked up by itself.

Revision: 0044, after 0043.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.online import beside_others

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE, NEW = "tally_cell", "tally_cell_new"
KEY = ["tally_id", "place_id", "entity", "day"]
COLUMNS = [*KEY, "value"]
PRIMARY, UNIQUE = "pk_tally_cell", "uq_tally_cell_tally_id_place_id_entity_day"
BY_DAY = "ix_tally_cell_tally_id_day"


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("tally_id", INT, nullable=False),
        sa.Column("place_id", INT, nullable=False),
        sa.Column("entity", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.ForeignKeyConstraint(["tally_id"], ["tally.id"], name="fk_tally_cell_tally_id_tally"),
    ]  # type: ignore[list-item]  # a constraint stands among the columns


def _anew(*more: object, **options: object) -> None:
    """SQLite: another table with the same rows takes the place of this one."""
    op.create_table(NEW, *_columns(), *more, **options)  # type: ignore[arg-type]
    rows = sa.select(*map(sa.column, COLUMNS)).select_from(sa.table(TABLE)).order_by(*map(sa.column, KEY))
    op.execute(sa.insert(sa.table(NEW, *map(sa.column, COLUMNS))).from_select(COLUMNS, rows))
    op.drop_table(TABLE)
    op.rename_table(NEW, TABLE)
    op.create_index(BY_DAY, TABLE, ["tally_id", "day"])


def upgrade() -> None:
    if _is_sqlite():
        _anew(sa.PrimaryKeyConstraint(*KEY, name=PRIMARY), sqlite_with_rowid=False)
        return
    with beside_others() as concurrently:
        # One that broke off, waiting for somebody, has left its index, of no use.
        op.drop_index("pk_tally_cell_new", TABLE, if_exists=True, postgresql_concurrently=concurrently)
        op.create_index("pk_tally_cell_new", TABLE, KEY, unique=True, postgresql_concurrently=concurrently)
    op.drop_constraint(PRIMARY, TABLE)
    op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {PRIMARY} PRIMARY KEY USING INDEX pk_tally_cell_new")
    op.drop_constraint(UNIQUE, TABLE)
    op.drop_column(TABLE, "id")


def downgrade() -> None:
    if _is_sqlite():
        _anew(
            sa.Column("id", INT, nullable=False), sa.PrimaryKeyConstraint("id", name=PRIMARY),
            sa.UniqueConstraint(*KEY, name=UNIQUE),
        )  # fmt: skip
        return
    op.drop_constraint(PRIMARY, TABLE)
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN id BIGSERIAL NOT NULL")
    op.create_primary_key(PRIMARY, TABLE, ["id"])
    op.create_unique_constraint(UNIQUE, TABLE, KEY)
