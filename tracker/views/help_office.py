"""What the pages of office, auditor and administrator are for."""

from __future__ import annotations

from tracker.rules.refusal import N_
from tracker.views.help_section import Section

OFFICE: dict[str, Section] = {
    "audit": Section(
        N_("Who read or changed what, and when."),
        N_("Filter by person, act or day; take the list away as a workbook."),
        N_("Nothing here can be changed, and hours of members are not shown."),
        "",
    ),
    "batches": Section(
        N_("Bringing in a workbook: roster or ledger."),
        N_("Send the file, look at what it would change, then bring it in."),
        N_("With a single problem nothing of the file is written. The same file twice changes nothing."),
        N_("A whole import is undone by one button on its page."),
    ),
    "bulletins": Section(
        N_("The bulletin: figures of the ledger, words of yours."),
        N_("Choose the day; a draft with every figure is there. Write, then issue."),
        N_("Figures are locked and lead to their rows."),
        N_("A draft can be thrown away. An issue keeps its figures; the next one prints the correction."),
    ),
    "burden": Section(
        N_("How much the campaign asks of a branch in a week."),
        N_("Look at fields and minutes, and at what the file is warned of."),
        "",
        "",
    ),
    "bureau": Section(
        N_("Where do the goals stand, which is slowest, will it be in time?"),
        N_("Click any figure to see its rows; choose another day above; write the bulletin from here."),
        N_("Only verified records as of the day count. Attendances and people stand side by side."),
        "",
    ),
    "campaign_files": Section(
        N_("What loading a campaign file would change."),
        N_("Choose one that comes with the tracker, or a file; look at the changes; then confirm."),
        N_("Nothing is written before you confirm."),
        N_("A file loaded by mistake is put right by loading the right one."),
    ),
    "campaigns": Section(
        N_("Which campaigns there are, and in which you work."),
        N_("Choose the one to work in. The office loads, copies and archives."),
        "",
        N_("A campaign in the archive can be taken out again with a reason."),
    ),
    "charts": Section(
        N_("The goals as pictures, each with a table behind it."),
        N_("Choose the day; download picture or table."),
        "",
        "",
    ),
    "claims": Section(
        N_("Does the ledger bear out what a draft says?"),
        N_("Paste or send a draft; each number is held against the ledger."),
        N_("Nothing of the draft is kept."),
        "",
    ),
    "comparisons": Section(
        N_("Two campaigns beside each other."),
        N_("Choose the two, and the day in each."),
        N_("Only what is counted alike is compared."),
        "",
    ),
    "demo": Section(
        N_("An invented bureau to try everything out."),
        N_("Load it into an empty tracker, try, and remove it before real work begins."),
        N_("Everything in it is invented; each page says so."),
        N_("Removing cannot be undone, but it can be loaded again. Nothing real is ever removed."),
    ),
    "figures": Section(
        N_("How each figure is counted."),
        N_("Open one to see its rule, its value and its rows."),
        N_("Rules come from the campaign's file, never from the program."),
        "",
    ),
    "forecasts": Section(
        N_("When will each goal be reached at the present pace?"),
        N_("Look at the pace that is needed, and at how well earlier forecasts held."),
        N_("The forecast follows the slowest. Without entries there is none."),
        "",
    ),
    "goals": Section(
        N_("One goal: how it is counted, by whom, and how it went."),
        N_("Open a unit to see its rows."),
        N_("The goal's own rule stands on the page."),
        "",
    ),
    "jobs": Section(
        N_("Long work that you asked for: how far it is, and its file."),
        N_("Leave and come back whenever you like."),
        "",
        N_("It can be stopped while it runs."),
    ),
    "mappings": Section(
        N_("Columns of learning platforms, remembered."),
        N_("Say once which column is which; the next file is recognised."),
        "",
        N_("A mapping can be changed and deleted."),
    ),
    "own_figures": Section(
        N_("Figures that the office counts by rules of its own."),
        N_("Choose kind, filter and measure, try it on the rows, save."),
        N_("They count verified rows like all others."),
        N_("One that is not quoted can be changed or withdrawn."),
    ),
    "packs": Section(
        N_("Everything of one day in one file."),
        N_("Choose the day and what goes in; come back when it is made."),
        "",
        N_("The file is deleted by itself after some days."),
    ),
    "quoted": Section(
        N_("Figures from outside the ledger, with source and day."),
        N_("Enter value, unit, as-of date and source."),
        N_("They are quoted only, and never added to the ledger's."),
        N_("A wrong one is corrected or withdrawn, and both stay visible."),
    ),
    "saved_filters": Section(
        N_("Choices of rows that you use often."),
        N_("Open one to see its rows; rename or delete what you need no more."),
        N_("They are yours alone, and count for nothing."),
        N_("A deleted one can be saved anew."),
    ),
    "screens": Section(
        N_("The goals on a wall, readable at five metres."),
        N_("Open a link for a screen and type it there."),
        N_("No names, and figures of verified records only."),
        N_("A link can be revoked at any time."),
    ),
    "search": Section(
        N_("Where is it? One search over everything that you may see."),
        N_(
            "Type a name, pinyin, initials, a number or words of a title; the key / leads here from any page."
        ),
        N_("Nobody finds what they may not see, and what is searched for is not kept."),
        "",
    ),
    "start": Section(
        N_("What is still missing before the campaign runs?"),
        N_(
            "Take the step that is marked “to do now”. Each page shows it at its top until all five are done."
        ),
        N_("The steps are read from what is there; nothing is ticked by hand."),
        "",
    ),
    "studio": Section(
        N_("What was understood of a file."),
        N_("Say which sheet is which kind, and which column is which."),
        "",
        "",
    ),
    "system": Section(
        N_("How the machine is: database, long work, sign-ins, backups."),
        N_(
            "Sign an account out everywhere if a device was lost. See that the last backup is fresh, and that"
            " its key lies elsewhere."
        ),
        N_("No names and no records are shown here."),
        "",
    ),
    "tours": Section(
        N_("A tour of the pages that you need."),
        N_("Go from step to step, or skip it; it can be taken again from the help."),
        "",
        "",
    ),
}
