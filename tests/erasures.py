"""Somebody whose every word can be looked for: in all tables, and in all files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from tracker.db import db
from tracker.models import Member
from tracker.queries.campaigns import campaigns
from tracker.queries.figures import figures_json
from tracker.queries.mentions import mentions

NAME, NUMBER, PHONE, LOGIN = "欧阳澹台", "M-7391-X", "13987654321", "ouyang.dantai"
WROTE = "我的心得体会独一无二"
SAID = [
    NAME, NUMBER, PHONE, LOGIN, WROTE, "初心长廊札记", "长期在外照顾亲属", "那天的草稿写到一半",
    "请您再看看日期", "口袋里的照片",
]  # fmt: skip


def residue(app: Flask) -> set[str]:
    """Which of the person's words stand in any table, and in any file of the data folder."""
    forms = {
        form: word
        for word in SAID
        for form in (word.encode(), word.encode("utf-16-le"), word.encode("unicode_escape"))
    }
    with app.app_context():
        found = {f"{one.column}" for one in mentions(SAID)}
        database = db.engine.url.database
        files = [*app.config["TRACKER"].data_dir.rglob("*")]
        if db.engine.dialect.name == "sqlite":
            files += [Path(f"{database}{end}") for end in ("", "-wal")]
    for path in files:
        if path.is_file():
            content = path.read_bytes()
            found |= {f"{path.name}: {word}" for form, word in forms.items() if form in content}
    return found


def figures(app: Flask) -> dict[str, Any]:
    """All figures of the day."""
    with app.app_context():
        return figures_json(campaigns()[0], dt.date(2021, 7, 31))


def bring_back(here: Flask) -> None:
    """The member as a backup from before the erasure has them."""
    with here.app_context():
        member = db.session.scalars(select(Member).where(Member.number.like("E-%"))).one()
        member.name, member.number = NAME, NUMBER
        for membership in member.memberships:
            membership.ends_on = None
        db.session.commit()
