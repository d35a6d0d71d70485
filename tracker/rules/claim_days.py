"""Days of a draft: the 截至 by which it is to be read, and a forecast that it repeats."""

from __future__ import annotations

import datetime as dt
import re

from tracker.rules.claim_candidates import TOPICAL
from tracker.rules.claim_fits import NEAR, Lexicon, pairs_of
from tracker.rules.claim_verdicts import HOLDS, WRONG
from tracker.rules.claims import Finding, Ledger, Verdict, name_of, said
from tracker.rules.number_words import Aside, Sort
from tracker.rules.numerals import chinese, normalised
from tracker.rules.wording import Sentence

_DAY = (
    r"(?:(?P<year>[0-9]{4}|[一二〇零○一二三四五六七八九]{4})\s?年\s?)?"
    r"(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(?P<day>[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})\s?[日号]"
)
_WRITTEN = re.compile(_DAY)
_AS_OF = re.compile(rf"(?:截至|截止到?|到|至)\s?{_DAY}")
_ISO = re.compile(r"截[至止]到?\s?(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})")
_FORETOLD = ("预计", "预测", "有望", "将于", "可于", "推算", "按目前进度", "按现在的进度")


def as_of_in(text: str, today: dt.date) -> dt.date | None:
    """The day of 截至…, with the year of `today` where it names none; None where the draft has none."""
    plain = normalised(text)
    match = _AS_OF.search(plain) or _ISO.search(plain)
    return _day(match, today) if match else None


def judge_day(text: str, aside: Aside, ledger: Ledger, lexicon: Lexicon) -> Finding | None:
    """The verdict on a day that foretells when a figure is reached; None where it is any other day."""
    match = _WRITTEN.search(normalised(text[aside.start : aside.end])) if aside.sort is Sort.DAY else None
    if match is None:
        return None
    start = max(text.rfind(sign, 0, aside.start) for sign in "。；\n") + 1
    around = re.split(r"[。；\n]", text[start:], maxsplit=1)[0]
    if not any(word in around for word in _FORETOLD):
        return None
    heard = dict.fromkeys(pairs_of(around), NEAR)
    scores = lexicon.scores(heard)
    scored = [
        (scores.get(one.figure.id, 0.0), one) for one in ledger.known if one.figure and one.date is not None
    ]  # fmt: skip
    score, known = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if known is None or score < TOPICAL:
        return None
    is_right = _day(match, known.date or ledger.day) == known.date
    why = Sentence(HOLDS if is_right else WRONG, {"title": name_of(known), "value": said(known)})
    verdict = Verdict.MATCHES if is_right else Verdict.DIFFERS
    return Finding(aside.start, aside.end, text[aside.start : aside.end], verdict, (why,), known)


def _day(match: re.Match[str], near: dt.date) -> dt.date | None:
    def whole(word: str) -> int:
        return int(word) if word[0] in "0123456789" else chinese(word) or 0

    try:
        return dt.date(
            whole(match["year"]) if match["year"] else near.year, whole(match["month"]), whole(match["day"])
        )
    except ValueError:
        return None
