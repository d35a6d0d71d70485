"""People as offices write them into one cell."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from tracker.rules.cells import Raw, clean, parse_text, shown
from tracker.rules.refusal import N_, Refused

LONGEST_NAME = 80

_CJK = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SEPARATORS = re.compile(r"[、,;/|\\\n\r。]+")
_AFTER_BRACKET = re.compile(r"(?<=[)\]】〕>}])")
_BRACKETED = re.compile(r"(.+?)\s*[(\[【〔<{]\s*(.*?)\s*[)\]】〕>}]")
_NUMBER = r"[A-Za-z]{0,8}-?[0-9][A-Za-z0-9-]{0,30}"
_NUMBER_ONLY = re.compile(_NUMBER)
_NUMBER_FIRST = re.compile(rf"({_NUMBER})[\s:_-]*([{_CJK}].*)")
_NUMBER_LAST = re.compile(rf"(.*[{_CJK}])[\s:_-]*({_NUMBER})")
_NOBODY = re.compile(
    r"等(?:共?[0-9一二三四五六七八九十百]*余?(?:人|名|位|个|同志|党员|群众)*)?$"
    r"|全体|全员|所有|大家|[0-9]余?(?:人|名|位)|[一二三四五六七八九十百]+(?:人次|余人|名党员|名同志)"
)
_IS_NAME = re.compile(rf"[{_CJK}·]+|[^\W\d_][^\W\d_.·' -]*(?:[.·' -]+[^\W\d_]+)*\.?")
_DOTS = re.compile(r"\s*[·•‧・∙⋅]\s*")
_COMPOUND_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 南宫 长孙 宇文 独孤 西门 呼延 东郭"
)


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Somebody named in a cell. `name` is "" where only the number was written."""

    name: str
    number: str | None = None


def person_name(raw: Raw) -> str:
    """A name in its one spelling: no space between Chinese characters, one between Latin words, dots as ·.

    Raises Refused for a blank cell, control characters and more than 80 characters.
    """
    text = parse_text(raw, LONGEST_NAME)
    if text is None:
        raise Refused(N_("Enter a name."))
    return _normalised(text)


def parse_people(raw: Raw) -> list[PersonMention]:
    """Everybody whom a cell names, in its order; [] if it is blank.

    Names are separated by 、 ， ； / or a line break; a number stands in brackets behind its name.
    Raises Refused for a list that leaves people unnamed (等8人), for a note in the brackets, for somebody
    named twice, and for spaces that could both separate two people and stand inside a name.
    """
    text = unicodedata.normalize(
        "NFKC", clean("" if raw is None else raw if isinstance(raw, str) else shown(raw))
    )
    people: list[PersonMention] = []
    for part in _SEPARATORS.split(_AFTER_BRACKET.sub("、", text)):
        for piece in _apart(part.strip()):
            person = _mention(piece)
            if person in people:
                raise Refused(
                    N_("%(name)s is named twice in the cell."), name=shown(person.name or person.number)
                )
            people.append(person)
    return people


def _mention(piece: str) -> PersonMention:
    """One person: 张三, 张三(M0001), M0001(张三), M0001 张三, 张三M0001 or M0001."""
    if _NOBODY.search(piece):
        raise Refused(
            N_("%(value)s does not name people. Write every name, or no name and the headcount."),
            value=shown(piece),
        )
    if match := _BRACKETED.fullmatch(piece):
        outside, inside = match[1], match[2]
        if _NUMBER_ONLY.fullmatch(inside):
            return PersonMention(_checked(outside), inside)
        if _NUMBER_ONLY.fullmatch(outside):
            return PersonMention(_checked(inside), outside)
        raise Refused(
            N_("Only a member's number may stand in brackets behind a name, not %(value)s."),
            value=shown(inside),
        )
    if _NUMBER_ONLY.fullmatch(piece):
        return PersonMention("", piece)
    if match := _NUMBER_FIRST.fullmatch(piece):
        return PersonMention(_checked(match[2]), match[1])
    if match := _NUMBER_LAST.fullmatch(piece):
        return PersonMention(_checked(match[1]), match[2])
    return PersonMention(_checked(piece))


def _checked(text: str) -> str:
    name = _normalised(text)
    if len(name) > LONGEST_NAME or not _IS_NAME.fullmatch(name):
        raise Refused(
            N_("%(value)s is not a name. Separate names with 、 and write nothing else."), value=shown(text)
        )
    return name


def _apart(part: str) -> list[str]:
    """The pieces of a part that has spaces: two people, or one name that was spaced out."""
    tokens = part.split()
    if len(tokens) < 2 or not all(re.fullmatch(f"[{_CJK}·]+", token) for token in tokens):
        return [part] if part else []
    if any("·" in (before[-1], after[0]) for before, after in pairwise(tokens)):
        return [part]
    lengths = [len(token) for token in tokens]
    if len(tokens) == 2 and ((lengths[0] == 1 and lengths[1] <= 3) or tokens[0] in _COMPOUND_SURNAMES):
        return [part]
    if lengths == [1, 1, 1]:
        return [part]
    if min(lengths) >= 2:
        return tokens
    raise Refused(
        N_("It is not clear where one name ends and the next begins in %(value)s. Separate them with 、."),
        value=shown(part),
    )


def _normalised(text: str) -> str:
    text = _DOTS.sub("·", " ".join(unicodedata.normalize("NFKC", text).split()))
    text = re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}])", "", text)
    text = re.sub(rf"(?<=[{_CJK}])\.(?=[{_CJK}])", "·", text)
    return re.sub(r"(?<=..)同志$", "", text)
