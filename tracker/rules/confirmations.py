"""What is asked when a record comes to a stage: how it was before and after, and the community's word."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker.models.confirmation import Heard
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.refusal import N_, Refused
from tracker.rules.sensitive import holds_id_number, holds_phone_number

LONGEST_NOTE = 400
NO_NUMBERS = N_("Leave out ID numbers and telephone numbers: nobody is to be found by what stands here.")


@dataclass(frozen=True, slots=True)
class Word:
    """The community's word: which office said so, on which day, and how it was heard."""

    said_by: str
    said_on: dt.date
    heard: Heard


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said when a record came to a stage; '' and None where nothing was."""

    before: str = ""
    after: str = ""
    word: Word | None = None


def check_note(text: str, field: str) -> str:
    """A note as it is kept. Raises Refused if it is too long, or holds somebody's number."""
    text = " ".join(text.split())
    if len(text) > LONGEST_NOTE:
        raise Refused(N_("Write at most %(most)d characters."), field, most=LONGEST_NOTE)
    if holds_id_number(text) or holds_phone_number(text):
        raise Refused(NO_NUMBERS, field)
    return text


def check_answers(kind: Kind, stage: Stage, said: Answers, *, since: dt.date, last: dt.date) -> Answers:
    """What was said, as it is kept. Raises Refused for what the stage does not ask, or what will not do.

    since: the day on which the stage was reached; last: no day may lie after it.
    """
    before, after = check_note(said.before, "before"), check_note(said.after, "after")
    for name, field, given in (
        ("before_note", "before", before),
        ("after_note", "after", after),
        ("confirmation", "said_by", said.word),
    ):
        if given and name not in stage.asks:
            raise Refused(N_("This is not asked at the stage %(stage)s."), field, stage=stage.name)
    if said.word is not None:
        check_word(kind, stage, said.word, since=since, last=last)
    return Answers(before, after, said.word)


def check_word(kind: Kind, stage: Stage, word: Word, *, since: dt.date, last: dt.date) -> None:
    """Raises Refused unless the community can have said so of a record that came to the stage on `since`."""
    if "confirmation" not in stage.asks:
        raise Refused(N_("This is not asked at the stage %(stage)s."), "said_by", stage=stage.name)
    if word.said_by not in kind.confirmers:
        raise Refused(N_("Choose who of the community said so."), "said_by")
    if word.said_on < since:
        raise Refused(
            N_("The stage was reached on %(day)s; it cannot have been confirmed before."), "said_on",
            day=since.isoformat(),
        )  # fmt: skip
    if word.said_on > last:
        raise Refused(N_("Choose a day up to %(day)s."), "said_on", day=last.isoformat())
