"""Files that are written, beside the libraries alone: a list of records, a bulletin, a summary pack."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from flask_login import login_user
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from bench.load import WrongContentError
from bench.sides import Goal, Result, beside, result
from bench.turns import Turn
from bench.worlds import World
from tests.conftest import TODAY
from tracker.db import db
from tracker.files.bulletin_docx import docx_of
from tracker.files.record_sheet import record_sheet
from tracker.filters import said_in_chinese
from tracker.models import Campaign, User
from tracker.queries.bulletins import begun, preview_of
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import RecordFilter
from tracker.queries.record_lines import record_lines
from tracker.queries.records import ledger
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.packs import Part
from tracker.views import record_words as words
from tracker.worker.packs import build_pack

AS_OF = dt.date(2021, 7, 26)
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "default_date_format": "yyyy-mm-dd"}  # fmt: skip


def seconds(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def export(turn: Turn) -> list[Result]:
    """Rows a second of the ledger's workbook, read and written, beside XlsxWriter writing the same cells."""
    with turn.place.copy(turn.size) as world, world.app.test_request_context():
        user = db.session.get_one(User, world.large.office_id)
        login_user(user)
        campaign = db.session.get_one(Campaign, world.large.campaign_id)
        asked = ledger(campaign, RecordFilter(TODAY), user, world.config.secret_key)
        headings = words.headings(None, False)
        rows = min(turn.exported, world.large.records)

        def sheet() -> bytes:
            cells = words.sheet_rows(record_lines(asked, rows), None, False)
            content, count = record_sheet("台账", headings, cells, "说明", [])
            if count != rows:
                raise WrongContentError(f"{count} rows were written, not {rows}")
            return content

        kept = [list(row) for row in words.sheet_rows(record_lines(asked, rows), None, False)]
        there = CalamineWorkbook.from_filelike(io.BytesIO(sheet())).get_sheet_by_index(0)
        if there.height != rows + 1:
            raise WrongContentError(f"the workbook has {there.height} rows, not {rows} and their headings")
        pairs = beside(
            lambda: rows / seconds(sheet),
            lambda: rows / seconds(lambda: write_alone([("台账", [headings, *kept])])),
            turn.rounds,
        )
        db.session.remove()
    line = f"export of {rows:,} rows, beside XlsxWriter alone"
    return [result(line, turn.place, pairs, "rows/s", Goal(at_least=0.8), f"{len(headings)} columns")]


def write_alone(sheets: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> bytes:
    """The same cells by XlsxWriter and nothing else."""
    target = io.BytesIO()
    with Workbook(target, OPTIONS) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def papers(turn: Turn) -> list[Result]:
    """A bulletin and a summary pack from the largest ledger, beside the libraries writing what is in them."""
    with turn.place.copy(turn.size) as world, world.app.test_request_context():
        found = [_bulletin(turn, world), _pack(turn, world)]
        db.session.remove()
    return found


def _bulletin(turn: Turn, world: World) -> Result:
    campaign = db.session.get_one(Campaign, world.large.campaign_id)
    template = templates_of(spec_of(campaign))[0].code

    def made() -> bytes:
        db.session.expire_all()
        draft = begun(campaign, template, AS_OF)
        if draft is None:
            raise WrongContentError(f"there is no bulletin {template}")
        return docx_of(preview_of(draft, said_in_chinese, today=TODAY).document)

    read = docx.Document(io.BytesIO(made()))
    paragraphs = [(one.text, [run.text for run in one.runs]) for one in read.paragraphs]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in read.tables]
    if not any(text for text, _ in paragraphs):
        raise WrongContentError("the bulletin says nothing")

    def alone() -> None:
        file = docx.Document()
        for _, runs in paragraphs:
            paragraph = file.add_paragraph()
            for text in runs:
                paragraph.add_run(text)
        for rows in tables:
            table = file.add_table(len(rows), max(map(len, rows)))
            for cells, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, texts, strict=False):
                    cell.text = text
        file.save(io.BytesIO())

    pairs = beside(lambda: seconds(made), lambda: seconds(alone), turn.rounds)
    said = f"{len(paragraphs)} paragraphs, {len(tables)} tables; charts as tables"
    line = f"bulletin over {world.large.records:,} records, beside python-docx alone"
    return result(line, turn.place, pairs, "s", Goal(at_most=3), said)


def _pack(turn: Turn, world: World) -> Result:
    campaign = db.session.get_one(Campaign, world.large.campaign_id)

    def made() -> dict[str, bytes]:
        db.session.expire_all()
        with tempfile.TemporaryDirectory(dir=world.folder) as folder:
            target = Path(folder) / "pack.zip"
            key = world.config.secret_key
            told = build_pack(campaign, AS_OF, set(Part), target, key=key, made_on=TODAY)
            if told["rows"] != world.large.records:
                raise WrongContentError(f"the pack holds {told['rows']} rows of {world.large.records}")
            with zipfile.ZipFile(target) as there:
                return {name: there.read(name) for name in there.namelist()}

    content = made()
    books = []
    for name, body in content.items():
        if name.endswith(".xlsx"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(body))
            sheets = [(one, book.get_sheet_by_name(one).to_python()) for one in book.sheet_names]
            books.append(sheets)
    others = {name: body for name, body in content.items() if not name.endswith(".xlsx")}

    def alone() -> None:
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as target:
            for number, sheets in enumerate(books):
                target.writestr(f"{number}.xlsx", write_alone(sheets), zipfile.ZIP_STORED)
            for name, body in others.items():
                target.writestr(name, body)

    pairs = beside(lambda: seconds(made), lambda: seconds(alone), min(2, turn.rounds))
    cells = sum(len(row) for sheets in books for _, rows in sheets for row in rows)
    said = f"{len(books)} workbooks, {cells:,} cells; no pictures of charts"
    line = f"summary pack over {world.large.records:,} records, beside XlsxWriter alone"
    return result(line, turn.place, pairs, "s", Goal(at_most=3), said)
