"""The limit of starting and of memory: Flask and Flask-SQLAlchemy with one page that reads one row.

BARE_ORM   the database: one of the tracker's, of which it reads a member.
"""

from __future__ import annotations

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Of the one table."""


orm = SQLAlchemy(model_class=Base)


class Member(Base):
    """What is read of it."""

    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


app = Flask("bare_orm", static_folder=None)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BARE_ORM"]
orm.init_app(app)


@app.get("/static/css/base.css")
def ready() -> str:
    """What tests.proof.server waits for."""
    return "ready"


@app.get("/orm")
def one() -> str:
    found = orm.session.scalars(select(Member).order_by(Member.id).limit(1)).one()
    return f"<!doctype html><title>{found.name}</title>"
