"""How sentences are written: what a Chinese or an English one may not do, and which words are one.

The rules are pure: a text in, faults out, each with what to do about it. The words of the field, and the
variants that nobody is to write, stand in docs/用语.md for people, and are read from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "用语.md"
HAN = "\u4e00-\u9fff"
MARKS = "，。；：？！、“”（）《》—"
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-zA-Z])")
# What is copied or typed to the letter is no sentence: addresses, commands, options, names of files, shares.
CODE = re.compile(
    r"https?://\S+|flask [a-z ]+|(?<!\S)--[a-z]+|“[-._:]”|(?<![\w.])\.[a-z]{3,4}\b|%%"
    r"|\w+\.(?:docx|xlsx|toml|json|pdf)\b",
    re.ASCII,
)
STAND_IN = "\u67d0"  # 某, where a value will stand
CODE_STANDS_IN = "X"


@dataclass(frozen=True)
class Rule:
    """One thing that no sentence does, and what to do instead."""

    pattern: re.Pattern[str]
    instead: str


CHINESE = (
    Rule(
        re.compile(
            rf"(?<=[{HAN}”’》）…])[,.;:?!()]|[,;:?!()](?=[{HAN}“《（])"
            r"|(?<![A-Za-z0-9])[,;:?!()]|[,;?!()](?![A-Za-z0-9 ])"
        ),
        "全角标点 (full-width punctuation)",
    ),
    Rule(
        re.compile(rf"[{HAN}{MARKS}][ \u3000]+[^ →=]|[^ →=][ \u3000]+[{HAN}{MARKS}]"),
        "汉字旁不空格 (no space)",
    ),
    Rule(re.compile(r"^\s|\s$| {2}|\n"), "首尾不空格 (no space at either end)"),
    Rule(re.compile("[\"'`]"), "引号用“” (curly quotes)"),
    Rule(re.compile(r"\.\.\.|。。|(?<!…)…(?!…)|…{3}"), "省略号用…… (two of …)"),
    Rule(re.compile("[!！]"), "不用叹号 (no exclamation mark)"),
    Rule(re.compile("[，。；：、][，。；：、]|.，$"), "标点重复或悬空 (doubled or dangling punctuation)"),
    Rule(re.compile("[０-９Ａ-Ｚａ-ｚ％]"), "数字、字母用半角 (half-width digits and letters)"),
    Rule(
        re.compile(r"(?<![A-Za-z])[a-z]+(?:_[a-z]+)+|[A-Z]{2,}(?:_[A-Z]+)+|\b[a-z_]+:[a-z_]+\b", re.ASCII),
        "不露出程序里的名称 (no raw key)",
    ),
    Rule(re.compile("。[^。？”）》]*[^。？：；”）》…]$"), "句子要有句号 (a sentence ends in 。)"),
)
ENGLISH = (
    Rule(re.compile(r"\S {2,}\S"), "one space between words"),
    Rule(re.compile(r"(?<=[a-z0-9)”]) [,.;:?!](?=\s|$)"), "no space before punctuation"),
    Rule(re.compile(r"[.?] [A-Z][^.?!:…]*[^.?!:…”%)\s]$"), "a sentence ends in a full stop"),
    Rule(re.compile(r"(?i)\bplease\b"), "say it without “please”: only a person says it to a person"),
    Rule(re.compile("!"), "no exclamation mark"),
    Rule(re.compile('"'), "curly quotes"),
    Rule(re.compile(r"\.\.\."), "one … and not three dots"),
    Rule(
        re.compile(r"(?i)\b\w+n[’']t\b|\b(?:it|that|you|they|we|I)[’'](?:s|re|ll|ve|m|d)\b"),
        "no contractions",
    ),
    Rule(
        re.compile(
            r"(?i)\b(?:color|center|behavior|organiz\w+|recogniz\w+|canceled|canceling|summariz\w+|favorite"
            r"|fulfill|catalog|gray|analyz\w+|authoriz\w+|labor|minimiz\w+|labeled|honor|neighbor\w*|traveled)s?\b"
        ),
        "British spelling",
    ),
    Rule(
        re.compile(r"(?i)\be\.g\.|\bi\.e\.|\betc\b|click here|\boops\b|\bsorry\b|\binvalid\b"),
        "say it in words",
    ),
    Rule(
        re.compile(r"(?<![A-Za-z])[a-z]+(?:_[a-z]+)+|[A-Z]{2,}(?:_[A-Z]+)+|\b[a-z_]+:[a-z_]+\b"), "no raw key"
    ),
)
# Where a rule does not hold, and why: by msgid. An entry that is no longer needed is a fault as well.
FILE = "said to whoever keeps a campaign's file, in the words of that file"
MACHINE = "said to the administrator, on the page or at the command line of the machine"
PERSON = "written by one person to another"
LETTER = "says which characters are typed, to the letter"
LIST = "values side by side, not words of a sentence"
EXCEPT: dict[str, str] = {
    "%(branch)s, comrades: when you have a moment, please look into the tracker, %(asked)s. If somebody needs"
    " help with it, tell me and we do it together.": PERSON,
    "Please say what exactly was read or done.": PERSON,
    "There is a record of that day already; please check whether it was entered twice.": PERSON,
    "%(day)s %(weekday)s: %(count)s sessions": LIST,
    "holiday table: %(day)s %(name)s": LIST,
    "record %(id)s (%(cause)s): %(title)s %(then)s → %(now)s": LIST,
    "A line is a paragraph; “# ” and “## ” at its beginning make it a heading. Figures stand in braces, as"
    " the list beside it writes them; behind a colon the hedge, behind “=” what you type in their"
    " place.": LETTER,
    "Of each record of the frame take the SHA-256 (in small hexadecimal letters) of the text: the seed, a"
    " colon, the number. The records with the smallest values, in their order, are the sample. The digest of"
    " the frame is that of a text file with one number a line, upwards.": LETTER,
    "Leave out by; take min, mean or count_reached over the members.": FILE,
    "Let visit_every_days be 7 or more.": FILE,
    "Put them between starts_on and ends_on.": FILE,
    "Set hides_names = true.": FILE,
    "Database": MACHINE,
    "Nothing was deleted. Add --commit to delete them.": MACHINE,
    "Nothing written. Add --commit to write.": MACHINE,
    "Open http://127.0.0.1:%(port)s in a browser.": MACHINE,
    "There is no campaign yet. Load one: flask campaigns load FILE --commit": MACHINE,
    "This machine draws no pictures of charts: there is no Chromium. Whoever runs it installs one"
    " (Debian: chromium) or names it in TRACKER_CHROMIUM. The table and the spreadsheet have the same"
    " numbers.": MACHINE,
}


# What the doctor says, it says to whoever runs the machine: variables by their names, a database is one.
DOCTOR = re.compile(r"tracker/(?:rules|cli)/doctor\w*\.py")
OF_THE_MACHINE = re.compile(
    r"[A-Z]+(?:_[A-Z]+)+|audit_event|full_page_writes|数据库|服务器|端口|参数|\bFLASK_DEBUG\b"
)


@dataclass(frozen=True)
class Term:
    """A word that is not written: by which other one it is replaced, and in which phrases it may stand."""

    variant: str
    instead: str
    but_in: tuple[str, ...]


NUMBER = re.compile(r"^(?:\w+ )?[Nn]o\.$")  # of a row or a record: a label


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def terms(text: str) -> list[Term]:
    """What the tables of the glossary forbid. text: the file, with a column 不写作 or 不说 in each table."""
    found: list[Term] = []
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            head = []
        elif not head:
            head = _cells(line)
        elif not set(line) <= set("|- "):
            row = dict(zip(head, _cells(line), strict=True))
            no = row.get("不写作", "") or row.get("不说", "")
            yes = row.get("用语", "") or row.get("换成", "")
            but = tuple(part for part in row["除外"].split("、") if part)
            found += [Term(variant, yes, but) for variant in no.split("、") if variant]
    return found


def glossary() -> list[Term]:
    return terms(GLOSSARY.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A text as its rules read it: values stand in for, code is left out."""
    return CODE.sub(CODE_STANDS_IN, PLACEHOLDER.sub(STAND_IN, text))


def chinese_faults(text: str, words: list[Term]) -> list[str]:
    """What is wrong with a Chinese text: each fault with the place and what to do."""
    read = plain(text)
    found = [
        f"{rule.instead}: …{read[max(0, hit.start() - 6) : hit.end() + 6]}…"
        for rule in CHINESE
        if (hit := rule.pattern.search(read))
    ]
    for term in words:
        left = read
        for phrase in term.but_in:
            left = left.replace(phrase, "")
        if term.variant in left:
            found.append(f"“{term.variant}”不写，写“{term.instead}” (docs/用语.md)")
    return found


def english_faults(text: str) -> list[str]:
    """What is wrong with an English text: each fault with what to do."""
    read = CODE.sub(CODE_STANDS_IN, PLACEHOLDER.sub("value", text))
    return [f"{rule.instead}: {hit.group()!r}" for rule in ENGLISH if (hit := rule.pattern.search(read))]


def pair_faults(msgid: str, text: str) -> list[str]:
    """What a translation has otherwise than its msgid: values, their form, and whether it is a sentence."""
    found = []
    if sorted(set(PLACEHOLDER.findall(msgid))) != sorted(set(PLACEHOLDER.findall(text))):
        found.append("%(fields)s are not those of the msgid, or of another form (s, d)")
    if PLACEHOLDER.search(msgid) and "%" in PLACEHOLDER.sub("", text).replace("%%", ""):
        found.append("a % of its own is written %%")
    sentence = re.search(r"\.[”)]?$", msgid) and not NUMBER.search(msgid)
    if bool(sentence) != bool(re.search("。[”）》]?$", text)):
        found.append("a label has no full stop, a sentence has one, in both languages")
    return found


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A sentence's forms: one, or singular and plural."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def faults(catalog: Catalog, words: list[Term] | None = None) -> list[str]:
    """All that is wrong with how a Chinese catalogue and its msgids are written, one sentence a fault."""
    words = glossary() if words is None else words
    found: list[str] = []
    needed: set[str] = set()
    for message in catalog:
        if not message.id:
            continue
        msgids, texts = _forms(message.id), _forms(message.string)
        if message.locations and all(DOCTOR.fullmatch(place) for place, _ in message.locations):
            msgids, texts = ([OF_THE_MACHINE.sub("X", one) for one in forms] for forms in (msgids, texts))
        here = [f"{fault} — msgid {one!r}" for one in msgids for fault in english_faults(one)]
        for text in filter(None, texts):
            here += [f"{fault} — {text!r}, msgid {msgids[0]!r}" for fault in chinese_faults(text, words)]
            here += [
                f"{fault} — {text!r}, msgid {msgids[0]!r}" for fault in pair_faults(msgids[0].strip(), text)
            ]
        if msgids[0] in EXCEPT:
            needed |= {msgids[0]} if here else set()
        else:
            found += here
    return found + [
        f"EXCEPT in scripts/words.py is not needed: {msgid!r}" for msgid in EXCEPT if msgid not in needed
    ]
