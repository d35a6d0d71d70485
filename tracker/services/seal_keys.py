"""The keys that seal: drawn once, and never drawn anew over what a lost file had sealed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from tracker.db import db
from tracker.files.seal_keys import NO_FILE, first_keys, load_keys
from tracker.models import AuditSeal, SealedPerson
from tracker.rules.refusal import Refused
from tracker.rules.seals import SealKey


def keys_of(path: Path, suite: str) -> list[SealKey]:
    """The keys of the file, the one that seals last; drawn where nothing was ever sealed.

    Raises Refused if the file is lost or cannot be read: what it sealed waits for it to be put back.
    """
    if path.exists():
        return load_keys(path)
    particulars = select(SealedPerson.id).where(SealedPerson.sealed.is_not(None)).limit(1)
    is_lost = db.session.scalar(particulars) or db.session.scalar(select(AuditSeal.id).limit(1))
    if is_lost and not path.exists():  # another worker may have drawn it, and sealed, since it was looked for
        raise Refused(NO_FILE)
    return first_keys(path, suite)
