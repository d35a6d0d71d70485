"""The bulletin as a page for paper and as PDF: the same document, with figures that lead to their rows."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests import html
from tests.pango import needs_pango
from tests.papers_of_bulletins import HEAT, bulletin, draft, hostile_bulletin, picture
from tracker.rules.bulletins import ChartTable
from tracker.views.bulletin_paper import paper_html, paper_pdf

pytestmark = pytest.mark.slow


@pytest.fixture
def paper(app):
    def shown(document, hrefs=None):
        with app.test_request_context():
            return paper_html(document, hrefs)

    return shown


def words(text):
    return html.text_of(html.parse(text))


def test_the_page_says_what_the_file_says(paper):
    said = words(paper(bulletin()))
    for one in (
        "党史学习教育简报", "第12期", "2021年6月26日", "一、总体情况", "80小时以上", "2200人次〔1〕", "勘误",
        "第一党支部", "附件：数据来源", "（版本a1b2c3d4）", "10645",
        "全件摘要（SHA-256）：fedcba98", "送：局领导，各科室。",
    ):  # fmt: skip
        assert one in said
    assert "草稿" not in said
    assert words(paper(draft())).count("草稿") == 3


def test_a_figure_leads_to_its_rows_where_the_page_is_told_where_they_are(paper):
    text = paper(bulletin(), {"hours": "/figures/hours?as_of=2021-06-26&x=<1>"})
    links = re.findall(r'<a class="chip"[^>]*>([^<]*)</a>', text)
    assert links == ["80小时以上"]
    assert "x=&lt;1&gt;" in text
    assert '<span class="chip typed">2200人次</span><sup>〔1〕</sup>' in text


def test_a_picture_is_inside_the_page_and_nothing_is_fetched(paper):
    text = paper(bulletin(charts=(ChartTable("各支部进展", ("甲",), (("乙",),), picture()),)))
    assert 'src="data:image/png;base64,' in text
    assert 'alt="各支部进展"' in text
    assert "<table" not in text.split("paper-annex")[0]
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert "<table" in paper(bulletin(charts=(HEAT,))).split("paper-annex")[0]


def test_hostile_texts_are_words(paper):
    text = paper(hostile_bulletin())
    html.parse(text)
    assert "{{7*7}}&lt;w:p/&gt;" in text
    assert not set(text) & set("\x00\x1b\ud800\udfff\ufffe\u202e")


@needs_pango
def test_the_pdf_has_the_words_page_numbers_and_the_foot_on_the_last_page(app, tmp_path):
    with app.test_request_context():
        content = paper_pdf(bulletin())
        assert paper_pdf(hostile_bulletin()).startswith(b"%PDF")
    path = tmp_path / "bulletin.pdf"
    path.write_bytes(content)
    assert shutil.which("pdftotext"), "no pdftotext (Debian: apt-get install poppler-utils)"
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    pages = done.stdout.split("\f")[:-1]
    assert len(pages) == 2
    assert "一、总体情况" in pages[0]
    assert re.search("—\\s*1\\s*—", pages[0])
    assert "数据来源" in pages[1]
    assert "发：各党支部。" in pages[1]
    assert re.search("—\\s*2\\s*—", pages[1])
