"""assignments: the leading group's plan, what was said of it, and minutes of the meetings

Revision: 0020, after 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("not_begun", "under_way", "reported", "done", "dropped")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _states(table: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{state}'" for state in STATES)
    return sa.CheckConstraint(f"state IN ({listed})", name=op.f(f"ck_{table}_assignmentstate"))


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(length=80), nullable=False),
        sa.Column("studied", sa.String(length=4000), nullable=True),
        sa.Column("text", sa.String(length=8000), nullable=True),
        sa.Column("record_id", INT, nullable=True),
        sa.Column("noted_by_id", INT, nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("version", INT, nullable=False),
        _key("meeting", "campaign_id", "campaign"),
        _key("meeting", "record_id", "record"),
        _key("meeting", "noted_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_meeting_campaign_id_number")),
        sa.UniqueConstraint("record_id", name=op.f("uq_meeting_record_id")),
    )
    op.create_index(
        op.f("ix_meeting_campaign_id_held_on"), "meeting", ["campaign_id", "held_on"], unique=False
    )
    op.create_table(
        "assignment",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("unit_id", INT, nullable=True),
        sa.Column("in_charge", sa.String(length=80), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("meeting_id", INT, nullable=True),
        sa.Column("set_by_id", INT, nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (in_charge IS NULL)", name=op.f("ck_assignment_one_in_charge")
        ),
        sa.CheckConstraint(
            "(ended_on IS NOT NULL) = (state IN ('done', 'dropped'))",
            name=op.f("ck_assignment_ended_on_and_state"),
        ),
        sa.CheckConstraint(
            "reported_on IS NOT NULL OR state <> 'reported'", name=op.f("ck_assignment_reported_on_and_state")
        ),
        _states("assignment"),
        _key("assignment", "campaign_id", "campaign"),
        _key("assignment", "unit_id", "unit"),
        _key("assignment", "meeting_id", "meeting"),
        _key("assignment", "set_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        op.f("ix_assignment_campaign_id_due_on"), "assignment", ["campaign_id", "due_on"], unique=False
    )
    for column in ("unit_id", "meeting_id"):
        op.create_index(op.f(f"ix_assignment_{column}"), "assignment", [column], unique=False)
    op.create_table(
        "assignment_step",
        sa.Column("id", INT, nullable=False),
        sa.Column("assignment_id", INT, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(length=400), nullable=True),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(was_due_on IS NULL) = (due_on IS NULL)", name=op.f("ck_assignment_step_both_days")
        ),
        _states("assignment_step"),
        _key("assignment_step", "assignment_id", "assignment"),
        _key("assignment_step", "by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_step")),
    )
    op.create_index(
        op.f("ix_assignment_step_assignment_id_id"), "assignment_step", ["assignment_id", "id"], unique=False
    )
    op.create_table(
        "meeting_assignment",
        sa.Column("id", INT, nullable=False),
        sa.Column("meeting_id", INT, nullable=False),
        sa.Column("assignment_id", INT, nullable=False),
        _key("meeting_assignment", "meeting_id", "meeting"),
        _key("meeting_assignment", "assignment_id", "assignment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_assignment")),
        sa.UniqueConstraint(
            "meeting_id", "assignment_id", name=op.f("uq_meeting_assignment_meeting_id_assignment_id")
        ),
    )
    op.create_index(
        op.f("ix_meeting_assignment_assignment_id"), "meeting_assignment", ["assignment_id"], unique=False
    )


def downgrade() -> None:
    for table in ("meeting_assignment", "assignment_step", "assignment", "meeting"):
        op.drop_table(table)
