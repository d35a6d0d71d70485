"""What a password may not be."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.cells import plain
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import N_, Refused

SHORTEST, LONGEST = 10, 200
FEWEST_DIFFERENT = 5
SHORTEST_WORD = 4  # Latin letters and digits; two Chinese characters are a name already
# What hands type without thinking, forwards or backwards.
LADDERS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
)
SHORTEST_LADDER = 8
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)  # all others are the fourth
UNIT_ENDS = ("委员会", "总支", "支部", "小组", "党委", "机关", "党")  # what units are called at the end
CONTEXT = ("tracker", "dangjian", "dangshi", "党建", "党史")  # words of this work, which are tried first


@dataclass(frozen=True, slots=True)
class Profile:
    """What an installation asks of passwords and sessions (TRACKER_PASSWORD_PROFILE).

    name:       as pages call it.
    classes:    of how many sorts of characters (small, capital, digit, other) a password is made; 0: of any.
    lasts:      after how long a password must be changed; None: never.
    remembered: how many passwords before it may not come again.
    tries:      after how many wrong ones within `rest` an account rests for so long.
    idle:       the least and the most minutes of rest after which a session may end.
    """

    name: str
    classes: int = 0
    lasts: dt.timedelta | None = None
    remembered: int = 0
    tries: int = 10
    rest: dt.timedelta = dt.timedelta(hours=1)
    idle: tuple[int, int] = (5, 720)


# `default` follows OWASP's ASVS, which forbids rules of composition and forced changes; `dengbao` follows
# what assessors of 等保 customarily ask for: docs/decisions/0062-password-profiles.md.
PROFILES = {
    "default": Profile(N_("Ordinary")),
    "dengbao": Profile(
        N_("Classified protection (dengbao)"),
        classes=3, lasts=dt.timedelta(days=90), remembered=5, tries=5, rest=dt.timedelta(minutes=30),
        idle=(10, 30),
    ),
}  # fmt: skip


def check_new_password(
    password: str,
    *,
    about: Iterable[str] = (),
    places: Iterable[str] = (),
    old: str | None = None,
    profile: Profile = PROFILES["default"],
    common: frozenset[str] = frozenset(),
) -> None:
    """Raises Refused if a password of somebody's own choice is too short, too long, or easy to guess.

    about:   login, name and number of its owner, which it may not hold.
    places:  names of the bureau and its units, which it may not hold either, in letters or in pinyin.
    old:     the password until now.
    profile: what the installation asks for.
    common:  passwords that everybody tries, in small letters.
    """
    if len(password) < SHORTEST:
        raise Refused(N_("Choose a password of at least %(least)d characters."), "password", least=SHORTEST)
    if len(password) > LONGEST:
        raise Refused(N_("Choose a password of at most %(most)d characters."), "password", most=LONGEST)
    if password == old:
        raise Refused(N_("This is the password you have now. Choose another one."), "password")
    squeezed = plain(password)
    if any(_is_telling(word) and word in squeezed for word in map(plain, about)):
        raise Refused(N_("Leave your name and your number out of the password."), "password")
    whole, parts = place_words(places)
    if any(_is_telling(word) and word in squeezed for word in whole):
        raise Refused(
            N_("Leave the names of the bureau and its units out of the password: they are tried first."),
            "password",
        )
    near = [*CONTEXT, *filter(_is_telling, parts)]
    if any(word in squeezed and len(squeezed) - len(word) <= SHORTEST_LADDER for word in near):
        raise Refused(N_("Leave words of this work out of the password: they are tried first."), "password")
    if password.strip().lower() in common or squeezed in common:
        raise Refused(
            N_("This password stands on lists of stolen ones. Choose one that only you think of."), "password"
        )
    if len(set(squeezed)) < FEWEST_DIFFERENT or _has_ladder(squeezed):
        raise Refused(
            N_("This password is easily guessed. Mix in something that only you think of."), "password"
        )

    if sorts_of(password) < profile.classes:
        raise Refused(
            N_("Mix at least %(least)d of: small letters, capitals, digits, other characters."),
            "password", least=profile.classes,
        )  # fmt: skip


def place_words(names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Names of units as they are typed, in Chinese and in pinyin; and what is left of them without the word
    that all units are called by: 东湖党支部, donghudangzhibu; 东湖, donghu."""
    whole: set[str] = set()
    parts: set[str] = set()
    for name in map(plain, names):
        part = name
        while end := next((end for end in UNIT_ENDS if part.endswith(end) and part != end), ""):
            part = part.removesuffix(end)
        for found, word in ((whole, name), (parts, part)):
            found |= {word, pinyin_key(word, is_person=False).partition(" ")[0]}
    return whole, parts - whole


def sorts_of(password: str) -> int:
    """Of how many sorts of characters it is made: small letters, capitals, digits, all others."""
    sorts = {next((n for n, letters in enumerate(CLASSES) if char in letters), -1) for char in password}
    return len(sorts)


def has_run_out(set_at: dt.datetime | None, at: dt.datetime, profile: Profile) -> bool:
    """Whether a password must be changed because of its age. Of one whose day is not known: yes."""
    return profile.lasts is not None and (set_at is None or at - set_at >= profile.lasts)


def _is_telling(word: str) -> bool:
    return len(word) >= (SHORTEST_WORD if word.isascii() else 2)


def _has_ladder(text: str) -> bool:
    """Whether most of a text is a run of the keyboard or the alphabet."""
    for ladder in (*LADDERS, *(ladder[::-1] for ladder in LADDERS)):
        for start in range(len(ladder) - SHORTEST_LADDER + 1):
            run = ladder[start : start + SHORTEST_LADDER]
            if run in text and len(text) - len(run) < SHORTEST_LADDER:
                return True
    return False
