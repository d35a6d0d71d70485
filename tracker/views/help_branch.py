"""What the pages of branches, groups and sections are for."""

from __future__ import annotations

from tracker.rules.refusal import N_
from tracker.views.help_section import Section

BRANCH: dict[str, Section] = {
    "absences": Section(
        N_("Who was not at a session, and why."),
        N_("Tick who was not there and say why in a word."),
        N_("Absences count for nothing; they help to make up for what was missed."),
        "",
    ),
    "accounts": Section(
        N_("Who has an account, and whose slip is still out."),
        N_("Open accounts for a branch in one act, print the slips, cut them, give each by hand."),
        N_("When somebody last signed in is not shown, and counts for nothing."),
        N_("A lost slip is printed anew; the old one then opens nothing."),
    ),
    "assignments": Section(
        N_("What the leading group has resolved, by whom, by when, and how far it is."),
        N_("Say how far your own are; the office confirms what is done."),
        "",
        N_("What was reported as done by mistake is given back."),
    ),
    "branches": Section(
        N_("Which goal of the branch is behind, who needs a hand, what waits?"),
        N_("Verify what waits. Then look at whom you could help; nobody is ranked here."),
        N_("Verified records of those who belonged to the branch on the day count."),
        "",
    ),
    "closes": Section(
        N_("Which months and phases are closed."),
        N_("Close a month once it is complete."),
        N_("Afterwards its figures change only by reversals and late entries with a reason."),
        N_("Only the office opens a period again, with a reason."),
    ),
    "entries": Section(
        N_("Entering for others, who do not do so themselves."),
        N_("Choose the kind, then one person, several, a week, or paste from a spreadsheet."),
        N_("What you enter is verified by somebody else. The record says that you entered it."),
        N_("What is not verified yet can be corrected and taken back."),
    ),
    "evidence": Section(
        N_("Files beside a record."),
        N_("Open it, or take out one that is not needed."),
        N_("Evidence is never asked for: a sample is checked instead."),
        "",
    ),
    "grants": Section(
        N_("Who may do what where."),
        N_("Give, take and hand on roles."),
        "",
        N_("A role that was taken can be given again."),
    ),
    "groups": Section(
        N_("How far the party group is, and who of it has noted nothing yet."),
        N_("Note for those who do not do so themselves."),
        N_("The group's hours of service are those of its activities, not those of its people added up."),
        "",
    ),
    "holidays": Section(
        N_("Days off and working weekends."),
        N_("Fill in the year, then put single days right."),
        N_("Plans and reminders keep off days off."),
        "",
    ),
    "hours": Section(
        N_("Hours of service by group and by community."),
        N_("Choose the period; download the table."),
        N_("Hours of events, and attendances and people beside them; they are not added."),
        "",
    ),
    "layouts": Section(
        N_("The ledger as a sheet in the layout that a superior asks for."),
        N_("Choose kind, period, unit and layout, look at the first rows, download."),
        N_("Only verified rows are written unless you ask for more; then they are marked."),
        N_("A layout can be changed and deleted; the ledger stays as it is."),
    ),
    "meetings": Section(
        N_("Minutes of the leading group."),
        N_("Note the minutes, and put what was resolved into the plan."),
        "",
        "",
    ),
    "members": Section(
        N_("Who is on the roster, where, and since when."),
        N_("Open a member to move or exempt them, with the day from which it holds."),
        N_("A move changes no history: what was done counts where they belonged on the day."),
        N_("An exemption can be ended; a move is put right by another move."),
    ),
    "pairings": Section(
        N_("Whom the branch helps, by a code, and the visits."),
        N_("Note a visit, a need or a measure. Name and contact stay sealed."),
        N_("A person is counted once, however many visits there were."),
        N_("A note can be taken out; what was sealed has its day of deletion."),
    ),
    "papers": Section(
        N_("Paper sheets for those who stay with paper."),
        N_("Print a sheet, have it filled in by hand, then key it in by its number."),
        N_("Each sheet is keyed in once only."),
        "",
    ),
    "plans": Section(
        N_("Planned activities of your units."),
        N_("Plan one; after it was held, enter it from its page: everything is filled in already."),
        N_("A plan counts for nothing until it was held."),
        N_("A plan can be changed, cancelled and restored."),
    ),
    "records": Section(
        N_("The ledger: every row behind every figure."),
        N_(
            "Choose kind, days, unit or state, and which columns stand there; open a row; download the rows"
            " that are listed."
        ),
        N_("Only verified rows count; the others are listed with their state."),
        N_("A verified row is never edited. It is reversed with a reason and entered again."),
    ),
    "reminders": Section(
        N_("Who was gently reminded of what is open."),
        N_("Choose what is open and send. Whoever wants no reminders gets none."),
        N_("Reminders are no ranking, and nobody else sees them."),
        "",
    ),
    "resolutions": Section(
        N_("Agenda and resolutions of a session."),
        N_("Mark what is done."),
        "",
        "",
    ),
    "results": Section(
        N_("Results of tests and contests, as averages."),
        N_("Enter them on the page of their session. Only those concerned see single results."),
        "",
        "",
    ),
    "samples": Section(
        N_("Are the verified records right? A random sample tells."),
        N_("Open a sample that is yours to check and say of each row whether it is right."),
        N_("Seed and frame are shown, so that anybody can draw the same sample."),
        N_("A completed sample can be opened again with a reason."),
    ),
    "sections": Section(
        N_("How far the section's own matters are."),
        N_("Open a matter and take it on to its next stage when it is further."),
        N_("Taken on, under way and completed are never added together."),
        "",
    ),
    "series": Section(
        N_("Activities that come again: every Friday, every month."),
        N_("Say how often; the single days appear in the calendar."),
        "",
        N_("A series can be changed from a day on; what was held stays."),
    ),
    "stages": Section(
        N_("Matters by stage: taken on, under way, completed."),
        N_("Take a matter on to its next stage from its card."),
        N_("Only the stages that the campaign names count."),
        "",
    ),
    "statements": Section(
        N_("What each branch has stated of each month: handed in, nothing to report, or nothing yet."),
        N_("State your month once its records are in. It takes a minute."),
        N_("Nothing said and nothing to report are two different things, and look different."),
        N_("What was stated can be taken back."),
    ),
    "verifications": Section(
        N_("What waits for your yes or no."),
        N_("Tick what is right and press “Verify”. What is wrong goes back with a reason."),
        N_("From then on it counts. Nobody verifies what they entered or what is about them alone."),
        N_("For a minute you can take it back; later the office reverses it."),
    ),
}
