"""The ZIP of a pack: files in the order given, and a list of them with their digests (清单)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PACKED_ON = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes
MANIFEST = "清单.json"
ALREADY_SMALL = (".xlsx", ".docx", ".png", ".zip")
CHUNK = 2**20
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class PackZip:
    """A ZIP that is written file by file. What goes in is never held in memory as a whole."""

    def __init__(self, target: Path) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._files: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes | Path) -> None:
        """One file; a path is read from the disk. Chinese names are marked as UTF-8."""
        info = zipfile.ZipInfo(name, PACKED_ON)
        info.external_attr = 0o644 << 16
        stored = name.endswith(ALREADY_SMALL)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        source = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
        with source, self._zip.open(info, "w", force_zip64=True) as into:
            while part := source.read(CHUNK):
                digest.update(part)
                size += len(part)
                into.write(part)
        self._files.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})

    @property
    def count(self) -> int:
        """How many files are in it so far, the list of files not among them."""
        return len(self._files)

    def __enter__(self) -> PackZip:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def list_files(self, about: Mapping[str, Any]) -> None:
        """Write the list of files, with `about` before it: the last thing that goes in."""
        listed = json.dumps({**about, "files": self._files}, ensure_ascii=False, indent=1)
        info = zipfile.ZipInfo(MANIFEST, PACKED_ON)
        info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
        self._zip.writestr(info, listed)


def csv_bytes(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table that every program of tables opens in UTF-8. A text is never a formula."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for row in (headings, *rows):
        writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", "replace")


def _harmless(cell: object) -> object:
    """A text that a program would take for a formula gets an apostrophe, as such programs write it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def file_name(text: str) -> str:
    """A name that every system takes for a file, as close to `text` as can be."""
    kept = "".join("_" if one in '<>:"/\\|?*' or ord(one) < 32 else one for one in text)
    kept = kept.encode("utf-8", "ignore").decode().strip(". ")
    return kept[:60].rstrip(". ") or "_"
