"""Numbers 48 to 58 of the hostile files: pictures. What they say beside their pixels carries a mark."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from tests.files.evidence_files import GPS, archive, picture
from tests.proof.hostile_workbooks import packed

MARK = b"storm-evil-mark"  # must not be left in any file that is kept
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def head(width: int, height: int, bits: int = 1) -> bytes:
    """The first part of a grey PNG."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))


def black(side: int) -> bytes:
    """A black PNG of side × side: small, since nothing in it differs."""
    row = bytes(1 + (side + 7) // 8)
    size = len(row) * side
    pixels = b"\x78\x9c" + packed(row, side).packed + struct.pack(">I", size % 65521 << 16 | 1)
    return PNG + head(side, side) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def lying() -> bytes:
    """A PNG of which one part is said to be of 2 GiB."""
    content = picture("PNG")
    at = content.index(b"IDAT")
    return content[: at - 4] + struct.pack(">I", 2**31 - 1) + content[at:]


def moving() -> bytes:
    """A PNG that says it has 10,000 frames."""
    content = picture("PNG")
    at = content.index(b"IDAT") - 4
    control = struct.pack(">IIIIIHHBB", 0, 1, 1, 0, 0, 1, 100, 0, 0)
    frames = b"".join(chunk(b"fcTL", control) for _ in range(10_000))
    return content[:at] + chunk(b"acTL", struct.pack(">II", 10_000, 0)) + frames + content[at:]


def photograph(tags: dict[int, object]) -> bytes:
    """A JPEG that says something about itself."""
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    exif[0x010F] = MARK.decode()
    return picture(exif=exif, comment=MARK)


def webp() -> bytes:
    """A WebP of 16,383 × 16,383, the largest there is, in few bytes."""
    content = bytearray(picture("WEBP", size=(8, 8)))
    at = content.find(b"\x9d\x01\x2a")
    if at > 0:
        struct.pack_into("<HH", content, at + 3, 16_383, 16_383)
    return bytes(content)


def tiff() -> bytes:
    """A TIFF, as scanners make them."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "TIFF")
    return out.getvalue()


PLACE = {1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)}
PICTURES = (
    (48, "PNG of 13,000 × 13,000", "图.png", lambda: black(13_000), False),
    (49, "PNG of 50,000 × 50,000", "图.png", lambda: black(50_000), False),
    (50, "PNG with a wrong length", "图.png", lying, True),
    (51, "PNG of 10,000 frames", "图.png", moving, True),
    (52, "JPEG with a place", "图.jpg", lambda: photograph({GPS: PLACE}), True),
    (53, "JPEG with a page in its particulars", "图.jpg", lambda: photograph(
        {0x010E: "<script>" + MARK.decode()}), True),
    (54, "JPEG turned by an impossible number", "图.jpg", lambda: photograph({0x0112: 999}), True),
    (55, "JPEG that is an archive too", "图.jpg", lambda: picture() + archive({"evil.xml": MARK}), True),
    (56, "GIF that is a script too", "图.gif", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", False),
    (57, "TIFF", "图.tif", tiff, False),
    (58, "WebP bomb", "图.webp", webp, False),
)  # fmt: skip
