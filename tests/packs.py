"""Summary packs for tests: made to a file, and opened."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from tests.bureau import DAY, KEY
from tracker.models import Campaign
from tracker.rules.packs import Part
from tracker.worker.packs import build_pack

BOOK = "汇总.xlsx"


class Opened:
    """A pack that was read back."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()
        self.manifest: dict[str, Any] = json.loads(self.zip.read("清单.json"))
        self.figures: dict[str, Any] = json.loads(self.zip.read("数据.json"))

    def book(self, name: str = BOOK) -> Any:
        return openpyxl.load_workbook(io.BytesIO(self.zip.read(name)))

    def rows(self, sheet: str, name: str = BOOK) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self.book(name)[sheet].iter_rows()]

    def everything(self) -> str:
        """Every text in every file, workbooks unpacked."""
        found = []
        for name in self.names:
            content = self.zip.read(name)
            if name.endswith((".xlsx", ".docx")):
                inner = zipfile.ZipFile(io.BytesIO(content))
                found += [inner.read(one).decode("utf-8", "replace") for one in inner.namelist()]
            else:
                found.append(content.decode("utf-8", "replace"))
        return "\n".join([*self.names, *found])


def a_pack(
    campaign: Campaign, folder: Path, day: dt.date = DAY, parts: Any = Part, chromium: str = ""
) -> Opened:
    """A pack of what is in the database now."""
    target = folder / "pack.zip"
    build_pack(campaign, day, set(parts), target, key=KEY, made_on=dt.date(2021, 7, 31), chromium=chromium)
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []
    return Opened(target.read_bytes())
