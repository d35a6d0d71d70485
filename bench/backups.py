"""What making, proving and restoring a backup of a large ledger takes, in seconds and MiB of memory.

    python bench/backups.py [RECORDS] [MIB] [FROM] [INTO]

Builds the bureau of bench/large_ledger.py with RECORDS verified records (200,000 unless told) and files of
evidence of MIB together (1024) on the database FROM (sqlite), and restores into INTO (sqlite), each step in a
process of its own. Exits 1 if the restore takes more than five minutes, proving it included.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import flask_migrate
from sqlalchemy import insert, select

from bench.large_ledger import fill
from tests import databases
from tests.conftest import close_app, config_for, make_app
from tests.maker import NOW
from tracker.db import db
from tracker.models import Evidence, Record

ROOT = Path(__file__).resolve().parent.parent
# A command that says at its end how much memory it held at most.
RUN = """
import atexit, sys
def said():
    lines = open("/proc/self/status").read().splitlines()
    print(next(line for line in lines if line.startswith("VmHWM")), file=sys.stderr)
atexit.register(said)
from flask.cli import main
main()
"""
EACH = 2**20  # bytes of a file
MOST = 300.0  # seconds of a restore


def build(url: str, folder: Path, records: int, mib: int) -> None:
    """A large ledger and its files."""
    app = make_app(config_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade()
        large = fill(records)
        ids = db.session.scalars(select(Record.id).order_by(Record.id).limit(mib)).all()
        (folder / "evidence").mkdir()
        rows = []
        for number, record_id in enumerate(ids):
            content, name = secrets.token_bytes(EACH), f"{number:032x}"
            (folder / "evidence" / name).write_bytes(content)
            rows.append(
                {"record_id": record_id, "stored_as": name, "name": "照片.jpg", "media_type": "image/jpeg",
                 "size": EACH, "sha256": hashlib.sha256(content).hexdigest(), "added_by_id": large.office_id,
                 "added_at": NOW}
            )  # fmt: skip
        if rows:
            db.session.execute(insert(Evidence), rows)
        db.session.commit()
    close_app(app)


def step(url: str, folder: Path, *args: str) -> float:
    """Run one command; prints what it took and returns its seconds."""
    environ = {
        **os.environ, "TRACKER_DATABASE_URL": url, "TRACKER_DATA_DIR": str(folder),
        "TRACKER_ENVIRONMENT": "testing", "TRACKER_JOBS": "manual",
        "TRACKER_SECRET_KEY": "only-for-tests-" * 4,
    }  # fmt: skip
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--app", "wsgi", *args],
        cwd=ROOT, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    taken = time.perf_counter() - started
    print(f"{' '.join(args[:2]):16} {taken:7.1f} s   {int(done.stderr.split()[-2]) // 1024} MiB")
    return taken


def main() -> None:
    given = sys.argv[1:] + ["200000", "1024", "sqlite", "sqlite"][len(sys.argv) - 1 :]
    records, mib = int(given[0]), int(given[1])
    backends = {name: databases.BACKENDS[name]() for name in {given[2], given[3]}}
    for backend in backends.values():
        backend.start()
    try:
        with tempfile.TemporaryDirectory(prefix="tracker-backups-") as folder:
            old, new, archive = Path(folder) / "old", Path(folder) / "new", str(Path(folder) / "a.backup")
            source, target = backends[given[2]].create(), backends[given[3]].create()
            old.mkdir()
            build(source, old, records, mib)
            print(f"{records} records, {mib} MiB of files, {given[2]} into {given[3]}")
            step(source, old, "backup", "create", "--out", archive)
            print(f"archive          {os.path.getsize(archive) / 2**20:7.1f} MiB")
            key = str(old / "backup_key")
            step(source, old, "backup", "verify", archive, "--key", key)
            restored = step(target, new, "backup", "restore", archive, "--key", key, "--commit")
            step(target, new, "data", "check")
    finally:
        for backend in backends.values():
            backend.stop()
    sys.exit(restored > MOST)


if __name__ == "__main__":
    main()
