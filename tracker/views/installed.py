"""The installed app: what a phone asks for to put it on its first page, and what it shows without a network.

A browser keeps the style sheets and one page that is nobody's; never a page of somebody who is signed in.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import force_locale, gettext

from tracker.access import PUBLIC, Permission, may, requires
from tracker.language import DEFAULT, LANGUAGES
from tracker.looks import STYLES
from tracker.views.asof import campaign_here
from tracker.views.campaign_shown import takes_own_entries

bp = Blueprint("installed", __name__)
PAPER, RED = "#f6f4f1", "#c8102e"  # --paper and --act of the light tokens: a manifest knows no style sheet
# (file below static/, its square size, what the phone may do with it)
ICONS = (
    ("icons/app-192.png", 192, "any"),
    ("icons/app-512.png", 512, "any"),
    ("icons/app-square-512.png", 512, "maskable"),
)
# What the page without a network needs.
KEPT = (*(f"css/{name}.css" for name in (*STYLES, "dark")), "js/offline.js", "vendor/icons.svg", "seal.svg")


def _language() -> str:
    """The language that the address asks for: a worker's requests carry no session."""
    asked = request.args.get("language", DEFAULT)
    return asked if asked in LANGUAGES else DEFAULT


@bp.get("/manifest.webmanifest")
@requires(PUBLIC)
def manifest() -> Response:
    """The app's name, icons and colours, as JSON (W3C Web Application Manifest)."""
    campaign = campaign_here()
    said: dict[str, Any] = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "name": campaign.name if campaign else gettext("Campaign tracker"),
        "short_name": gettext("Study ledger"),
        "lang": "en" if _language() == "en" else "zh-CN",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": RED,
        "icons": [
            {
                "src": url_for("static", filename=name), "sizes": f"{size}x{size}", "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in ICONS
        ],
    }  # fmt: skip
    if may(Permission.SELF) and takes_own_entries():
        said["shortcuts"] = [{"name": gettext("Note it"), "url": url_for("jots.new")}]
    return Response(json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/sw.js")
@requires(PUBLIC)
def worker() -> Response:
    """The service worker, with the version and the addresses of what it keeps.

    With TRACKER_NO_APP it is one that drops what was kept and takes itself away; browsers fetch it with the
    next page.
    """
    static = Path(str(current_app.static_folder))
    if current_app.config["TRACKER"].no_app:
        return Response((static / "js" / "worker-gone.js").read_text("utf-8"), mimetype="text/javascript")
    script = (static / "js" / "worker.js").read_text(encoding="utf-8")
    page = url_for("installed.offline", language=_language())
    digest = hashlib.sha256((script + page + _page(_language())).encode())
    for name in KEPT:
        digest.update((static / name).read_bytes())
    said = {
        "version": digest.hexdigest()[:16],
        "page": page,
        "files": [url_for("static", filename=name) for name in KEPT],
    }
    return Response(f"const KEPT = {json.dumps(said)};\n{script}", mimetype="text/javascript")


@bp.get("/offline")
@requires(PUBLIC)
def offline() -> str:
    """What a phone shows where it has no network: nobody's page, the same for everybody."""
    return _page(_language())


def _page(language: str) -> str:
    with force_locale(language):
        return render_template("offline.html", language_shown=language)
