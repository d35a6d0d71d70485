"""Words of the queue: what was done, the reasons on offer, durations for the script."""

from __future__ import annotations

from flask_babel import gettext

from tracker.filters import minutes
from tracker.forms.verifications import ENDINGS
from tracker.models import User
from tracker.queries.campaigns import class_hour_of
from tracker.queries.verification_rows import QueueRow
from tracker.queries.verifications import own_reasons
from tracker.rules.refusal import N_
from tracker.views.overlap_words import what_words

# For those who have few of their own yet.
FIRST_REASONS = (
    N_("The day does not match what was planned."),
    N_("There is a record of that day already; please check whether it was entered twice."),
    N_("Please say what exactly was read or done."),
)
OFFERED = 6


def reasons_offered(user: User) -> list[str]:
    """Reasons to tap: the user's own, the latest first, then those that begin with."""
    found = own_reasons(user)
    said = {text.rstrip(ENDINGS) for text in found}
    found += [text for text in map(gettext, FIRST_REASONS) if text.rstrip(ENDINGS) not in said]
    return found[:OFFERED]


def done_words(is_return: bool, done: int, too_late: int) -> str:
    """What an act did, and how many rows of it somebody else had decided or changed before."""
    if is_return:
        said = gettext("Returned: %(count)s.", count=done)
    else:
        said = gettext("Verified: %(count)s.", count=done)
    if too_late:
        late = gettext(
            "Left as they are, since somebody decided or changed them meanwhile: %(count)s.", count=too_late
        )
        said = gettext("%(first)s %(second)s", first=said, second=late)
    return said


def duration_patterns() -> dict[str, str]:
    """How durations and counts are written, for the script that adds up what is chosen."""
    return {
        "hours": gettext("%(hours)d h"),
        "minutes": gettext("%(minutes)d min"),
        "both": gettext("%(hours)d h %(minutes)d min"),
        "chosen": gettext("Chosen: %(count)s"),
        "together": gettext("Chosen: %(count)s, %(time)s together"),
        "verify": gettext("Verify %(count)s"),
        "return": gettext("Return %(count)s"),
    }


def locked_words(by_branch: bool, is_office: bool) -> str:
    """Who verifies what is one's own. by_branch: somebody else keeps the branch of the record."""
    if is_office:
        return gettext("The branch verifies it") if by_branch else gettext("A colleague verifies it")
    if by_branch:
        return gettext("Your deputy, your secretary or the office verifies it")
    return gettext("The party office verifies it")


def entered_words(row: QueueRow, user: User) -> str:
    """Who entered a row: the verifier, whom it is about, or whoever did it for them."""
    if row.record.entered_by_id == user.id:
        return gettext("You")
    if row.by_themselves:
        return gettext("The member")
    name = row.record.entered_by.name
    return gettext("%(name)s, on their behalf", name=name) if row.record.member_id else name


def notes_words(row: QueueRow) -> list[str]:
    """What a verifier should look at twice."""
    notes, found, counted = row.notes, [], class_hour_of(row.record)
    if notes.verified and notes.waiting:
        found.append(
            gettext(
                "%(verified)s verified and %(waiting)s waiting besides on that day, %(sum)s in all",
                verified=minutes(notes.verified, counted),
                waiting=minutes(notes.waiting, counted),
                sum=minutes(notes.verified + notes.waiting + (row.record.minutes or 0), counted),
            )
        )
    elif notes.verified or notes.waiting:
        total = minutes(notes.verified + notes.waiting + (row.record.minutes or 0), counted)
        more = minutes(notes.verified or notes.waiting, counted)
        msg = N_("%(more)s verified besides on that day, %(sum)s in all")
        if notes.waiting:
            msg = N_("%(more)s waiting besides on that day, %(sum)s in all")
        found.append(gettext(msg, more=more, sum=total))
    found += [gettext("was also at %(what)s that day", what=what_words(one)) for one in notes.attended]
    if notes.is_long:
        found.append(gettext("unusually long"))
    if notes.was_said:
        found.append(gettext("corrected after a return: %(why)s", why=notes.was_said))
    return found
