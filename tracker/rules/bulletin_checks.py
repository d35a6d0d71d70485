"""What a draft of a bulletin must be like to be kept, and to be issued."""

from __future__ import annotations

import datetime as dt

from tracker.rules.bulletins import Body
from tracker.rules.campaign_bulletins import LONGEST
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.cells import clean
from tracker.rules.refusal import N_, Refused
from tracker.rules.sensitive import holds_id_number

LONGEST_TITLE = 100
NO_TITLE = N_("Give the bulletin a title.")
NO_TEXT = N_("Write something: an empty bulletin says nothing.")
ID_NUMBER = N_("This looks like somebody's identity number. A bulletin does not say it.")


def check_words(title: str, text: str) -> tuple[str, str]:
    """Title and text as they are kept. Raises Refused, at the field at fault, for empty, too long or
    unwritable ones, and for identity numbers."""
    title = " ".join(_written(title, "title").split())
    text = _written(text, "text").strip()
    if not title:
        raise Refused(NO_TITLE, "title")
    if not text:
        raise Refused(NO_TEXT, "text")
    for words, field, most in ((title, "title", LONGEST_TITLE), (text, "text", LONGEST)):
        if len(words) > most:
            raise Refused(N_("Write at most %(most)d characters."), field, most=most)
        if holds_id_number(words):
            raise Refused(ID_NUMBER, field)
    return title, text


def _written(words: str, field: str) -> str:
    try:
        return clean(words.replace("\r\n", "\n").replace("\r", "\n"))
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from refusal


def check_as_of(as_of: dt.date, spec: CampaignSpec, today: dt.date) -> None:
    """Raises Refused for a day that has not come, or on which the campaign did not run."""
    if as_of > today:
        raise Refused(N_("That day has not come yet."), "as_of")
    if not spec.starts_on <= as_of <= spec.ends_on:
        raise Refused(
            N_("The campaign runs from %(first)s to %(last)s: choose a day of it."), "as_of",
            first=spec.starts_on, last=spec.ends_on,
        )  # fmt: skip


def check_issue(body: Body, as_of: dt.date, issued_on: dt.date, spec: CampaignSpec, today: dt.date) -> None:
    """Raises Refused, at the field at fault, if a draft cannot be issued on that day."""
    check_as_of(as_of, spec, today)
    if not as_of <= issued_on <= today:
        raise Refused(N_("The day of issue lies between the as-of day and today."), "issued_on")
    if not any(one.style == "body" for one in body.paragraphs):
        raise Refused(N_("Nothing of it can be printed: every sentence lacks a figure."), "text")
