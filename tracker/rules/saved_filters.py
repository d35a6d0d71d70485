"""Which choices of which list can be kept under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from tracker.rules.refusal import N_, Refused

LONGEST_NAME, LONGEST_QUERY, MOST = 60, 2_000, 20
# List → the names that its choices have in an address; pages and moments are no choice.
LISTS: dict[str, frozenset[str]] = {
    "records": frozenset(
        ("kind", "unit", "type", "stage", "status", "since", "until", "q", "late", "sort", "figure", "as_of")
    ),
    "members": frozenset(("q", "branch", "category", "standing", "exempt", "left", "sort")),
    "verifications": frozenset(("kind", "branch", "group", "q", "since", "until", "all")),
    "audit": frozenset(
        ("about", "by", "member", "actor", "since", "until", "only", "what", "record", "batch")
    ),
}


def check_name(name: str) -> str:
    """The name as it is kept: one line. Raises Refused without one, or for a long one."""
    name = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not name:
        raise Refused(N_("Give the filter a name, for example “this month, not verified yet”."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(N_("The name of a filter has at most %(most)d characters."), "name", most=LONGEST_NAME)
    return name


def pairs_of(page: str, query: str) -> list[tuple[str, str]]:
    """The choices that an address holds, as (name, value); what is no choice of that list is left out."""
    asked = parse_qsl(query[: 2 * LONGEST_QUERY])
    return [(name, value) for name, value in asked if value and name in LISTS.get(page, ())]


def choices_of(page: str, query: str) -> str:
    """The choices as they are kept. Raises Refused if nothing was chosen, or too much."""
    kept = urlencode(sorted(pairs_of(page, query)))
    if not kept:
        raise Refused(N_("Nothing is chosen in the list yet. Filter it first, then keep the filter."))
    if len(kept) > LONGEST_QUERY:
        raise Refused(N_("These choices are too long to be kept."))
    return kept
