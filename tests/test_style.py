"""One design: what a macro makes, no template writes by hand."""

from __future__ import annotations

import re

import pytest

from scripts import vendor

TEMPLATES = vendor.ROOT / "templates"
# class → the macro that makes it. The wall of a meeting room has a design of its own.
MADE = {
    "head": "heads.head", "crumbs": "heads.crumbs", "tabs": "heads.tab_row", "note": "notes.note",
    "calm": "tables.empty", "summary": "forms.summary", "pages": "pages.pages",
}  # fmt: skip
APART = {"screens/_wall.html": {"note"}, "stages/board.html": {"note"}}
CLASSES = re.compile(r"""class=(["'])(.*?)\1""", re.DOTALL)
CODE = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
WORDS = re.compile(r"""(["'])(.*?)\1""")


def classes_of(text: str) -> set[str]:
    """Every class that a template may write: of its expressions only what stands in quotation marks."""
    plain = CODE.sub(lambda code: " ".join(word for _, word in WORDS.findall(code[1])), text)
    return {name for _, value in CLASSES.findall(plain) for name in re.findall(r"[\w-]+", value)}


def by_hand(text: str) -> set[str]:
    """The classes of MADE that a template writes itself."""
    return classes_of(text) & MADE.keys()


def pages() -> list[str]:
    """Every template that is no macro."""
    names = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")]
    return sorted(name for name in names if not name.startswith("macros/"))


@pytest.mark.parametrize("name", pages())
def test_what_a_macro_makes_is_not_written_by_hand(name):
    found = by_hand((TEMPLATES / name).read_text(encoding="utf-8")) - APART.get(name, set())
    assert not found, f"{name}: use {', '.join(sorted(MADE[one] for one in found))}"


def test_markup_by_hand_is_seen():
    assert by_hand('<p class="note{{ " warn" if x }}">') == {"note"}
    assert by_hand("<div class='card calm'>") == {"calm"}
    assert by_hand('<p class="note-line">{{ note("x") }}</p>') == set()
