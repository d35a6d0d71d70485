"""The threat model is that of the code: picture, tables, files, rooms, modules, tests are all there."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

from config import Config
from scripts import asvs
from tests import scans
from tracker.files import store

FOLDER = scans.ROOT / "docs" / "security"
TEXT = (FOLDER / "threats.md").read_text(encoding="utf-8")
PICTURE = FOLDER / "data-flow.svg"
SORTS = {"posing", "changing", "denying", "seeing", "stopping", "rising"}
ROW = re.compile(r"^\| (\d+\.\d+) \|(.+)\|$", re.MULTILINE)
SHOWN = re.compile(r"^\* (\d+\.\d+): (.+)$", re.MULTILINE)
SECTION = re.compile(r"^## ([FS]\d+) ", re.MULTILINE)
# Files of the data folder that the code names in words of its own, beside those of the settings.
IN_WORDS = {"secret_key", "demo-accounts.txt", "backup-work"}


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


def words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",")}


# Files and folders that are settings stand in the data folder under the names of those.
PATHS = {field.name for field in dataclasses.fields(Config) if field.type == "Path | None"}
FOLDERS = set(store.FOLDERS)


def test_every_threat_says_who_what_stands_against_it_and_what_shows_that():
    shown = dict(SHOWN.findall(TEXT))
    people = set(re.findall(r"^\| (\w+) \| ", TEXT.split("## F1 ")[0], re.M)) - {"word"}
    assert len(people) == 9
    numbers = [number for number, _ in ROW.findall(TEXT)]
    assert len(numbers) == len(set(numbers)) >= 50
    assert set(shown) == set(numbers)
    for number, row in ROW.findall(TEXT):
        wrong, sort, who, against, _remains = cells(row)
        assert wrong, number
        assert against, number
        assert words(sort) <= SORTS, number
        assert words(who) <= people, number
        tests = re.findall(r"`(tests/[^`]+)`", shown[number])
        assert tests or shown[number] == "operator", number
        assert all(asvs.has_test(test) for test in tests), number


def test_every_sort_of_stride_is_thought_of():
    assert {word for _, row in ROW.findall(TEXT) for word in words(cells(row)[1])} == SORTS


def test_every_module_that_is_named_is_there():
    named = re.findall(r"`(tracker/[\w/]+\.py)`", TEXT)
    assert len(named) > 40
    assert [name for name in named if not (scans.ROOT / name).is_file()] == []


def test_the_picture_has_the_flows_and_stores_of_the_page_and_no_other():
    drawn = {node.get("id") for node in ElementTree.parse(PICTURE).iter() if node.get("id")}
    text = " ".join(ElementTree.parse(PICTURE).getroot().itertext())
    sections = SECTION.findall(TEXT)
    assert {one for one in sections if one[0] == "F"} == {one for one in drawn if re.fullmatch(r"F\d+", one)}
    assert {one for one in sections if one[0] == "S"} == set(re.findall(r"\bS\d+(?= [A-Zea])", text))


def test_the_picture_fetches_and_runs_nothing():
    text = PICTURE.read_text(encoding="utf-8")
    for forbidden in ("<script", "href", "@import", "onload", "url(http", "<image", "<foreignObject"):
        assert forbidden not in text
    assert "prefers-color-scheme: dark" in text


@pytest.mark.parametrize("name", sorted(PATHS | FOLDERS | IN_WORDS))
def test_every_file_and_folder_that_is_kept_has_its_place(name):
    assert re.search(rf"^(?:Folders|Files): .*`{re.escape(name)}/?`", TEXT, re.MULTILINE), name


def test_the_files_and_folders_are_those_of_the_code():
    assert {"seal_keys", "audit_heads", "erasures", "backups", "backup_key"} == PATHS
    assert {"evidence", "uploads", "jobs"} == FOLDERS
    sources = [path.read_text(encoding="utf-8") for path in (scans.ROOT / "tracker").rglob("*.py")]
    assert all(any(f'"{name}"' in source for source in sources) for name in IN_WORDS)
