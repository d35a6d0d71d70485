"""A bulletin as a page for paper: the same for the preview, for print and for the PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from flask import current_app, render_template

from tracker.files.pdf import pdf_of
from tracker.rules import official_paper
from tracker.rules.bulletins import ChartTable, Document

STYLE = "css/bulletin-paper.css"


@dataclass(frozen=True, slots=True)
class PaperPage:
    """What the macro `sheet` of bulletins/_paper.html is given.

    hrefs: where the rows of a figure are, by what its chips refer to; a chip without one is no link.
    """

    document: Document
    hrefs: Mapping[str, str] = field(default_factory=dict)
    paper: ClassVar[ModuleType] = official_paper

    def picture(self, chart: ChartTable) -> str:
        """A chart's picture as an address that fetches nothing; '' without one."""
        return f"data:image/png;base64,{b64encode(chart.picture).decode()}" if chart.picture else ""


def paper_html(document: Document, hrefs: Mapping[str, str] | None = None, style_url: str = "") -> str:
    """The bulletin as a whole page. style_url: of static/bulletin-paper.css, for a browser."""
    page = PaperPage(document, hrefs or {})
    return render_template("bulletins/paper.html", page=page, style_url=style_url)


def paper_pdf(document: Document) -> bytes:
    """The bulletin as PDF. Raises Refused if the machine lacks what sets the pages."""
    css = (Path(str(current_app.static_folder)) / STYLE).read_text(encoding="utf-8")
    return pdf_of(paper_html(document), css)
