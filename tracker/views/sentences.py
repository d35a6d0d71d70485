"""What rules say as msgids, said in the reader's language."""

from __future__ import annotations

from flask_babel import get_locale

from tracker.filters import said
from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.wording import rule_in_words

__all__ = ["rule_joined", "rule_said", "said"]


def rule_said(figure: Figure, spec: CampaignSpec) -> list[str]:
    """How a figure is counted, in sentences of the page's language."""
    return [said(sentence) for sentence in rule_in_words(figure, spec)]


def rule_joined(figure: Figure, spec: CampaignSpec) -> str:
    """The same as one paragraph; Chinese sentences stand without blanks between them."""
    return (" " if str(get_locale()).startswith("en") else "").join(rule_said(figure, spec))
