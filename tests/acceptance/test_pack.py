"""The pack of the acceptance bureau: every figure of the report in it, and LibreOffice opens it whole."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.test_article import bureau as bureau  # the fixture: brought in by the README's commands
from tests.acceptance.test_article import truth
from tests.packs import BOOK, Opened
from tracker.queries.campaigns import current_campaign, spec_of
from tracker.rules.packs import FEW

pytestmark = pytest.mark.slow

DAY = "2021-06-26"


@pytest.fixture(scope="module")
def pack(bureau: Any, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    out = tmp_path_factory.mktemp("pack") / "汇总包.zip"
    result = bureau.test_cli_runner().invoke(args=["pack", "--as-of", DAY, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    return Opened(out.read_bytes())


def test_each_figure_of_the_report_stands_in_the_workbook_and_beside_it(pack: Opened):
    rows = {row[0]: row for row in pack.rows("数据项")[4:] if row[0]}
    wanted = truth("figures")
    wanted.pop("as_of")
    checked = 0
    for figure_id, true in wanted.items():
        if figure_id not in rows:
            continue
        value = rows[figure_id][3]
        if isinstance(true, int | float):
            assert value == pytest.approx(true, abs=0.0011), figure_id
            checked += 1
        elif isinstance(true, dict) and "low" in true:
            assert [rows[figure_id][4], rows[figure_id][5]] == [true["low"], true["high"]], figure_id
            checked += 1
        elif isinstance(true, str) and true.startswith("2021-"):
            assert value.date().isoformat() == true, figure_id
            checked += 1
    assert checked >= 30


def test_the_sheet_of_every_goal_says_what_the_figures_say(bureau: Any, pack: Opened):
    with bureau.app_context():
        spec = spec_of(current_campaign())
    figures, book = pack.figures["figures"], pack.book()
    shown = {row[0].value: row for row in book["总览"].iter_rows(min_row=5) if row[0].value}
    for goal in spec.goals:
        sheet = book[goal.short_name]
        facts = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4, max_row=16)}
        instead = spec.figure(goal.until_reported) if goal.until_reported else None
        main = instead if instead and not figures[goal.figure] else spec.figure(goal.figure)
        true = figures[main.id]
        assert facts["当前值"] == shown[goal.name][2].value, goal.code
        if isinstance(true, int | float):
            assert facts["当前值"] == pytest.approx(true, abs=0.0011), goal.code
        assert facts["目标值"] == goal.target
        days = [row for row in sheet.iter_rows(values_only=True) if hasattr(row[0], "isoformat")]
        assert days[-1][0].date().isoformat() == DAY
        if isinstance(true, int | float) and true != FEW:
            assert days[-1][1] == pytest.approx(true, abs=0.0011), goal.code
        units = sum(1 for row in sheet.iter_rows(values_only=True) if row[2] == "党支部")
        assert units == figures["branches.all"], goal.code


def test_libreoffice_opens_the_workbook_and_a_ledger_without_repair(pack: Opened, tmp_path: Path):
    for name in (BOOK, next(one for one in pack.names if one.startswith("台账"))):
        path = _written(pack, name, tmp_path)
        again = converted(path, tmp_path)
        assert charts_in(again) == charts_in(path)
        one, other = (openpyxl.load_workbook(file, read_only=True) for file in (path, again))
        assert other.sheetnames == one.sheetnames
        first, second = (book.worksheets[0].iter_rows(max_row=9, values_only=True) for book in (one, other))
        assert list(first) == list(second)


def charts_in(path: Path) -> int:
    """How many native charts a workbook has."""
    return sum(1 for name in zipfile.ZipFile(path).namelist() if name.startswith("xl/charts/chart"))


def _written(pack: Opened, name: str, folder: Path) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(pack.zip.read(name))
    return path


def converted(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice writes what it understood of it."""
    out = folder / "again"
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
            "--outdir", str(out), str(path),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return out / path.name


def test_the_manifest_says_the_day_and_who(pack: Opened):
    assert (pack.manifest["as_of"], pack.manifest["campaign"]) == (DAY, "qigeyibai-2021")
    assert json.loads(pack.zip.read("数据.json"))["figures"]["study.min_hours"] == 80
