"""How values are written in pages: numbers, days, moments, minutes. Always through these."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from flask import Flask
from flask_babel import force_locale, get_locale, gettext

from tracker import access
from tracker.clock import local
from tracker.language import DEFAULT, LANGUAGES
from tracker.queries.campaigns import class_hour_of
from tracker.rules.durations import as_class_hours
from tracker.rules.numbers import number, reached, to_go
from tracker.rules.pinyin import marks
from tracker.rules.wording import Sentence


def percent(share: Fraction | float | None) -> str:
    """A share from 0 to 1 as whole per cent, cut and not rounded: 99.9 % is not yet 100 %."""
    return "—" if share is None else f"{int(Fraction(share) * 100)}%"


def day(value: dt.date | None) -> str:
    """A day in a table: 2021-06-26."""
    return value.isoformat() if value else "—"


def day_words(value: dt.date | None) -> str:
    """A day in a sentence: 6月26日, with the year where it is not that of the campaign's page."""
    if value is None:
        return "—"
    if str(get_locale()).startswith("en"):
        return f"{value.day} {value:%b} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def month_words(value: dt.date) -> str:
    """The month of a day: 2021年6月."""
    return (
        f"{value:%b} {value.year}" if str(get_locale()).startswith("en") else f"{value.year}年{value.month}月"
    )


def short_day(value: dt.date | None) -> str:
    """A day in a sentence without its year: 6月26日."""
    if value is None:
        return "—"
    return (
        f"{value.day} {value:%b}" if str(get_locale()).startswith("en") else f"{value.month}月{value.day}日"
    )


def moment(value: dt.datetime | None) -> str:
    """A moment on the wall's clock: 2021-06-26 09:12."""
    return f"{local(value):%Y-%m-%d %H:%M}" if value else "—"


def minutes(value: int | None, class_hour: int | None = None) -> str:
    """A duration: 1小时30分. class_hour: minutes of one 学时 where the kind counts in them;
    2学时 then, as far as two decimals say it exactly."""
    if value is None:
        return "—"
    if class_hour and (counted := as_class_hours(value, class_hour)):
        return gettext("%(count)s class hours", count=counted)
    hours, rest = divmod(value, 60)
    if not hours:
        return gettext("%(minutes)d min", minutes=rest)
    if not rest:
        return gettext("%(hours)d h", hours=hours)
    return gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=rest)


def file_size(value: int) -> str:
    """The size of a file: 640 KB, 1.2 MB."""
    return f"{max(1, round(value / 1024))} KB" if value < 1_000_000 else f"{value / 2**20:.1f} MB"


def translate(message: Any) -> str:
    """The sentence of a Refused, a Problem or its stored form {"msgid", "params"}, in the page's language."""
    if isinstance(message, dict):
        msgid, params = message["msgid"], message.get("params", {})
    else:
        msgid, params = message.msgid, dict(message.params)
    return gettext(msgid, **params)


def init_app(app: Flask) -> None:
    for function in (
        number,
        reached,
        to_go,
        percent,
        day,
        day_words,
        month_words,
        short_day,
        moment,
        minutes,
        file_size,
        translate,
        marks,
    ):
        app.add_template_filter(function)
    app.jinja_env.globals.update(
        may=access.may,
        class_hour_of=class_hour_of,
        Permission=access.Permission,
        LANGUAGES=LANGUAGES,
        language=lambda: str(get_locale()),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def said(sentence: Sentence) -> str:
    """What a rule says as a msgid, in the page's language."""
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


def said_in_chinese(sentence: Sentence) -> str:
    """The same in Chinese, whatever the reader's language: what stands in a bulletin."""
    with force_locale(DEFAULT):
        return said(sentence)
