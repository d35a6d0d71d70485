"""Every chart as a picture, drawn by a Chromium of this machine, for documents and pages without script."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app

from tracker.access import Permission, requires
from tracker.db import db
from tracker.files.chart_picture import Format, Order, picture_of
from tracker.rules.refusal import Refused
from tracker.views.asof import as_of
from tracker.views.drawn_further import chart_json

bp = Blueprint("chart_pictures", __name__)
MIMETYPES: dict[Format, str] = {"png": "image/png", "svg": "image/svg+xml"}
WIDTH, HEIGHT, ROW = 960, 480, 36  # pixels; a row of a chart that has one for each unit


@bp.get("/charts/<code>.png")
@requires(Permission.BUREAU_SEE)
def png(code: str) -> Response:
    """The chart for a document; by the same codes as its data."""
    return _picture(code, "png")


@bp.get("/charts/<code>.svg")
@requires(Permission.BUREAU_SEE)
def svg(code: str) -> Response:
    """The chart for a poster: sharp at any size."""
    return _picture(code, "svg")


def _picture(code: str, form: Format) -> Response:
    """Raises Refused where the machine draws none; the reason of a failure goes to the log."""
    asof = as_of() or abort(404)
    figure = chart_json(code, asof) or abort(404)
    order = Order(figure, form, WIDTH, height_of(figure))
    name = f"{code}-{asof.day.isoformat()}.{form}"
    db.session.rollback()  # a reader's lock would keep writers waiting while Chromium draws
    try:
        content = picture_of(order, current_app.config["TRACKER"].chromium)
    except Refused as refusal:
        if refusal.__cause__ is not None:
            current_app.logger.warning("no picture of %s: %s", code, refusal.__cause__)
        raise
    response = Response(content, mimetype=MIMETYPES[form])
    # Saved and not shown: the policy of our pages would take an SVG's own styles away.
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def height_of(figure: str) -> int:
    """How high a chart is drawn: by its rows where it has one for each unit."""
    traces: list[dict[str, Any]] = json.loads(figure)["data"]
    rows = max((len(trace.get("y") or ()) for trace in traces if trace.get("type") == "heatmap"), default=0)
    return min(2400, max(240, 80 + ROW * rows)) if rows else HEIGHT
