"""Whether somebody is still to be offered a tour: their own wish, which leaves no event."""

from __future__ import annotations

from sqlalchemy import update

from tracker.db import db
from tracker.models import User


def end_tour(user: User) -> None:
    """Offer it no more, in whichever browser. Done twice it is the same."""
    db.session.execute(update(User).where(User.id == user.id).values(wants_tour=False))
