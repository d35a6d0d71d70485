"""Erasing a person who has left: what names them goes, what they did stays counted under a code.

《个人信息保护法》第四十七条. What it does is written out in docs/decisions/0056-erasing-a-person.md.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select, update

from tracker.db import db
from tracker.files import store
from tracker.models import (
    Arrival,
    Batch,
    Campaign,
    Certificate,
    Comment,
    Draft,
    Evidence,
    Exemption,
    FactorReset,
    Grant,
    Job,
    KnownDevice,
    Member,
    Membership,
    PairingNote,
    Participation,
    Record,
    RecoveryCode,
    Reminder,
    SavedFilter,
    Share,
    Shingle,
    Submission,
    Suggestion,
    TryCount,
    User,
    UserSession,
    Work,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.mentions import Mention, mentions
from tracker.rules.erasures import (
    Erasure,
    code_of,
    is_code_of,
    is_proof_of,
    pattern_of,
    proof_of,
    telling,
    without,
)
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.deletions import delete_once_committed
from tracker.services.evidence import path_of
from tracker.services.tallies import sync_tallies
from tracker.services.terms import recount_terms
from tracker.services.users import command_line_user

GONE = "—"  # where a column must say something
STILL_HERE = N_("%(number)s still belongs to a branch. End the membership first, by the roster.")
NOT_THE_ONE = N_(
    "The member with the id %(id)s is not the one who was erased: the list is another installation's, or of a"
    " key that was changed since; then name that one in %(setting)s. Nothing was written."
)
FORMER_KEYS = "TRACKER_FORMER_SECRET_KEYS"
ERASED_ALREADY = N_("%(number)s was erased already.")
OWN_ROWS = (Draft, Submission, UserSession, KnownDevice, RecoveryCode, SavedFilter, Reminder, Grant)
RECORD_TEXTS = ("note", "before_note", "after_note", "returned_why", "reversed_why", "late_why")


@dataclass(slots=True)
class Erased:
    """What was done. counts: noun → how many. mentions: texts of others in which the name still stands."""

    erasure: Erasure
    code: str
    counts: dict[str, int] = field(default_factory=dict)
    mentions: Sequence[Mention] = ()


def erase_member(member: Member, *, keys: Sequence[str], data_dir: Path, at: dt.datetime) -> Erased:
    """Put a code in the place of everything that names a member, and delete what they alone wrote.

    keys: `Config.keys`; what is counted stays as it is. Files go once the transaction has ended.
    Raises Refused while the member belongs to a branch, or if they were erased already.
    """
    if is_code_of(member.number, member.id, keys):
        raise Refused(ERASED_ALREADY, number=member.number)
    code = code_of(member.id, keys[0])
    belongs = select(Membership.id).where(Membership.member_id == member.id, Membership.ends_on.is_(None))
    if db.session.scalar(belongs.limit(1)) is not None:
        raise Refused(STILL_HERE, number=member.number)
    user = db.session.scalar(select(User).where(User.member_id == member.id))
    words = telling(member.name, member.number, member.phone)
    erased = Erased(Erasure(at, member.id, proof_of(member.id, member.number, keys[0])), code)
    _records(member, code, erased, data_dir, at)
    _papers(member, code, at)
    if user is not None:
        _account(user, code)
    member.name = member.number = code
    member.pinyin, member.phone, member.joined_on, member.version = "", None, None, member.version + 1
    _imports(words, code, erased, data_dir)
    db.session.flush()
    recount_terms()
    for campaign in db.session.scalars(select(Campaign).order_by(Campaign.id)):
        sync_tallies(campaign, spec_of(campaign))
    erased.mentions = list(mentions(words))
    record_event(None, "member:erase", member, at, **erased.counts)
    return erased


def replay(
    erasures: Sequence[Erasure], *, keys: Sequence[str], data_dir: Path, at: dt.datetime
) -> tuple[list[Erased], int]:
    """Erase again whom a restored backup brought back. Returns what was done, and how many need nothing.

    keys: `Config.keys`: the list holds as long as one of them is that of its line.
    Raises Refused if a member of the list is somebody else here: then it is another installation's list.
    """
    done, fine = [], 0
    for erasure in erasures:
        member = db.session.get(Member, erasure.member_id)
        if member is None or is_code_of(member.number, member.id, keys):
            fine += 1
            continue
        if not is_proof_of(erasure.proof, member.id, member.number, keys):
            raise Refused(NOT_THE_ONE, id=member.id, setting=FORMER_KEYS)
        db.session.execute(  # the backup may be older than the end of the membership
            update(Membership)
            .where(Membership.member_id == member.id, Membership.ends_on.is_(None))
            .values(ends_on=erasure.at.date())
        )
        done.append(erase_member(member, keys=keys, data_dir=data_dir, at=at))
    return done, fine


def _records(member: Member, code: str, erased: Erased, data_dir: Path, at: dt.datetime) -> None:
    """The member's own records: what is counted stays, words and files go."""
    own = select(Record.id).where(Record.member_id == member.id).scalar_subquery()
    erased.counts["records"] = _run(
        update(Record).where(Record.id.in_(own)).values(dict.fromkeys(RECORD_TEXTS))
    )
    works = db.session.scalars(select(Work).where(Work.record_id.in_(own))).all()
    erased.counts["works"] = len(works)
    for work in works:
        _run(delete(Shingle).where(Shingle.work_id == work.id))
        _run(update(Record).where(Record.id == work.record_id).values(title=f"{code}-{work.record_id}"))
        work.text = ""
    by = command_line_user()
    files = db.session.scalars(select(Evidence).where(Evidence.record_id.in_(own))).all()
    erased.counts["files"] = len(files)
    for file in files:
        if file.removed_at is None:
            delete_once_committed(path_of(file.stored_as, data_dir))
            file.removed_at, file.removed_by_id = at, by.id
        file.name = file.removed_why = GONE
    _run(update(Comment).where(Comment.record_id.in_(own)).values(text=GONE))
    _run(delete(Share).where(Share.record_id.in_(own)))
    person = Participation.member_id == member.id
    _run(update(Participation).where(person).values(reversed_why=None))
    _run(update(PairingNote).where(PairingNote.member_id == member.id).values(text=None))
    _run(update(Exemption).where(Exemption.member_id == member.id).values(reason=GONE))
    _run(update(Membership).where(Membership.member_id == member.id).values(duty=None))
    _run(delete(Arrival).where(Arrival.member_id == member.id))


def _papers(member: Member, code: str, at: dt.datetime) -> None:
    """Certificates: they hold no more, and name nobody."""
    mine = Certificate.member_id == member.id
    by = command_line_user()
    revoked = {"revoked_at": at, "revoked_by_id": by.id, "revoked_why": GONE}
    _run(update(Certificate).where(mine, Certificate.revoked_at.is_(None)).values(revoked))
    _run(update(Certificate).where(mine).values(name=code, member_number=code, lines=[], revoked_why=GONE))


def _account(user: User, code: str) -> None:
    """The account: nobody signs in with it any more; what it did stays an account's doing."""
    for model in OWN_ROWS:
        _run(delete(model).where(model.user_id == user.id))
    keys = (f"account:{user.id}", f"code:{user.id}", f"confirm:{user.id}")
    _run(delete(TryCount).where(TryCount.key.in_(keys)))
    _run(update(Comment).where(Comment.by_id == user.id).values(text=GONE))
    _run(update(FactorReset).where(FactorReset.user_id == user.id).values(reason=GONE))
    _run(update(Suggestion).where(Suggestion.by_id == user.id).values(by_id=None))
    db.session.expire(user, ["grants"])
    user.login = user.name = code
    user.password_hash, user.former_hashes, user.totp_secret, user.totp_step = "", [], None, None
    user.is_disabled, user.slip_until, user.must_change = True, None, False


def _imports(words: Sequence[str], code: str, erased: Erased, data_dir: Path) -> None:
    """Files that were brought in or made, and what was found in them."""
    named = pattern_of(words)
    erased.counts["imports"] = 0
    for batch in db.session.scalars(select(Batch).order_by(Batch.id)):
        report = without(batch.report, named, code)
        if report != batch.report:
            batch.report = report
        batch.filename = without(batch.filename, named, code)
        if batch.path and _holds(file := store.path_of(batch.path, data_dir), named):
            delete_once_committed(file)
            batch.path = None
            erased.counts["imports"] += 1
    made = db.session.scalars(select(Job).where(Job.path.is_not(None))).all()
    for job in made:
        delete_once_committed(store.path_of(str(job.path), data_dir))
        job.path = None
    erased.counts["made"] = len(made)
    for job in db.session.scalars(select(Job)):
        job.arguments, job.error, job.result = (
            without(value, named, code) for value in (job.arguments, job.error, job.result)
        )


def _holds(path: Path, named: re.Pattern[str]) -> bool:
    """Whether a file has one of these words in it; one that cannot be read may have."""
    try:
        with zipfile.ZipFile(path) as book:
            parts = [book.read(name) for name in book.namelist()]
    except FileNotFoundError:
        return False
    except (OSError, zipfile.BadZipFile, RuntimeError):
        return True
    return any(named.search(part.decode(errors="replace")) for part in parts)


def _run(statement: object) -> int:
    options = {"synchronize_session": "fetch"}
    return int(db.session.execute(statement, execution_options=options).rowcount)  # type: ignore[call-overload]
