"""Strict reading of HTML answers: what a browser would silently mend is a fault here."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

# A fragment that htmx swaps in is read as a child of the element that it belongs into.
CONTAINERS = {"<tr": "tbody", "<td": "tr", "<th": "tr", "<tbody": "table", "<option": "select"}


def parse(text: str) -> Element:
    """Read a page or a fragment. Returns its root; tags are without a namespace.

    Raises AssertionError with the parser's word and the line at fault, or naming an id that stands twice.
    """
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    start = re.match(r"\s*(?:<!--.*?-->\s*)*(<[a-zA-Z!]+)", text, re.DOTALL)
    tag = start.group(1).lower() if start else ""
    try:
        if tag in ("<!doctype", "<html"):
            root: Any = parser.parse(text)
        else:
            root = parser.parseFragment(text, container=CONTAINERS.get(tag, "div"))
    except html5lib.html5parser.ParseError as error:
        (line, column), code, _ = parser.errors[-1]
        shown = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
        message = f"HTML, line {line}, column {column}: {code} ({error}): {shown.strip()!r}"
        raise AssertionError(message) from None
    ids = Counter(element.get("id") for element in root.iter() if isinstance(element.tag, str))
    twice = sorted(name for name, times in ids.items() if name is not None and times > 1)
    assert not twice, f"ids that stand more than once: {twice}"
    return root  # type: ignore[no-any-return]


def text_of(element: Element) -> str:
    """All the text in an element, with runs of white space as one space."""
    return " ".join("".join(element.itertext()).split())


def words_of(element: Element) -> str:
    """The text of an element without what is meant to be read as it is stored, which goes out of the tree."""
    for parent in element.iter():
        for child in list(parent):
            if child.get("translate") == "no" or child.tag in ("code", "script", "style", "template"):
                child.text, child[:] = "", []
    return text_of(element)


def hidden_fields(root: Element, action: str | None = None) -> dict[str, str]:
    """The hidden inputs of the page's forms that post: the token against forgery, the key of the submission.

    action: only of the form with this action, if given.
    """
    fields: dict[str, str] = {}
    for form in root.iter("form"):
        if (form.get("method") or "get").lower() == "post" and action in (None, form.get("action")):
            for field in form.iter("input"):
                if field.get("type") == "hidden" and field.get("name"):
                    fields[str(field.get("name"))] = field.get("value") or ""
    return fields
