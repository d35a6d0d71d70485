"""Files for evidence, harmless and hostile, each made by a few lines."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
GPS = 0x8825
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%b</Relationships>'
)


def picture(sort: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, sort, **more)
    return out.getvalue()


def from_a_phone() -> bytes:
    """A photograph that lies on its side, with the place where it was taken, a maker and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "PHONE-MAKER"
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)}
    return picture(exif=exif, comment=b"taken at home")


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    """A document; `more` are further parts, a double underline standing for a slash."""
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"}
    return archive(parts | {name.replace("__", "/"): content for name, content in more.items()})


def linked(target: str, sort: str) -> bytes:
    """A relation to something outside."""
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{sort}"
    return (
        RELATIONS % f'<Relationship Id="r1" Type="{kind}" Target="{target}" TargetMode="External"/>'.encode()
    )
