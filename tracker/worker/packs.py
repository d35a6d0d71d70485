"""The summary pack (汇总包): a workbook and, as was asked for, charts, ledgers and bulletins, as one ZIP."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Collection
from fractions import Fraction
from pathlib import Path
from typing import Any

from tracker.clock import local
from tracker.files.chart_picture import MOST_AT_ONCE, Format, Order, pictures_of
from tracker.files.pack_book import write_pack
from tracker.files.pack_ledger import REPORTED_EVERY, write_ledger
from tracker.files.pack_zip import PackZip, csv_bytes, file_name
from tracker.filters import said_in_chinese
from tracker.models import Campaign
from tracker.queries.bulletins import document_of
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figures_json
from tracker.queries.pack_pictures import pack_pictures
from tracker.queries.pack_rows import count_verified, ledgers_of
from tracker.queries.packs import issued_by, pack_on
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.packs import FEW, GoalPage, Pack, Part, hidden, is_about_hardship, is_few
from tracker.rules.refusal import Refused
from tracker.services.jobs import Given
from tracker.worker.runs import Run

Report = Callable[[int, int], None]
FORMATS: tuple[Format, ...] = ("png", "svg")

log = logging.getLogger(__name__)


def make_pack(run: Run) -> Given:
    """The task: {"day", "parts"} → a ZIP. Everything in it is of one moment."""
    day = dt.date.fromisoformat(run.arguments["day"])
    parts = {Part(one) for one in run.arguments["parts"]}
    with run.file(".zip") as target, run.reading():
        made = build_pack(
            run.campaign(), day, parts, target, key=str(run.config.secret_key),
            made_on=local(run.at()).date(), report=run.report, chromium=run.config.chromium,
        )  # fmt: skip
    size = run.size
    return Given({**made, "bytes": size, "filename": f"汇总包-{day.isoformat()}.zip"}, run.path)


def build_pack(
    campaign: Campaign,
    day: dt.date,
    parts: Collection[Part],
    target: Path,
    *,
    key: str,
    made_on: dt.date,
    report: Report = lambda done, total: None,
    chromium: str = "",
) -> dict[str, Any]:
    """Write the ZIP to `target`. Reads only; what it needs meanwhile lies beside the target, and goes.

    key:    the installation's secret, for codes in place of names.
    report: told how many steps are done, of how many; it may raise, and then nothing is left.
    chromium: the program that draws the charts; without one, or if it fails, their numbers stand alone.
    Returns what was put in: {"as_of", "parts", "files", "rows", "digest"}, the last of all figures.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        return _Maker(campaign, day, parts, folder, key, made_on, report, chromium).write(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Maker:
    """Makes one pack. A step is one figure counted, one goal charted, or a thousand rows written."""

    def __init__(
        self,
        campaign: Campaign,
        day: dt.date,
        parts: Collection[Part],
        folder: Path,
        key: str,
        made_on: dt.date,
        report: Report,
        chromium: str,
    ) -> None:
        self.campaign, self.day, self.folder, self.key, self.made_on = campaign, day, folder, key, made_on
        self.chromium = chromium
        self.parts = sorted(parts)
        self.spec: CampaignSpec = spec_of(campaign)
        self._report, self._done = report, 0
        rows = count_verified(campaign, day) if Part.LEDGER in parts else 0
        self.bulletins = issued_by(campaign, day) if Part.BULLETINS in parts else []
        charts = len(self.spec.goals) if Part.CHARTS in parts else 0
        self._total = len(self.spec.figures) + charts + len(self.bulletins) + rows // REPORTED_EVERY

    def write(self, target: Path) -> dict[str, Any]:
        pack = pack_on(self.campaign, self.day, said_in_chinese, self.made_on, self._step)
        figures = _figures(self.campaign, self.spec, self.day)
        content = json.dumps(figures, ensure_ascii=False, indent=1).encode()
        digest, rows = hashlib.sha256(content).hexdigest(), 0
        with PackZip(target) as into:
            book = self.folder / "book.xlsx"
            write_pack(pack, book)
            into.add("汇总.xlsx", book)
            into.add("数据.json", content)
            if Part.CHARTS in self.parts:
                self._charts(pack, into)
                self._pictures(pack, into)
            if Part.LEDGER in self.parts:
                rows = self._ledgers(into)
            self._bulletins(into)
            into.list_files(
                {
                    "campaign": self.spec.code, "bureau": pack.bureau, "as_of": self.day.isoformat(),
                    "made_on": self.made_on.isoformat(), "figures_sha256": digest,
                }
            )  # fmt: skip
            files = into.count
        return {
            "as_of": self.day.isoformat(), "parts": [str(one) for one in self.parts], "files": files,
            "rows": rows, "digest": digest,
        }  # fmt: skip

    def _step(self) -> None:
        self._done += 1
        self._report(min(self._done, self._total), self._total)

    def _charts(self, pack: Pack, into: PackZip) -> None:
        for position, goal in enumerate(pack.goals, 1):
            name = f"图表/{position:02}-{file_name(goal.short_name)}"
            for what, (headings, rows) in _tables(goal).items():
                into.add(f"{name}-{what}.csv", csv_bytes(headings, rows))
                said = {"title": goal.title, "unit": goal.unit, "headings": headings, "rows": rows}
                text = json.dumps(said, ensure_ascii=False, indent=1, default=str)
                into.add(f"{name}-{what}.json", text.encode("utf-8", "replace"))
            self._step()

    def _pictures(self, pack: Pack, into: PackZip) -> None:
        """Each chart as PNG and SVG. What cannot be drawn is left out: its numbers are there."""
        orders = [
            (f"图表/{file_name(name)}.{kind}", Order(figure, kind, height=height))
            for name, figure, height in pack_pictures(pack, self.campaign)
            for kind in FORMATS
        ]
        for begin in range(0, len(orders), MOST_AT_ONCE):
            some = orders[begin : begin + MOST_AT_ONCE]
            try:
                drawn = pictures_of([order for _, order in some], self.chromium)
            except Refused as refusal:
                log.warning("a pack without pictures: %s", refusal.__cause__ or refusal.msgid)
                return
            for (name, _), content in zip(some, drawn, strict=True):
                into.add(name, content)

    def _bulletins(self, into: PackZip) -> None:
        """Each from nothing but what was kept of it at its issue."""
        from tracker.files.bulletin_docx import docx_of  # python-docx: a third of a second of every start

        for one in self.bulletins:
            name = f"简报/{file_name(one.name)}-第{one.number}期-{one.as_of.isoformat()}.docx"
            into.add(name, docx_of(document_of(one)))
            self._step()

    def _ledgers(self, into: PackZip) -> int:
        """Returns how many rows there are in all."""
        note, count = f"{self.spec.name}　截至{self.day.isoformat()}　已核实的记录", 0
        for position, one in enumerate(ledgers_of(self.campaign, self.day, self.key), 1):
            path = self.folder / "ledger.xlsx"
            count += write_ledger(
                path,
                one.kind.sheet,
                one.headings,
                one.rows,
                note=note,
                day=self.day,
                folder=self.folder,
                step=self._step,
            )
            into.add(f"台账/{position:02}-{file_name(one.kind.name)}.xlsx", path)
            path.unlink()
        return count


def _figures(campaign: Campaign, spec: CampaignSpec, day: dt.date) -> dict[str, Any]:
    """Every figure as `flask figures --json` prints it, but for small numbers of people in hardship."""
    found = figures_json(campaign, day)
    values: dict[str, Any] = found["figures"]
    for figure in spec.figures:
        value = values[figure.id]
        if not is_about_hardship(figure, spec):
            continue
        if isinstance(value, dict):
            amounts = [Fraction(one) if isinstance(one, int | float) else None for one in value.values()]
            kept_back = hidden(amounts)
            values[figure.id] = {name: kept_back.get(n, one) for n, (name, one) in enumerate(value.items())}
        elif isinstance(value, int) and is_few(value):
            values[figure.id] = FEW
    return found


def _tables(goal: GoalPage) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """The numbers of a goal's charts: title → headings and rows."""
    days = [
        [
            one.day.isoformat(),
            *(part.value if part else None for part in (one.value, one.mean, one.needed)),
            goal.target if goal.is_comparable else None,
            one.said,
        ]
        for one in goal.points
    ]
    units = [[one.name, one.level, one.amount.value, one.said] for one in goal.cells]
    return {
        "逐日累计": (
            ["日期", f"{goal.actual}（{goal.unit}）", goal.mean, "匀速应达", "目标", "各月表态"],
            days,
        ),
        "各党支部": (["党支部（科室）", "层级", f"数值（{goal.unit}）", "各月表态"], units),
    }
