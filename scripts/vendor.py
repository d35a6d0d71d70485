"""Fetch the front-end files that pages use into static/vendor/, with their licences and digests.

Offices have no internet, so nothing in a page loads from another host: the few files are copied here, once,
and committed. Run by `make vendor`; needs npm, which fetches one package at a time and runs none of it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICONS = ROOT / "scripts" / "icons.txt"
PLOTLY_JS = "4.1.1"  # the one that plotly.py of requirements.in was made with; tests/test_vendor.py compares
SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Package:
    """One npm package: what is taken out of it, and the folder it goes to."""

    name: str
    version: str
    licence: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package("@tabler/icons", "3.51.0", "MIT", "icons", ("LICENSE",)),
    Package("htmx.org", "2.0.11", "0BSD", "htmx", ("dist/htmx.min.js", "LICENSE")),
    Package(
        "plotly.js-cartesian-dist-min", PLOTLY_JS, "MIT", "plotly", ("plotly-cartesian.min.js", "LICENSE")
    ),
    # Only the full package has the style sheet, which a strict content policy needs, and the locale.
    Package(
        "plotly.js", PLOTLY_JS, "MIT", "plotly", ("dist/plotly.css", "dist/plotly-locale-zh-cn.js", "LICENSE")
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """Unpack one package below `folder`; npm checks its digest against the registry's."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def icon_names() -> list[str]:
    """The icons that pages use, sorted."""
    lines = ICONS.read_text(encoding="utf-8").split("\n")
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sprite(icons: Path) -> str:
    """One SVG file with a symbol for each icon; drawn with the colour of the text around it."""
    ET.register_namespace("", SVG)
    symbols = []
    for name in icon_names():
        path = icons / f"{name}.svg"
        if not path.exists():
            raise SystemExit(f"@tabler/icons has no outline icon named {name!r}; mend scripts/icons.txt.")
        drawing = ET.parse(path).getroot()
        shapes = "".join(
            ET.tostring(shape, encoding="unicode").replace(f' xmlns="{SVG}"', "").strip()
            for shape in drawing
            if shape.get("stroke") != "none"  # the empty square that only marks the edges
        )
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
            f' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    note = "Outline icons of @tabler/icons, MIT licence: see icons/LICENSE. Made by scripts/vendor.py."
    return f'<svg xmlns="{SVG}">\n<!-- {note} -->\n' + "\n".join(symbols) + "\n</svg>\n"


def write_lists() -> None:
    """VERSIONS says what came from where; DIGESTS is read by `sha256sum --check` too."""
    versions = [f"{p.name} {p.version} {p.licence} {p.folder}/\n" for p in PACKAGES]
    (VENDOR / "VERSIONS").write_text("".join(versions), encoding="utf-8")
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path.name != "DIGESTS")
    digests = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(VENDOR).as_posix()}\n"
        for path in files
    ]
    (VENDOR / "DIGESTS").write_text("".join(digests), encoding="utf-8")
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files):,} bytes in {VENDOR}")


def main() -> int:
    """Replace static/vendor/ by what the packages hold now."""
    if shutil.which("npm") is None:
        print("npm is needed to fetch the front-end files (Debian: apt-get install npm).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "vendor"
        for number, package in enumerate(PACKAGES):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            source = fetch(package, folder)
            target = fresh / package.folder
            target.mkdir(parents=True, exist_ok=True)
            for file in package.files:
                shutil.copyfile(source / file, target / Path(file).name)
            if package.folder == "icons":
                (fresh / "icons.svg").write_text(sprite(source / "icons" / "outline"), encoding="utf-8")
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        shutil.copytree(fresh, VENDOR)
    write_lists()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
