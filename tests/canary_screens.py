"""A link of a screen whose label is marked: only office and auditor see it, and what it shows has no mark."""

from __future__ import annotations

from tests.canary_factor_resets import add_resets
from tests.canary_own_figures import add_own_figure
from tests.canary_quoted import add_quoted
from tests.screens import SCREEN_TOKEN, a_screen


def add_screens(marked, whose):
    """One link; its page is open to everybody, so every role of the walk looks for marks on it."""
    link = a_screen(marked.campaign, marked.office, label=marked.mark(whose, "screen_link.label"))
    marked.foreign["link_id"] = marked.own["link_id"] = [link.id]
    marked.foreign["screen_token"] = marked.own["screen_token"] = [SCREEN_TOKEN]


def add_reports(marked, whose, branch):
    """What only the office's reports hold."""
    add_quoted(marked, whose)
    add_own_figure(marked, whose, branch)
    add_screens(marked, whose)
    add_resets(marked, whose)
