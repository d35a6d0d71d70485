"""The archive of a backup: a sealed tar of neutral rows and files, with what must be in it at the end.

    about.json · rows/TABLE/NUMBER (zlib, one JSON list a line) … · files/PATH … · manifest.json

It is written and read as a stream: neither a table nor a file is ever held whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tracker.files.sealed_stream import CHUNK, OpeningReader, SealingWriter
from tracker.rules.backups import (
    DAMAGED,
    SAFE_FILE,
    About,
    TableShape,
    about_from,
    file_named,
    names_files,
)
from tracker.rules.refusal import Refused
from tracker.rules.seals import SealKey

PART = 2**20  # bytes of rows, before they are packed
LEVEL = 1  # of zlib: backups are made often
_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(slots=True)
class Contents:
    """What an archive holds.

    rows:    table → how many, and the SHA-256 of their lines.
    files:   name → bytes, and their SHA-256.
    lacking: files that rows name and that were not there, or not as they had been kept, when it was made.
    """

    about: About
    rows: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    @property
    def row_count(self) -> int:
        return sum(count for count, _ in self.rows.values())


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table, in their lines."""

    table: TableShape
    lines: bytes

    def parsed(self) -> list[list[Any]]:
        """The rows, each with one value for each column."""
        rows = [json.loads(line) for line in self.lines.splitlines()]
        if any(len(row) != len(self.table.columns) for row in rows):
            raise Refused(DAMAGED)
        return rows


@dataclass(frozen=True, slots=True)
class FileIn:
    """One file, to be read before the next entry is asked for."""

    name: str
    stream: BinaryIO


class _Counting(io.RawIOBase):
    """Reads from another stream and keeps the digest and the length of what it gave."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.sha256, self.length = source, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(size)
        self.sha256.update(found)
        self.length += len(found)
        return found


class ArchiveWriter:
    """Writes an archive: rows of each table, then files, then `finish`; within `with`."""

    def __init__(self, target: BinaryIO, key: SealKey, about: About) -> None:
        self._sealed = SealingWriter(target, key)
        self._tar = tarfile.open(fileobj=self._sealed, mode="w|", bufsize=CHUNK)  # noqa: SIM115  (`finish` closes)
        self.contents = Contents(about)
        self._named: dict[str, str | None] = {}
        self._add("about.json", json.dumps(about.as_json()).encode())

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_error: object) -> None:
        """What was not finished is given up, so that the tar has nowhere to write its end to."""
        self._sealed.give_up()
        self._tar.close()

    def add_rows(self, table: TableShape, rows: Iterable[Sequence[Any]]) -> None:
        """Take all rows of a table."""
        held, size, count, parts, sha256 = [], 0, 0, 0, hashlib.sha256()
        for row in rows:
            if names_files(table.name) and (named := file_named(table, row)):
                self._named[named[0]] = named[1]
            line = (_line(row) + "\n").encode()
            held.append(line)
            size, count = size + len(line), count + 1
            if size >= PART:
                self._add_part(table, parts, held, sha256)
                held, size, parts = [], 0, parts + 1
        if held:
            self._add_part(table, parts, held, sha256)
        self.contents.rows[table.name] = (count, sha256.hexdigest())

    def _add_part(self, table: TableShape, number: int, held: list[bytes], sha256: Any) -> None:
        lines = b"".join(held)
        sha256.update(lines)
        self._add(f"rows/{table.name}/{number:06}", zlib.compress(lines, LEVEL))

    def add_file(self, name: str, path: Path) -> None:
        """Take a file. name: below the data folder, as the row has it."""
        with path.open("rb") as file:
            counting = _Counting(file)
            entry = tarfile.TarInfo(f"files/{name}")
            entry.size, entry.mode = path.stat().st_size, 0o600
            self._tar.addfile(entry, counting)
        self.contents.files[name] = (counting.length, counting.sha256.hexdigest())

    def finish(self) -> Contents:
        """Write what must be in it, and the end."""
        files = self.contents.files
        lacking = [name for name, kept in self._named.items() if not _is_kept(files.get(name), kept)]
        self.contents.lacking = tuple(sorted(lacking))
        said = {"rows": self.contents.rows, "files": files, "lacking": self.contents.lacking}
        self._add("manifest.json", json.dumps(said).encode())
        self._tar.close()
        self._sealed.finish()
        return self.contents

    def _add(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self._tar.addfile(entry, io.BytesIO(content))


def _is_kept(found: tuple[int, str] | None, sha256: str | None) -> bool:
    """Whether a file is there as its row says; None: the row says nothing of its digest."""
    return found is not None and sha256 in (None, found[1])


def entries(
    source: BinaryIO, keys: Sequence[SealKey], where: str
) -> Iterator[About | Rows | FileIn | Contents]:
    """What an archive holds, in its order: what it is, rows, files, and at the end all of it proved.

    Only with the last entry (Contents) the archive is known to be whole. where: the name of the file of keys.
    Raises Refused: no backup, another key, damaged, or not holding what it must.
    """
    opened = OpeningReader(source, keys, where)
    try:
        yield from _entries(opened)
    except (tarfile.TarError, zlib.error, ValueError, KeyError, TypeError, EOFError):
        raise Refused(DAMAGED) from None


def _entries(opened: OpeningReader) -> Iterator[About | Rows | FileIn | Contents]:
    said: Mapping[str, Any] | None = None
    named: dict[str, str | None] = {}
    with tarfile.open(fileobj=opened, mode="r|", bufsize=CHUNK) as tar:
        first = tar.next()
        if first is None or first.name != "about.json":
            raise Refused(DAMAGED)
        contents = Contents(about_from(json.loads(_content(tar, first))))
        yield contents.about
        tables = {table.name: table for table in contents.about.tables}
        digests = {name: hashlib.sha256() for name in tables}
        counts = dict.fromkeys(tables, 0)
        for member in tar:
            sort, _, rest = member.name.partition("/")
            if said is not None or (sort == "files" and not SAFE_FILE.fullmatch(rest)):
                raise Refused(DAMAGED)
            if sort == "rows":
                rows = Rows(tables[rest.partition("/")[0]], zlib.decompress(_content(tar, member)))
                digests[rows.table.name].update(rows.lines)
                counts[rows.table.name] += rows.lines.count(b"\n")
                named.update(_named(rows))
                yield rows
            elif sort == "files":
                stream = tar.extractfile(member)
                counting = _Counting(stream)  # type: ignore[arg-type]  # a file, not a folder: it has content
                yield FileIn(rest, counting)  # type: ignore[arg-type]  # it is read from only
                while counting.read(CHUNK):
                    pass
                contents.files[rest] = (counting.length, counting.sha256.hexdigest())
            elif member.name == "manifest.json":
                said = json.loads(_content(tar, member))
    while opened.read(CHUNK):  # to the last chunk, whose proof is that nothing is missing
        pass
    contents.rows = {name: (counts[name], digests[name].hexdigest()) for name in tables}
    contents.lacking = tuple(said["lacking"]) if said is not None else ()
    if said is None or not _agrees(contents, said, named):
        raise Refused(DAMAGED)
    yield contents


def _named(rows: Rows) -> dict[str, str | None]:
    """The files that these rows name, each with its digest."""
    if not names_files(rows.table.name):
        return {}
    return dict(found for row in rows.parsed() if (found := file_named(rows.table, row)) is not None)


def _agrees(contents: Contents, said: Mapping[str, Any], named: Mapping[str, str | None]) -> bool:
    """Whether what was read is what was written, and every file that a row names is there as it was kept."""
    rows = {name: tuple(one) for name, one in said["rows"].items()}
    files = {name: tuple(one) for name, one in said["files"].items()}
    whole = all(
        name in contents.lacking or _is_kept(contents.files.get(name), kept) for name, kept in named.items()
    )
    return rows == contents.rows and files == contents.files and whole


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    if stream is None:
        raise Refused(DAMAGED)
    return stream.read()


def check_archive(path: Path, keys: Sequence[SealKey], where: str) -> Contents:
    """Read an archive from its first byte to its last and prove all of it. Needs no database.

    Raises Refused: no backup, another key, damaged, or not holding what it must.
    """
    with path.open("rb") as source:
        for entry in entries(source, keys, where):
            if isinstance(entry, Contents):
                return entry
    raise Refused(DAMAGED)
