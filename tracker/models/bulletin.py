"""A bulletin: a draft that the office writes; once issued, what was said, with the rows behind it."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name, enum_column
from tracker.models.campaign import Campaign
from tracker.models.user import User


class BulletinState(enum.StrEnum):
    """A draft can be changed. What was issued, and what was thrown away, stays as it is."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"


class Bulletin(Model):
    """One bulletin (简报).

    template: code of the template it was begun from; its issues are numbered together.
    text:     as it is written, in the grammar of rules.bulletin_text.
    number:   given at issue, counted from 1 within campaign and template.
    masthead: of an issue: {"head", "issuer", "receivers"} as they were printed.
    body:     of an issue: `rules.bulletins.Body.as_json`, figures put in.
    charts:   of an issue: its charts as they were, `rules.bulletins.ChartTable.as_json`.
    left_out: of an issue: sentences that were not printed, [{"sentence", "ref", "why"}].
    digest:   of an issue: over everything that it says and rests on, see rules.proofs.whole_digest. It stands
              in the audit too, where the issue itself cannot change it.
    """

    __tablename__ = "bulletin"
    __table_args__ = (
        CheckConstraint("(state = 'issued') = (number IS NOT NULL)", name="number_iff_issued"),
        CheckConstraint("(state = 'issued') = (issued_on IS NOT NULL)", name="issued_on_iff_issued"),
        CheckConstraint("(state = 'issued') = (issued_at IS NOT NULL)", name="issued_at_iff_issued"),
        CheckConstraint("(state = 'issued') = (issued_by_id IS NOT NULL)", name="issued_by_iff_issued"),
        CheckConstraint("(state = 'issued') = (digest IS NOT NULL)", name="digest_iff_issued"),
        CheckConstraint("number IS NULL OR number > 0", name="number_positive"),
        CheckConstraint("issued_on IS NULL OR issued_on >= as_of", name="issued_after_as_of"),
        UniqueConstraint("campaign_id", "template", "number"),
        Index(None, "campaign_id", "state", "changed_at"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    template: Mapped[Code]
    name: Mapped[Name]
    title: Mapped[Name]
    text: Mapped[str]
    as_of: Mapped[dt.date]
    state: Mapped[BulletinState] = mapped_column(enum_column(BulletinState), default=BulletinState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drafted_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    number: Mapped[int | None]
    issued_on: Mapped[dt.date | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[dt.datetime | None]
    masthead: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[list[Any]] = mapped_column(default=list)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    charts: Mapped[list[Any]] = mapped_column(default=list)
    digest: Mapped[str | None] = mapped_column(String(64))

    campaign: Mapped[Campaign] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    figures: Mapped[list[BulletinFigure]] = relationship(order_by="BulletinFigure.position", viewonly=True)
    bases: Mapped[list[BulletinBasis]] = relationship(order_by="BulletinBasis.id", viewonly=True)
    corrections: Mapped[list[BulletinCorrection]] = relationship(
        order_by="BulletinCorrection.position", foreign_keys="BulletinCorrection.bulletin_id", viewonly=True
    )

    @property
    def is_draft(self) -> bool:
        return self.state is BulletinState.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state is BulletinState.ISSUED


class BulletinFigure(Model):
    """One figure of an issue, as it was counted.

    ref:         id of the figure, or 'quoted.CODE' of the register of quoted figures.
    definition:  how it was counted, as rules.rule_versions.definition_of says it; {} for a quoted one.
    rule:        the same in words, sentence by sentence; of a quoted figure its source.
    value, low, high: exact, as text ('80', '2137/3'); None where there was none.
    date:        of a forecast: the day. Of a quoted figure: as of which it holds.
    printed:     how the text prints it, each way once: [{"text", "exact", "hedge"}].
    basis:       code of the basis it was counted from; None for a quoted figure.
    rows:        how many rows that are; digest: theirs.
    """

    __tablename__ = "bulletin_figure"
    __table_args__ = (
        CheckConstraint("(basis IS NULL) = (digest IS NULL)", name="digest_iff_basis"),
        CheckConstraint("(basis IS NULL) = (rows IS NULL)", name="rows_iff_basis"),
        UniqueConstraint("bulletin_id", "ref"),
        UniqueConstraint("bulletin_id", "position"),
    )

    id: Mapped[IntPK]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"))
    position: Mapped[int]
    ref: Mapped[Name]
    title: Mapped[Name]
    unit: Mapped[str] = mapped_column(String(40))
    definition: Mapped[dict[str, Any]]
    rule: Mapped[list[Any]]
    rule_version: Mapped[Code]
    value: Mapped[str | None]
    low: Mapped[str | None]
    high: Mapped[str | None]
    date: Mapped[dt.date | None]
    exact: Mapped[Name]
    printed: Mapped[list[Any]]
    basis: Mapped[str | None] = mapped_column(String(64))
    rows: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))


class BulletinBasis(Model):
    """The rows from which figures of an issue were counted: those of one question, or the roster of the day.

    code:   of the question (rules.tallies.Question), or 'roster'.
    digest: SHA-256 of the lines, hex; count: how many. lines: compressed (zlib), see rules.frozen.
    """

    __tablename__ = "bulletin_basis"
    __table_args__ = (UniqueConstraint("bulletin_id", "code"),)

    id: Mapped[IntPK]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"))
    code: Mapped[Code]
    count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    lines: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class BulletinCorrection(Model):
    """One line of 勘误 or 补报说明 that an issue prints about a figure of an earlier one.

    before: as it was last published; now: as it is counted at the issue; value_now: the same, exact.
    causes: what made the difference, {"reversed": 1, …}, see rules.corrections.
    """

    __tablename__ = "bulletin_correction"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "of_id", "ref"),
        UniqueConstraint("bulletin_id", "position"),
        Index(None, "of_id"),
    )

    id: Mapped[IntPK]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"))
    position: Mapped[int]
    of_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id"))
    ref: Mapped[Name]
    before: Mapped[Name]
    now: Mapped[Name]
    value_now: Mapped[str | None]
    sentence: Mapped[str]
    causes: Mapped[dict[str, Any]]

    of: Mapped[Bulletin] = relationship(foreign_keys=[of_id])
