"""Every sentence is there in Chinese, sure, with the same values; the msgids themselves are English."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog

from scripts import messages, words
from tests.refusals import EXPLAIN, LAYERS, NOTES, WAY_OUT


@pytest.fixture(scope="module")
def template() -> Catalog:
    """All sentences in code and templates."""
    return messages.extract()


def test_there_are_sentences(template):
    assert len(template) > 20


@pytest.mark.parametrize("path", messages.catalogues(), ids=messages.LANGUAGES)
def test_a_catalogue_is_complete(template, path):
    assert messages.faults(template, messages.load(path)) == []


@pytest.mark.parametrize("path", messages.catalogues(), ids=messages.LANGUAGES)
def test_a_catalogue_is_written_as_the_script_writes_it(template, path, tmp_path):
    """So that two people who translate do not meet in lines that neither has changed."""
    catalog = messages.load(path)
    catalog.update(template, no_fuzzy_matching=True)
    written = tmp_path / "messages.po"
    messages.save(catalog, written)
    assert written.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), "run `make messages`"


@pytest.mark.parametrize("path", messages.catalogues(), ids=messages.LANGUAGES)
def test_the_compiled_catalogue_is_there_and_not_older(path):
    compiled = path.with_suffix(".mo")
    assert compiled.exists(), "make compiles it"
    assert compiled.stat().st_mtime >= path.stat().st_mtime


def test_every_msgid_is_english(template):
    assert messages.foreign(template) == []


@pytest.mark.parametrize("path", messages.catalogues(), ids=messages.LANGUAGES)
def test_sentences_are_written_as_the_house_writes(path):
    """Punctuation, spaces, quotation marks, one word for one thing: docs/用语.md says it for people."""
    found = words.faults(messages.load(path))
    assert not found, "\n" + "\n".join(found)


def refusals(template: Catalog) -> dict[str, set[str]]:
    """The sentences of the layers that refuse, with the files that say them."""
    said = {
        message.id: {place for place, _ in message.locations}
        for message in template
        if isinstance(message.id, str) and message.id.endswith(".")
    }
    return {msgid: places for msgid, places in said.items() if any(map(LAYERS.match, places))}


def test_every_refusal_says_what_to_do(template):
    """In Chinese, as members read it. One that only explains stands in tests/refusals.py with its reason."""
    said = refusals(template)
    catalog = messages.load(messages.catalogues()[0])
    mute = [
        (msgid, str(catalog[msgid].string))
        for msgid, places in said.items()
        if not WAY_OUT.search(str(catalog[msgid].string)) and msgid not in NOTES
        if not any(place in EXPLAIN for place in places)
    ]
    assert not mute, "say what to do (请…), or that nothing is needed (不用…):\n" + "\n".join(map(str, mute))
    assert set(NOTES) - set(said) == set(), "gone: take them out of tests/refusals.py"
    assert set(EXPLAIN) - set().union(*said.values()) == set(), "gone: take them out of tests/refusals.py"


def planted(**entries: str) -> Catalog:
    catalog = Catalog(locale="zh_Hans")
    for msgid, string in entries.items():
        catalog.add(msgid.replace("_", " "), string)
    return catalog


def test_planted_faults_are_found():
    template = planted(One_page="", Two_pages="", Three="")
    template.add("%(n)s rows")
    catalog = planted(One_page="一页", Two_pages="", Gone="没了")
    catalog.add("%(n)s rows", "%(m)s 行", flags=("fuzzy",))
    found = "\n".join(messages.faults(template, catalog))
    for fault in (
        "not in the catalogue: 'Three'",
        "no longer in code or templates: 'Gone'",
        "without a translation: 'Two pages'",
        "unsure (fuzzy): '%(n)s rows'",
        "other %(fields)s than its msgid: '%(n)s rows'",
    ):
        assert fault in found
    assert "One page" not in found


def test_a_msgid_in_chinese_is_found():
    assert messages.foreign(planted(保存="")) == ["保存"]
    assert messages.foreign(planted(**{"Write_90分钟_or_1.5": ""})) == []


def test_sentences_of_all_kinds_are_gathered(tmp_path: Path):
    (tmp_path / "tracker").mkdir()
    (tmp_path / "templates").mkdir()
    code = 'N_("a")\nRefused("b", "field", n=1)\ngettext("c")\nlazy_gettext("d")\nngettext("e", "es", 2)\n'
    (tmp_path / "tracker" / "x.py").write_text(code, encoding="utf-8")
    page = "{{ _('f') }}{% trans n=1 %}g {{ n }}{% pluralize %}gs {{ n }}{% endtrans %}"
    (tmp_path / "templates" / "x.html").write_text(page, encoding="utf-8")
    found = {message.id for message in messages.extract(tmp_path) if message.id}
    assert found == {"a", "b", "c", "d", ("e", "es"), "f", ("g %(n)s", "gs %(n)s")}
