"""Half-done backups and restores on the disk: one at a time, and nothing of them stays."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker.files.store import FOLDERS, PART, path_of
from tracker.rules.backups import moment_of
from tracker.rules.refusal import N_, Refused

WORK = (
    "backup-work"  # in the data folder, on the disk of the files, so that they can be held by a second name
)
FILES = "files"  # in it: what a restore unpacked
PLACED = "placed"  # in it: a restore began to put its files into place
BUSY = N_("A backup or a restore is running already. Try again when it is done.")
HAS_FILES = N_(
    "The folder %(folder)s holds files already: this is no empty installation. Nothing was changed; restore"
    " into a new data folder."
)


@contextmanager
def alone(data_dir: Path) -> Iterator[Path]:
    """The folder of half-done work, which is this process's until it is left, or until it dies.

    The lock is on a file that is open for writing: where several hosts share the data folder over NFS, only
    such a lock holds between them. What a killed one left stays in the folder until the first `empty`.
    Raises Refused if another one is at work.
    """
    work = data_dir / WORK
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / f"{WORK}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(BUSY) from None
        try:
            yield work
        finally:
            empty(work)
    finally:
        os.close(handle)  # lets go of the lock


def empty(work: Path) -> None:
    """Delete all that is in the folder of half-done work."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def hold(work: Path, data_dir: Path, names: Iterable[str]) -> dict[str, Path]:
    """Give files a second name, so that they stay when somebody removes them meanwhile.

    Returns name → where it can be read; files that are not there are left out.
    """
    held: dict[str, Path] = {}
    for number, name in enumerate(names):
        source, target = path_of(name, data_dir), work / f"{number}"
        try:
            os.link(source, target)
        except FileNotFoundError:
            continue
        except OSError:  # a disk that knows no second names
            shutil.copyfile(source, target)
        held[name] = target
    return held


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def drop_parts(folder: Path) -> None:
    """Delete archives that a killed process left half written."""
    for path in folder.glob(f"*{PART}"):
        if moment_of(path.name.removesuffix(PART)) is not None:
            path.unlink()


def unpack(work: Path, name: str, stream: BinaryIO) -> None:
    """Write a file of an archive into the folder of half-done work. name: proved to be safe."""
    target = work / FILES / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "xb", opener=_own) as file:
        shutil.copyfileobj(stream, file, 2**20)


def make_room(work: Path, data_dir: Path) -> None:
    """Before a restore into a database without rows: delete what a killed restore put into place.

    Raises Refused if there are other files.
    """
    for folder in FOLDERS if (work / PLACED).exists() else ():
        shutil.rmtree(data_dir / folder, ignore_errors=True)
    empty(work)
    for folder in FOLDERS:
        if (data_dir / folder).is_dir() and any((data_dir / folder).iterdir()):
            raise Refused(HAS_FILES, folder=str(data_dir / folder))


@contextmanager
def placed(work: Path, data_dir: Path) -> Iterator[None]:
    """Put unpacked files into place, and take them back if what follows fails: the end of the transaction."""
    (work / PLACED).touch()
    os.sync()  # all of them at once, before the first row names one
    moved = []
    try:
        for folder in FOLDERS:
            if (work / FILES / folder).is_dir():
                os.replace(work / FILES / folder, data_dir / folder)
                moved.append(folder)
        yield
    except BaseException:
        for folder in moved:
            shutil.rmtree(data_dir / folder)
        raise
