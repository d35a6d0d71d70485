"""What LibreOffice makes of a bulletin, measured on pictures of its pages."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.papers_of_bulletins import bulletin, draft, hostile_bulletin, paragraph
from tests.writer import DPI, as_pdf, needs_writer, pages_of, px, stripes, words_of
from tracker.files.bulletin_docx import docx_of
from tracker.rules.official_paper import CHARACTERS, LEFT_MM, LINES, TEXT_MM, TOP_MM

pytestmark = [pytest.mark.slow, needs_writer]
# A box of a character: between two of them there is a gap, above and below each line too.
AREA = (  # as the standard has it, with a hair's breadth around it
    px(LEFT_MM) - 3, px(TOP_MM) - 3, px(LEFT_MM + TEXT_MM[0]) + 3, px(TOP_MM + TEXT_MM[1]) + 3,
)  # fmt: skip
FULL = paragraph("国" * (CHARACTERS * (2 * LINES + 5)))


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory):
    files = {
        "issue.docx": docx_of(bulletin(paragraphs=(*bulletin().paragraphs, FULL))),
        "draft.docx": docx_of(draft()),
        "hostile.docx": docx_of(hostile_bulletin()),
    }
    return as_pdf(tmp_path_factory.mktemp("writer"), files)


@pytest.fixture(scope="module")
def pages(pdfs):
    return pages_of(pdfs["issue.docx"])


def text_area(page):
    return page.crop(AREA)


def test_a_full_page_has_22_lines_of_28_characters(pages):
    area = text_area(pages[1])
    lines = stripes(area)
    assert len(lines) == LINES
    pitches = [after[0] - before[0] for before, after in pairwise(lines)]
    assert sum(pitches) / len(pitches) == pytest.approx(TEXT_MM[1] / LINES / 25.4 * DPI, rel=0.01)
    for first, behind in (lines[3], lines[-1]):
        characters = stripes(area.crop((0, first, area.width, behind)), upright=True)
        assert len(characters) == CHARACTERS
        assert characters[-1][1] - characters[0][0] > px(TEXT_MM[0]) * 0.97  # the area is filled


def test_nothing_but_the_page_number_stands_outside_the_text_area(pages):
    page = pages[1].copy()
    inside = text_area(page)
    page.paste(
        (255, 255, 255),
        (px(LEFT_MM) - 3, px(TOP_MM) - 3, px(LEFT_MM) + inside.width, px(TOP_MM) + inside.height),
    )
    (first, behind), *others = stripes(page, least=1)
    assert others == []
    below = (first + behind) / 2 - px(TOP_MM + TEXT_MM[1])
    assert px(5) < below < px(9)


def test_page_numbers_stand_at_the_outer_edge(pages):
    for n, page in enumerate(pages, 1):
        foot = page.crop((0, px(TOP_MM + TEXT_MM[1] + 4), page.width, page.height))
        left = stripes(foot, upright=True)[0][0]
        assert (left > page.width / 2) == (n % 2 == 1)


def test_the_head_is_large_and_red_above_a_red_line(pages):
    top = pages[0].crop((0, 0, pages[0].width, px(TOP_MM + 60)))
    reds = [(x, y) for y in range(top.height) for x in range(0, top.width, 2) if is_red(top.getpixel((x, y)))]
    rows = sorted({y for _, y in reds})
    assert rows[0] > px(TOP_MM)
    by_row = {y: sum(1 for _, row in reds if row == y) for y in rows}
    lines = [y for y, count in by_row.items() if 2 * count > px(TEXT_MM[0]) * 0.98]
    assert lines
    letters = [y for y in rows if y < lines[0] - px(10)]
    assert letters[-1] - letters[0] > px(12)


def is_red(pixel):
    return pixel[0] > 180 and pixel[1] < 90 and pixel[2] < 90


def test_the_annex_has_a_page_of_its_own_and_the_foot_is_at_the_bottom_of_the_last(pdfs, pages):
    words = words_of(pdfs["issue.docx"])
    assert len(words) == len(pages)
    annex = next(n for n, page in enumerate(words) if "附件\n" in page)
    assert "数据来源" in words[annex]
    assert "10645" in words[annex]
    assert re.search("报：市委党史学习教育领导小组办公室。", words[-1])
    last = pages[-1].crop(
        (px(LEFT_MM), px(TOP_MM + TEXT_MM[1] - 40), px(LEFT_MM + TEXT_MM[0]), px(TOP_MM + TEXT_MM[1]) + 9)
    )
    rules = stripes(last, least=round(last.width * 0.95))
    assert len(rules) == 4
    assert rules[-1][1] > last.height - px(4)


def test_a_draft_says_so_on_every_page(pdfs):
    assert all("草稿" in page.splitlines()[0] for page in words_of(pdfs["draft.docx"]))


def test_hostile_texts_open_without_repair(pdfs):
    words = "".join(words_of(pdfs["hostile.docx"]))
    assert "{{7*7}}<w:p/>&amp;]]> =1+1" in words
    assert words.count("字") == 10_000
