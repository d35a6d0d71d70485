"""What the pages of one's own are for, in words of those who use them."""

from __future__ import annotations

from tracker.rules.refusal import N_
from tracker.views.help_section import Section

OWN: dict[str, Section] = {
    "account": Section(
        N_(
            "Your account: your password, the browsers in which you are signed in, reminders, and a copy of"
            " what is kept about you."
        ),
        N_(
            "Change the password here, sign out a browser that is no longer yours to use, or have a copy made"
            " of everything that is kept about you."
        ),
        "",
        N_("Forgotten your password? Your secretary prints a new slip."),
    ),
    "arrivals": Section(
        N_("Ticking oneself in at an activity."),
        N_(
            "Scan the code on the screen and press the button. Whoever has no phone signs on the paper sheet."
        ),
        N_("A tick is no record yet: the organiser enters the session, and it is verified."),
        "",
    ),
    "calendar": Section(
        N_("What is planned, and when."),
        N_("Go through the months, open an activity, or take the calendar into your phone."),
        N_("A plan counts for nothing until the activity was held and entered."),
        "",
    ),
    "certificates": Section(
        N_("Your hours of service on a paper with a number that anybody can check."),
        N_("Choose from when to when, and print it."),
        N_("Only verified hours stand on it."),
        N_("The office can revoke one that was issued wrongly; its number then says so."),
    ),
    "comments": Section(
        N_("Remarks beside a record."),
        N_("Write what the other one should know."),
        "",
        "",
    ),
    "copies": Section(
        N_("What is kept about one person, as a file."),
        N_(
            "Press the button and come back when it is made. In the ZIP are a workbook to read, the same for"
            " programs, and the files themselves. Whoever cannot sign in asks the party office, which says"
            " how they asked."
        ),
        N_(
            "Others are not named in it. What only you see is in your own copy and not in one that the party"
            " office makes."
        ),
        N_("The file is deleted by itself after three days; you can delete it before."),
    ),
    "drafts": Section(
        N_("What you began to write and have not handed in."),
        N_("Open one and write on. It is kept while you write; nothing is lost when you are signed out."),
        N_("A draft counts for nothing, and nobody but you reads it."),
        N_("A draft that you throw away is gone."),
    ),
    "help": Section(
        N_("How everything here works."),
        N_("Each page has a section of its own: press “Help” at its foot."),
        "",
        "",
    ),
    "jots": Section(
        N_("Here you note what you did: a study hour, a service, an essay."),
        N_("Look at day and time, change what is wrong, press the red button. That is all."),
        N_("It counts once your secretary has verified it."),
        N_("Written by mistake? Open it under “My records” and take it back."),
    ),
    "me": Section(
        N_("How far am I, will I get there in time, and what waits for me?"),
        N_(
            "Press “Note it” to write down what you did. What came back to you stands on this page: "
            "put it right and hand it in again."
        ),
        N_("Only what somebody else has verified counts. What still waits stands beside it."),
        N_("What is not verified yet you can correct or take back yourself."),
    ),
    "sessions": Section(
        N_("Who you are."),
        N_(
            "Type your number, or your name and a part of your branch's name, and your password. The "
            "first password stands on the slip that you were given."
        ),
        "",
        N_("After ten wrong tries the account rests for an hour; a new slip opens it at once."),
    ),
    "shares": Section(
        N_("Works that their authors share: with a group, a branch or all."),
        N_("Open one and read. To share your own, open it under “My records”."),
        N_("Who reads is not counted."),
        N_("Sharing can be ended at any time by whoever began it."),
    ),
    "suggestions": Section(
        N_("What is one too many here: a form, a field, a step?"),
        N_("Write it in your own words. It takes a minute, and the party office reads it."),
        "",
        "",
    ),
    "ticks": Section(
        N_("Which topics and set books of the campaign you have finished."),
        N_("Tick what you have finished and save. The secretary confirms it."),
        N_("A tick counts once it is confirmed."),
        "",
    ),
}
