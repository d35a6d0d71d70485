"""The proof of an issue: that nobody changed it, and what today's ledger says of each of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.queries.bulletin_access import bulletin_for
from tracker.queries.proofs import FigureProof, Part, Proof, RowProof, proof_of
from tracker.rules.proofs import Cause, RosterChange
from tracker.rules.refusal import N_
from tracker.views.bulletin_words import ID, bp
from tracker.views.sentences import said

CAUSES: dict[str, str] = {
    Cause.REVERSED: N_("reversed since"),
    Cause.REPLACED: N_("put right by a later import"),
    Cause.CONTINUED: N_("a later stage counts in its place"),
    Cause.ADDED: N_("came in since"),
    Cause.OTHER: N_("changed since"),
}


@dataclass(frozen=True, slots=True)
class RowLine:
    """A record that makes a difference. what: what it is, without anybody's name."""

    row: RowProof
    what: str
    url: str
    cause: str


def _row(row: RowProof) -> RowLine:
    record, cause = row.reason.record, gettext(CAUSES[row.reason.cause])
    if record is None:
        return RowLine(row, gettext("Number %(number)s", number=row.record_id), "", cause)
    parts = (record.kind.name, record.happened_on.isoformat() if record.is_dated else "", record.title or "")
    return RowLine(
        row,
        " · ".join(part for part in parts if part),
        url_for("records.show", record_id=record.id),
        cause,
    )


def parts_of(row: RowProof) -> list[Part]:
    """What a record adds to each basis, as far as that is something else now."""
    return [part for part in row.parts if part.then != part.now]


def moved_words(change: RosterChange) -> str:
    """How a member or a unit stands otherwise in the roster of the day."""
    if change.then is None:
        return gettext("was not in the roster of that day then, and is now")
    if change.now is None:
        return gettext("was in the roster of that day then, and is not now")
    return gettext("stands otherwise in the roster of that day now")


def _figures(proof: Proof) -> list[FigureProof]:
    """Those that come to something else first; each in the order of the text."""
    return sorted(proof.figures, key=lambda one: one.is_same)


@bp.get(f"/bulletins/{ID}/proof")
@requires(Permission.BULLETIN_SEE)
def proof(bulletin_id: int) -> str | Response:
    """Count an issue again: each figure then and now, and the rows that make the difference."""
    bulletin = bulletin_for(current_user, bulletin_id) or abort(404)
    if not bulletin.is_issued:
        return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))
    found = proof_of(bulletin)
    return render_template(
        "bulletins/proof.html",
        bulletin=bulletin,
        proof=found,
        figures=_figures(found),
        rows=[_row(one) for one in found.rows],
        parts_of=parts_of,
        moved_words=moved_words,
        said=said,
        changed=sum(not one.is_same for one in found.figures),
        at=now(),
    )
