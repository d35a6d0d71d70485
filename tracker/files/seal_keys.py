"""The file of keys under which particulars are sealed: beside the database, never in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import BAD_FILE, SealKey, new_key, read_keys, write_keys

NO_FILE = N_("The file of keys is missing. Nothing is lost if it is put back; tell the administrator.")


def load_keys(path: Path) -> list[SealKey]:
    """The keys, the one that seals last. Raises Refused if the file is not there or cannot be read."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise Refused(NO_FILE) from None
    except (OSError, UnicodeDecodeError):
        raise Refused(BAD_FILE) from None
    return read_keys(text)


def first_keys(path: Path, suite: str) -> list[SealKey]:
    """The keys of a new file, which only its owner can read. If somebody was faster, theirs."""
    drawn = _beside(path, [new_key([], suite)])
    try:
        os.link(drawn, path)  # whole or not at all, and never over another one
    except FileExistsError:
        pass
    finally:
        drawn.unlink()
    _keep_folder(path)
    return load_keys(path)


def add_key(path: Path, suite: str) -> list[SealKey]:
    """The keys with a new one that seals from now on; the file is replaced whole."""
    keys = load_keys(path)
    keys.append(new_key(keys, suite))
    _beside(path, keys).replace(path)
    _keep_folder(path)
    return keys


def _beside(path: Path, keys: Sequence[SealKey]) -> Path:
    """A new file beside `path` that holds these keys, safe on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(write_keys(keys))
        file.flush()
        os.fsync(file.fileno())
    return beside


def _keep_folder(path: Path) -> None:
    """The name of the file is safe on the disk too, before anything is sealed with what it holds."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
