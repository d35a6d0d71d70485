"""A copy of everything that is kept about one person: JSON, a workbook and their files, as one ZIP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tracker.clock import local
from tracker.db import db
from tracker.files.copy_json import copy_json
from tracker.files.own_record import own_record
from tracker.files.pack_zip import PackZip, file_name
from tracker.files.personal_catalogue import catalogue
from tracker.models import Member
from tracker.queries.copied_rows import Person, person_of_member, person_of_user
from tracker.queries.copies import copy_of
from tracker.queries.figures import bureau_name
from tracker.rules.copies import OFFICE, SELF, CopiedFile
from tracker.services.copies import check_not_erased, note_copy
from tracker.services.evidence import path_of
from tracker.services.jobs import Given
from tracker.worker.copy_book import copy_parts
from tracker.worker.runs import Run

DATA, BOOK, FOLDER = "数据.json", "个人信息.xlsx", "文件"


def make_own(run: Run) -> Given:
    """The task of whoever wants what is kept about themself: {} → a ZIP."""
    return _make(run, lambda: person_of_user(run.by()), SELF)


def make_for(run: Run) -> Given:
    """The task of the office for somebody else: {"member_id", "why"} → a ZIP."""
    return _make(
        run, lambda: person_of_member(db.session.get_one(Member, run.arguments["member_id"])), OFFICE
    )


def _make(run: Run, whose: Callable[[], Person], made_by: str) -> Given:
    with run.file(".zip") as target, run.reading():
        made = build_copy(
            whose(), target, made_by=made_by, at=run.at(), data_dir=run.data_dir,
            keys=run.config.keys, report=run.report,
        )  # fmt: skip
    # Noted with the job's end, in one transaction: an event for each copy that was made.
    note_copy(whose(), by=run.by(), at=run.at(), **made, **_reason(run))
    size = run.size
    return Given({**made, "bytes": size, "filename": zip_name(run.at())}, run.path)


def _reason(run: Run) -> dict[str, str]:
    return {"why": run.arguments["why"]} if "why" in run.arguments else {}


def zip_name(at: dt.datetime, which: str = "") -> str:
    """Of the file: no name and no number, for it lies among other downloads."""
    return f"个人信息副本-{local(at).date().isoformat()}{which}.zip"


def build_copy(
    person: Person,
    target: Path,
    *,
    made_by: str,
    at: dt.datetime,
    data_dir: Path,
    keys: Sequence[str],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, int]:
    """Write the ZIP to `target`. Reads only. Returns {"rows", "files"}, how many of each are in it.

    made_by: SELF, OFFICE or COMMAND_LINE.
    Raises Refused if the person was erased.
    """
    check_not_erased(person, keys)
    copy, bureau = copy_of(person, made_by, report), bureau_name() or ""
    with PackZip(target) as into:
        listed = [_add_file(into, one, data_dir) for one in copy.files]
        parts = copy_parts(copy, catalogue(), bureau=bureau, made_at=at)
        into.add(BOOK, own_record(parts))
        into.add(DATA, copy_json(copy, catalogue(), listed, bureau=bureau, made_at=at))
        into.list_files({"made_at": at.isoformat(timespec="seconds")})
    return {"rows": copy.rows, "files": sum(one["path"] is not None for one in listed)}


def _add_file(into: PackZip, one: CopiedFile, data_dir: Path) -> dict[str, Any]:
    """Put a file in under a name that every system takes; one that the disk has lost is said to be lost."""
    stem, dot, ending = one.name.rpartition(".")
    name = file_name(f"{one.id}-{stem or ending}") + (f".{file_name(ending)}" if dot else "")
    source = path_of(one.stored_as, data_dir)
    path = f"{FOLDER}/{name}" if source.is_file() else None
    if path:
        into.add(path, source)
    return {"evidence_id": one.id, "path": path}
