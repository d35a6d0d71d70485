"""bulletins: drafts, and issues with the rows behind their figures

Revision: 0030, after 0029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_ISSUE = ("number", "issued_on", "issued_at", "issued_by", "digest")


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "issued", "discarded", name="bulletinstate", native_enum=False,
                create_constraint=True, length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", INT, nullable=False),
        sa.Column("drafted_by_id", INT, nullable=False),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("number", INT, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by_id", INT, nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column("masthead", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        *[
            sa.CheckConstraint(
                f"(state = 'issued') = ({name + '_id' if name == 'issued_by' else name} IS NOT NULL)",
                name=op.f(f"ck_bulletin_{name}_iff_issued"),
            )
            for name in OF_ISSUE
        ],
        sa.CheckConstraint("number IS NULL OR number > 0", name=op.f("ck_bulletin_number_positive")),
        sa.CheckConstraint(
            "issued_on IS NULL OR issued_on >= as_of", name=op.f("ck_bulletin_issued_after_as_of")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_bulletin_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user_account.id"], name=op.f("fk_bulletin_drafted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_bulletin_issued_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint(
            "campaign_id", "template", "number", name=op.f("uq_bulletin_campaign_id_template_number")
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_bulletin_campaign_id_state_changed_at"), "bulletin", ["campaign_id", "state", "changed_at"]
    )
    _figures()
    _bases()
    _corrections()


def _figures() -> None:
    op.create_table(
        "bulletin_figure",
        sa.Column("id", INT, nullable=False),
        sa.Column("bulletin_id", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("rule_version", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("low", sa.Text(), nullable=True),
        sa.Column("high", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("exact", sa.String(length=200), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=True),
        sa.Column("rows", INT, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(basis IS NULL) = (digest IS NULL)", name=op.f("ck_bulletin_figure_digest_iff_basis")
        ),
        sa.CheckConstraint(
            "(basis IS NULL) = (rows IS NULL)", name=op.f("ck_bulletin_figure_rows_iff_basis")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_figure_bulletin_id_bulletin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_figure")),
        sa.UniqueConstraint("bulletin_id", "ref", name=op.f("uq_bulletin_figure_bulletin_id_ref")),
        sa.UniqueConstraint("bulletin_id", "position", name=op.f("uq_bulletin_figure_bulletin_id_position")),
    )


def _bases() -> None:
    op.create_table(
        "bulletin_basis",
        sa.Column("id", INT, nullable=False),
        sa.Column("bulletin_id", INT, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("count", INT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_basis_bulletin_id_bulletin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_basis")),
        sa.UniqueConstraint("bulletin_id", "code", name=op.f("uq_bulletin_basis_bulletin_id_code")),
    )


def _corrections() -> None:
    op.create_table(
        "bulletin_correction",
        sa.Column("id", INT, nullable=False),
        sa.Column("bulletin_id", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("of_id", INT, nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=False),
        sa.Column("now", sa.String(length=200), nullable=False),
        sa.Column("value_now", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_correction_bulletin_id_bulletin")
        ),
        sa.ForeignKeyConstraint(
            ["of_id"], ["bulletin.id"], name=op.f("fk_bulletin_correction_of_id_bulletin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_correction")),
        sa.UniqueConstraint(
            "bulletin_id", "of_id", "ref", name=op.f("uq_bulletin_correction_bulletin_id_of_id_ref")
        ),
        sa.UniqueConstraint(
            "bulletin_id", "position", name=op.f("uq_bulletin_correction_bulletin_id_position")
        ),
    )
    op.create_index(op.f("ix_bulletin_correction_of_id"), "bulletin_correction", ["of_id"])


def downgrade() -> None:
    for table in ("bulletin_correction", "bulletin_basis", "bulletin_figure", "bulletin"):
        op.drop_table(table)
