"""Which columns of a long list somebody leaves out on this device."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request

from tracker.looks import cookie_named
from tracker.rules.refusal import N_

COOKIE = "columns"
# List → the columns that may be left out, and what they are called. What a row is about always stands, and
# in the ledger its state: a row that does not count must not look like one that does.
LISTS: dict[str, dict[str, str]] = {
    "records": {"day": N_("Day"), "kind": N_("Kind"), "amount": N_("Time and number")},
    "members": {
        "number": N_("Member number"),
        "branch": N_("Branch"),
        "group": N_("Party group"),
        "section": N_("Section"),
        "category": N_("Category"),
        "exemption": N_("Exemption"),
    },
    "verifications": {"kind": N_("Kind"), "entered": N_("Entered")},
}


@dataclass(frozen=True)
class Columns:
    """The columns of one list. hidden: the keys that are left out."""

    page: str
    names: dict[str, str]
    hidden: frozenset[str]

    def shows(self, key: str) -> bool:
        """Whether a column stands in the list."""
        return key not in self.hidden


def hidden_columns() -> dict[str, frozenset[str]]:
    """What this request's browser keeps, list by list. A name that nobody could choose counts as none.

    The cookie is "records:day.kind/members:number", a list after the other.
    """
    found: dict[str, frozenset[str]] = {}
    for part in request.cookies.get(cookie_named(COOKIE), "").split("/"):
        page, _, keys = part.partition(":")
        if page in LISTS:
            found[page] = frozenset(keys.split(".")) & LISTS[page].keys()
    return found


def kept_as(hidden: dict[str, frozenset[str]]) -> str:
    """The cookie's text; '' if every column of every list is shown."""
    return "/".join(f"{page}:{'.'.join(sorted(keys))}" for page, keys in sorted(hidden.items()) if keys)


def columns(page: str) -> Columns:
    """The columns of a list, a key of LISTS."""
    return Columns(page, LISTS[page], hidden_columns().get(page, frozenset()))


def init_app(app: Flask) -> None:
    """Give every template `list_columns(page)`."""
    app.jinja_env.globals["list_columns"] = columns
