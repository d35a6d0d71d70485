"""Figures of the office's own: tried on the rows, saved, changed, withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.own_figures import OwnFigureForm, WithdrawForm, data_of, own_figure_form
from tracker.forms.records import read_text
from tracker.models import OwnFigure
from tracker.queries import own_figures as queries
from tracker.queries.figures import standing_on
from tracker.rules.campaigns import ROSTER_MEASURES, CampaignSpec, Kind
from tracker.rules.own_figure_checks import refusals
from tracker.rules.own_figure_offers import offers_of
from tracker.rules.own_figures import Words, id_of, read_own, toml_of, words_of
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import Refused
from tracker.services import own_figures as services
from tracker.services.records import CHANGED
from tracker.views import record_words
from tracker.views.asof import AsOf, as_of
from tracker.views.sentences import rule_said

bp = Blueprint("own_figures", __name__)
ID = "<string(maxlength=64):own_id>"
ROSTER = "-"  # in the place of a kind: no kind has this code


@bp.get("/own-figures")
@requires(Permission.BUREAU_SEE)
def index() -> str:
    """The office's own figures, what each comes to, and those that were withdrawn."""
    asof = as_of()
    if asof is None:
        return render_template("own_figures/index.html", asof=None)
    standing, sought = standing_on(asof.campaign, asof.day), read_text(request.args.get("q"))
    rows = [row for row in queries.newest(asof.campaign) if _holds(row, sought)]
    live = [(row, figure) for row in rows if (figure := asof.spec.figure(row.figure))]
    return render_template(
        "own_figures/index.html",
        asof=asof,
        lines=[(row, standing.value(figure), rule_said(figure, asof.spec)) for row, figure in live],
        withdrawn=[row for row in rows if row.is_withdrawn],
        sought=sought,
    )


def _holds(row: OwnFigure, sought: str) -> bool:
    title = row.words["title"]
    return sought.lower() in f"{title} {row.figure} {pinyin_key(title, is_person=False)}".lower()


@bp.route("/own-figures/new", methods=["GET", "POST"])
@requires(Permission.FIGURE_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Make a figure: of a kind or the roster, from nothing or from a figure that there is."""
    asof = as_of() or abort(404)
    start = _copied(asof)
    chosen = request.args.get("kind") or (start.get("kind", ROSTER) if start else None)
    if chosen is None:
        return render_template("own_figures/start.html", asof=asof, roster=ROSTER)
    kind = _kind(asof.spec, chosen)
    form_class = _form_class(asof, kind, start or {})
    if request.method == "GET":
        return _page(form_class(formdata=None, data=data_of(start or {})), asof, kind)
    form = form_class()
    words = _words(form, kind)
    if words is None:
        return _page(form, asof, kind), 422
    try:
        row = services.save_figure(asof.campaign, words, by=current_user, at=now())
    except Refused as refusal:
        return _refused(refusal, form, asof, kind)
    flash(gettext("Saved. It is counted from now on, and a bulletin can quote it."), "success")
    return redirect(url_for("own_figures.show", own_id=row.figure), 303)


def _copied(asof: AsOf) -> dict[str, Any] | None:
    """The words of the figure from which a new one starts; None if it starts from nothing."""
    asked = request.args.get("from", "")
    if not asked:
        return None
    figure = asof.spec.figure(asked)
    if figure is not None:
        return {**words_of(figure), "id": "", "title": gettext("%(name)s (copy)", name=figure.title)}
    rows = queries.versions_of(asof.campaign, asked)  # one that was withdrawn
    return {**(rows[0].words if rows else abort(404)), "id": ""}


def _kind(spec: CampaignSpec, code: str) -> Kind | None:
    if code == ROSTER:
        return None
    return next((one for one in spec.kinds if one.code == code), None) or abort(404)


def _form_class(asof: AsOf, kind: Kind | None, words: Words) -> type[OwnFigureForm]:
    """The form; what a figure that is copied or changed holds can be chosen, whatever the ledger holds."""
    used = queries.words_used(asof.campaign, kind.code) if kind else {}
    for name in used:
        for table in ("where", "where_not"):
            used[name] += [word for word in words.get(table, {}).get(name, []) if word not in used[name]]
    sorts = queries.sorts_of_members()
    for name in sorts:
        sorts[name] += [word for word in words.get("over", {}).get(name, []) if word not in sorts[name]]
    return own_figure_form(kind, used, sorts)


def _words(form: OwnFigureForm, kind: Kind | None) -> dict[str, Any] | None:
    """What the form says; None, with the errors beside their fields, where it cannot be read."""
    is_valid = form.validate()
    is_read = form.is_read()
    return form.words(kind) if is_valid and is_read else None


def _page(
    form: OwnFigureForm, asof: AsOf, kind: Kind | None, row: OwnFigure | None = None, **more: Any
) -> str:
    return render_template(
        "own_figures/change.html",
        form=form,
        asof=asof,
        kind=kind,
        row=row,
        offers=offers_of(kind) if kind else {},
        address=url_for("own_figures.change", own_id=row.figure)
        if row
        else url_for("own_figures.new", kind=kind.code if kind else ROSTER),
        try_address=url_for(
            "own_figures.try_it",
            kind=kind.code if kind else ROSTER,
            own=row.figure if row else None,
            as_of=asof.day.isoformat(),
        ),
        **more,
    )


def _refused(
    refusal: Refused, form: OwnFigureForm, asof: AsOf, kind: Kind | None, row: OwnFigure | None = None
) -> tuple[str, int]:
    """The form again; all that is wrong stands beside its field, not only what was met first."""
    if refusal.msgid == CHANGED:
        abort(409)
    db.session.rollback()
    found = list(refusals(_complete(form.words(kind), row), asof.spec)) or [refusal]
    _tell(form, found)
    return _page(form, asof, kind, row), 422


def _complete(words: Words, row: OwnFigure | None = None) -> Words:
    """The words with an id, where that is still to be made."""
    return {**words, "id": row.figure if row else words["id"] or id_of(str(words["title"]))}


def _tell(form: OwnFigureForm, found: list[Refused]) -> None:
    for refusal in found:
        field, said = form.at_fault(refusal.field), gettext(refusal.msgid, **refusal.params)
        if field is None:
            form.form_errors.append(said)
        else:
            field.errors = [*field.errors, said]


@bp.post("/own-figures/try")
@requires(Permission.FIGURE_WRITE)
def try_it() -> Response | str | tuple[str, int]:
    """What the figure of the form comes to, with its first rows. Nothing is written."""
    db.session.rollback()  # nobody need wait for the lock while the rows are counted
    db.session.connection(execution_options={"read_only": True})
    asof = as_of() or abort(404)
    row = _own(asof, request.args["own"]) if request.args.get("own") else None
    kind = _kind(asof.spec, request.args.get("kind", ROSTER))
    form = _form_class(asof, kind, row.words if row else {})()
    words = _words(form, kind)
    tried = None
    if words is not None:  # what it is called is asked when it is saved
        words = {**words, "title": words["title"] or gettext("New figure")}
        tried = _tried(_complete(words, row), form, asof)
    more = {
        "tried": tried,
        "rule": rule_said(tried.value.figure, asof.spec) if tried else [],
        "words": record_words,
        "is_asked": True,
    }
    if request.headers.get("HX-Request"):
        return render_template("own_figures/_tried.html", form=form, asof=asof, **more)
    page = _page(form, asof, kind, row, **more)
    return page if tried else (page, 422)


def _tried(words: Words, form: OwnFigureForm, asof: AsOf) -> queries.Tried | None:
    """What the figure comes to; None, with the reasons in the form, where it cannot be counted."""
    found = list(refusals(words, asof.spec))
    if not found:
        figure = read_own(words, asof.spec.kinds)
        try:
            return queries.tried(asof.campaign, figure, asof.day, current_user, _key())
        except Refused as refusal:
            found = [refusal]
    _tell(form, found)
    return None


def _key() -> str:
    return str(current_app.config["TRACKER"].secret_key)


def _own(asof: AsOf, own_id: str) -> OwnFigure:
    """The newest row of a figure that is not withdrawn; else there is no such page."""
    rows = queries.versions_of(asof.campaign, own_id)
    return rows[0] if rows and not rows[0].is_withdrawn else abort(404)


@bp.get(f"/own-figures/{ID}")
@requires(Permission.BUREAU_SEE)
def show(own_id: str) -> str:
    """One figure: what it comes to, its rule, its words as the campaign file has them, and its past."""
    asof = as_of() or abort(404)
    rows = queries.versions_of(asof.campaign, own_id) or abort(404)
    figure = asof.spec.figure(own_id)
    form = WithdrawForm(formdata=None)
    form.version.data = rows[0].version
    return render_template(
        "own_figures/show.html",
        asof=asof,
        rows=rows,
        row=rows[0],
        value=standing_on(asof.campaign, asof.day).value(figure) if figure else None,
        is_roster=figure is not None and figure.measure in ROSTER_MEASURES,
        rule=rule_said(figure, asof.spec) if figure else [],
        toml=toml_of(words_of(figure)) if figure else "",
        toml_of=toml_of,
        drafts=queries.drafts_quoting(asof.campaign, own_id),
        form=form,
    )


@bp.route(f"/own-figures/{ID}/change", methods=["GET", "POST"])
@requires(Permission.FIGURE_WRITE)
def change(own_id: str) -> Response | str | tuple[str, int]:
    """Let a figure say something else from now on."""
    asof = as_of() or abort(404)
    row = _own(asof, own_id)
    said = row.words
    kind = _kind(asof.spec, said.get("kind", ROSTER))
    form_class = _form_class(asof, kind, said)
    if request.method == "GET":
        return _page(form_class(formdata=None, data=data_of(said, version=row.version)), asof, kind, row)
    form = form_class()
    words = _words(form, kind)
    if words is None:
        return _page(form, asof, kind, row), 422
    try:
        services.change_figure(
            asof.campaign, own_id, words, version=form.version.data or 0, by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(refusal, form, asof, kind, row)
    flash(gettext("Saved. Bulletins that were issued keep what they printed."), "success")
    return redirect(url_for("own_figures.show", own_id=own_id), 303)


@bp.post(f"/own-figures/{ID}/withdraw")
@requires(Permission.FIGURE_WRITE)
def withdraw(own_id: str) -> Response:
    """Take a figure out of the campaign."""
    asof = as_of() or abort(404)
    _own(asof, own_id)
    version = WithdrawForm().version.data or 0
    try:
        services.withdraw_figure(asof.campaign, own_id, version=version, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    flash(gettext("Withdrawn. What quoted it keeps what it printed."), "success")
    return redirect(url_for("own_figures.index"), 303)
