"""The pages of the closed loop (闭环管理) as tabs beside each other: for the menu and their heads."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from tracker.access import Permission, may
from tracker.rules.refusal import N_

# (what it needs, the endpoint, its label): in the order in which a month goes.
TABS: tuple[tuple[Permission, str, str], ...] = (
    (Permission.ASSIGNMENT_SEE, "assignments.index", N_("Progress of the plan")),
    (Permission.STATEMENT_SEE, "statements.index", N_("What branches state")),
    (Permission.SAMPLE_SEE, "samples.index", N_("Samples")),
    (Permission.CLOSE_SEE, "closes.index", N_("Closing periods")),
    (Permission.REMINDER_SEND, "reminders.index", N_("Reminders")),
)
ROOMS = {endpoint.split(".")[0] for _, endpoint, _ in TABS}


@dataclass(frozen=True, slots=True)
class Tab:
    """`label` is an English msgid."""

    label: str
    url: str
    is_current: bool


LABEL = N_("Closed loop")


def tabs(of: tuple[tuple[Permission, str, str], ...] = TABS) -> list[Tab]:
    """Those of a room's pages that the one who is signed in may open."""
    room = (request.endpoint or "").split(".")[0]
    return [
        Tab(label, url_for(endpoint), room == endpoint.split(".")[0])
        for permission, endpoint, label in of
        if may(permission)
    ]
