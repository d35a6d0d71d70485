"""Names as they are typed without Chinese letters: full pinyin and initials."""

from __future__ import annotations

from pypinyin import lazy_pinyin

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
    syllables += [
        word for part in lazy_pinyin(rest, errors=lambda run: run) for word in part.casefold().split() if word
    ]
    words = [kept for syllable in syllables if (kept := "".join(c for c in syllable if c.isalnum()))]
    return f"{''.join(words)} {''.join(word[0] for word in words)}"[:400].strip()
