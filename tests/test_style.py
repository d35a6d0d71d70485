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
APART = {
    "screens/_wall.html": {"note"},
    "stages/board.html": {"note"},
    "jots/_kept.html": {"note"},  # a script fills it
    "offline.html": {"calm"},  # it stands alone, without a server
}
FAMILY = re.compile(
    r"[bcgklrs]\d+|on\d|grid-\dx\d|(is|v|paper)-\w+"
)  # written with a number or a state behind it
WITH_SHEET = {
    "base.html",
    "offline.html",
    "bulletins",
    "screens",
    "certificates",
}  # paper, its editor, and a wall
BY_LIBRARIES = {"htmx-request"}
# Found by tests, read by the chart library, or words of a condition within a class.
HOOKS = {"comment", "danger", "holiday", "no-inline-styles", "remark", "resolutions", "unit", "warning"}
HOOKS |= {"week-minutes"}
CUT = {"grid-x", "paper-", "v-"}  # a family without its number or state
CLASSES = re.compile(r"""class=(["'])(.*?)\1""", re.DOTALL)
CODE = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
WORDS = re.compile(r"""(["'])(.*?)\1""")


def classes_of(text: str) -> set[str]:
    """Every class that a template may write: of its expressions only what stands in quotation marks."""
    plain = CODE.sub(lambda code: " ".join(word for _, word in WORDS.findall(code[1])), text)
    return {name for _, value in CLASSES.findall(plain) for name in re.findall(r"[\w-]+", value)}


def written_in(pattern: str, *folders: str) -> str:
    """The text of all such files, one after the other, without comments of templates."""
    files = (path for folder in folders for path in sorted((vendor.ROOT / folder).rglob(pattern)))
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


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


@pytest.mark.parametrize("name", pages())
def test_no_page_has_styles_of_its_own(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert name.split("/")[0] in WITH_SHEET or not re.search(r"css/|<style|\sstyle=", text)


def ruled() -> set[str]:
    """Every class that a style sheet has a rule for."""
    sheets = re.sub(r"/\*.*?\*/", "", written_in("*.css", "static/css"), flags=re.DOTALL)
    return {
        name
        for rule in re.findall(r"([^{};]+)\{", sheets)
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", rule)
    }


def test_no_style_sheet_has_a_rule_for_nothing():
    """A class stands in a template, or as a word in a script or in Python, or is one of a numbered family."""
    templates = written_in("*.html", "templates")
    spoken = WORDS.findall(written_in("*.js", "static/js") + written_in("*.py", "tracker") + templates)
    used = classes_of(templates) | {name for _, said in spoken for name in re.findall(r"[\w-]+", said)}
    dead = {name for name in ruled() - used if not FAMILY.fullmatch(name)} - BY_LIBRARIES
    assert not dead, "no template, script or Python file has these classes"


def test_every_class_has_a_rule_or_a_script():
    """What neither looks like anything nor is found by a script or a test says nothing: leave it out."""
    scripts = written_in("*.js", "static/js")
    unruled = classes_of(written_in("*.html", "templates")) - ruled() - HOOKS - CUT
    assert not {name for name in unruled if name not in scripts}


def test_markup_by_hand_is_seen():
    assert by_hand('<p class="note{{ " warn" if x }}">') == {"note"}
    assert by_hand("<div class='card calm'>") == {"calm"}
    assert by_hand('<p class="note-line">{{ note("x") }}</p>') == set()
