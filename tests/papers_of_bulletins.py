"""A bulletin ready for paper, with something of each that can stand in one."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from dataclasses import replace
from typing import Any

from PIL import Image

from tracker.rules.bulletins import ChartTable, Chip, Document, Paragraph, Piece, SourceLine

DAY = dt.date(2021, 6, 26)
RULE = "统计“现场教学”中已核实的行，每人只计一次。"


def chip(ref: str, text: str, exact: str, hedge: str = "", typed: str | None = None) -> Piece:
    """A figure in the text."""
    made = Chip(ref, text, exact, hedge, typed)
    return Piece(made.printed, made)


def paragraph(*pieces: Piece | str, style: Any = "body") -> Paragraph:
    """A paragraph of free words and figures."""
    return Paragraph(style, tuple(Piece(one) if isinstance(one, str) else one for one in pieces))


PARAGRAPHS = (
    paragraph("截至2021年6月26日，推进情况如下："),
    paragraph("一、总体情况", style="heading1"),
    paragraph("（一）学习情况", style="heading2"),
    paragraph(chip("members", "124名", "124名"), "人均", chip("hours", "80小时以上", "80小时", "以上"), "。"),
    paragraph("服务群众", chip("served", "超2100人次", "2137人次", "超", typed="2200人次"), "。"),
)


def source(position: int, ref: str, printed: str, exact: str, rows: int | None = 20) -> SourceLine:
    """A line of the annex."""
    digest = None if rows is None else "0123456789abcdef" * 4
    return SourceLine(position, ref, f"数据项{ref}", (printed,), exact, RULE, "a1b2c3d4", rows, digest)


SOURCES = (
    source(1, "members", "124名", "124名"),
    source(2, "hours", "80小时以上", "80小时", 10645),
    source(3, "served", "超2100人次", "2137人次"),
    source(4, "quoted.beds", "1691件", "1691件", None),
)
HEAT = ChartTable(
    "各支部进展", ("党支部", "甲", "乙"), (("第一党支部", "80小时", "未报"), ("第二党支部", "—", "0"))
)
RECEIVERS = (("报", "市委党史学习教育领导小组办公室"), ("送", "局领导，各科室"), ("发", "各党支部。"))


def bulletin(**fields: Any) -> Document:
    """An issue of a bulletin; fields of Document replace its own."""
    given = {
        "head": "党史学习教育简报", "number": "第12期", "issuer": "市民政局机关党委办公室", "issued_on": DAY,
        "title": "“七个一百”行动计划进展情况", "paragraphs": PARAGRAPHS, "as_of": DAY, "receivers": RECEIVERS,
        "corrections": ("第11期中“党员”写作103名，现查为104名。",), "sources": SOURCES, "charts": (HEAT,),
        "frozen_at": dt.datetime(2021, 6, 26, 9, 30, tzinfo=dt.UTC), "digest": "fedcba9876543210" * 4,
    }  # fmt: skip
    return Document(**{**given, **fields})


def draft(**fields: Any) -> Document:
    """The same before it is issued."""
    return bulletin(number="", frozen_at=None, digest=None, **fields)


def picture(width: int = 600, height: int = 300) -> bytes:
    """A white PNG."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(target, "PNG")
    return target.getvalue()


def hostile_bulletin() -> Document:
    """One of each class of Unicode, what XML forbids, and what other formats would carry out."""
    every = {unicodedata.category(chr(code)): chr(code) for code in range(0x110000)}
    assert len(every) == 30
    odd = "\x00\x1b\ud800𠮷\ufffe{{7*7}}<w:p/>&amp;]]>\r\n\u202e=1+1"
    short = "".join(every.values()) + odd
    long = short + "字" * 10_000
    chart = ChartTable(short, (short,), ((short,),), picture())
    return bulletin(
        head=short, title=short, issuer=short, number=short, corrections=(short,),
        paragraphs=(paragraph(long, chip("a", short, short, typed=short)),),
        receivers=((short, short),), charts=(chart, replace(chart, picture=None)),
        sources=(replace(SOURCES[0], title=short, rule=short, printed=(short,)),),
    )  # fmt: skip
