"""What rules say as msgids, said in the reader's language."""

from __future__ import annotations

import datetime as dt

from flask_babel import get_locale, gettext

from tracker.filters import day_words
from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.wording import Sentence, rule_in_words


def said(sentence: Sentence) -> str:
    """One sentence in the page's language."""
    params: dict[str, object] = {}
    for name, value in sentence.params.items():
        if isinstance(value, tuple):
            words = [gettext(word) if name in sentence.words else word for word in value]
            params[name] = gettext(", ").join(words)
        elif isinstance(value, dt.date):
            params[name] = day_words(value)
        else:
            params[name] = value
    return gettext(sentence.msgid, **params)


def rule_said(figure: Figure, spec: CampaignSpec) -> list[str]:
    """How a figure is counted, in sentences of the page's language."""
    return [said(sentence) for sentence in rule_in_words(figure, spec)]


def rule_joined(figure: Figure, spec: CampaignSpec) -> str:
    """The same as one paragraph; Chinese sentences stand without blanks between them."""
    return (" " if str(get_locale()).startswith("en") else "").join(rule_said(figure, spec))
