"""Names as they are typed without Chinese letters: full pinyin and initials."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Characters that are read otherwise in a surname than in a word.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren", "朴": "piao",
    "盖": "ge", "宁": "ning", "翟": "zhai", "缪": "miao", "召": "shao", "尉": "wei", "卜": "bu", "员": "yun",
    "贠": "yun", "乐": "yue", "洗": "xian", "冼": "xian", "折": "she", "黑": "he", "秘": "bi", "繁": "po",
    "晟": "cheng", "种": "chong", "重": "chong", "覃": "qin", "谌": "chen", "葛": "ge", "燕": "yan",
    "应": "ying", "令": "ling", "过": "guo", "哈": "ha", "牟": "mu", "宓": "mi", "相": "xiang", "曲": "qu",
    "那": "na", "车": "che", "沈": "shen", "石": "shi", "祭": "zhai", "长": "zhang", "都": "du", "干": "gan",
    "强": "qiang", "万": "wan", "纪": "ji", "隗": "wei", "句": "gou", "撒": "sa", "藏": "zang", "盛": "sheng",
}  # fmt: skip
_COMPOUND = {
    "尉迟": "yu chi", "单于": "chan yu", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai",
    "令狐": "ling hu", "宰父": "zai fu", "夏侯": "xia hou", "呼延": "hu yan", "独孤": "du gu",
}  # fmt: skip


def _syllables(text: str) -> list[str]:
    """Each character's reading; runs of what has none stay as they are."""
    # Here, as it brings 40 MiB of phrases: half a second of a start, and most commands read no name.
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text, errors=lambda run: run)


def pinyin_key(text: str, *, is_person: bool = True) -> str:
    """What a search is compared with: "张三" becomes "zhangsan zs".

    is_person: the first character is a surname, which may be read in its own way (曾 zeng, 单 shan).
    Letters and digits stay, in lower case; ü is written v, as it is typed.
    """
    syllables: list[str] = []
    rest = text.strip()
    if is_person and rest[:2] in _COMPOUND:
        syllables, rest = _COMPOUND[rest[:2]].split(), rest[2:]
    elif is_person and rest[:1] in _SURNAMES:
        syllables, rest = [_SURNAMES[rest[0]]], rest[1:]
    syllables += [word for part in _syllables(rest) for word in part.casefold().split() if word]
    words = [kept for syllable in syllables if (kept := "".join(c for c in syllable if c.isalnum()))]
    return f"{''.join(words)} {''.join(word[0] for word in words)}"[:400].strip()


def as_typed(text: str) -> str:
    """A text, or what is searched for, as the two are compared: small letters, no blanks, no full width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def term_keys(text: str) -> dict[str, str]:
    """A text of the ledger with what it is typed as: columns of models.Term. Nothing in it is a surname."""
    syllables = [
        kept
        for part in _syllables(as_typed(text))
        if (kept := "".join(c for c in part.casefold() if c.isalnum()))
    ]
    return {
        "text": text,
        "typed": as_typed(text)[:400],
        "pinyin": "".join(syllables)[:400],
        "initials": "".join(syllable[0] for syllable in syllables)[:200],
    }


@lru_cache(maxsize=4_000)
def _keys(text: str) -> tuple[str, str, str]:
    keys = term_keys(text)
    return keys["typed"], keys["pinyin"], keys["initials"]


def answers_to(text: str, asked: str) -> bool:
    """Whether a name that is no row of a table answers to what was typed: as queries.terms asks of terms."""
    asked = as_typed(asked)
    typed, pinyin, initials = _keys(text)
    return asked in typed or (is_spelled(asked) and (pinyin.startswith(asked) or asked in initials))


def is_spelled(asked: str) -> bool:
    """Whether what was typed may be pinyin or initials: two letters or more, and nothing else."""
    return len(asked) >= 2 and asked.isascii() and asked.isalnum()


def marks(text: str, asked: str) -> list[tuple[str, bool]]:
    """A text in pieces, those that answer to what was typed marked: by letters, initials or pinyin."""
    asked = as_typed(asked)
    first, last = _written(text, asked) or (is_spelled(asked) and _spelled(text, asked)) or (0, 0)
    pieces = (text[:first], False), (text[first:last], True), (text[last:], False)
    return [piece for piece in pieces if piece[0]]


def _written(text: str, asked: str) -> tuple[int, int] | None:
    """Where in the text it stands, letter by letter."""
    letters = [(one, at) for at, char in enumerate(text) for one in as_typed(char)]
    found = "".join(one for one, _ in letters).find(asked) if asked else -1
    return (letters[found][1], letters[found + len(asked) - 1][1] + 1) if found >= 0 else None


def _spelled(text: str, asked: str) -> tuple[int, int] | None:
    """Which of its characters are spelled so, each read by itself."""
    read = [_syllables(char)[0] for char in text]
    spoken = [
        (kept, at)
        for at, one in enumerate(read)
        if (kept := "".join(c for c in one.casefold() if c.isalnum()))
    ]
    found = "".join(one[0] for one, _ in spoken).find(asked)
    if found >= 0:
        return spoken[found][1], spoken[found + len(asked) - 1][1] + 1
    length = 0
    for one, at in spoken:
        length += len(one)
        if length >= len(asked):
            is_begun = "".join(part for part, _ in spoken).startswith(asked)
            return (spoken[0][1], at + 1) if is_begun else None
    return None
