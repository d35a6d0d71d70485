"""What many tests begin with is built once by the code and from then on put back as rows.

A bureau of forty counted records takes the application a second to make, and the database some
milliseconds to take. The rows are those that the application wrote, ids included; a database in which
something already stands gets them built anew.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import func, inspect, select

from tracker.db import Model, db
from tracker.models import Campaign, Member, Unit, User

_KEPT: dict[tuple[str, str], tuple[list[Any], dict[str, Any], dict[str, Any]]] = {}


def remembered(build: Callable[..., None]) -> Callable[..., None]:
    """Decorates `build(self, make)`: it writes rows and leaves rows, lists or plain values in self."""

    @wraps(build)
    def once(self: Any, make: Any) -> None:
        key = (build.__qualname__, db.session.get_bind().dialect.name)
        if not _is_empty():
            build(self, make)
            return
        if key not in _KEPT:
            build(self, make)
            db.session.flush()
            rows = [(table, _rows_of(table)) for table in Model.metadata.sorted_tables]
            _KEPT[key] = ([one for one in rows if one[1]], _dump(vars(self)), _dump(make.state))
            return
        rows, result, state = _KEPT[key]
        connection = db.session.connection()
        for table, found in rows:
            connection.execute(table.insert(), found)
            if key[1] == "postgresql" and "id" in table.columns:
                last = select(func.max(table.c.id)).scalar_subquery()
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
        vars(self).update(_load(result))
        make.state = _load(state)

    return once


def _is_empty() -> bool:
    db.session.flush()
    first = (db.session.scalars(select(model).limit(1)).first() for model in (Campaign, Unit, Member, User))
    return not any(first)


def _rows_of(table: Any) -> list[dict[str, Any]]:
    ordered = select(table).order_by(*table.primary_key)
    return [dict(row._mapping) for row in db.session.execute(ordered)]


def _dump(value: Any) -> Any:
    """A value with each row replaced by its class and key."""
    match value:
        case dict():
            return {name: _dump(one) for name, one in value.items()}
        case list() | tuple():
            return type(value)(_dump(one) for one in value)
        case itertools.count():
            return copy.copy(value)
        case Model():
            return _Row(type(value), inspect(value).identity)
    return value


def _load(value: Any) -> Any:
    match value:
        case dict():
            return {name: _load(one) for name, one in value.items()}
        case list() | tuple():
            return type(value)(_load(one) for one in value)
        case itertools.count():
            return copy.copy(value)
        case _Row():
            return db.session.get_one(value.model, value.key)
    return value


class _Row:
    """Where a row is found again."""

    def __init__(self, model: type, key: Any) -> None:
        self.model, self.key = model, key
