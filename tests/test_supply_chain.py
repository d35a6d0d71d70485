"""What the tracker is made of: locked with digests, listed, licensed, and looked up in advisories."""

from __future__ import annotations

import datetime as dt
import json
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.markers import Marker
from packaging.version import Version

from scripts import advisories, sbom
from scripts.advisories import HOLES, OK, UNKNOWN, answer

TODAY = dt.date(2026, 11, 27)
LOCK = sbom.LOCK.read_text(encoding="utf-8")
SMALL = "jinja2==3.1.2 \\\n    --hash=sha256:00\nflask==3.1.3 \\\n    --hash=sha256:00\n"


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_the_bill_of_materials_is_the_lock_and_the_lock_is_installed():
    packages = sbom.locked(LOCK)
    assert len(packages) > 40
    here = {
        name: one.version for name, one in packages.items() if not one.marker or Marker(one.marker).evaluate()
    }
    assert {name: installed(name) for name in here} == here
    listed = json.loads(sbom.BILL.read_text(encoding="utf-8"))["components"]
    of_python = {one["name"]: one["version"] for one in listed if one["purl"].startswith("pkg:pypi/")}
    assert of_python == {name: one.version for name, one in packages.items()}


def test_the_written_lists_are_those_of_the_lock():
    assert sbom.BILL.read_text(encoding="utf-8") == sbom.bill(), "run python -m scripts.sbom"
    assert sbom.LICENCES.read_text(encoding="utf-8") == sbom.licences(), "run python -m scripts.sbom"


def test_every_licence_is_one_that_is_allowed():
    wrong = {
        one["name"]: one["licenses"][0]["expression"]
        for one in sbom.components()
        if not sbom.is_allowed(one["licenses"][0]["expression"])
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("GPL-2.0-or-later OR MPL-1.1", True),
        ("MIT AND AGPL-3.0", False),
        ("UNKNOWN", False), ("", False),
    ],
)  # fmt: skip
def test_of_licences_that_may_be_chosen_one_must_be_allowed(expression, allowed):
    assert sbom.is_allowed(expression) is allowed


@pytest.mark.parametrize(
    "line", ["flask>=3.1\n", "flask==3.1.3\n", "git+https://a.example/x.git\n", "-e .\n", "--index-url x\n"]
)
def test_a_lock_with_anything_but_pinned_and_hashed_packages_is_none(line):
    with pytest.raises(ValueError, match=r"neither|without a hash"):
        sbom.locked(line)


def test_the_lock_keeps_to_the_floors_below_which_holes_are_known():
    floors = {"flask": "3.1.3", "jinja2": "3.1.6", "pysqlite3": "0.6.1"}
    packages = sbom.locked(LOCK)
    assert {name: low for name, low in floors.items() if Version(packages[name].version) < Version(low)} == {}


def data(as_of=TODAY, ranges=((None, "3.1.3"),), package="jinja2"):
    hole = {"id": "PYSEC-0", "package": package, "ranges": ranges}
    return json.dumps({"as_of": as_of.isoformat(), "advisories": [hole]})


def test_a_hole_is_named_whatever_the_age_of_the_data():
    for as_of in (TODAY, TODAY - dt.timedelta(days=900)):
        said = answer(SMALL, data(as_of), TODAY)
        assert said.code == HOLES
        assert said.lines[0] == "jinja2 3.1.2: PYSEC-0"


@pytest.mark.parametrize(
    ("ranges", "code"),
    [
        ([[None, "3.1.2"]], OK), ([["3.1.3", None]], OK), ([["3.1.2", None]], HOLES),
        ([["3.0", "3.1.10"]], HOLES),
        ([[None, "2.0"], ["3.1", "3.1.3"]], HOLES), ([], OK),
    ],
)  # fmt: skip
def test_a_version_lies_within_its_ranges_or_not(ranges, code):
    assert answer(SMALL, data(ranges=ranges), TODAY).code == code


@pytest.mark.parametrize(
    "given",
    [
        None, "", "{", "{}", "[]", '{"as_of": "yesterday", "advisories": []}',
        data(ranges=[["x y", None]]),
        data(TODAY - dt.timedelta(days=31), package="other"),
        data(TODAY + dt.timedelta(days=1), package="other"),
    ],
)  # fmt: skip
def test_old_or_missing_advisories_are_unknown_and_never_good(given):
    said = answer(SMALL, given, TODAY)
    assert said.code == UNKNOWN
    assert said.lines[0].startswith("UNKNOWN")


def test_data_of_thirty_days_are_young_enough():
    assert answer(SMALL, data(TODAY - dt.timedelta(days=30), package="other"), TODAY).code == OK


def test_the_shipped_data_know_no_hole_in_the_lock_and_say_of_what_day_they_are():
    said = answer(LOCK, advisories.DATA.read_text(encoding="utf-8"), TODAY)
    assert said.code in (OK, UNKNOWN), said.lines


def test_osv_files_become_data_for_the_packages_of_the_lock_alone(tmp_path):
    events = [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}]
    ranges = [{"type": "ECOSYSTEM", "events": events}, {"type": "GIT", "events": [{"introduced": "0"}]}]
    for name in ("Jinja2", "Other"):
        package = {"name": name, "ecosystem": "PyPI"}
        raw = {"id": f"X-{name}", "affected": [{"package": package, "ranges": ranges}]}
        (tmp_path / f"{name}.json").write_text(json.dumps(raw), encoding="utf-8")
    said = json.loads(advisories.taken(tmp_path, SMALL, TODAY))
    assert said["advisories"] == [
        {"id": "X-Jinja2", "package": "jinja2", "ranges": [[None, "1.2"], ["2.0", None]]}
    ]
    assert said["as_of"] == "2026-11-27"
