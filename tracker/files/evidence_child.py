"""Looks into one file of evidence in a process of its own, under limits of memory and time.

It stands alone (the standard library and Pillow), because it is started by its path: `python -I
evidence_child.py`. Arguments: what the file is (picture, pdf, docx, xlsx), and the limits as JSON; the file
comes in on stdin. What goes out is a line of JSON, {"ok": suffix} or {"refused": code, "params": {…}}, and
behind it a picture encoded anew.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

SMALL = 8 * 2**20  # below this an unpacked file harms nobody, however well it was packed
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_LIVE = re.compile(r"vbaproject|vbadata|xl/macrosheets/|xl/dialogsheets/|activex", re.IGNORECASE)
_EMBEDDED = re.compile(r"(word|xl)/embeddings/|oleobject", re.IGNORECASE)
_LINKED = re.compile(r"xl/(externallinks/|connections\.xml|querytables/)", re.IGNORECASE)
# Keys of a PDF that make a reader do something, or that hide a file in it. All are too long to stand in
# packed data by chance, so the whole file is searched, whatever claims to be a stream or a comment.
_PDF_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFile|ImportData|SubmitForm)|/XFA\s*(?:\[|[0-9]+\s+[0-9]+\s+R)"
)
_PDF_LOCKED = re.compile(rb"/Encrypt\s*(?:<<|[0-9]+\s+[0-9]+\s+R)")
_PDF_PACKED = re.compile(rb"/ObjStm(.{0,400}?)stream\r?\n(.*?)endstream", re.DOTALL)
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


class RefusedFile(Exception):  # noqa: N818  (a refusal, as everywhere in this house)
    """The file is not taken. `code` stands for a sentence of tracker.files.evidence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def main() -> None:
    """Print what came of the file."""
    sort, limits = sys.argv[1], json.loads(sys.argv[2])
    memory, seconds = limits["memory"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    answer: dict[str, object]
    picture = b""
    try:
        if sort == "picture":
            suffix, picture = encode_anew(content, limits)
        else:
            suffix = sort
            if sort == "pdf":
                check_pdf(content, limits)
            else:
                check_document(content, sort, limits)
        answer = {"ok": suffix}
    except RefusedFile as refused:
        answer = {"refused": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"refused": "memory", "params": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)
    sys.stdout.buffer.flush()


def encode_anew(content: bytes, limits: dict[str, int]) -> tuple[str, bytes]:
    """The picture turned upright, no larger than need be, without anything but its pixels; and its ending."""
    from PIL import Image, ImageOps

    # Other warnings are about particulars that are thrown away: phones write odd ones.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > limits["pixels"]:
                raise RefusedFile("pixels", most=limits["pixels"] // 1_000_000)
            is_png = opened.format == "PNG"
            opened.thumbnail((limits["side"], limits["side"]))  # first: a large JPEG is decoded small
            ImageOps.exif_transpose(opened, in_place=True)
            has_alpha = "A" in opened.getbands() or "transparency" in opened.info
            kept = opened.convert("RGBA" if is_png and has_alpha else "RGB")
    except bombs as error:
        raise RefusedFile("pixels", most=limits["pixels"] // 1_000_000) from error
    except OSError as error:
        raise RefusedFile("truncated" if "truncated" in str(error) else "picture") from error
    except (MemoryError, RefusedFile):
        raise
    except Exception as error:  # whatever a decoder meets in a file that is not what it says
        raise RefusedFile("picture") from error
    kept.info.clear()  # comment, colour profile, resolution: Pillow would write them again
    out = io.BytesIO()
    if is_png:
        kept.save(out, "PNG")
        is_png = out.tell() <= limits["file"]
    if not is_png:  # a photograph that somebody saved as PNG
        out = io.BytesIO()
        kept.convert("RGB").save(out, "JPEG", quality=88)
    return ("png" if is_png else "jpg"), out.getvalue()


def check_pdf(content: bytes, limits: dict[str, int]) -> None:
    """Whole, not encrypted, and nothing in it that acts or is hidden. Plain rather than clever."""
    if b"%%EOF" not in content[-2048:]:
        raise RefusedFile("pdf_end")
    written = _spelled(content)
    for part in (written, *_object_streams(written, content, limits)):
        if _PDF_LOCKED.search(part):
            raise RefusedFile("pdf_locked")
        if _PDF_ACTS.search(part):
            raise RefusedFile("pdf_acts")


def _spelled(content: bytes) -> bytes:
    """Names with their escapes written out: /J#61vaScript is /JavaScript."""
    return _PDF_HEX.sub(lambda found: bytes([int(found[1], 16)]), content)


def _object_streams(written: bytes, content: bytes, limits: dict[str, int]) -> Iterator[bytes]:
    """What is written in packed object streams: keys may stand there as well."""
    if written.count(b"/ObjStm") != content.count(b"/ObjStm"):
        raise RefusedFile("pdf_packed")  # nobody spells that with escapes by accident
    room = limits["unpacked"]
    for found in _PDF_PACKED.finditer(content):
        try:
            unpacked = zlib.decompressobj().decompress(found[2], room)
        except zlib.error as error:
            raise RefusedFile("pdf_packed") from error
        room -= len(unpacked)
        if room <= 0:
            raise RefusedFile("unpacked", most=limits["unpacked"] // 2**20)
        yield _spelled(unpacked)


def check_document(content: bytes, sort: str, limits: dict[str, int]) -> None:
    """Look into the archive of a document or workbook: bounds; nothing that acts, is embedded or linked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist(), sort, limits)
            for part in archive.infolist():
                _check_part(part.filename, archive.read(part))
    except (MemoryError, RefusedFile):
        raise
    except Exception as error:  # whatever an archive raises that is not what it says
        raise RefusedFile("document") from error


def _check_parts(parts: list[zipfile.ZipInfo], sort: str, limits: dict[str, int]) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedFile("locked")
    if len(parts) > limits["parts"]:
        raise RefusedFile("parts", most=limits["parts"])
    names = [part.filename.lower() for part in parts]
    leads_out = any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names)
    is_odd = any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if leads_out or is_odd or len(set(names)) < len(names) or MAIN_PARTS[sort] not in names:
        raise RefusedFile("document")
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise RefusedFile("document")  # overlapping parts unpack to far more than the file holds
        end = part.header_offset + part.compress_size
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > limits["unpacked"] or (unpacked > SMALL and unpacked > limits["ratio"] * packed):
        raise RefusedFile("unpacked", most=limits["unpacked"] // 2**20)
    for pattern, code in ((_LIVE, "macros"), (_EMBEDDED, "embedded"), (_LINKED, "linked")):
        if any(pattern.search(name) for name in names):
            raise RefusedFile(code)


def _check_part(name: str, content: bytes) -> None:
    """One part: no document type, no macros by another name, no relation that fetches something."""
    if not name.lower().endswith((".xml", ".rels")):
        return
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise RefusedFile("document")
    if name == "[Content_Types].xml" and b"macroenabled" in content.lower():
        raise RefusedFile("macros")
    if name.lower().endswith(".rels"):
        for relation in ElementTree.fromstring(content):  # noqa: S314  (no DTD, in a process with limits)
            is_outside = relation.get("TargetMode", "").lower() == "external"
            if is_outside and not relation.get("Type", "").endswith("/hyperlink"):
                raise RefusedFile("linked")


if __name__ == "__main__":
    main()
