"""A note of hours that a page's script sends: at once, or once there is a network again. It is taken once.

The script keeps a note on its device until an answer says that it is taken; the note's submission key lets it
be recorded once, however often it is sent (see `tracker.transactions`).
"""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, url_for
from flask_babel import gettext
from flask_login import current_user
from wtforms import HiddenField

from tracker.access import Permission, requires
from tracker.forms.jots import JotForm
from tracker.queries.campaigns import spec_of
from tracker.queries.own_records import last_entered
from tracker.views.asof import campaign_here
from tracker.views.jot_hours import hours_form
from tracker.views.jot_kinds import is_hours, own_kinds
from tracker.views.jots import chosen, closed_why, enter
from tracker.views.uploads import Uploads

bp = Blueprint("kept_notes", __name__)


@bp.post("/jot/kept")
@requires(Permission.SELF)
def send() -> Response | tuple[Response, int]:
    """Note hours of one's own, as the short form does; without files, which no device keeps.

    Answers with JSON {"location"}: where the note is seen. 409 with {"state": "writer"}: somebody else is
    signed in now. 409 or 422 with {"error"}: a sentence. A note taken before gets a redirect to `location`.
    """
    form = JotForm()
    if form.writer.data != str(current_user.id):
        return jsonify(state="writer"), 409
    campaign, member = campaign_here(), current_user.member
    if closed_why(campaign, member) or campaign is None or member is None:
        return jsonify(error=gettext("Nothing can be noted now: there is no campaign for you.")), 422
    kind = chosen([kind for kind in own_kinds(spec_of(campaign)) if is_hours(kind)])
    if kind is None:
        return jsonify(error=gettext("There is no such kind of record now.")), 422
    last = last_entered(member, next(row for row in campaign.kinds if row.code == kind.code))
    form = hours_form(kind, campaign, last)()
    status = enter(form, kind, campaign, member, Uploads())
    if status:
        return jsonify(error=_said(form)), status
    g.lands_on = url_for("me.show")
    return jsonify(location=g.lands_on)


def _said(form: JotForm) -> str:
    """All that is wrong with the form, in one line."""
    said = [
        f"{field.label.text}{gettext(': ')}{error}"
        for field in form
        if not isinstance(field, HiddenField)
        for error in field.errors
    ]
    question = getattr(form, "overlap", None)  # asked, not refused: the form asks it again
    return " ".join([*said, *form.form_errors, *([question] if question else [])])
