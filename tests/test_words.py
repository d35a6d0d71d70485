"""Sentences outside the catalogue: campaign files, scripts, templates; and the rules of words themselves.

The rules over the catalogue run in tests/test_translations.py. What they hold is written in docs/用语.md.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog

from scripts import words

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = words.glossary()
FILES = sorted((ROOT / "tracker").rglob("*.toml"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VIEWS = sorted((ROOT / "tracker" / "views").glob("*.py"))
CHINESE = re.compile(f"[{words.HAN}]")
# Keys whose values people read as sentences or headings, in a campaign file and in those of the demo.
READ = {"name", "description", "title", "note", "scope_note", "heading", "sentence", "text", "what", "why"}
READ |= {"seen_by", "kept", "said", "label", "absence_reasons", "make_up_ways", "confirmers", "topics"}


def read_texts(found: Any, key: str = "") -> Iterator[str]:
    """The Chinese texts that people read in a file of data."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from read_texts(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from read_texts(value, key)
    elif isinstance(found, str) and key in READ and CHINESE.search(found):
        yield found


# ---- Data, scripts, templates, views -----------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_data_are_written_as_the_pages_are(path):
    """But for the full stop: what stands in a cell of a table has none at its end."""
    lines = [
        line for text in read_texts(tomllib.loads(path.read_bytes().decode())) for line in text.splitlines()
    ]
    found = {line: words.chinese_faults(braces(line), GLOSSARY) for line in lines}
    wrong = {line: [one for one in faults if "句号" not in one] for line, faults in found.items()}
    assert {line: faults for line, faults in wrong.items() if faults} == {}


def braces(line: str) -> str:
    """A line of a bulletin without the mark of a heading, its places, {study.min:以上}, as values."""
    return re.sub(r"\{[^}]*\}", "%(place)s", line.removeprefix("#").removeprefix("#").strip())


# What is read in what people type is no sentence.
TYPED = {
    "jot.js": ("/[\\d０-９一二两三四五六七八九十半]/",),
    "week.js": (
        "/^半个?(小时|钟头)$/",
        "/^(\\d+(?:\\.\\d+)?)个?(半)?(?:小时|钟头|h)(?:(\\d+)(?:分钟?|m|min)?)?$/i",
        "/^(\\d+)(?:分钟?|m|min)$/i",
        "/^(\\d+(?:\\.\\d+)?)个?[学课]时$/",
    ),
}
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
LOGGED = re.compile(r"console\.\w+\([^\n]*")  # read by whoever opens the tools of a browser
SPOKEN = re.compile(r"[\"'`](?:[A-Z][a-z]+ [a-z]+|[a-z]{2,} [a-z]{2,} [a-z]{2,}[a-z ]*[.!?])")


def spoken(name: str, code: str) -> list[str]:
    """The lines of a script that hold a sentence, or any Chinese, of their own."""
    bare = LOGGED.sub("", COMMENT.sub("", code))
    for pattern in TYPED.get(name, ()):
        bare = bare.replace(pattern, "")
    return [line.strip() for line in bare.splitlines() if CHINESE.search(line) or SPOKEN.search(line)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_nothing_of_its_own(path):
    """Its sentences come from data attributes, which the template translates."""
    assert spoken(path.name, path.read_text(encoding="utf-8")) == []


# Words in templates that are the same in every language.
SAME = re.compile(r"\b(?:DOCX|PDF|PNG|SVG|XLSX|CSV|JSON|sha256sum)\b|百")
# A bulletin is Chinese whoever reads it; the page of components, in development only, shows a specimen.
ITS_OWN = {
    "bulletins/_parts.html": {"勘误"},
    "style/show.html": {"macros/ .html", "七个一百 100小时"},
}
JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(
    r"<!--.*?-->|<(?:script|style|pre)\b.*?</(?:script|style|pre)>|<[^>]*>|&[a-z]+;|aria-sort=\"\w+\"",
    re.DOTALL,
)
SAID = re.compile(r"(?:title|alt|aria-label|placeholder)=\"([^\"{]*[A-Za-z\u4e00-\u9fff]{2}[^\"{]*)\"")


def bare_words(text: str) -> set[str]:
    """What a template says untranslated: between its tags, and in the attributes that are read."""
    text = JINJA.sub(" ", text)
    said = SAID.findall(text) + TAG.sub("\n", text).splitlines()
    return {one.strip() for one in said if re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", SAME.sub("", one))}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_has_its_words_translated(path):
    name = path.relative_to(ROOT / "templates").as_posix()
    assert bare_words(path.read_text(encoding="utf-8")) - ITS_OWN.get(name, set()) == set()


def plain_flashes(code: str) -> list[str]:
    """The flashes of a module whose text is written there untranslated."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [(call, getattr(call.func, "id", getattr(call.func, "attr", ""))) for call in calls]
    return [
        ast.unparse(call)
        for call, name in names
        if name in ("flash", "error_page")
        and any(isinstance(one, ast.Constant | ast.JoinedStr) for one in call.args[:1])
        if not (
            name == "error_page"
            and isinstance(call.args[0], ast.Constant)
            and isinstance(call.args[0].value, int)
        )
    ]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_what_a_view_flashes_is_translated(path):
    assert plain_flashes(path.read_text(encoding="utf-8")) == []


# ---- The rules: each finds what it is for, and passes what is right ----------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        "已保存,不用再点。", "已保存。请看(下方)", "截至%(day)s:%(count)s条", "已核实 80小时",
        "已核实80 小时", "%(count)s 条", "用 Excel打开", '选"确认"', "正在保存...", "正在保存。。",
        "谢谢！", "你的记录", "请审核这条记录。", "请设置hides_names。", "状态为VERIFIED_LATE",
        "没有权限records:verify", "数据库没有响应", "提交失败", "已驳回", "台帐", "共８条",
        "已保存。请返回", "请返回，，再试。", "已核实，", " 已保存",
    ],
)  # fmt: skip
def test_a_planted_chinese_fault_is_found(wrong):
    assert words.chinese_faults(wrong, GLOSSARY)


@pytest.mark.parametrize(
    "right",
    [
        "15:00开始", "平均3.5小时，共2,100人次", "用Excel或WPS打开，另存为.xlsx再试。",
        "第%(first)s—%(last)s条，共%(total)s条", "简报.docx不是Word文档（.docx）。",
        "与GB/T 9704-2012不符", "正在保存……", "“%(name)s”超过%(most)sMB。", "占%(share)s%%",
        "编码只能用“.”“_”“-”。", "审核人", "%(before)s → %(after)s", "请用浏览器打开http://127.0.0.1:8000",
        "先名册，后台账",
    ],
)  # fmt: skip
def test_what_is_right_in_chinese_passes(right):
    assert words.chinese_faults(right, GLOSSARY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "Save  it.", "Save it .", "Saved. Look again", "Please save it.", "Saved!", 'Choose "all".',
        "Saving ...", "It's saved.", "Choose a color.", "Records, e.g. essays", "Set hides_names.",
        "The status is VERIFIED_LATE.",
    ],
)  # fmt: skip
def test_a_planted_english_fault_is_found(wrong):
    assert words.english_faults(wrong)


@pytest.mark.parametrize(
    "right", ["Saved.", "At 15:00, save as .xlsx, then look.", "No. %(id)s", "Saving …", "“.” and “_”"]
)
def test_what_is_right_in_english_passes(right):
    assert words.english_faults(right) == []


@pytest.mark.parametrize(
    ("msgid", "text"),
    [
        ("%(n)s rows", "%(m)s行"),
        ("%(n)d rows", "%(n)s行"),
        ("%(n)s per cent", "%(n)s%"),
        ("Saved.", "已保存"),
        ("Save", "保存。"),
    ],
)
def test_a_translation_that_does_not_fit_its_msgid_is_found(msgid, text):
    assert words.pair_faults(msgid, text)


def test_a_catalogue_says_each_fault_with_its_sentence():
    catalog = Catalog(locale="zh_Hans")
    catalog.add("Please save it.", "请保存!")
    found = "\n".join(words.faults(catalog, GLOSSARY))
    assert all(part in found for part in ("please", "不用叹号", "'请保存!'", "msgid 'Please save it.'"))


def test_an_exception_that_nothing_needs_is_a_fault():
    assert all("is not needed" in fault for fault in words.faults(Catalog(locale="zh_Hans"), GLOSSARY))


def test_the_glossary_is_read_with_its_exceptions():
    text = "| 用语 | 不写作 | 除外 |\n| --- | --- | --- |\n| 核实 | 审核、审批 | 审核人 |\n"
    assert words.terms(text) == [
        words.Term("审核", "核实", ("审核人",)),
        words.Term("审批", "核实", ("审核人",)),
    ]
    assert len(GLOSSARY) > 40


@pytest.mark.parametrize("code", ['say("保存失败")', 'say("Nothing was saved yet.")', "say(`Not saved`)"])
def test_a_sentence_in_a_script_is_found(code):
    assert spoken("x.js", code)


def test_comments_and_selectors_of_a_script_are_no_sentences():
    assert spoken("x.js", '// Nothing is lost. 草稿\nfind(".figs li"); "use strict"; /* Two words. */') == []


def test_bare_words_of_a_template_are_found():
    assert bare_words('<p title="保存">Save it {{ _("now") }}</p>{# note #}<a>DOCX</a>') == {
        "保存",
        "Save it",
    }


def test_an_untranslated_flash_is_found():
    assert plain_flashes('flash("Saved.")\nflash(f"{n} saved")\nflash(gettext("Saved."))') == [
        "flash('Saved.')",
        "flash(f'{n} saved')",
    ]
