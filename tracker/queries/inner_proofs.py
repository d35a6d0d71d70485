"""The proof of an issue in itself: that nobody changed what was kept, rows and values included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import AuditEvent, Bulletin, BulletinBasis, BulletinState, Campaign
from tracker.queries.audit_seals import PURGE
from tracker.queries.bulletin_content import content_of
from tracker.queries.campaigns import spec_of
from tracker.queries.corrections import kept_text
from tracker.rules.figures import Roster
from tracker.rules.frozen import (
    ROSTER,
    Frozen,
    by_record,
    count,
    digest_of,
    frozen_figures,
    roster_of,
    unpacked,
    value_text,
)
from tracker.rules.proofs import Comparison, Group, compare, whole_digest
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence

PURGED = "purged"
ISSUED = "bulletin:issue"  # the act whose detail holds the digest too

NOT_WHOLE = N_("What the issue says is not what its digest was taken of.")
NOT_IN_AUDIT = N_("The digest of the issue is not the one that the audit holds.")
LINES_CHANGED = N_("The rows kept of “%(title)s” are not those that their digest was taken of.")
COUNTED_OTHERWISE = N_("The rows kept of “%(title)s” come to %(now)s and not to %(then)s.")
NOT_READ = N_("How “%(title)s” was counted cannot be read.")
THE_ROSTER = N_("the roster")


@dataclass(slots=True)
class Kept:
    """An issue as it was kept, while it is read.

    frozen:      the definitions by ref; quoted figures are not in it.
    roster:      its lines; comparisons: of the other bases, by code.
    faults:      what does not hold.
    """

    bulletin: Bulletin
    frozen: dict[str, Frozen]
    bases: Sequence[BulletinBasis]
    roster: list[str] = field(default_factory=list)
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    faults: list[Sentence] = field(default_factory=list)

    @property
    def roster_then(self) -> Roster:
        return roster_of(self.roster)

    def titles(self, code: str) -> tuple[str, ...]:
        """The figures that were counted from a basis."""
        return tuple(one.title for one in self.bulletin.figures if one.basis == code)


def read_kept(bulletin: Bulletin, now: Callable[[Frozen], Iterable[Group]] | None = None) -> Kept:
    """Read everything that was kept of an issue, hold it against its digests, and count it again.

    now: gives today's lines of the question that a figure asked, to be compared on the way; None: they are
         not asked for.
    """
    frozen, spoilt = frozen_figures(bulletin.figures)
    kept = Kept(bulletin, frozen, bulletin.bases)
    kept.faults += [Sentence(NOT_READ, {"title": one.title}) for one in spoilt]
    content = content_of(bulletin, bulletin.figures, bulletin.bases, bulletin.corrections)
    if whole_digest(content) != bulletin.digest:
        kept.faults.append(Sentence(NOT_WHOLE))
    if _digest_in_audit(bulletin) not in (bulletin.digest, PURGED):
        kept.faults.append(Sentence(NOT_IN_AUDIT))
    for basis in kept.bases:
        _read_basis(kept, basis, now)
    _count_again(kept)
    return kept


def _digest_in_audit(bulletin: Bulletin) -> str | None:
    """What the audit holds of an issue; PURGED if its act was kept long enough and has gone."""
    event = db.session.scalar(
        select(AuditEvent)
        .where(
            AuditEvent.subject_type == Bulletin.__tablename__,
            AuditEvent.subject_id == bulletin.id,
            AuditEvent.action == ISSUED,
        )
        .order_by(AuditEvent.id)
        .limit(1)
    )
    if event is not None:
        return str(event.detail.get("digest"))
    purged = select(func.max(AuditEvent.at)).where(AuditEvent.action == PURGE).scalar_subquery()
    oldest = db.session.scalar(select(func.min(AuditEvent.at)).where(AuditEvent.at < purged))
    return PURGED if oldest and bulletin.issued_at and bulletin.issued_at < oldest else None


def _read_basis(kept: Kept, basis: BulletinBasis, now: Callable[[Frozen], Iterable[Group]] | None) -> None:
    """One basis; bytes that cannot be read are a fault like any other."""
    try:
        if basis.code == ROSTER:
            kept.roster = list(unpacked(basis.lines))
            count_, digest = len(kept.roster), digest_of(kept.roster)
        else:
            asked = next((one for one in kept.frozen.values() if one.basis == basis.code), None)
            groups = now(asked) if now and asked else by_record(unpacked(basis.lines))
            found = compare(basis.code, unpacked(basis.lines), groups)
            if asked:
                kept.comparisons[basis.code] = found
            count_, digest = found.count, found.digest
        is_whole = (count_, digest) == (basis.count, basis.digest)
    except ValueError:
        is_whole = False
    db.session.expire(basis, ["lines"])  # a million rows need not stay in memory
    if not is_whole:
        titles = kept.titles(basis.code)
        name = Sentence(LINES_CHANGED, {"title": titles or (THE_ROSTER,)}, () if titles else ("title",))
        kept.faults.append(name)


def _count_again(kept: Kept) -> None:
    """The values that were kept are those that the rows that were kept come to."""
    bulletin = kept.bulletin
    roster, spec = kept.roster_then, spec_of(bulletin.campaign)
    for figure in bulletin.figures:
        frozen = kept.frozen.get(figure.ref)
        if frozen is None or (frozen.basis != ROSTER and frozen.basis not in kept.comparisons):
            continue  # quoted, or its rows cannot be read, which was said
        fold = kept.comparisons[frozen.basis].then if frozen.basis != ROSTER else {}
        again, then = value_text(count(frozen, spec, fold, roster, bulletin.as_of)), kept_text(figure)
        if again != then:
            params = {"title": figure.title, "now": again or "—", "then": then or "—"}
            kept.faults.append(Sentence(COUNTED_OTHERWISE, params))


def first_fault(campaign: Campaign) -> tuple[Bulletin, Sentence] | None:
    """The first issue of a campaign that does not hold in itself, and why; None if all do."""
    issues = db.session.scalars(
        select(Bulletin)
        .where(Bulletin.campaign_id == campaign.id, Bulletin.state == BulletinState.ISSUED)
        .order_by(Bulletin.id)
    ).all()
    for issue in issues:
        if faults := read_kept(issue).faults:
            return issue, faults[0]
    return None
