"""Which endpoints make a file or search: told from the code that their views come to, never from a list."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from flask import Flask

from tracker.limits import TYPED

OURS = ("tracker.views", "tracker.forms")


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code with that of the functions inside it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _named(function: FunctionType) -> Iterator[Any]:
    """Whatever of ours a function names: other functions, also those of a module."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    for name in names:
        found = function.__globals__.get(name)
        if isinstance(found, ModuleType) and found.__name__.startswith(OURS):
            yield from (getattr(found, one, None) for one in names)
        yield found


def _reached(view: Callable[..., Any]) -> set[FunctionType]:
    """The view and the functions of pages and forms that it comes to call."""
    seen: set[FunctionType] = set()
    left: list[Any] = [inspect.unwrap(view)]
    while left:
        one = left.pop()
        if isinstance(one, FunctionType) and one not in seen and one.__module__.startswith(OURS):
            seen.add(one)
            left += _named(one)
    return seen


def _does(app: Flask, sign: Callable[[set[str], set[Any]], bool]) -> set[str]:
    found = set()
    for endpoint, view in app.view_functions.items():
        for function in _reached(view):
            codes = list(_codes(function.__code__))
            names = {name for code in codes for name in code.co_names}
            if sign(names, {one for code in codes for one in code.co_consts if isinstance(one, str)}):
                found.add(endpoint)
    return found


def makers(app: Flask) -> set[str]:
    """Endpoints whose answer a browser saves: by what they send, or by the ending of their address."""
    ends = {rule.endpoint: rule.rule.rpartition(">")[2] for rule in app.url_map.iter_rules()}
    ended = {endpoint for endpoint, end in ends.items() if "." in end.rpartition("/")[2]}
    return ended | _does(app, lambda names, texts: "Content-Disposition" in texts or "send_file" in names)


def searchers(app: Flask) -> set[str]:
    """Endpoints that read what somebody typed into a box for searching, as a page is opened."""
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    typed, reads = set(TYPED) - {"by"}, {"args", "read_text"}
    return opened & _does(app, lambda names, texts: bool(texts & typed and names & reads))
