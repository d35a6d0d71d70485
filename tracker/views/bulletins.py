"""Bulletins: the list, a draft's words, its issue, and what is issued with its proof."""

from __future__ import annotations

import json
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, keeps_drafts, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.forms.bulletins import BulletinActForm, BulletinForm, IssueForm, NewBulletinForm, new_form
from tracker.forms.records import read_page, read_text
from tracker.models import Bulletin
from tracker.queries import bulletins as queries
from tracker.queries.bulletin_access import bulletin_for, draft_for
from tracker.queries.bulletin_facts import facts_on
from tracker.queries.bulletin_size import is_long
from tracker.queries.campaigns import spec_of
from tracker.queries.issuing import last_number
from tracker.queries.quoted import quoted_of
from tracker.rules.bulletin_choices import Choice, choices_of, loose_numbers, words_of
from tracker.rules.bulletins import QUOTED
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.refusal import Refused
from tracker.services import bulletins as services
from tracker.services.records import CHANGED
from tracker.views import bulletin_files, bulletin_proofs
from tracker.views.asof import AsOf, archive_here, as_of
from tracker.views.bulletin_jobs import issue_later
from tracker.views.bulletin_words import ID, bp, gone_words, kept_words, paper_of
from tracker.views.sentences import said
from tracker.views.staging import tell

__all__ = ["bp", "bulletin_files", "bulletin_proofs"]  # these add their pages to the blueprint


def may_write() -> bool:
    """Whether the reader writes bulletins, and the campaign takes them."""
    return may(Permission.BULLETIN_WRITE) and archive_here() is None


@bp.get("/bulletins")
@requires(Permission.BULLETIN_SEE)
def index() -> str:
    """Drafts, then issues by number, and the form for a new draft."""
    asof = as_of()
    return _index(asof, _new(asof) if asof and may_write() else None)


def _new(asof: AsOf, *, posted: bool = False) -> NewBulletinForm:
    templates = [(one.code, one.name) for one in templates_of(asof.spec)]
    form = new_form(templates, posted=posted)
    if not posted:
        form.as_of.data = asof.day.isoformat()
    return form


def _index(asof: AsOf | None, form: NewBulletinForm | None) -> str:
    text = read_text(request.args.get("q"))
    campaign = asof.campaign if asof else None
    return render_template(
        "bulletins/index.html",
        campaign=campaign,
        latest=asof.latest if asof else None,
        form=form,
        text=text,
        page=queries.bulletins_of(campaign, read_page(request.args.get("page")), text) if campaign else None,
        page_address=lambda number: url_for("bulletins.index", q=text or None, page=number),
    )


@bp.post("/bulletins")
@requires(Permission.BULLETIN_WRITE)
def new() -> Response | tuple[str, int]:
    """Begin a draft from a template, as of a day."""
    asof = as_of() or abort(404)
    form = _new(asof, posted=True)
    if not form.validate():
        return _index(asof, form), 422
    try:
        made = services.draft_bulletin(
            asof.campaign, form.template.data, as_of=form.day, today=today(), by=current_user, at=now()
        )
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        return _index(asof, form), 422
    flash(gettext("The draft has its figures. Read it, and change the words where you want to."), "success")
    return redirect(url_for("bulletins.show", bulletin_id=made.id), 303)


@bp.get(f"/bulletins/{ID}")
@requires(Permission.BULLETIN_SEE)
def show(bulletin_id: int) -> str:
    """The bulletin as it is printed, and beside it where each figure comes from."""
    bulletin = bulletin_for(current_user, bulletin_id) or abort(404)
    return render_template("bulletins/show.html", act_form=_act(bulletin), **_seen(bulletin))


def _seen(bulletin: Bulletin) -> dict[str, Any]:
    """What a page says of a bulletin: its paper, what is left out, numbers without a source."""
    spec = spec_of(bulletin.campaign)
    numbers: tuple[str, ...] = ()
    if bulletin.is_issued:
        document = queries.document_of(bulletin)
        gone = kept_words(bulletin.left_out, spec)
    else:
        found = queries.preview_of(bulletin, said_in_chinese, today=today())
        document, numbers = found.document, loose_numbers(found.body, spec)
        gone = gone_words(found.left_out, spec)
    paper = paper_of(document, spec, bulletin.campaign.code)
    return {
        "bulletin": bulletin, "paper": paper, "gone": gone, "numbers": numbers, "may_write": may_write()
    }  # fmt: skip


def _act(bulletin: Bulletin) -> BulletinActForm:
    form = BulletinActForm(formdata=None)
    form.version.data = bulletin.version
    return form


@bp.route(f"/bulletins/{ID}/edit", methods=["GET", "POST"])
@requires(Permission.BULLETIN_WRITE)
@keeps_drafts
def edit(bulletin_id: int) -> Response | str | tuple[str, int]:
    """Change a draft's words. Who saves after somebody else sees both texts, and loses neither."""
    bulletin = draft_for(current_user, bulletin_id) or abort(404)
    if request.method == "GET":
        if not bulletin.is_draft:
            flash(gettext("It is issued, so it is not changed any more."), "warning")
            return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))
        form = BulletinForm(formdata=None, obj=bulletin)
        form.as_of.data = bulletin.as_of.isoformat()
        form.bulletin.data, form.writer.data = str(bulletin.id), str(current_user.id)
        return _editor(bulletin, form)
    form = BulletinForm()
    if form.writer.data not in (None, "", str(current_user.id)):
        abort(409)  # somebody else is signed in in this browser meanwhile
    if not form.validate():
        return _editor(bulletin, form, is_refused=True), 422
    try:
        services.change_bulletin(
            bulletin, form.version.data or 0, title=form.title.data or "", text=form.text.data or "",
            as_of=form.day, today=today(), by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        bulletin = draft_for(current_user, bulletin_id) or abort(404)
        if refusal.msgid != CHANGED:
            tell(form, refusal)
            is_late = refusal.msgid in (services.ISSUED_ALREADY, services.GONE)
            return _editor(bulletin, form, is_refused=True), 409 if is_late else 422
        mine = {**form.data, "version": bulletin.version}
        again = BulletinForm(formdata=None, data=mine)  # as typed, upon what is saved now
        return _editor(bulletin, again, is_refused=True, theirs=bulletin), 409
    flash(gettext("Saved."), "success")
    return redirect(url_for("bulletins.show", bulletin_id=bulletin.id), 303)


def _editor(
    bulletin: Bulletin, form: BulletinForm, *, is_refused: bool = False, theirs: Bulletin | None = None
) -> str:
    facts = facts_on(bulletin.campaign, bulletin.as_of, quoted_of(bulletin.campaign, bulletin.as_of))
    choices = choices_of(facts, form.text.data or "")
    return render_template(
        "bulletins/edit.html",
        bulletin=bulletin,
        form=form,
        is_refused=is_refused,
        theirs=theirs,
        latest=max(bulletin.as_of, min(today(), bulletin.campaign.ends_on)),
        choices=choices,
        said=said,
        editor_json=_json({"figures": [_figure(one, bulletin) for one in choices], "words": words_of(facts)}),
    )


def _figure(choice: Choice, bulletin: Bulletin) -> dict[str, Any]:
    return {
        "ref": choice.ref,
        "title": choice.title,
        "rows": ""
        if choice.ref.startswith(QUOTED)
        else url_for(
            "figures.show", figure_id=choice.ref, as_of=bulletin.as_of, campaign=bulletin.campaign.code
        ),
        "ways": [
            {"wanted": way.wanted, "text": way.text, "why": said(way.why) if way.why else ""}
            for way in choice.ways
        ],
    }


def _json(value: Any) -> str:
    """JSON that may stand in a page: nothing in it can end the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


@bp.route(f"/bulletins/{ID}/issue", methods=["GET", "POST"])
@requires(Permission.BULLETIN_WRITE)
def issue(bulletin_id: int) -> Response | str | tuple[str, int]:
    """Say in numbers what an issue will freeze, and issue it."""
    bulletin = draft_for(current_user, bulletin_id) or abort(404)
    if request.method == "GET":
        if not bulletin.is_draft:
            return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))
        form = IssueForm(formdata=None)
        form.version.data, form.issued_on.data = bulletin.version, today().isoformat()
        return _issuing(bulletin, form)
    form, at = IssueForm(), now()
    if not form.validate():
        return _issuing(bulletin, form), 422
    try:
        if is_long(bulletin.campaign):
            return issue_later(bulletin, form.version.data or 0, form.day)
        services.issue_bulletin(
            bulletin, form.version.data or 0, issued_on=form.day, today=today(), by=current_user, at=at,
            say=said_in_chinese,
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        if refusal.msgid in (CHANGED, services.ISSUED_ALREADY, services.GONE):
            abort(409)
        tell(form, refusal)
        return _issuing(draft_for(current_user, bulletin_id) or abort(404), form), 422
    flash(gettext("Issued. Its figures are frozen with their rows, and can be proved again."), "success")
    return redirect(url_for("bulletins.show", bulletin_id=bulletin.id), 303)


def _issuing(bulletin: Bulletin, form: IssueForm) -> str:
    number = last_number(bulletin.campaign_id, bulletin.template) + 1
    return render_template(
        "bulletins/issue.html",
        form=form,
        number=number,
        is_long=is_long(bulletin.campaign),
        **_seen(bulletin),
    )


@bp.post(f"/bulletins/{ID}/discard")
@requires(Permission.BULLETIN_WRITE)
def discard(bulletin_id: int) -> Response:
    """Throw a draft away."""
    bulletin = draft_for(current_user, bulletin_id) or abort(404)
    try:
        services.discard_bulletin(bulletin, BulletinActForm().version.data or 0, by=current_user, at=now())
    except Refused:
        abort(409)
    flash(gettext("The draft is thrown away."), "success")
    return redirect(url_for("bulletins.index"), 303)
