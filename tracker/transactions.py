"""One request, one transaction: the only commit of the web side. And one form, one write."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request
from flask_login import current_user
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tracker.clock import now
from tracker.db import db
from tracker.errors import conflict
from tracker.models import Submission
from tracker.watching import is_for_programs

KEY = "submission_key"
READS = ("GET", "HEAD", "OPTIONS")
OVERTAKEN = (404, 409, 422)  # what is said of rows that somebody else changed, or took away
LONGEST_LOCATION = 400
KEPT_FOR = dt.timedelta(days=7)


def begin_reading() -> None:
    """A request that only reads takes no write lock (SQLite)."""
    if request.method in READS and request.endpoint != "static" and not is_for_programs():
        db.session.connection(execution_options={"read_only": True})


def _content() -> str:
    """A digest of what was sent. A mended file has the name of the one before, so its bytes are in it.

    Keyed, so that nobody who has the database alone can try which name or number somebody sent.
    """
    parts = [request.path] + [
        f"{name}={value}" for name, value in sorted(request.form.items(multi=True)) if name != "csrf_token"
    ]
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        parts.append(f"{name}:{file.filename}:{hashlib.file_digest(file.stream, 'sha256').hexdigest()}")  # type: ignore[arg-type]  # it reads as a file does
        file.stream.seek(0)
    secret = str(current_app.config["TRACKER"].secret_key)
    return hmac.digest(secret.encode(), "\n".join(parts).encode(), "sha256").hex()


def _kept(location: str) -> str:
    """Where the answer led; of an address that is too long to keep, its path."""
    return location if len(location) <= LONGEST_LOCATION else location.partition("?")[0][:LONGEST_LOCATION]


def _answered(key: str) -> Submission | None:
    return db.session.scalar(
        select(Submission).where(Submission.user_id == current_user.id, Submission.key == key)
    )


def answer_again() -> Any:
    """A form that was already taken gets its first answer again; other content with its key is a 409."""
    if request.method in READS or not current_user.is_authenticated:
        return None
    key = request.form.get(KEY, "")
    if not 16 <= len(key) <= 64:
        abort(400)
    g.submission = (key, _content())
    if (earlier := _answered(key)) is None:
        return None
    if earlier.content != g.submission[1]:
        abort(409)
    g.submission = None  # taken before: `finish` has nothing to note
    return redirect(earlier.location)


def finish(response: Response) -> Response:
    """After a write below 400: commit, with the form's key. Otherwise roll back."""
    if request.method in READS or response.status_code >= 400 or request.endpoint == "static":
        db.session.rollback()
        return _led_to_its_twin(response) if response.status_code in OVERTAKEN else response
    submission = g.get("submission")
    location = response.location or g.get("lands_on")  # a page shown once: where a second click leads
    if submission and location and current_user.is_authenticated:
        key, content = submission
        if twin := _answered(key):  # taken while this one waited for its rows: what it wrote is taken back
            where = twin.location if twin.content == content else None
            db.session.rollback()
            return redirect(where) if where else conflict()  # type: ignore[return-value]
        old = delete(Submission).where(
            Submission.user_id == current_user.id, Submission.at < now() - KEPT_FOR
        )
        db.session.execute(old)
        db.session.add(
            Submission(user_id=current_user.id, key=key, content=content, location=_kept(location), at=now())
        )
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if submission and current_user.is_authenticated and (earlier := _answered(submission[0])):
            return redirect(earlier.location)  # type: ignore[return-value]  # the twin of a double click won
        return conflict()  # an abort would come too late here and be a 500
    return response


def _led_to_its_twin(response: Response) -> Response:
    """A second click that waited for the rows of the first and found them changed is no conflict: it is led
    to where the first one was."""
    submission = g.get("submission")
    if request.method in READS or not submission:
        return response
    db.session.connection(execution_options={"read_only": True})  # before anything is read: no write lock
    twin = _answered(submission[0]) if current_user.is_authenticated else None
    if twin is None or twin.content != submission[1]:
        return response
    return redirect(twin.location)  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Hook answering again and finishing into every request; `begin_reading` is hooked before all else."""
    app.before_request(answer_again)
    app.after_request(finish)
