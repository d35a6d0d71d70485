"""The screen on a wall (大屏): the goals at five metres, by a link that the office can revoke."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from pathlib import Path

import segno
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from tracker.access import PUBLIC, Permission, requires
from tracker.clock import local, now, today
from tracker.db import db
from tracker.forms.base import ActForm
from tracker.forms.screens import ScreenForm, read_theme
from tracker.models import Campaign, ScreenLink
from tracker.queries import screens as queries
from tracker.rules.refusal import Refused
from tracker.rules.screens import LinkState, grid_of, link_state
from tracker.security_events import SCREENS, note_screen_seen, take_try
from tracker.services import screens as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here, latest_day
from tracker.views.screen_words import tile_of
from tracker.views.staging import tell

bp = Blueprint("screens", __name__)
LINK = "<string(minlength=20, maxlength=64):screen_token>"
ID = "<int(max=9007199254740991):link_id>"
EVERY = 60  # seconds between two refreshes
SEEN_EVERY = dt.timedelta(minutes=1)
LANGUAGE = "zh_Hans"  # of the campaign; nobody stands at a wall to choose another
MADE_OF = ("static/css/screen.css", "static/js/screen.js", "templates/screens/_wall.html",
           "templates/screens/show.html")  # fmt: skip


@functools.cache
def release() -> str:
    """A digest of what the page is made of: a screen that sees another one loads itself anew."""
    root = Path(__file__).resolve().parent.parent.parent
    return hashlib.sha256(b"".join((root / name).read_bytes() for name in MADE_OF)).hexdigest()[:12]


# ---- the screen ----


@bp.get(f"/screen/{LINK}")
@requires(PUBLIC)
def show(screen_token: str) -> Response:
    """The page that a screen opens. No cookie, no name, no way into the application."""
    return _by_link(screen_token, "screens/show.html")


@bp.get(f"/screen/{LINK}/now")
@requires(PUBLIC)
def refreshed(screen_token: str) -> Response:
    """What the page asks for once a minute: its inner part, with the figures of now."""
    return _by_link(screen_token, "screens/_wall.html")


def _by_link(token: str, template: str) -> Response:
    """The page of a link that holds. Of all others nothing is said but that they do not."""
    link, at = queries.link_called(token), now()
    if link is None or link_state(bool(link.revoked_at), link.expires_on, today()) is not LinkState.HOLDS:
        is_rest = link is None and not take_try([SCREENS])
        with force_locale(LANGUAGE):
            page = render_template("screens/gone.html", theme=read_theme(request.args.get("theme")))
        return _sealed(make_response(page, 429 if is_rest else 404))
    link_id, seen_at = link.id, link.last_seen_at
    address = url_for("screens.refreshed", screen_token=token)
    response = _sealed(make_response(_wall(link.campaign, template, address)))
    if seen_at is None or at - seen_at > SEEN_EVERY:
        note_screen_seen(link_id, at)
    return response


def _wall(campaign: Campaign, template: str, address: str) -> str:
    wall = queries.wall_on(campaign, latest_day(campaign))
    grid = grid_of(len(wall.cards))
    with force_locale(LANGUAGE):
        return render_template(
            template,
            wall=wall,
            grid=grid,
            tiles=[tile_of(card, wall, grid) for card in wall.cards],
            at=local(now()),
            address=address,
            every=EVERY,
            release=release(),
            theme=read_theme(request.args.get("theme")),
        )


def _sealed(response: Response) -> Response:
    """No search engine keeps the page, and no other site learns its address. No answer of ours is stored."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# ---- the office's page ----


@bp.get("/screens")
@requires(Permission.SCREEN_SEE)
def index() -> str:
    """Which screens may show the goals, when they asked last, and a new link."""
    return _index(ScreenForm(formdata=None))


def _index(form: ScreenForm) -> str:
    campaign, day = campaign_here(), today()
    links = queries.links_of(campaign) if campaign else []
    return render_template(
        "screens/index.html",
        campaign=campaign,
        form=form,
        act=ActForm(formdata=None),
        latest=day.isoformat(),
        rows=[(one, link_state(bool(one.revoked_at), one.expires_on, day).value) for one in links],
    )


@bp.post("/screens")
@requires(Permission.SCREEN_WRITE)
def new() -> str | tuple[str, int]:
    """Open a link. Its address is shown this once."""
    campaign = campaign_here() or abort(404)
    form = ScreenForm()
    try:
        link, token = services.open_screen(
            campaign, form.label.data or "", form.last_day, by=current_user, at=now(), today=today()
        )
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        return _index(form), 422
    theme = read_theme(form.theme.data)
    address = url_for(
        "screens.show", screen_token=token, theme=None if theme == "dark" else theme, _external=True
    )
    g.lands_on = url_for("screens.index")
    return render_template(
        "screens/opened.html",
        link=link,
        address=address,
        code_picture=segno.make(address, error="m").svg_data_uri(scale=6, border=2),
    )


@bp.post(f"/screens/{ID}/revoke")
@requires(Permission.SCREEN_WRITE)
def revoke(link_id: int) -> Redirect:
    """Let a link show nothing any more."""
    link: ScreenLink = queries.link_for(current_user, link_id) or abort(404)
    try:
        services.revoke_screen(link, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    said = gettext("“%(label)s” is revoked. Its screen says so at the next refresh.", label=link.label)
    flash(said, "success")
    return redirect(url_for("screens.index"), 303)


@bp.get("/screens/preview")
@requires(Permission.SCREEN_SEE)
def preview() -> str:
    """How the screen looks, for those who are signed in; no link is needed."""
    return _wall(campaign_here() or abort(404), "screens/show.html", url_for("screens.previewed"))


@bp.get("/screens/preview/now")
@requires(Permission.SCREEN_SEE)
def previewed() -> str:
    """The inner part of the preview."""
    return _wall(campaign_here() or abort(404), "screens/_wall.html", url_for("screens.previewed"))
