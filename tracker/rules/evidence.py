"""Which files belong to a record, who may add one, and when one may go again."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

from tracker.models.record import Status
from tracker.rules.refusal import N_, Refused

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"  # what a file dialogue offers; the content decides
MOST_AT_ONCE = 5  # files in one form
LONGEST_NAME = 80
NAMELESS = "附件"
# Files are added while a record waits, and while it counts. Whatever counts no more is left as it is.
TAKES_FILES = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)
COUNTS = (Status.VERIFIED, Status.CONTINUED)


def shown_name(filename: str) -> str:
    """The name of a file as a sentence shows it: no folders, nothing that cannot be seen, not too long."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    plain = " ".join("".join(char if char.isprintable() else " " for char in last).split())
    return (plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…") or NAMELESS


def clean_name(filename: str, suffix: str) -> str:
    """The name under which a file is kept and given back: as `shown_name`, with its true ending."""
    plain = shown_name(filename)
    stem, dot, ending = plain.rpartition(".")
    stem = stem if dot and len(ending) <= 5 else plain
    return f"{stem.strip('. ') or NAMELESS}.{suffix}"


def check_takes_files(status: Status, count: int, more: int, most: int) -> None:
    """Raises Refused if `more` files cannot be added to a record in this state that has `count` already."""
    if status not in TAKES_FILES:
        raise Refused(
            N_("This record counts no more and waits no more; no file can be added to it."), "files"
        )
    if count + more > most:
        raise Refused(
            N_(
                "A record takes at most %(most)s files; it has %(count)s. Remove one, or put several into "
                "one PDF."
            ),
            "files",
            most=most,
            count=count,
        )


def is_settled(status: Status, verified_at: dt.datetime | None, added_at: dt.datetime) -> bool:
    """Whether a file stays for good: whoever verified the record that counts may have seen it."""
    return status in COUNTS and (verified_at is None or added_at <= verified_at)
