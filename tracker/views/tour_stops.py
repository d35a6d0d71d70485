"""The guided tours: role → the pages that it is shown, in order. Data; `views.tours` walks them."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models import Role
from tracker.rules.refusal import N_


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of a tour.

    endpoint: its page. Where that is of a unit, it is the reader's own.
    anchor:   the id of what is pointed at.
    text:     an English msgid.
    """

    endpoint: str
    anchor: str
    text: str


TOURS: dict[Role, tuple[Stop, ...]] = {
    Role.MEMBER: (
        Stop(
            "me.show",
            "goal-1",
            N_(
                "This is how far you are. Only what somebody else has verified counts; what still "
                "waits stands beside it."
            ),
        ),
        Stop(
            "jots.new",
            "jot",
            N_("Note here what you did: look at day and time, press the red button. Twice is not counted."),
        ),
        Stop(
            "me.records",
            "head",
            N_(
                "Everything you noted, with its state. What is not verified yet you can put right or "
                "take back."
            ),
        ),
        Stop(
            "help.show",
            "help-index",
            N_("If you get stuck: at the foot of each page “Help for this page” tells what it is for."),
        ),
    ),
    Role.SECRETARY: (
        Stop(
            "branches.show",
            "goals-title",
            N_("Your branch: which goal is behind and what waits. Nobody is ranked here."),
        ),
        Stop(
            "verifications.index",
            "queue",
            N_(
                "What your people noted waits here. Tick what is right and verify it; what is wrong "
                "goes back with a reason."
            ),
        ),
        Stop(
            "entries.index",
            "head",
            N_(
                "For those who do not note themselves you enter here: one, several, a week, or from "
                "a spreadsheet."
            ),
        ),
        Stop(
            "accounts.index",
            "accounts",
            N_(
                "Who wants to note themselves gets an account: print the slips and give them by "
                "hand. Nobody has to."
            ),
        ),
        Stop(
            "help.show",
            "help-index",
            N_("At the foot of each page “Help for this page” says what counts and what can be undone."),
        ),
    ),
    Role.GROUP_LEADER: (
        Stop(
            "groups.show",
            "goals-title",
            N_("Your group: how far it is."),
        ),
        Stop(
            "entries.index",
            "head",
            N_("Enter here for those of the group who do not note themselves."),
        ),
        Stop(
            "records.index",
            "rows",
            N_("What was entered for your group, with its state. What is not verified yet can be put right."),
        ),
    ),
    Role.SECTION_HEAD: (
        Stop(
            "sections.show",
            "pending-title",
            N_("Your section: what waits or came back, and what is still open."),
        ),
        Stop(
            "entries.index",
            "head",
            N_("A new matter is entered here; later you take it on, stage by stage."),
        ),
        Stop(
            "records.index",
            "rows",
            N_("All records of the section, with their state."),
        ),
    ),
    Role.OFFICE: (
        Stop(
            "bureau.show",
            "heat-title",
            N_("Branches and goals at a glance. Each figure leads to the rows behind it."),
        ),
        Stop(
            "batches.index",
            "drop",
            N_("Spreadsheets come in here. First you see what would change; a whole import can be undone."),
        ),
        Stop(
            "verifications.index",
            "queue",
            N_("What the branches cannot verify themselves waits for you here."),
        ),
        Stop(
            "bulletins.index",
            "list-title",
            N_("A bulletin takes its figures from the ledger. Words are yours; figures are locked."),
        ),
        Stop(
            "accounts.index",
            "accounts",
            N_("Accounts for whole branches, with slips to print."),
        ),
    ),
    Role.AUDITOR: (
        Stop(
            "bureau.show",
            "heat-title",
            N_("The whole as the office sees it. You read everything and change nothing."),
        ),
        Stop(
            "audit.index",
            "events",
            N_("Who read or changed what, and when. Filter by person, act or day."),
        ),
        Stop(
            "audit.access",
            "roles",
            N_("Who may do what where, now."),
        ),
    ),
    Role.ADMINISTRATOR: (
        Stop(
            "system.show",
            "sessions",
            N_("How the machine is. There are no names and no records here."),
        ),
        Stop(
            "start.show",
            "step-office",
            N_("The five steps to a running campaign. The first is yours, the others are the office's."),
        ),
    ),
}
TOURS[Role.DEPUTY] = TOURS[Role.SECRETARY]
