"""LibreOffice as a reader of our documents: what it makes of them, page by page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests import databases

needs_writer = pytest.mark.skipif(
    not databases.is_ci() and not (shutil.which("soffice") and shutil.which("pdftoppm")),
    reason="no LibreOffice (libreoffice-writer-nogui) or no pdftoppm (poppler-utils)",
)
DPI = 150
# The standard's fonts are licensed and on no test machine: what stands in for them is as wide.
STANDING_IN = {
    "仿宋_GB2312": "Noto Serif CJK SC", "楷体_GB2312": "Noto Serif CJK SC", "宋体": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC",
}  # fmt: skip


def as_pdf(folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Open each file and write it as PDF. files: name → content; the answer is by the same names."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{other}</family></prefer></alias>'
        for name, other in STANDING_IN.items()
    )
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><include>/etc/fonts/fonts.conf</include>{aliases}</fontconfig>", encoding="utf-8"
    )
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    environ = {**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(folder)}
    paths = [str(folder / name) for name in files]
    subprocess.run([*command, *paths], check=True, timeout=120, capture_output=True, env=environ)
    return {name: (folder / name).with_suffix(".pdf") for name in files}


def words_of(pdf: Path) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]


def pages_of(pdf: Path) -> list[Image.Image]:
    """A picture of each page, at DPI."""
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(pdf), str(stem)], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(pdf.parent.glob(f"{stem.name}-*.png"))]


def px(millimetres: float) -> int:
    """Pixels of a picture."""
    return round(millimetres / 25.4 * DPI)


def stripes(picture: Image.Image, *, upright: bool = False, least: int = 1) -> list[tuple[int, int]]:
    """Runs of rows (columns if upright) that have at least `least` dark pixels: (first, behind the last)."""
    grey = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
    if upright:
        grey = grey.transpose(Image.Transpose.TRANSPOSE)
    data, width = grey.tobytes(), grey.width
    dark = [data[row * width : (row + 1) * width].count(255) >= least for row in range(grey.height)]
    found, start = [], None
    for n, is_dark in enumerate([*dark, False]):
        if is_dark and start is None:
            start = n
        elif not is_dark and start is not None:
            found.append((start, n))
            start = None
    return found
