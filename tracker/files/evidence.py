"""A file of evidence from outside: checked by its content in a child process, or refused with what to do."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from tracker.rules.evidence import MEDIA_TYPES, clean_name, shown_name
from tracker.rules.refusal import N_, Refused

CHILD = Path(__file__).with_name("evidence_child.py")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PDF = "pdf"

_SENTENCES: dict[str, str] = {
    "empty": N_("“%(name)s” is empty. Save it again and choose it again."),
    "size": N_("“%(name)s” is larger than %(most)s MiB. Make it smaller, or send it in parts."),
    "old": N_(
        "“%(name)s” is in an old Office format, or protected by a password. Save it as .docx, .xlsx or PDF."
    ),
    "heic": N_(
        "“%(name)s” is a HEIC picture. Save it as JPG, or choose “most compatible” in the phone's camera."
    ),
    "image": N_("“%(name)s” is a picture of another kind. Save it as JPG or PNG."),
    "archive": N_("“%(name)s” is a packed archive. Unpack it and choose the files in it one by one."),
    "other": N_("“%(name)s” is none of PDF, JPG, PNG, DOCX and XLSX. Save it as one of these."),
    "picture": N_("“%(name)s” cannot be read as a picture. Open it, save it as JPG and choose that."),
    "truncated": N_("“%(name)s” breaks off in the middle. Copy it from the camera or phone once more."),
    "pixels": N_("“%(name)s” has more than %(most)s million pixels. Save it smaller."),
    "pdf_end": N_("“%(name)s” breaks off before its end. Save the PDF again."),
    "pdf_locked": N_("“%(name)s” is protected by a password. Save the PDF without one."),
    "pdf_acts": N_(
        "“%(name)s” holds scripts, forms that act, or other files. Print it to a new PDF and choose that."
    ),
    "pdf_packed": N_("“%(name)s” is packed in a way that cannot be looked into. Print it to a new PDF."),
    "document": N_("“%(name)s” is damaged or incomplete. Open it in Word, Excel or WPS and save it again."),
    "locked": N_("“%(name)s” is protected by a password. Remove it and save the file again."),
    "parts": N_("“%(name)s” consists of more than %(most)s parts. Save it as PDF."),
    "unpacked": N_("“%(name)s” unpacks to far more than %(most)s MiB or than it should. Save it as PDF."),
    "macros": N_("“%(name)s” contains macros. Save it as .docx or .xlsx, which hold none."),
    "embedded": N_("“%(name)s” has other files embedded. Take them out, or save it as PDF."),
    "linked": N_("“%(name)s” fetches something from outside. Save it as PDF."),
    "memory": N_("“%(name)s” takes too much memory to look into. Make it smaller."),
    "time": N_("“%(name)s” takes too long to look into. Make it smaller."),
    "crash": N_("“%(name)s” could not be looked into. Save it again, or as PDF."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for.

    file, unpacked, memory: bytes. pixels: of a picture as it came; side: the longest of it as it is kept.
    """

    file: int = 10 * 2**20
    unpacked: int = 128 * 2**20
    parts: int = 500
    ratio: int = 50
    pixels: int = 40_000_000
    side: int = 4_000
    memory: int = 512 * 2**20
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its cleaned name, its true type, its bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_file(stream: BinaryIO, filename: str, limits: Limits | None = None) -> CheckedFile:
    """The file as it is kept. Pictures are encoded anew, so that nothing but pixels is left of them.

    filename: as the browser called it; it decides nothing.
    Raises    Refused (field "files") with what the user can do.
    """
    limits = limits or Limits()
    content = stream.read(limits.file + 1)
    if not content:
        raise _refused("empty", filename, {})
    if len(content) > limits.file:
        raise _refused("size", filename, {"most": limits.file // 2**20})
    sort = _sort_of(content)
    if sort not in ("picture", *MEDIA_TYPES):
        raise _refused(sort, filename, {})
    suffix, picture = _look_into(content, sort, filename, limits)
    return CheckedFile(clean_name(filename, suffix), MEDIA_TYPES[suffix], picture or content)


def _sort_of(content: bytes) -> str:
    """What the first bytes say: picture, pdf, docx, xlsx; else the code of a refusal."""
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return "picture"
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        if b"word/document.xml" in content:
            return "docx"
        return "xlsx" if b"xl/workbook.xml" in content else "archive"
    if content.startswith(OLE):
        return "old"
    if content[4:8] == b"ftyp":
        return "heic" if content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc") else "other"
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if is_webp or content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        return "image"
    return "archive" if content.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")) else "other"


def _look_into(content: bytes, sort: str, filename: str, limits: Limits) -> tuple[str, bytes]:
    """The true ending, and a picture's new bytes (b"" for everything else)."""
    command = [sys.executable, "-I", str(CHILD), sort, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, env={}, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refused("time", filename, {}) from None
    line, _, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        is_memory = b"memory" in done.stderr.lower()
        raise _refused("memory" if is_memory else "crash", filename, {})
    answer = json.loads(line)
    if "refused" in answer:
        raise _refused(str(answer["refused"]), filename, answer["params"])
    return str(answer["ok"]), rest


def _refused(code: str, filename: str, params: dict[str, object]) -> Refused:
    return Refused(_SENTENCES.get(code, _SENTENCES["crash"]), "files", name=shown_name(filename), **params)
