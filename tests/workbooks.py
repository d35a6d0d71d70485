"""Workbooks for tests of imports, written cell by cell and read back as an upload is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from tests.maker import NOW
from tracker.db import db
from tracker.files.workbook import read_workbook
from tracker.models import Batch, BatchSort, BatchState, Campaign, User
from tracker.services import batches
from tracker.services.batches import Plan

ARTICLE = Path(__file__).parent.parent / "tracker" / "demo"
TODAY = dt.date(2021, 7, 31)
Rows = Sequence[Sequence[Any]]


def xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with these sheets; a text that begins with = is a formula without a value."""
    target = BytesIO()
    with Workbook(target, {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(row, column, cell, None, "")
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return target.getvalue()


class Importer:
    """Brings files in as the worker does, without a queue."""

    def __init__(self, by: User, folder: Path) -> None:
        self.by, self.folder = by, folder

    def upload(
        self, content: bytes, sort: BatchSort, campaign: Campaign | None = None, as_verified: bool = True
    ) -> Batch:
        return batches.store_upload(
            BytesIO(content), "文件.xlsx", sort, campaign, as_verified=as_verified, data_dir=self.folder,
            most=10 * 2**20, by=self.by, at=NOW,
        )  # fmt: skip

    def plan(self, batch: Batch, today: dt.date = TODAY, bureau: str | None = None) -> Plan:
        workbook = read_workbook(self.folder / str(batch.path))
        return batches.plan_batch(batch, workbook, today=today, bureau=bureau)

    def check(self, batch: Batch, today: dt.date = TODAY, bureau: str | None = None) -> Batch:
        batches.check_batch(batch, self.plan(batch, today, bureau), today=today, by=self.by, at=NOW)
        return batch

    def commit(self, batch: Batch, today: dt.date = TODAY, bureau: str | None = None) -> Batch:
        if batch.state is BatchState.UPLOADED:
            self.check(batch, today, bureau)
        if batch.state is BatchState.CHECKED:
            batches.commit_batch(batch, self.plan(batch, today, bureau), today=today, by=self.by, at=NOW)
            db.session.flush()
        return batch

    def roster(self, content: bytes, **kw: Any) -> Batch:
        return self.commit(self.upload(content, BatchSort.ROSTER), **kw)

    def ledger(self, campaign: Campaign, sheets: Mapping[str, Rows], as_verified: bool = True) -> Batch:
        return self.commit(self.upload(xlsx(sheets), BatchSort.LEDGER, campaign, as_verified))


def sentences(batch: Batch) -> list[str]:
    """The problems of a batch as `sheet row cell: sentence`."""
    return [f"{p.sheet} {p.row} {p.cell}: {p.message}" for p in batches.problems_of(batch)]
