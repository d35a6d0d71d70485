"""Every act that the code can leave in the audit, in words, and where it belongs."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tracker.rules.refusal import N_


class Sort(enum.StrEnum):
    """What an act is to a reader of the audit."""

    READING = "readings"
    CHANGE = "changes"
    REFUSAL = "refusals"
    SESSION = "sessions"


class Room(enum.StrEnum):
    """What an act is about."""

    RECORDS = "records"
    VERIFYING = "verifying"
    REVERSING = "reversing"
    PAPERS = "papers"
    PLANS = "plans"
    ASSIGNMENTS = "assignments"
    ROSTER = "roster"
    ACCOUNTS = "accounts"
    GRANTS = "grants"
    SESSIONS = "sign-in"
    IMPORTS = "imports"
    CLOSES = "closes"
    BULLETINS = "bulletins"
    TAKEN = "taken-away"
    OPENED = "opened"
    DENIED = "denied"
    MACHINE = "machine"
    REST = "rest"


SORTS: dict[Sort, str] = {
    Sort.READING: N_("Only readings"),
    Sort.CHANGE: N_("Only changes"),
    Sort.REFUSAL: N_("Only refusals"),
    Sort.SESSION: N_("Only signing in and out"),
}
MARKS: dict[Sort, tuple[str, str, str]] = {
    Sort.READING: (N_("Reading"), "mute", "eye"),
    Sort.CHANGE: (N_("Change"), "mute", "check"),
    Sort.REFUSAL: (N_("Refused"), "warn", "ban"),
    Sort.SESSION: (N_("Signing in"), "mute", "user"),
}
ROOMS: dict[Room, str] = {
    Room.RECORDS: N_("Entering and correcting records"),
    Room.VERIFYING: N_("Verifying and returning"),
    Room.REVERSING: N_("Reversing"),
    Room.PAPERS: N_("Paper sheets"),
    Room.PLANS: N_("Plans and holidays"),
    Room.ASSIGNMENTS: N_("The leading group's plan and meetings"),
    Room.ROSTER: N_("Roster, moves and exemptions"),
    Room.ACCOUNTS: N_("Accounts and passwords"),
    Room.GRANTS: N_("Who may do what"),
    Room.SESSIONS: N_("Signing in and out"),
    Room.IMPORTS: N_("Imports"),
    Room.CLOSES: N_("Closing periods"),
    Room.BULLETINS: N_("Bulletins"),
    Room.TAKEN: N_("Workbooks and lists taken away"),
    Room.OPENED: N_("What is about a person was opened"),
    Room.DENIED: N_("Access denied"),
    Room.MACHINE: N_("Backups"),
    Room.REST: N_("Campaigns, suggestions and reminders"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act in words (an English msgid), and where it belongs."""

    words: str
    room: Room
    sort: Sort = Sort.CHANGE


# Alphabetical. tests/test_events.py compares it with every act that the code leaves.
ACTS: dict[str, Act] = {
    "access:denied": Act(N_("Asked for a page that is not theirs"), Room.DENIED, Sort.REFUSAL),
    "access:limited": Act(
        N_("Searched, made or sent more in an hour than is allowed"), Room.DENIED, Sort.REFUSAL
    ),
    "assignment:change": Act(N_("Changed an assignment of the plan"), Room.ASSIGNMENTS),
    "assignment:confirm": Act(N_("Confirmed an assignment as done"), Room.ASSIGNMENTS),
    "assignment:drop": Act(N_("Dropped an assignment"), Room.ASSIGNMENTS),
    "assignment:export": Act(
        N_("Took the leading group's plan away as a workbook"), Room.TAKEN, Sort.READING
    ),
    "assignment:give_back": Act(N_("Gave an assignment back that was reported as done"), Room.ASSIGNMENTS),
    "assignment:progress": Act(N_("Said how far an assignment is"), Room.ASSIGNMENTS),
    "assignment:reopen": Act(N_("Opened an assignment again"), Room.ASSIGNMENTS),
    "assignment:report": Act(N_("Reported an assignment as done"), Room.ASSIGNMENTS),
    "assignment:set": Act(N_("Put an assignment into the plan"), Room.ASSIGNMENTS),
    "audit:export": Act(N_("Took the audit away as a workbook"), Room.TAKEN, Sort.READING),
    "member:erase": Act(N_("Erased a person"), Room.ROSTER),
    "audit:purge": Act(N_("Deleted events that had been kept long enough"), Room.REST),
    "backup:create": Act(N_("Made a backup"), Room.MACHINE),
    "backup:fail": Act(N_("A backup was not made"), Room.MACHINE),
    "backup:restore": Act(N_("Restored everything from a backup"), Room.MACHINE),
    "batch:check": Act(N_("Checked a file"), Room.IMPORTS),
    "batch:commit": Act(N_("Brought in a file"), Room.IMPORTS),
    "batch:discard": Act(N_("Threw a file away"), Room.IMPORTS),
    "batch:late": Act(N_("Said why rows of an import come late"), Room.IMPORTS),
    "batch:map": Act(N_("Said how the headings of a file are read"), Room.IMPORTS),
    "batch:undo": Act(N_("Undid an import"), Room.IMPORTS),
    "batch:upload": Act(N_("Sent a file"), Room.IMPORTS),
    "campaign:archive": Act(N_("Put a campaign into the archive"), Room.REST),
    "campaign:compare": Act(N_("Took figures of two campaigns away as a workbook"), Room.TAKEN, Sort.READING),
    "campaign:copy": Act(N_("Took a campaign file moved to another year"), Room.TAKEN, Sort.READING),
    "campaign:load": Act(N_("Loaded a campaign"), Room.REST),
    "campaign:open": Act(N_("Made a campaign the current one"), Room.REST),
    "campaign:reopen": Act(N_("Took a campaign out of the archive"), Room.REST),
    "certificate:issue": Act(N_("Issued a certificate of hours"), Room.TAKEN),
    "certificate:revoke": Act(N_("Revoked a certificate of hours"), Room.TAKEN),
    "close:add": Act(N_("Closed a period"), Room.CLOSES),
    "close:reopen": Act(N_("Opened a closed period again"), Room.CLOSES),
    "comment:add": Act(N_("Said something about a record"), Room.RECORDS),
    "data:recount": Act(N_("Counted all totals anew"), Room.REST),
    "demo:load": Act(N_("Loaded the demo bureau"), Room.REST),
    "demo:remove": Act(N_("Removed the demo bureau"), Room.REST),
    "evidence:add": Act(N_("Added a file to a record"), Room.RECORDS),
    "evidence:read": Act(N_("Opened a file of a record"), Room.OPENED, Sort.READING),
    "evidence:remove": Act(N_("Removed a file from a record"), Room.RECORDS),
    "figure:change": Act(N_("Changed a figure of the office's own"), Room.REST),
    "figure:save": Act(N_("Made a figure of the office's own"), Room.REST),
    "figure:withdraw": Act(N_("Withdrew a figure of the office's own"), Room.REST),
    "grant:give": Act(N_("Gave a role"), Room.GRANTS),
    "grant:revoke": Act(N_("Took a role away"), Room.GRANTS),
    "holiday:drop": Act(N_("Took a day out of the holiday table"), Room.PLANS),
    "holiday:fill": Act(N_("Filled the holiday table for a year"), Room.PLANS),
    "holiday:save": Act(N_("Wrote a day into the holiday table"), Room.PLANS),
    "hours:export": Act(N_("Took hours by group and community away as a workbook"), Room.TAKEN, Sort.READING),
    "job:ask": Act(N_("Had long work done"), Room.REST),
    "job:cancel": Act(N_("Stopped long work"), Room.REST),
    "job:drop": Act(N_("Deleted a file that long work had made"), Room.REST),
    "job:export": Act(N_("Had a file made from the ledger"), Room.TAKEN, Sort.READING),
    "job:queue": Act(N_("Had a file worked on"), Room.IMPORTS),
    "job:read": Act(N_("Took a file away that long work had made"), Room.TAKEN, Sort.READING),
    "layout:change": Act(N_("Changed a layout of ledgers"), Room.TAKEN),
    "layout:delete": Act(N_("Took a layout of ledgers away"), Room.TAKEN),
    "layout:save": Act(N_("Saved a layout of ledgers"), Room.TAKEN),
    "ledger:import": Act(N_("Wrote the rows of a ledger"), Room.IMPORTS),
    "mapping:change": Act(N_("Changed the columns of a platform"), Room.IMPORTS),
    "mapping:delete": Act(N_("Took the columns of a platform away"), Room.IMPORTS),
    "mapping:save": Act(N_("Saved the columns of a platform"), Room.IMPORTS),
    "meeting:change": Act(N_("Changed minutes of a meeting"), Room.ASSIGNMENTS),
    "meeting:drop": Act(N_("Took out minutes of a meeting"), Room.ASSIGNMENTS),
    "meeting:note": Act(N_("Noted minutes of a meeting"), Room.ASSIGNMENTS),
    "member:copy": Act(N_("Had everything about a person copied"), Room.TAKEN, Sort.READING),
    "member:duty": Act(N_("Changed a duty"), Room.ROSTER),
    "member:end_exemption": Act(N_("Ended an exemption"), Room.ROSTER),
    "member:exempt": Act(N_("Exempted a member"), Room.ROSTER),
    "member:export": Act(N_("Took everything about a member away as a workbook"), Room.TAKEN, Sort.READING),
    "member:move": Act(N_("Moved a member"), Room.ROSTER),
    "member:read": Act(N_("Opened a member's page"), Room.OPENED, Sort.READING),
    "pairing:note": Act(N_("Noted a visit, a need or a measure"), Room.RECORDS),
    "pairing:remove_note": Act(N_("Took out a note of a visit, a need or a measure"), Room.RECORDS),
    "paper:key": Act(N_("Keyed a paper sheet in"), Room.PAPERS),
    "pack:export": Act(N_("Had a summary pack written on the command line"), Room.TAKEN, Sort.READING),
    "paper:print": Act(N_("Printed a paper sheet"), Room.PAPERS),
    "participation:reverse": Act(N_("Reversed one attendance"), Room.REVERSING),
    "plan:add": Act(N_("Planned an activity"), Room.PLANS),
    "plan:cancel": Act(N_("Cancelled a plan"), Room.PLANS),
    "plan:change": Act(N_("Changed a plan"), Room.PLANS),
    "plan:code": Act(N_("Showed a code to tick oneself in by"), Room.PLANS),
    "plan:hold": Act(N_("Said which record tells that a plan was held"), Room.PLANS),
    "plan:restore": Act(N_("Restored a plan"), Room.PLANS),
    "quoted:correct": Act(N_("Corrected a quoted figure"), Room.REST),
    "quoted:enter": Act(N_("Entered a quoted figure"), Room.REST),
    "quoted:renew": Act(N_("Entered a newer value of a quoted figure"), Room.REST),
    "quoted:withdraw": Act(N_("Withdrew a quoted figure"), Room.REST),
    "record:carry_on": Act(N_("Took a record on to its next stage"), Room.RECORDS),
    "record:change_deadline": Act(N_("Changed the day on which a record is due"), Room.RECORDS),
    "record:confirm": Act(N_("Noted the community's word on a record"), Room.RECORDS),
    "record:set_agenda": Act(N_("Wrote the agenda of a session"), Room.RECORDS),
    "record:add_resolution": Act(N_("Noted what a session resolved"), Room.RECORDS),
    "record:finish_resolution": Act(N_("Marked a resolution as done"), Room.RECORDS),
    "record:reopen_resolution": Act(N_("Marked a resolution as open again"), Room.RECORDS),
    "record:drop_resolution": Act(N_("Took out a resolution"), Room.RECORDS),
    "record:note_absences": Act(N_("Noted who was not at a session"), Room.RECORDS),
    "record:continue": Act(N_("Let a later stage count in place of a record"), Room.VERIFYING),
    "record:correct": Act(N_("Corrected a record"), Room.RECORDS),
    "record:end_confirmation": Act(N_("Let the community's word on a record count no more"), Room.RECORDS),
    "record:enter": Act(N_("Entered a record"), Room.RECORDS),
    "record:export": Act(N_("Took records away as a workbook"), Room.TAKEN, Sort.READING),
    "record:read": Act(N_("Opened a record"), Room.OPENED, Sort.READING),
    "record:return": Act(N_("Returned a record"), Room.VERIFYING),
    "record:reverse": Act(N_("Reversed a record"), Room.REVERSING),
    "record:tell_apart": Act(N_("Told two records apart that look the same"), Room.RECORDS),
    "record:undo_continue": Act(N_("Let a record count again in place of its later stage"), Room.VERIFYING),
    "record:undo_return": Act(N_("Took a return back"), Room.VERIFYING),
    "record:undo_verify": Act(N_("Took a verification back"), Room.VERIFYING),
    "record:verify": Act(N_("Verified a record"), Room.VERIFYING),
    "record:withdraw": Act(N_("Withdrew a record"), Room.RECORDS),
    "reminder:send": Act(N_("Sent reminders"), Room.REST),
    "result:save": Act(N_("Entered results of a test or contest"), Room.RECORDS),
    "roster:import": Act(N_("Wrote the rows of a roster"), Room.ROSTER),
    "bulletin:draft": Act(N_("Began a bulletin"), Room.BULLETINS),
    "bulletin:change": Act(N_("Wrote on in a draft of a bulletin"), Room.BULLETINS),
    "bulletin:discard": Act(N_("Threw a draft of a bulletin away"), Room.BULLETINS),
    "bulletin:issue": Act(N_("Issued a bulletin"), Room.BULLETINS),
    "sample:draw": Act(N_("Drew a sample"), Room.VERIFYING),
    "sample:check": Act(N_("Checked a record of a sample"), Room.VERIFYING),
    "sample:complete": Act(N_("Completed a sample"), Room.VERIFYING),
    "sample:reopen": Act(N_("Opened a completed sample again"), Room.VERIFYING),
    "sample:export": Act(N_("Took a sample away as a workbook"), Room.TAKEN, Sort.READING),
    "screen:open": Act(N_("Opened a link for a screen"), Room.REST),
    "screen:revoke": Act(N_("Revoked a link of a screen"), Room.REST),
    "sealed:change_key": Act(N_("Sealed particulars with another key"), Room.OPENED),
    "sealed:delete": Act(N_("Deleted sealed particulars"), Room.OPENED),
    "sealed:open": Act(N_("Opened sealed particulars"), Room.OPENED, Sort.READING),
    "sealed:seal": Act(N_("Sealed particulars"), Room.OPENED),
    "sealed:write": Act(N_("Wrote sealed particulars anew"), Room.OPENED),
    "share:add": Act(N_("Shared a work"), Room.RECORDS),
    "share:end": Act(N_("Ended the sharing of a work"), Room.RECORDS),
    "series:add": Act(N_("Planned a series"), Room.PLANS),
    "series:change": Act(N_("Changed a series from a day on"), Room.PLANS),
    "series:end": Act(N_("Ended a series"), Room.PLANS),
    "statement:say": Act(N_("Stated a month: handed in, or nothing to report"), Room.RECORDS),
    "statement:take_back": Act(N_("Took back what was stated of a month"), Room.RECORDS),
    "suggestion:add": Act(N_("Sent a suggestion"), Room.REST),
    "arrival:add": Act(N_("Ticked themselves in"), Room.PLANS),
    "unit:name": Act(N_("Gave the bureau its name"), Room.ROSTER),
    "user:ask_factor_reset": Act(N_("Asked to take a second step away"), Room.ACCOUNTS),
    "user:confirm_factor_reset": Act(N_("Confirmed that a second step is taken away"), Room.ACCOUNTS),
    "user:withdraw_factor_reset": Act(N_("Withdrew that a second step be taken away"), Room.ACCOUNTS),
    "user:copy": Act(N_("Had everything about an account copied"), Room.TAKEN, Sort.READING),
    "upload:infected": Act(
        N_("Sent a file in which the virus scanner found something"), Room.DENIED, Sort.REFUSAL
    ),
    "user:create": Act(N_("Opened an account"), Room.ACCOUNTS),
    "user:draw_recovery_codes": Act(N_("Drew new recovery codes"), Room.ACCOUNTS),
    "user:use_recovery_code": Act(N_("Signed in with a recovery code"), Room.SESSIONS, Sort.SESSION),
    "user:disable": Act(N_("Disabled an account"), Room.ACCOUNTS),
    "user:enable": Act(N_("Enabled an account again"), Room.ACCOUNTS),
    "user:end_session": Act(N_("Ended a session"), Room.SESSIONS, Sort.SESSION),
    "user:end_sessions": Act(N_("Ended all sessions of an account"), Room.SESSIONS, Sort.SESSION),
    "user:second_factor_off": Act(N_("Turned the code at sign-in off"), Room.ACCOUNTS),
    "user:second_factor_on": Act(N_("Turned the code at sign-in on"), Room.ACCOUNTS),
    "user:set_password": Act(N_("Set a password"), Room.ACCOUNTS),
    "user:sign_in": Act(N_("Signed in"), Room.SESSIONS, Sort.SESSION),
    "user:sign_in_failed": Act(N_("A sign-in failed"), Room.SESSIONS, Sort.REFUSAL),
    "user:sign_out": Act(N_("Signed out"), Room.SESSIONS, Sort.SESSION),
    "user:slip": Act(N_("Printed a slip with a new password"), Room.ACCOUNTS),
}
