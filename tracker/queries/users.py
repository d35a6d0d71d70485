"""Accounts."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import User


def load_user(token: str) -> User | None:
    """The account of a session ('id:salt'), None if it is gone, disabled or its sessions were ended."""
    number, _, salt = token.partition(":")
    if not number.isdigit() or len(number) > 18:
        return None
    user = db.session.get(User, int(number))
    return user if user and user.is_active and user.session_salt == salt else None


def user_by_login(login: str) -> User | None:
    return db.session.scalar(select(User).where(User.login == login))
