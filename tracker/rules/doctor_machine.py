"""The doctor's checks of the machine: file systems, rights on files, room, programs (security.md § 6)."""

from __future__ import annotations

from pathlib import Path

from tracker.rules.doctor import Check, Fault, State
from tracker.rules.doctor_facts import Installation
from tracker.rules.refusal import N_

# File systems behind a network: SQLite's locks and its shared memory do not hold there.
NETWORK = {
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.davfs", "fuse.glusterfs",
    "fuse.juicefs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs", "gfs2", "glusterfs", "gpfs", "lustre",
    "ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "orangefs", "smb", "smb3", "smbfs", "vboxsf", "virtiofs",
}  # fmt: skip
LEAST_FREE, LEAST_SHARE = 2**30, 0.05  # bytes, and of the whole
CODE_FOLDERS = ("tracker", "static", "templates", "migrations")


def _mount_of(path: Path, mounts: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Mount point and kind of the file system that holds a path: the longest point, of equals the last."""
    holding = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
    return max(reversed(holding), key=lambda pair: len(pair[0]), default=("", ""))


def _is_far(here: Installation) -> Fault:
    path = here.sqlite_path
    if path is None:
        return None
    if here.mounts is None:
        return {"path": path, "kind": "?"}
    kind = _mount_of(path, here.mounts)[1]
    return {"path": path, "kind": kind} if kind in NETWORK else None


def _keys_are_open(here: Installation) -> Fault:
    return {"files": ", ".join(map(str, here.readable))} if here.readable else None


def _ledger_is_open(here: Installation) -> Fault:
    return {"files": ", ".join(map(str, here.exposed))} if here.exposed else None


def _key_lies_with_archives(here: Installation) -> Fault:
    """Whether whoever takes one folder or disk has archives and key, and whoever loses it has neither."""
    key, archives = here.config.backup_key_path, here.config.backups_path
    folder = key.parent
    is_one_disk = bool(here.mounts) and _mount_of(key, here.mounts or ()) == _mount_of(
        archives, here.mounts or ()
    )
    is_one_folder = archives.is_relative_to(folder) or folder.is_relative_to(archives)
    return {"key": key, "folder": archives} if is_one_disk or is_one_folder else None


def _is_served(here: Installation) -> Fault:
    folder = here.config.data_dir
    inside = [name for name in CODE_FOLDERS if folder.is_relative_to(here.root / name)]
    return {"folder": folder} if inside or folder == here.root else None


def _lies_beside(here: Installation) -> Fault:
    folder = here.config.data_dir
    beside = folder.is_relative_to(here.root) and _is_served(here) is None
    return {"folder": folder} if beside else None


def _is_nearly_full(here: Installation) -> Fault:
    for room in here.rooms:
        if room.free < LEAST_FREE or room.free < LEAST_SHARE * room.total:
            return {"folder": room.folder, "free": room.free // 2**20}
    return None


def _has_no_chromium(here: Installation) -> Fault:
    return None if here.config.chromium else {}


REFUSED, WARNED = State.REFUSED, State.WARNED
MACHINE: tuple[Check[Installation], ...] = (
    Check(
        "network-files", N_("The file system under the ledger"), REFUSED,
        N_("%(path)s lies on a file system of kind “%(kind)s”, where SQLite's locks cannot be relied on. "
           "Move it to a disk of this machine, or use PostgreSQL."),
        _is_far, bends=True,
    ),
    Check(
        "key-files", N_("Who can read the files of keys"), REFUSED,
        N_("Others can read %(files)s. Close it: chmod 600, owned by the account under which the tracker "
           "runs."),
        _keys_are_open,
    ),
    Check(
        "ledger-files", N_("Who can read the files of the database"), REFUSED,
        N_("Others can read %(files)s. Close the files and their folder: chmod 600 and 700, owned by the "
           "account under which the tracker runs."),
        _ledger_is_open,
    ),
    Check(
        "backup-apart", N_("Whether backups and their key lie apart"), WARNED,
        N_("The key %(key)s and the archives in %(folder)s lie in one folder or on one disk: whoever takes "
           "it reads everything, and whoever loses it restores nothing. Set TRACKER_BACKUPS or "
           "TRACKER_BACKUP_KEY to another disk, and keep a copy of the key elsewhere."),
        _key_lies_with_archives,
    ),
    Check(
        "data-folder", N_("Where files are kept"), REFUSED,
        N_("%(folder)s is part of the program, where files may be served or run. Set TRACKER_DATA_DIR to a "
           "folder of its own."),
        _is_served,
    ),
    Check(
        "data-beside", N_("Whether the data outlive the program"), WARNED,
        N_("%(folder)s lies in the program's folder: whoever replaces the one throws away the other. Set "
           "TRACKER_DATA_DIR to a folder elsewhere."),
        _lies_beside,
    ),
    Check(
        "disk", N_("Free space"), WARNED,
        N_("%(folder)s has %(free)s MiB left. Make room before nothing can be entered any more."),
        _is_nearly_full,
    ),
    Check(
        "chromium", N_("What draws charts as pictures"), WARNED,
        N_("There is no Chromium: in documents, tables stand where charts would. Install it, or name it in "
           "TRACKER_CHROMIUM."),
        _has_no_chromium,
    ),
)  # fmt: skip
