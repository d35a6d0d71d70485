"""The files of a form: looked into before anything is written, each refusal a sentence beside the field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from flask import current_app, request
from flask_babel import gettext
from flask_login import current_user

from config import Config
from tracker.clock import now
from tracker.db import db
from tracker.files.evidence import CheckedFile, Limits, check_file
from tracker.models import Evidence, Record
from tracker.rules.evidence import MOST_AT_ONCE
from tracker.rules.refusal import N_, Refused
from tracker.services.evidence import add_evidence

AGAIN = N_("Choose the files again: a browser does not keep them.")


@dataclass(slots=True)
class Uploads:
    """What came with a form, and what is wrong with it."""

    files: list[CheckedFile] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def tell(self, form: Any) -> bool:
        """Put what is wrong beside the field. Returns whether nothing is."""
        if self.errors:
            form.files.errors = [*form.files.errors, *self.errors]
        return not self.errors

    def remind(self, form: Any) -> None:
        """Say that good files have to be chosen once more, where the form is shown again."""
        if self.files and not form.files.errors:
            form.files.errors = [gettext(AGAIN)]

    def keep(self, record: Record) -> list[Evidence]:
        """Keep them with the record, in the same transaction. Raises Refused."""
        if not self.files:
            return []
        config = current_app.config["TRACKER"]
        return add_evidence(
            record,
            self.files,
            data_dir=config.data_dir,
            most=config.evidence_files,
            by=current_user,
            at=now(),
        )


def most_at_once() -> int:
    """How many files one form takes: never more than a new record does."""
    config: Config = current_app.config["TRACKER"]
    return min(MOST_AT_ONCE, config.evidence_files)


def read_uploads() -> Uploads:
    """The files of the request, checked.

    Pictures are decoded here, so nothing is held meanwhile: the transaction is given back. Call it before
    rows are read that are to be written.
    """
    sent = [one for one in request.files.getlist("files") if one.filename]
    found = Uploads()
    if not sent:
        return found
    most = most_at_once()
    if len(sent) > most:
        found.errors.append(gettext("Choose at most %(most)s files at once.", most=most))
        return found
    db.session.rollback()
    limits = Limits(file=current_app.config["TRACKER"].evidence_bytes)
    for one in sent:
        try:
            checked = check_file(cast("BinaryIO", one.stream), one.filename or "", limits)
            if checked.sha256 not in {file.sha256 for file in found.files}:  # chosen twice by a slip
                found.files.append(checked)
        except Refused as refusal:
            found.errors.append(gettext(refusal.msgid, **refusal.params))
    return found
