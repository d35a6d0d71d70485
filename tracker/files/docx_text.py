"""The text of a document from outside: read in a child process, or refused with what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from tracker.files.evidence import Limits as LookedInto
from tracker.files.evidence import check_file
from tracker.rules.evidence import MEDIA_TYPES
from tracker.rules.refusal import N_, Refused

CHILD = Path(__file__).with_name("docx_text_child.py")

_SENTENCES: dict[str, str] = {
    "other": N_("This is no Word document (.docx). Save the draft as .docx, or paste its text."),
    "long": N_("The document has more than %(most)s characters. Paste it in parts."),
    "document": N_("The document is damaged. Open it in Word or WPS and save it again, or paste its text."),
    "memory": N_("Reading the document takes too much memory. Paste its text."),
    "time": N_("Reading the document takes longer than %(seconds)s seconds. Paste its text."),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a document may ask for. file, unpacked, memory: bytes."""

    file: int = 10 * 2**20
    unpacked: int = 64 * 2**20
    characters: int = 40_000
    memory: int = 512 * 2**20
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class DocxText:
    """A line a paragraph or row, its cells told apart by tabs. pictures: their numbers are not read."""

    text: str
    pictures: int


def read_docx(stream: BinaryIO, filename: str, limits: Limits | None = None) -> DocxText:
    """Every text of a .docx file: headers, body, tables, text boxes, notes; what was deleted in it is none.

    filename: as the browser called it; the content decides what it is.
    Raises    Refused (field "file") for anything but a harmless document within the limits: macros, a
              template or picture from elsewhere, embedded files, a password, a bomb, a document type.
    """
    limits = limits or Limits()
    try:
        checked = check_file(stream, filename, LookedInto(limits.file, limits.unpacked))
    except Refused as refusal:
        raise Refused(refusal.msgid, "file", **refusal.params) from None
    if checked.media_type != MEDIA_TYPES["docx"]:
        raise _refused("other")
    command = [sys.executable, "-I", str(CHILD), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command, input=checked.content, capture_output=True, env={}, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refused("time", seconds=limits.seconds) from None
    if done.returncode != 0 or not done.stdout:
        raise _refused("memory" if b"memory" in done.stderr.lower() else "document")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise _refused(answer["refused"], most=limits.characters)
    return DocxText(answer["text"], answer["pictures"])


def _refused(code: str, **params: object) -> Refused:
    return Refused(_SENTENCES[code], "file", **params)
