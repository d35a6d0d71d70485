"""Who read or changed what, and when; and who may do what where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.record_sheet import Cell, record_sheet
from tracker.filters import day_words, moment
from tracker.forms.audit import read_choice, read_since
from tracker.forms.base import ActForm
from tracker.forms.records import read_page
from tracker.models import AuditEvent, Grant, Role, Unit, UnitLevel
from tracker.profiles import profile_here
from tracker.queries.audit import EventFilter, event_chunks, event_page
from tracker.queries.audit_seals import last_seal
from tracker.queries.audit_subjects import hiding_kinds
from tracker.queries.holders import accounts_counted, grants_page, users_page
from tracker.queries.paging import Page
from tracker.rules.refusal import N_
from tracker.services.audit import record_event
from tracker.views import audit_words as words
from tracker.views.audit_lines import Asked, as_args, read_asked, told
from tracker.views.sheets import sheet_response

bp = Blueprint("audit", __name__)
MOST_IN_SHEET = 50_000
GRANTS = words.actions_of(words.Room.GRANTS, None)
TABS = {
    "": N_("Roles"),
    "disabled": N_("Disabled accounts"),
    "slips": N_("Slips not used yet"),
    "changes": N_("Changes of roles"),
}


@bp.get("/audit")
@requires(Permission.AUDIT_SEE)
def index() -> str:
    """Events, newest first: by whom, what, about whom, since when."""
    asked = read_asked()
    args = as_args(asked)
    page = None if asked.is_open else event_page(asked.chosen)
    hidden = hiding_kinds(current_user)

    def address(**changes: Any) -> str:
        return url_for("audit.index", **{**args, **changes})

    return render_template(
        "audit/index.html",
        asked=asked,
        chosen=asked.chosen,
        args=args,
        page=page,
        seal=last_seal() if page else None,
        lines=list(told(page.items, asked.chosen, hidden)) if page else [],
        page_address=lambda number: address(page=number),
        address=address,
        sheet_address=url_for("audit.sheet", **args),
        sheet_form=ActForm(formdata=None),
        most=MOST_IN_SHEET,
        today=today(),
        words=words,
    )


@bp.post("/audit.xlsx")
@requires(Permission.AUDIT_SEE)
def sheet() -> Response:
    """The chosen events as a workbook; that it was taken away is an event of its own."""
    db.session.rollback()  # nobody need wait for the lock while the events are read and written out
    db.session.connection(execution_options={"read_only": True})
    asked = read_asked()
    if asked.is_open:
        abort(404)
    args = as_args(asked)
    content, count = record_sheet(
        gettext("Audit"), _headings(), _sheet_rows(asked), gettext("About this list"), _notes(asked)
    )
    db.session.rollback()
    kept = {key: value for key, value in args.items() if key not in ("about", "by")}  # may hold a name
    record_event(current_user, "audit:export", AuditEvent(), now(), rows=count, chosen=kept)
    return sheet_response(content, gettext("Audit") + f"-{today().isoformat()}.xlsx")


def _headings() -> list[str]:
    return [
        gettext("No."), gettext("When"), gettext("By whom"), gettext("Roles now"), gettext("Sort of act"),
        gettext("What was done"), gettext("About what"), gettext("Details"),
    ]  # fmt: skip


def _sheet_rows(asked: Asked) -> Iterator[list[Cell]]:
    hidden = hiding_kinds(current_user)
    for events in event_chunks(asked.chosen, MOST_IN_SHEET):
        for line in told(events, asked.chosen, hidden):
            yield [
                line.event.id, moment(line.event.at), line.who or gettext("whose record it is"), line.roles,
                gettext(words.MARKS[line.sort][0]), line.what, line.about, line.detail,
            ]  # fmt: skip


def _notes(asked: Asked) -> list[tuple[str, str]]:
    chosen, args = asked.chosen, request.args
    room, sort = read_choice(args, "what", words.Room), read_choice(args, "only", words.Sort)
    pairs = [
        (gettext("By whom"), chosen.actor.name if chosen.actor else None),
        (gettext("About what"), chosen.member.name if chosen.member else None),
        (gettext("Record no."), str(chosen.record_id) if chosen.record_id else None),
        (gettext("Import no."), str(chosen.batch_id) if chosen.batch_id else None),
        (gettext("What was done"), gettext(words.ROOMS[room]) if room else None),
        (gettext("Sort of act"), gettext(words.SORTS[sort]) if sort else None),
        (gettext("From"), _said(read_since(args.get("since")))),
        (gettext("To"), _said(read_since(args.get("until")))),
    ]
    return [(label, value) for label, value in pairs if value]


def _said(day: Any) -> str | None:
    return day_words(day) if day else None


def _by_unit(grants: Iterable[Grant]) -> list[tuple[str | None, list[Grant]]]:
    """Grants under the names of their units, None for the whole bureau; in the order of the list."""
    found: list[tuple[str | None, list[Grant]]] = []
    for grant in grants:
        name = _place(grant.unit) if grant.unit else None
        if not found or found[-1][0] != name:
            found.append((name, []))
        found[-1][1].append(grant)
    return found


def _place(unit: Unit) -> str:
    """A unit's name, of a group with its branch: groups of several branches have the same names."""
    is_group = unit.level is UnitLevel.GROUP and unit.parent is not None
    return f"{unit.parent.name} · {unit.name}" if is_group and unit.parent else unit.name


@bp.get("/audit/access")
@requires(Permission.AUDIT_SEE)
def access() -> str:
    """Who may do what where, now, and how that came about."""
    asked, number = request.args.get("show", ""), read_page(request.args.get("page"))
    show = asked if asked in TABS else ""
    page: Page[Any]
    lines, places = [], []
    if show == "changes":
        page = events = event_page(EventFilter(actions=GRANTS, page=number))
        lines = list(told(events.items, EventFilter(), frozenset()))
    elif show:
        page = users_page(disabled=show == "disabled", page=number)
    else:
        page = grants = grants_page(number)
        places = _by_unit(grants.items)
    return render_template(
        "audit/access.html",
        show=show,
        tabs=TABS,
        counts=accounts_counted(),
        page=page,
        places=places,
        lines=lines,
        page_address=lambda one: url_for("audit.access", show=show or None, page=one),
        at=now(),
        Role=Role,
        words=words,
        profile=profile_here(),
        settings=current_app.config["TRACKER"],
    )
