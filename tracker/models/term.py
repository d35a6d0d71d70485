"""What the ledger and the plans say, each text once, with what it is typed as."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class Term(Model):
    """A text that searches find: a title, place, community, category, code or number, of whatever row.

    It stands here once however many rows say it, so that a search reads these and not the ledger. Derived:
    services.terms.recount_terms makes it again from the rows.

    typed:    the text in lower case without blanks, full-width letters as plain ones.
    pinyin, initials: "香山社区" is "xiangshanshequ" and "xssq".
    """

    __tablename__ = "term"

    id: Mapped[IntPK]
    text: Mapped[str] = mapped_column(String(200), unique=True)
    typed: Mapped[str] = mapped_column(String(400))
    pinyin: Mapped[str] = mapped_column(String(400))
    initials: Mapped[str] = mapped_column(String(200))
