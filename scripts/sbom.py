"""Writes what the tracker is made of: docs/security/sbom.json (CycloneDX 1.6) and docs/security/licences.md.

    python -m scripts.sbom          write both
    python -m scripts.sbom --check  exit 1 if they are not what the lock says

The list is made from requirements.txt and scripts/vendor.py; licences are read from what is installed.
Nothing of it depends on the moment, so that the same lock gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from scripts import vendor

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
BILL = ROOT / "docs" / "security" / "sbom.json"
LICENCES = ROOT / "docs" / "security" / "licences.md"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
# What packages say in other words than SPDX, or not at all (then: what their LICENSE file is).
SPDX = {
    "MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0",
    "The MIT License (MIT)": "MIT", "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
READ = {
    "pysqlite3": "Zlib",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "python-slugify": "MIT",
}
# The tracker is used and passed on together with these; each may be, under what its licence asks.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "HPND", "ISC", "LGPL-3.0-only", "MIT", "MIT-0",
    "MIT-CMU", "MPL-1.1", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip


@dataclass(frozen=True)
class Pinned:
    """One package of the lock. marker: where it is installed, '' for everywhere; hashes: how many files."""

    name: str
    version: str
    marker: str
    hashes: int


def locked(text: str) -> dict[str, Pinned]:
    """Normalised name → the package, of a lock with hashes. Raises ValueError for a line without a hash."""
    found: dict[str, Pinned] = {}
    name = ""
    for line in text.splitlines():
        if match := PINNED.match(line):
            name = normalised(match[1])
            found[name] = Pinned(name, match[2], match[3] or "", 0)
        elif "--hash=sha256:" in line:
            was = found[name]
            found[name] = Pinned(was.name, was.version, was.marker, was.hashes + 1)
        elif line and not line.lstrip().startswith("#"):
            raise ValueError(f"a line that is neither a pinned package nor a hash: {line}")
    if bare := [one.name for one in found.values() if not one.hashes]:
        raise ValueError(f"without a hash: {', '.join(bare)}")
    return found


def normalised(name: str) -> str:
    """The name as indexes compare it: flask-sqlalchemy."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str) -> str:
    """The SPDX expression of an installed package, UNKNOWN if it says nothing that is understood."""
    if name in READ:
        return READ[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return "UNKNOWN"
    if expressions := said.get_all("License-Expression"):
        return str(expressions[0])
    named = map(str, said.get_all("Classifier") or [])
    classifiers = [one.split(" :: ")[-1] for one in named if one.startswith("License")]
    written = str((said.get_all("License") or [""])[0])
    told = [*classifiers, written.strip().split("\n")[0].split("  ")[0].strip()]
    for word in told:
        if word in SPDX or word in ALLOWED:
            return SPDX.get(word, word)
    first = told[-1]
    return "MIT" if first.startswith(("MIT", "The MIT License")) else "UNKNOWN"


def is_allowed(expression: str) -> bool:
    """Whether one of the licences that may be chosen is on the list, and all of those that hold together."""
    return any(
        all(part.strip("() ") in ALLOWED for part in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def components() -> list[dict[str, object]]:
    """Every package, of Python first, then of the front end, each by name."""
    found: list[dict[str, object]] = [
        {
            "type": "library", "bom-ref": f"pkg:pypi/{one.name}@{one.version}", "name": one.name,
            "version": one.version, "purl": f"pkg:pypi/{one.name}@{one.version}",
            "licenses": [{"expression": licence_of(one.name)}],
            "properties": [{"name": "lock:files", "value": str(one.hashes)}]
            + ([{"name": "lock:marker", "value": one.marker}] if one.marker else []),
        }
        for one in sorted(locked(LOCK.read_text(encoding="utf-8")).values(), key=lambda one: one.name)
    ]  # fmt: skip
    found += [
        {
            "type": "library", "bom-ref": f"pkg:npm/{one.name}@{one.version}", "name": one.name,
            "version": one.version, "purl": f"pkg:npm/{one.name.replace('@', '%40')}@{one.version}",
            "licenses": [{"expression": one.licence}],
        }
        for one in sorted(vendor.PACKAGES, key=lambda one: one.name)
    ]  # fmt: skip
    return found


def bill() -> str:
    """The list as CycloneDX JSON."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    said = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "tracker", "name": "tracker"},
            "properties": [{"name": "lock:sha256", "value": digest}],
        },
        "components": components(),
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def licences() -> str:
    """The list of licences as a page."""
    lines = [
        "# Licences", "",
        "Written by `python -m scripts.sbom`: what the tracker runs on, and under which licence. A package",
        "whose licence is not on the list of the script fails `tests/test_supply_chain.py`.", "",
        "| package | version | licence |", "| --- | --- | --- |",
    ]  # fmt: skip
    for one in components():
        licence = one["licenses"][0]["expression"]  # type: ignore[index]  # as made above
        lines.append(f"| {one['name']} | {one['version']} | {licence} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write both, or compare. Returns the exit code."""
    wrong = 0
    for path, text in ((BILL, bill()), (LICENCES, licences())):
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is not what the lock says: run python -m scripts.sbom")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
