"""Which language a page is in: the choice kept in the session, else Chinese."""

from __future__ import annotations

from flask import has_request_context, session

LANGUAGES = {"zh_Hans": "中文", "en": "English"}
DEFAULT = "zh_Hans"


def choose_language() -> str:
    """The locale of this request, 'zh_Hans' unless the reader chose another."""
    chosen = session.get("language") if has_request_context() else None
    return chosen if chosen in LANGUAGES else DEFAULT
