"""Stories as offices write them into one cell: 半条被子（张三M0001）、一根灯芯."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tracker.rules.cells import Raw, clean, parse_text, shown
from tracker.rules.near_copies import plain_text
from tracker.rules.people import LONGEST_NAME, PersonMention, parse_people
from tracker.rules.refusal import N_, Refused

LONGEST_TITLE, LONGEST_KEY = 100, 200
MOST_STORIES = 100  # of one record
_SEPARATORS = "、;；\n\r"
_OPENING, _CLOSING = "(（【〔《<", ")）】〕》>"
_ROUND_OPEN, _ROUND_CLOSED = "(（", ")）"


@dataclass(frozen=True, slots=True)
class StoryMention:
    """A story as a cell names it: its title, and who told it as it was written ('' if nobody is named)."""

    title: str
    teller: str = ""

    @property
    def person(self) -> PersonMention | None:
        """The one person whom the teller's words name; None where they name nobody, or several."""
        try:
            people = parse_people(self.teller)
        except Refused:
            return None
        return people[0] if len(people) == 1 else None


class Told(NamedTuple):
    """A story ready to be written: the member who told it, or the name of somebody else, or neither."""

    title: str
    member_id: int | None = None
    teller: str | None = None


def story_key(title: str) -> str:
    """By what the same story is known again: letters only, half-width, lower case."""
    return plain_text(title)[:LONGEST_KEY]


def parse_stories(raw: Raw) -> list[StoryMention]:
    """Every story that a cell names, in its order; [] if it is blank.

    They are separated by 、 ； or a line break, outside of brackets and 《》; who told it stands in brackets
    at the end. A comma separates nothing: titles have commas.
    Raises Refused for a title that is too long or holds no letter, and for a story that stands twice.
    """
    text = clean("" if raw is None else raw if isinstance(raw, str) else shown(raw))
    found: dict[str, StoryMention] = {}
    for piece in filter(str.strip, _pieces(text)):
        title, teller = title_and_teller(piece)
        parse_text(title, LONGEST_TITLE)
        parse_text(teller, LONGEST_NAME)
        key = story_key(title)
        if not key:
            raise Refused(N_("%(value)s is no title of a story."), value=shown(piece))
        if key in found:
            raise Refused(N_("The story %(title)s stands twice; name it once."), title=shown(title))
        found[key] = StoryMention(title, teller)
    if len(found) > MOST_STORIES:
        raise Refused(N_("At most %(most)d stories of one session are kept."), most=MOST_STORIES)
    return list(found.values())


def _pieces(text: str) -> Iterator[str]:
    """The parts between separators that stand in no bracket."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth = max(0, depth - 1)
        elif letter in _SEPARATORS and (depth == 0 or letter in "\n\r"):
            yield text[start:at]
            depth, start = 0, at + 1
    yield text[start:]


def title_and_teller(piece: str) -> tuple[str, str]:
    """(title, teller) of one piece; without brackets at its end there is no teller."""
    text = " ".join(piece.split())
    if not text or text[-1] not in _ROUND_CLOSED:
        return text, ""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in _ROUND_CLOSED) - (text[at] in _ROUND_OPEN)
        if depth == 0:
            return text[:at].rstrip(), text[at + 1 : -1].strip()
    return text, ""


def typed_story(title: str, teller: str) -> str:
    """A story as a cell names it; the opposite of `parse_stories`."""
    ends_in_brackets = bool(title_and_teller(title)[1])
    return f"{title}（{teller}）" if teller or ends_in_brackets else title
