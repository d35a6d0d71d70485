"""Installations between which backups are taken: each with its database, its data folder and its commands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from click.testing import Result
from sqlalchemy import func, select

from tests.bureau import Bureau
from tests.conftest import close_app, config_for, make_app
from tests.maker import NOW, Maker
from tests.signing_in import PASSWORD
from tests.world import World
from tracker.db import db
from tracker.files.seal_keys import first_keys
from tracker.models import AuditEvent, Batch, Evidence, Role, Submission, UserSession
from tracker.queries.neutral_rows import rows_of, tables_of
from tracker.services import evidence

QUICK = PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1)


class Installation:
    """A database and a data folder. key: the file that opens the backups of the first one."""

    def __init__(self, url: str, data_dir: Path, **settings: Any) -> None:
        self.url, self.data_dir = url, data_dir
        self.app = make_app(config_for(url, data_dir, **settings))

    @property
    def key(self) -> Path:
        return self.data_dir / "backup_key"

    def run(self, *args: str | Path) -> Result:
        """One command, such as 'backup', 'create'."""
        return self.app.test_cli_runner().invoke(args=[str(one) for one in args])

    def back_up(self, name: str = "a.backup") -> Path:
        """An archive of it, beside its folders."""
        path = self.data_dir / name
        done = self.run("backup", "create", "--out", path)
        assert done.exit_code == 0, (done.output, done.exception)
        return path

    def restore(self, archive: Path, key: Path, *more: str) -> Result:
        return self.run("backup", "restore", archive, "--key", key, "--commit", *more)

    @contextmanager
    def here(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def rows(self) -> dict[str, list[list[Any]]]:
        """All that a backup keeps, table by table, less what tells of backups."""
        with self.here():
            connection = db.session.connection(execution_options={"read_only": True})
            found = {
                shape.name: [list(row) for row in rows_of(connection, shape, table)]
                for shape, table in tables_of(connection).items()
                if shape.name != "backup"
            }
        found["audit_event"] = [row for row in found["audit_event"] if "backup" not in row]
        return found

    def files(self) -> dict[str, bytes]:
        """Files that rows name, by their place."""
        folders = ("evidence", "jobs", "uploads")
        found = [path for folder in folders for path in (self.data_dir / folder).glob("*")]
        return {str(path.relative_to(self.data_dir)): path.read_bytes() for path in found}

    def close(self) -> None:
        close_app(self.app)


def small(place: Installation) -> None:
    """One member with a record that counts, and a file at it."""
    content = b"%PDF-1.4 %%EOF"
    with place.here():
        make = Maker()
        campaign = make.campaign()
        with make.counted_once(campaign):
            record = make.record(campaign, member=make.member(name="张三"), minutes=60)
        make.evidence(record, content, sha256=hashlib.sha256(content).hexdigest(), added_at=NOW)


def fill(place: Installation) -> None:
    """One row of nearly everything with its files, somebody who can sign in, and one who is signed in."""
    with place.here():
        make = Maker()
        bureau = Bureau(make)
        World(make, bureau.campaign)
        user = make.user(Role.OFFICE, login="office", password_hash=QUICK.hash(PASSWORD))
        sent = {"key": "k" * 20, "content": "", "location": "/", "at": NOW}
        db.session.add(Submission(user_id=user.id, **sent))
        detail = {"名": None, "n": [1, "", 2**53, "\u0000"[1:], "𠮷"]}
        db.session.add(
            AuditEvent(
                at=NOW.replace(microsecond=7), actor_id=user.id, action="user:sign_in", detail=detail,
                subject_type="user_account", subject_id=user.id,
            )
        )  # fmt: skip
        bureau.one.parent_id = bureau.two.id  # a row that comes before the one that it refers to
        for batch in db.session.scalars(select(Batch)):
            content = b"PK" + bytes([batch.id])
            batch.path, batch.digest = f"uploads/{batch.id}.xlsx", hashlib.sha256(content).hexdigest()
            (place.data_dir / "uploads").mkdir(exist_ok=True)
            (place.data_dir / batch.path).write_bytes(content)
        for row in db.session.scalars(select(Evidence)):
            content = evidence.path_of(row.stored_as, place.data_dir).read_bytes()
            row.sha256 = hashlib.sha256(content).hexdigest()
        assert db.session.scalar(select(func.count()).select_from(UserSession))
    assert place.run("data", "recount").exit_code == 0
    assert place.run("data", "check").exit_code == 0
    first_keys(place.app.config["TRACKER"].seal_keys_path, "aes-256-gcm")  # the one that sealed particulars
    assert place.run("audit", "seal").exit_code == 0
