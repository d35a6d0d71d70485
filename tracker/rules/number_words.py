"""Numbers of a text that claim nothing: days, times, ordinals, codes, names, words with a numeral."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.numerals import is_numeric


class Sort(enum.StrEnum):
    """Why a number claims nothing."""

    DAY = "day"
    TIME = "time"
    ORDINAL = "ordinal"
    CODE = "code"
    NAME = "name"
    WORD = "word"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Aside:
    """A stretch of the text whose numbers claim nothing."""

    start: int
    end: int
    sort: Sort


_N = r"(?:[0-9]+|[〇零一二三四五六七八九十廿卅]+)"
_TO = r"\s?(?:[-—–~]{1,2}|至|到)\s?"
_MONTH = rf"{_N}\s?月(?:份|底|初|末|[上中下]旬)?"
_YEAR = r"(?:[12][0-9]{3}|[一二][〇零○一二三四五六七八九]{3})\s?年度?"
_MARK = r"[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_IN = r"[^”\"」’\n。，；]"
_PATTERNS: tuple[tuple[Sort, str], ...] = (
    (Sort.NAME, r"《[^《》\n]{1,60}》"),
    (Sort.CODE, r"https?://[^\s，。；）]+"),
    (Sort.CODE, r"[〔\[(（][0-9]{4}[〕\])）]\s?[0-9]+\s?号"),
    (Sort.DAY, rf"{_YEAR}\s?(?:{_MONTH}(?:\s?{_N}\s?[日号])?)?"
               rf"(?:{_TO}(?:(?:[12][0-9]{{3}}年)?{_N}月)?(?:{_N}[日号])?)?"),
    (Sort.DAY, rf"{_N}{_TO}{_MONTH}(?:{_N}[日号])?"),
    (Sort.DAY, rf"(?<![个0-9]){_MONTH}(?:\s?{_N}\s?[日号])?(?:{_TO}(?:{_N}月)?{_N}[日号])?"),
    (Sort.DAY, rf"{_N}日{_TO}{_N}日|{_N}日(?![均程常夜])"),
    (Sort.DAY, r"(?<![0-9.,-])[12][0-9]{3}([-/.])[01]?[0-9]\1[0-3]?[0-9](?![0-9])"),
    (Sort.DAY, r"(?:建党|建国|成立|诞辰|纪念|百)?\s?(?:[0-9]+|[〇零一二三四五六七八九十百]+)\s?周年"),
    (Sort.DAY, rf"{_N}\s?世纪(?:\s?{_N}\s?年代)?|{_N}\s?年代|[0-9]{{2}}后"),
    (Sort.DAY, r"(?:星期|周)[一二三四五六日](?!期)|第?[一二三四1-4]季度|前[一二三四1-4]个?季度"),
    (Sort.TIME, r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])"),
    (Sort.TIME, rf"(?:上午|下午|晚上|早上|凌晨|中午|晚)\s?{_N}\s?[时点](?:{_N}分|半|整)?"),
    (Sort.TIME, rf"{_N}[时点](?:{_N}分|半|整)"),
    (Sort.ORDINAL, rf"第\s?(?:{_N}|[一二三四五六七八九十百千两]+)(?:{_TO}第?[0-9一二三四五六七八九十]+)?"),
    (Sort.ORDINAL, rf"^[ \t　]*{_MARK}[)）、.．](?![0-9])"),
    (Sort.ORDINAL, rf"(?<=[。；;：:，,、\n（(“ 　]){_MARK}[)）](?=[^，。；\s])"),
    (Sort.ORDINAL, r"(?:(?<=[。；;：:，,\n ])|^)[一二三四五六七八九十][是则要来](?=[^\s])"),
    (Sort.ORDINAL, r"(?:其|之)[一二三四五六七八九十](?![十百千万])"),
    (Sort.ORDINAL, r"(?<![0-9.])[0-9]{1,4}\s?号|No\.?\s?[0-9]+"),
    (Sort.CODE, r"(?<![A-Za-z0-9])[A-Za-z]{1,10}[-_]?[0-9]+(?:[-_A-Za-z0-9]*[A-Za-z0-9])?(?![A-Za-z])"),
    (Sort.CODE, r"(?<![0-9.,])[0-9]{3,4}-[0-9]{7,8}(?![0-9])"),
    (Sort.CODE, r"(?<![0-9.,])[0-9]{9,}(?![0-9.,]|\s?[%名人个件篇场次元万亿])"),
    (Sort.CODE, r"(?<![0-9.])[0-9]+[DGK](?![A-Za-z])"),
    (Sort.NAME, rf"[“\"「‘]{_IN}{{0,6}}[一二三四五六七八九十百两+](?:(?![0-9]){_IN}){{0,8}}[”\"」’]"),
)  # fmt: skip
_COMPILED = tuple((sort, re.compile(pattern, re.MULTILINE)) for sort, pattern in _PATTERNS)

# Words of the language and of official Chinese in which a numeral counts nothing.
_OFFICIAL = """
    三会一课 两学一做 四史 四个意识 四个自信 两个维护 两个确立 三严三实 两个先锋 六稳六保 五位一体
    四个全面 一岗双责 三重一大 一把手 一线 一体 一致 统一 一定 一切 一直 一起 一些 一系列 一批 一旦 一律
    一般 一贯 一边 一面 一方面 一流 一心 一道 一同 一并 一次性 一揽子 一条龙 一站式 一老一小 一对一
    一帮一 点对点 进一步 唯一 之一 万一 专一 划一 逐一 单一 不一 如一 合一 第一时间 十分 十足 百姓
    老百姓 百年 百花 百货 百科 千方百计 千家万户 千言万语 千万不 万众一心 万事 万物 亿万 成千上万
    成百上千 千千万万 三农 三个代表 八一 七一 五一 一二·九 九一八 十一长假 二维码 二手 二次 三维 四川
    三亚 九江 六安 五保户 低保 十八大 十九大 二十大 十九届 二十届 十八届 六中全会 五中全会 四中全会
    三中全会 七中全会 十三五 十四五 十五五 一分为二 三五成群 三三两两 四面八方 五湖四海 七嘴八舌
    接二连三 独一无二 举一反三 一丝不苟 一如既往 一以贯之 一马当先 一视同仁 一目了然 一鼓作气 不约而同
    始终如一 表里如一 知行合一 万无一失 一生 一时 一带 一带一路 一会儿 一下 一点 一样 一刻 一向 一概
    一经 一来 一度 一共 一家人 一家亲 一张图 一本账 一盘棋 一张网 一网通办 一事一议 一人一策 一户一策
    一月一主题 百分制 两岸 两会 两新 三等奖 二等奖 一等奖 双十一 二十四节气 九年义务 一举 一应 一齐 一词
    一员 第三方 四方 双一流 七夕 三微一端 四风 八项规定 七个有之 一国两制 两手抓 两促进 两不误 一手抓
    两弹一星 五个统筹 五四运动 五四精神 五四青年节
    """
WORDS = tuple(_OFFICIAL.split())
_BY_LENGTH = sorted(dict.fromkeys(WORDS), key=len, reverse=True)
_WORDS = re.compile("|".join(map(re.escape, _BY_LENGTH)))
# 一 with a measure word is an article more often than a count: 一个都不能少, 一名老党员.
_ARTICLE = re.compile(
    r"(?<![第0-9〇零一二三四五六七八九十百千万亿两廿卅])一(?=[个名位种项件次场篇支份本条片段幅张家户届类番点直年天])"
)


def asides(text: str, names: Iterable[str]) -> list[Aside]:
    """The stretches of `text` (as `numerals.normalised` gives it) whose numbers claim nothing, in order.

    names: the campaign's own: goals, kinds, units, choices, set books. They come before everything else.
    They do not overlap, and each holds a numeric character.
    """
    found: list[Aside] = []
    taken = bytearray(len(text))

    def take(start: int, end: int, sort: Sort) -> None:
        holds = any(is_numeric(one) for one in text[start:end])
        if holds and not any(taken[start:end]) and not _cuts(text, start, end):
            taken[start:end] = b"\1" * (end - start)
            found.append(Aside(start, end, sort))

    for name in sorted({one for one in names if any(map(is_numeric, one))}, key=lambda one: (-len(one), one)):
        place = text.find(name)
        while place >= 0:
            take(place, place + len(name), Sort.NAME)
            place = text.find(name, place + 1)
    for sort, pattern in _COMPILED:
        for match in pattern.finditer(text):
            take(match.start(), match.end(), sort)
    for match in _WORDS.finditer(text):
        take(match.start(), match.end(), Sort.WORD)
    for match in _ARTICLE.finditer(text):
        take(match.start(), match.end(), Sort.WORD)
    return sorted(found, key=lambda aside: aside.start)


def _cuts(text: str, start: int, end: int) -> bool:
    """Whether taking the stretch would cut a number in two: 十分 out of 三十分钟."""
    before = start > 0 and is_numeric(text[start - 1]) and is_numeric(text[start])
    after = end < len(text) and is_numeric(text[end]) and is_numeric(text[end - 1])
    return before or after
