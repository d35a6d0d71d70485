"""What a password may not be."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.rules.cells import plain
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


def check_new_password(password: str, *, about: Iterable[str] = (), old: str | None = None) -> None:
    """Raises Refused if a password of somebody's own choice is too short, too long, or easy to guess.

    about: login, name and number of its owner, which it may not hold.
    old:   the password until now.
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
    if len(set(squeezed)) < FEWEST_DIFFERENT or _has_ladder(squeezed):
        raise Refused(
            N_("This password is easily guessed. Mix in something that only you think of."), "password"
        )


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
