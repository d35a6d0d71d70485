"""Which language a page is in: the choice kept in the session, else Chinese."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context, session
from flask_babel import get_locale, get_translations

LANGUAGES = {"zh_Hans": "中文", "en": "English"}
DEFAULT = "zh_Hans"


def choose_language() -> str:
    """The locale of this request, 'zh_Hans' unless the reader chose another."""
    chosen = session.get("language") if has_request_context() else None
    return chosen if chosen in LANGUAGES else DEFAULT


def init_app(app: Flask) -> None:
    """Let templates find a catalogue by its language, at once: Flask-Babel asks the context three times for
    each sentence, and a page has a hundred."""
    catalogues: dict[tuple[str, str | None], Any] = {}

    def here() -> Any:
        locale = get_locale()
        if locale is None:
            return get_translations()
        key = (locale.language, locale.script)
        if key not in catalogues:
            catalogues[key] = get_translations()
        return catalogues[key]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension i18n
        gettext=lambda text: here().ugettext(text),
        ngettext=lambda one, many, number: here().ungettext(one, many, number),
        newstyle=True,
    )
