"""A tenth of the acceptance bureau's ledger, every kind: entered and verified by the services of the pages,
it gives the figures that the import of the same rows gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.maker import NOW, SHIPPED, Maker
from tracker.db import db
from tracker.models import Campaign, Record, Role, Status, Unit, UnitLevel, User
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figures_json
from tracker.queries.recounts import differences
from tracker.queries.verifications import MOST_AT_ONCE
from tracker.rules.campaigns import Kind
from tracker.rules.entries import named_columns
from tracker.services.entries import Row, check_entries, enter_records
from tracker.services.rosters import name_committee
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow

DEMO = Path("tracker/demo")
DAYS = dt.date(2021, 6, 26), dt.date(2021, 7, 31)
TODAY = DAYS[1]
TEXT = "这一篇的全文写在这里，比表格里的题目长得多，有二十个字以上。"
AT_ONCE = 100
COMMITTEE = "市民政局机关党委"
Sheet = tuple[list[str], list[dict[str, Any]]]  # the headings, and rows by heading


@pytest.fixture(scope="module")
def tenth() -> dict[str, Sheet]:
    """Each tenth row of the bureau's ledger, of a short sheet at least seven."""
    book = openpyxl.load_workbook(DEMO / "ledger.xlsx", read_only=True)
    found: dict[str, Sheet] = {}
    for sheet in book.worksheets:
        headings, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        chosen = rows[:: min(10, max(1, len(rows) // 7))]
        found[sheet.title] = headings, [dict(zip(headings, row, strict=True)) for row in chosen]
    return found


@contextmanager
def bureau(database: Backend, template_url: str, folder: Path) -> Iterator[Flask]:
    """A bureau with its people and its campaign, whose ledger is empty."""
    url = database.create(template_url)
    app = make_app(config_for(url, folder))
    run = app.test_cli_runner()
    for args in (
        ["campaigns", "load", str(SHIPPED), "--commit"],
        ["members", "import", str(DEMO / "roster.xlsx"), "--commit"],
    ):
        assert run.invoke(args=args).exit_code == 0
    with app.app_context():
        root = db.session.scalars(select(Unit).where(Unit.level == UnitLevel.COMMITTEE)).one()
        name_committee(root, COMMITTEE)  # the roster does not say what the bureau calls itself
        db.session.commit()
    try:
        yield app
    finally:
        close_app(app)
        database.drop(url)


def figures_of_the_campaign() -> list[dict[str, Any]]:
    campaign = db.session.scalars(select(Campaign)).one()
    return [figures_json(campaign, day) for day in DAYS]


@pytest.fixture(scope="module")
def imported(
    tenth: dict[str, Sheet], database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """The figures after the tenth was brought in from a workbook."""
    folder = tmp_path_factory.mktemp("imported")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, (headings, rows) in tenth.items():
        sheet = book.create_sheet(title)
        sheet.append(headings)
        for row in rows:
            sheet.append(list(row.values()))
    book.save(folder / "tenth.xlsx")
    with bureau(database, template_url, folder) as app:
        args = ["ledger", "import", str(folder / "tenth.xlsx"), "--verified", "--commit"]
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code == 0, result.output
        with app.app_context():
            return figures_of_the_campaign()


class People:
    """Who enters and who verifies: a secretary and a deputy of each branch, two of the office."""

    def __init__(self) -> None:
        make = Maker()
        branches = db.session.scalars(select(Unit).where(Unit.level == UnitLevel.BRANCH)).all()
        self.secretaries = {unit.name: make.user(Role.SECRETARY, unit) for unit in branches}
        self.deputies = {unit.name: make.user(Role.DEPUTY, unit) for unit in branches}
        self.office, self.other = make.user(Role.OFFICE), make.user(Role.OFFICE)

    def who_enters(self, kind: Kind, row: dict[str, Any]) -> User:
        """The secretary of the branch that the row names, the office for what no branch may enter."""
        owner = next((column.heading for column in kind.columns if column.field in OWNERS), None)
        of_office = {stage.name for stage in kind.stages if stage.bureau_only}
        stage = kind.column("stage")
        if stage and {row[stage.heading], *aliases(kind, row[stage.heading])} & of_office:
            return self.office
        return self.secretaries.get(row[owner], self.office) if owner else self.office

    def who_verifies(self, by: User) -> User:
        name = next((name for name, user in self.secretaries.items() if user is by), None)
        return self.deputies[name] if name else self.other


OWNERS = ("branch", "organiser", "owner_name")


def aliases(kind: Kind, word: str) -> set[str]:
    """The stages of which a cell's word is another name."""
    return {stage.name for stage in kind.stages if word in stage.aliases}


def typed(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    """The row as somebody types it into the kind's form: text only, whose it is by number or name."""
    by_member = kind.column("member_number") is not None
    cells = {}
    for field, column in named_columns(kind):
        value = row.get(column.heading)
        if by_member and field == "branch":
            continue
        if field == "stage" and (names := aliases(kind, value)):
            value = names.pop()
        if isinstance(value, dt.datetime):
            value = value.date().isoformat()
        cells[field] = None if value is None else str(value)
    return cells


def enter_and_verify(kind: Kind, campaign: Campaign, rows: list[dict[str, Any]], people: People) -> int:
    """Everybody enters what is theirs: lists where the kind has no text, else one by one. How many."""
    desks: dict[int, tuple[User, list[dict[str, Any]]]] = {}
    for row in rows:
        by = people.who_enters(kind, row)
        desks.setdefault(by.id, (by, []))[1].append(typed(kind, row))
    entered = 0
    for by, cells in desks.values():
        step = 1 if kind.has_text else AT_ONCE
        records: list[Record] = []
        for start in range(0, len(cells), step):
            some = [Row(n, one) for n, one in enumerate(cells[start : start + step], start=1)]
            plan = check_entries(campaign, kind, some, by=by, today=TODAY, at=NOW)
            assert [problem.message for problem in plan.problems] == []
            text = TEXT if kind.has_text else None
            records += enter_records(plan, kind, campaign, by=by, at=NOW, text=text)
        entered += len(records)
        seen = [(record.id, record.version) for record in records]
        for start in range(0, len(seen), MOST_AT_ONCE):
            some_seen = seen[start : start + MOST_AT_ONCE]
            done = verify_records(some_seen, by=people.who_verifies(by), at=NOW)
            assert len(done) == len(some_seen)
    return entered


def test_what_is_entered_and_verified_gives_the_figures_of_the_import(
    tenth: dict[str, Sheet],
    imported: list[dict[str, Any]],
    database: Backend,
    template_url: str,
    tmp_path: Path,
):
    with bureau(database, template_url, tmp_path) as app, app.app_context():
        campaign, people = db.session.scalars(select(Campaign)).one(), People()
        before = figures_of_the_campaign()
        counts = {
            kind.sheet: enter_and_verify(kind, campaign, tenth[kind.sheet][1], people)
            for kind in spec_of(campaign).kinds
            if kind.sheet in tenth
        }
        found = figures_of_the_campaign()
        waiting = db.session.scalars(select(Record).where(Record.status != Status.VERIFIED)).all()
        assert list(waiting) == []
        assert list(differences(campaign)) == []
        assert set(counts) == set(tenth)
        assert all(count >= 7 for count in counts.values()), counts
        for day, entered, true in zip(DAYS, found, imported, strict=True):
            wrong = {
                key: (value, true["figures"][key])
                for key, value in entered["figures"].items()
                if value != true["figures"][key]
            }
            assert wrong == {}, day
        assert found != before
        db.session.rollback()
