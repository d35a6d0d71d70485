"""What the doctor reads of the machine: mounts, who can read the keys, how much room there is."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from config import Config
from tracker.rules.doctor_facts import Installation, Room

MOUNTS = Path("/proc/self/mounts")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_installation(config: Config, root: Path, environ: Mapping[str, str]) -> Installation:
    """The settings and their machine, as they are now.

    root:    the program's folder.
    environ: the variables of this process; those of PostgreSQL's library are kept.
    """
    here = Installation(config=config, root=root)
    return replace(
        here,
        environ={name: value for name, value in environ.items() if name.startswith("PG")},
        mounts=read_mounts(MOUNTS),
        readable=tuple(path for path in _keys(config) if _is_open(path)),
        exposed=tuple(path for path in _of_ledger(here.sqlite_path) if _is_reached(path)),
        rooms=tuple(_rooms(config)),
    )


def read_mounts(table: Path) -> tuple[tuple[str, str], ...] | None:
    """Mount points and kinds of file system of a Linux mount table; None where there is none."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    parts = [line.split(" ") for line in lines]
    return tuple((_unescaped(part[1]), part[2]) for part in parts if len(part) > 2)


def _unescaped(point: str) -> str:
    r"""A mount point as it is: the table writes blanks, tabs, ends of lines and backslashes as octal \040."""
    for octal, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(octal, char)
    return point


def _keys(config: Config) -> Iterator[Path]:
    """Files whose readers could open what is sealed, or pass for somebody else."""
    yield config.seal_keys_path
    yield config.data_dir / "secret_key"
    yield config.backup_key_path


def _of_ledger(database: Path | None) -> Iterator[Path]:
    """The file of an SQLite ledger and what lies beside it, which holds its newest rows."""
    for ending in ("", "-wal", "-shm", "-journal") if database else ():
        yield Path(f"{database}{ending}")


def _is_reached(path: Path) -> bool:
    """Whether others can read a file, and come to it: a closed folder keeps them from it."""
    return _is_open(path) and _is_open(path.parent)


def _is_open(path: Path) -> bool:
    """Whether others than its owner have any right on a file or folder."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:  # not there, or in a folder that is closed to us too
        return False


def _rooms(config: Config) -> Iterator[Room]:
    """How full the data folder and the folder for temporary files are; as far as they are there."""
    for folder in (config.data_dir, Path(tempfile.gettempdir())):
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        yield Room(folder, usage.free, usage.total)
