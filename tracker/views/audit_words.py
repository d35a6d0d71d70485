"""Words for the audit: what an act was about, who did it, and its amounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from tracker.filters import day as day_in_table
from tracker.models import AuditEvent, BatchSort, Grant, Role, User
from tracker.queries.audit_subjects import Thing
from tracker.rules.refusal import N_
from tracker.views.audit_acts import ACTS, MARKS, ROOMS, SORTS, Room, Sort
from tracker.views.job_words import TASKS

# Handed on to whoever has the words.
__all__ = ["ACTS", "MARKS", "ROOMS", "SORTS", "Room", "Sort"]

ROLES: dict[Role, str] = {
    Role.OFFICE: N_("Party office"),
    Role.AUDITOR: N_("Auditor"),
    Role.SECRETARY: N_("Branch secretary"),
    Role.DEPUTY: N_("Deputy secretary"),
    Role.GROUP_LEADER: N_("Leader of a party group"),
    Role.SECTION_HEAD: N_("Head of a section"),
    Role.MEMBER: N_("Member"),
    Role.ADMINISTRATOR: N_("Administrator of the machine"),
}
# The rooms of the pages, by blueprint: which one was asked for in vain.
PAGES: dict[str, str] = {
    "absences": N_("Who was not there"),
    "account": N_("My account"),
    "accounts": N_("Accounts"),
    "arrivals": N_("Ticking oneself in"),
    "assignments": N_("Progress of the plan"),
    "audit": N_("Audit"),
    "batches": N_("Imports"),
    "branches": N_("Branches"),
    "bulletins": N_("Bulletins"),
    "burden": N_("Burden of the campaign"),
    "bureau": N_("Whole bureau"),
    "calendar": N_("Calendar"),
    "campaign_files": N_("Campaign files"),
    "campaigns": N_("Campaigns"),
    "certificates": N_("Certificates of hours"),
    "charts": N_("Charts"),
    "chart_pictures": N_("Pictures of charts"),
    "claims": N_("Claim check"),
    "closes": N_("Closing periods"),
    "columns": N_("Columns"),
    "comments": N_("Remarks"),
    "comparisons": N_("Compare two years"),
    "confirmations": N_("Confirmed by the community"),
    "copies": N_("Copies of personal data"),
    "deadlines": N_("Due days"),
    "demo": N_("Demo bureau"),
    "drafts": N_("My drafts"),
    "entries": N_("Enter"),
    "evidence": N_("Evidence"),
    "factor_resets": N_("Accounts"),
    "figures": N_("Counting rules"),
    "forecasts": N_("Forecast"),
    "goals": N_("Goals"),
    "grants": N_("Who may do what"),
    "groups": N_("Party groups"),
    "help": N_("Help"),
    "holidays": N_("Holidays"),
    "hours": N_("Hours by group and community"),
    "installed": N_("Installed app"),
    "jobs": N_("Long work"),
    "kept_notes": N_("Note it"),
    "jots": N_("Note it"),
    "layouts": N_("Ledgers in the office's layout"),
    "late_batches": N_("Imports"),
    "looks": N_("How pages look"),
    "mappings": N_("Columns of platforms"),
    "me": N_("My progress"),
    "meetings": N_("Minutes of meetings"),
    "members": N_("Members"),
    "packs": N_("Summary packs"),
    "own_figures": N_("Own figures"),
    "pairings": N_("Pairings"),
    "papers": N_("Paper sheets"),
    "plans": N_("Plans"),
    "quoted": N_("Quoted figures"),
    "records": N_("Ledger"),
    "reminders": N_("Gentle reminders"),
    "resolutions": N_("Agenda and resolutions"),
    "results": N_("Results of tests and contests"),
    "samples": N_("Samples"),
    "screens": N_("Screens"),
    "saved_filters": N_("My filters"),
    "search": N_("Search"),
    "sections": N_("Sections"),
    "series": N_("Series"),
    "sessions": N_("Sign in"),
    "shares": N_("Shared works"),
    "stages": N_("Board"),
    "start": N_("First steps"),
    "statements": N_("What branches state"),
    "studio": N_("Imports"),
    "style": N_("Components"),
    "suggestions": N_("Suggestions received"),
    "system": N_("The machine"),
    "ticks": N_("Topics and books"),
    "tours": N_("Tour"),
    "twins": N_("Perhaps entered twice"),
    "verifications": N_("Verify"),
    "watch": N_("Watching the machine"),
}
SHEETS: dict[str, str] = {BatchSort.ROSTER: N_("Roster"), BatchSort.LEDGER: N_("Ledger")}
COUNTED: dict[str, str] = {
    "rows": N_("%(count)s rows"),
    "problems": N_("%(count)s problems"),
    "members": N_("%(count)s members"),
    "accounts": N_("%(count)s accounts"),
    "units": N_("%(count)s units"),
    "written": N_("%(count)s written"),
    "replaced": N_("%(count)s replaced"),
    "records": N_("%(count)s records"),
    "people": N_("%(count)s people"),
    "days": N_("%(count)s days"),
}


# What is called by its own name only: the sentence, and what stands in it for the name.
CALLED: dict[str, tuple[str, str]] = {
    "assignment": (N_("assignment “%(text)s”"), "text"),
    "meeting": (N_("minutes %(number)s"), "number"),
    "paper": (N_("paper sheet %(code)s"), "code"),
    "sealed_person": (N_("sealed particulars of %(code)s"), "code"),
    "quoted": (N_("quoted figure “%(title)s”"), "title"),
    "screen_link": (N_("screen “%(label)s”"), "label"),
    "series": (N_("series “%(title)s”"), "title"),
    "user_account": (N_("account of %(name)s"), "name"),
}


def actions_of(room: Room | None, sort: Sort | None) -> frozenset[str] | None:
    """The acts that a reader chose; None for all."""
    if room is None and sort is None:
        return None
    return frozenset(
        action
        for action, act in ACTS.items()
        if (room is None or act.room is room) and (sort is None or act.sort is sort)
    )


def act_words(action: str) -> str:
    """What was done, in words."""
    return gettext(ACTS[action].words) if action in ACTS else gettext("Something else")


def sort_of(action: str) -> Sort:
    return ACTS[action].sort if action in ACTS else Sort.CHANGE


def thing_words(thing: Thing, is_closed: bool) -> str:
    """What an act was about.

    is_closed: the row would join a member's name to hours: neither its number nor its day is told.
    """
    match thing.sort:
        case "record" if is_closed:
            return gettext("a record of “%(kind)s”", kind=thing.name)
        case "record":
            day = day_in_table(thing.day) if thing.day else gettext("no day given")
            return gettext("%(kind)s, no. %(id)s, %(day)s", kind=thing.name, id=thing.id, day=day)
        case "batch":
            return gettext("import %(id)s: %(name)s", id=thing.id, name=thing.name)
        case "job":
            label = TASKS[thing.name].label if thing.name in TASKS else N_("Long work")
            return gettext("%(what)s, no. %(id)s", what=gettext(label), id=thing.id)
        case "plan":
            day = day_in_table(thing.day) if thing.day else ""
            return gettext("plan “%(title)s”, %(day)s", title=thing.name, day=day)
        case "holiday":
            return gettext("holiday table: %(day)s %(name)s", day=day_in_table(thing.day), name=thing.name)
        case sort if sort in CALLED:
            words, key = CALLED[sort]
            return gettext(words, **{key: thing.name})
    return thing.name


def role_words(grant: Grant) -> str:
    """One role, with its unit where it has one."""
    words = gettext(ROLES[grant.role])
    return f"{words}（{grant.unit.name}）" if grant.unit else words


def roles_words(user: User) -> str:
    """What an account may do now."""
    if user.is_disabled:
        return gettext("disabled")
    return gettext(", ").join(role_words(grant) for grant in user.grants) or gettext("no role")


def detail_words(event: AuditEvent, units: Mapping[int, str]) -> str:
    """The amounts and circumstances that an event keeps. Hours are never among them."""
    detail = event.detail
    found = [
        gettext(words, count=value)
        for key, words in COUNTED.items()
        if isinstance(value := detail.get(key), int)
    ]
    role = detail.get("role")
    if role in set(Role):
        found.append(gettext(ROLES[Role(role)]))
    found += [units[unit] for unit in unit_ids(event) if unit in units]
    if detail.get("verified") is True:
        found.append(gettext("rows as verified"))
    if (sheet := detail.get("sort")) in SHEETS:
        found.append(gettext(SHEETS[sheet]))
    if isinstance(fields := detail.get("fields"), list):
        found.append(gettext("%(count)s fields", count=len(fields)))
    found += [detail[key] for key in ("month",) if isinstance(detail.get(key), str)]
    found += _denied(detail)
    return gettext("; ").join(found)


def _denied(detail: Mapping[str, Any]) -> list[str]:
    """Which room was asked for, and where a sign-in stopped."""
    found = []
    if room := PAGES.get(str(detail.get("endpoint", "")).partition(".")[0]):
        found.append(gettext(room))
    if stage := {"password": N_("wrong password"), "code": N_("wrong code")}.get(detail.get("stage", "")):
        found.append(gettext(stage))
    return found


def unit_ids(event: AuditEvent) -> list[int]:
    """The units that an event's detail points to."""
    return [value] if isinstance(value := event.detail.get("unit_id"), int) else []
