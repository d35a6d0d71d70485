"""The vendored front-end files are those that were fetched, with their licences, and fit plotly.py."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET

from plotly.offline import get_plotlyjs_version

from scripts import vendor

VENDOR = vendor.VENDOR
TEMPLATES = vendor.ROOT / "templates"
ICON = re.compile(r"""icons\.svg#([a-z0-9-]+)|\bicon\(\s*["']([a-z0-9-]+)["']""")


def symbols() -> set[str]:
    """The icons that the sprite holds."""
    root = ET.parse(VENDOR / "icons.svg").getroot()
    return {str(symbol.get("id")) for symbol in root.iter(f"{{{vendor.SVG}}}symbol")}


def test_every_file_is_listed_and_is_what_was_fetched():
    lines = (VENDOR / "DIGESTS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != "DIGESTS"]
    found = {p.relative_to(VENDOR).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    assert found == listed


def test_the_list_of_versions_is_that_of_the_script():
    wanted = [f"{p.name} {p.version} {p.licence} {p.folder}/" for p in vendor.PACKAGES]
    assert (VENDOR / "VERSIONS").read_text(encoding="utf-8").splitlines() == wanted


def test_every_folder_has_its_licence():
    for folder in {package.folder for package in vendor.PACKAGES}:
        text = (VENDOR / folder / "LICENSE").read_text(encoding="utf-8")
        assert "Permission" in text, folder


def test_plotly_js_is_the_one_that_plotly_py_was_made_with():
    head = (VENDOR / "plotly" / "plotly-cartesian.min.js").read_text(encoding="utf-8")[:200]
    found = re.search(r"plotly\.js \(cartesian - minified\) v([\d.]+)", head)
    assert found is not None
    assert found.group(1) == vendor.PLOTLY_JS == get_plotlyjs_version()


def test_the_sprite_holds_the_icons_that_were_asked_for():
    assert symbols() == set(vendor.icon_names())


def test_templates_use_only_icons_that_are_there():
    used = {
        name
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in ICON.findall(path.read_text(encoding="utf-8"))
        for name in match
        if name
    }
    assert used - symbols() == set()
