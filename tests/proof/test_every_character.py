"""Characters of every sort: as typed, on the page, in a workbook, in a document and brought in again they are
the same, or one rule refuses them everywhere (rules.cells.clean)."""

from __future__ import annotations

import io
import random
import unicodedata
from collections import defaultdict
from dataclasses import replace
from html import unescape
from typing import Any

import docx
import openpyxl
import pytest
from sqlalchemy import select

from tests.canary_walk import contents, keys, quick, undone, written_into
from tests.ledger_rows import ACTIVITY, DAY
from tests.papers_of_bulletins import draft, paragraph
from tests.proof.figures import count, is_full, reached
from tests.proof.fuzz import KEPT, encoded, forms
from tests.workbooks import Importer
from tests.world import World
from tests.writer import as_pdf, needs_writer
from tracker.db import db
from tracker.files.bulletin_docx import docx_of
from tracker.files.record_sheet import record_sheet
from tracker.files.workbook import read_workbook
from tracker.models import BatchState, Record, Role
from tracker.rules.cells import clean, parse_text
from tracker.rules.refusal import Refused

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TRAPS = (
    "\0", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f",
    "\t", "\r", "\n", "\r\n", "\ufffe", "\uffff", "\U0001fffe", "\ufdd0", "\ufffd", "\ud800",
    "\udfff", "\ude00\ud83d", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
    "\u2068", "\u2069", "\u200e", "\u200f", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff",
    "\u00ad", "\u034f", "\u061c", "\u180e", "\u2028", "\u2029", "e\u0301", "\u0301", "e" + "\u0301"
    * 40, "\u1100\u1161\u11a8", "\ufe0f", "❤\ufe0f", "葛\U000e0100", "\u303e",
    "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽",
    "𠮷", "𪚥", "\U0002a6df", "\U00030000", "１２３", "ＡＢｃ", "。，；",
    "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\u3000", "\u00a0", "\u2003", "\u1680", "ﬁ",
    "Ⅷ", "㈠", "²", "_x0041_", "_x000D_", "_xD83D_", "&#0;", "&amp;", "<r>x</r>",
    "=1+1", "'", "-2+3", "@x",
)  # fmt: skip
REFUSED = "甲\u202e乙"


def of_every_sort() -> list[str]:
    """Texts with the traps, and with characters of every general category by lot, the same each time."""
    drawn = random.Random(20210731)
    sorts: dict[str, list[str]] = defaultdict(list)
    for number in range(0x110000):
        sorts[unicodedata.category(chr(number))].append(chr(number))
    found = [place.format(trap) for place in ("甲{}乙", "字{}", "{}字") for trap in TRAPS]
    names = sorted(sorts)
    while len(found) < count("e3"):
        letters = (drawn.choice(sorts[drawn.choice(names)]) for _ in range(drawn.randint(1, 5)))
        found.append(f"{len(found)}号{''.join(letters)}字")
    return found


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return of_every_sort()


def kept(text: str) -> str | None:
    """As it is kept; None if it is refused."""
    try:
        return parse_text(text)
    except Refused:
        return None


def test_what_is_kept_stays_the_same_in_workbooks_and_documents(texts, tmp_path, record_property):
    held = [one for one in map(kept, texts) if one]
    assert [kept(one) for one in held] == held
    book, _ = record_sheet("台账", ["文本"], [[one] for one in held], "说明", [("甲", "乙")])
    path = tmp_path / "book.xlsx"
    path.write_bytes(book)
    rows = [cells[0] for _, cells in read_workbook(path).sheets[0].rows[1:]]
    assert [pair for pair in zip(held, rows, strict=True) if pair[0] != pair[1]] == []
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row == len(held) + 1
    for at in range(0, len(held), 500):
        paper = replace(draft(), paragraphs=tuple(paragraph(one) for one in held[at : at + 500]))
        said = {one.text for one in docx.Document(io.BytesIO(docx_of(paper))).paragraphs}
        assert [one for one in held[at : at + 500] if one not in said] == []
    sorts = {unicodedata.category(letter) for one in held for letter in one}
    assert len(sorts) == 26  # all but controls, halves of pairs, and the ends of lines and paragraphs
    refused = len(texts) - len(held)
    reached(record_property, "e3", f"{len(held)} texts the same in XLSX and DOCX, {refused} refused or empty")


@pytest.mark.full
@needs_writer
def test_libreoffice_opens_documents_with_characters_of_every_sort(texts, tmp_path):
    held = [one for one in map(kept, texts) if one]
    papers = {
        f"{n}.docx": docx_of(replace(draft(), paragraphs=tuple(map(paragraph, held[n::20][:200]))))
        for n in range(20)
    }
    assert all(path.stat().st_size > 1_000 for path in as_pdf(tmp_path, papers).values())


def test_a_text_of_several_lines_is_one_that_a_document_can_hold(texts):
    for text in texts:
        try:
            lines = clean(text)
        except Refused:
            continue
        assert {unicodedata.category(one) for one in lines if one not in "\n\t"} & {"Cc", "Cs"} == set()
        assert clean(lines) == lines


def test_what_is_brought_in_is_shown_taken_away_and_brought_in_again_the_same(
    app, make, client, texts, tmp_path, record_property
):
    campaign = make.campaign()
    make.branch("第一党支部")
    held = [text for text in texts if kept(text) and "\0" not in text and is_xml(text)]
    held = held[: len(held) // 3 * 3][: 3_000 if is_full() else 1_500]
    cells = [["主题", f"S{n}", *held[n : n + 3]] for n in range(0, len(held), 3)]
    rows = [row_of(ref, *three) for _, ref, *three in cells]
    importer = Importer(make.office, tmp_path)
    batch = importer.ledger(campaign, {"学习活动": [ACTIVITY, *rows]})
    assert batch.state is BatchState.COMMITTED
    stored = {row.ref: (row.title, row.category, row.place) for row in db.session.scalars(select(Record))}
    assert {ref: tuple(map(kept, three)) for _, ref, *three in cells} == stored
    office = quick(app).sign_in(make.user(Role.OFFICE))
    shown = unescape("".join(office.get(f"/records?page={page}").text for page in (1, 2)))
    assert sum(title in shown for title, *_ in stored.values()) >= 90
    answer = office.post("/records.xlsx?kind=activity", data=keys(office))
    assert answer.status_code == 200
    path = tmp_path / "again.xlsx"
    path.write_bytes(answer.data)
    sheet = read_workbook(path).sheets[0].rows
    heads = sheet[0][1]
    at = [heads.index(name) for name in ("编号", "主题", "类别", "地点")]
    taken = {row[at[0]]: tuple(row[n] for n in at[1:]) for _, row in sheet[1:]}
    assert taken == stored
    rows = [row_of(ref, *three) for ref, three in taken.items()]
    again = importer.ledger(campaign, {"学习活动": [ACTIVITY, *rows]})
    assert again.report["counts"]["unchanged"] == len(rows)
    reached(
        record_property, "e3", f"{len(held)} texts the same in the ledger, on its page and brought in again"
    )


def row_of(ref: Any, title: Any, category: Any, place: Any) -> list[Any]:
    return [ref, DAY, "现场教学", title, "第一党支部", category, place, None, 3]


def is_xml(text: str) -> bool:
    """Whether the writer of the tests' workbooks puts it into one as it is."""
    return not text.startswith(("=", "<r>")) and not any(
        unicodedata.category(one) in ("Cc", "Cs") or one in "\ufffe\uffff" for one in text
    )


@pytest.mark.on_postgresql_as
def test_no_form_keeps_a_text_that_no_file_could_hold(app, make):
    """Every form of every page, its every text with a letter that turns the writing around."""
    world = World(make)
    people = {
        "office": make.user(Role.OFFICE), "secretary": make.user(Role.SECRETARY, world.branch),
        "member": make.user(Role.MEMBER, member=world.member),
    }  # fmt: skip
    kept_anyway = set()
    for who, user in people.items():
        client = quick(app).sign_in(user)
        signed_in = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        for form in list(forms(app, who, client, world.values)):
            if form.method != "post":
                continue
            typed = {name: [REFUSED] for name, value in form.fields.items() if is_text(value)}
            fields = {**form.fields, **typed}
            body = encoded([(n, v) for n, values in fields.items() if n not in KEPT for v in values])
            with undone():
                with written_into() as names:
                    answer = client.post(
                        form.action, data=body + "&" + encoded(list(keys(client).items())),
                        content_type="application/x-www-form-urlencoded",
                    )  # fmt: skip
                assert answer.status_code < 500, form.action
                if "\\u202e" in str(contents(names)):
                    kept_anyway.add(form.action)
            if client.get_cookie(app.config["SESSION_COOKIE_NAME"]) != signed_in:
                client = quick(app).sign_in(user)
                signed_in = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept_anyway == set()


def is_text(values: list[str]) -> bool:
    """Whether a field is one that somebody types into: empty, or with words in it."""
    return all(not value.strip().isascii() or not value for value in values)
