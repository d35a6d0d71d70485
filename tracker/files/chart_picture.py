"""Charts as pictures: what Plotly would draw in a browser, drawn by a Chromium of this machine."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tracker.rules.bulletins import Document
from tracker.rules.refusal import N_, Refused

Format = Literal["png", "svg"]
CHILD = Path(__file__).with_name("chart_child.py")
SECONDS = 20  # for all pictures of one request, waiting included
LARGEST_FIGURE, LARGEST_PICTURE = 4 * 2**20, 8 * 2**20  # bytes
SIDES = range(100, 3001)  # pixels
MOST_AT_ONCE = 20
ON_PAPER = 660  # pixels for the width of the text: words of 12 pixels are 8 points high then
SCALE = 2  # pixels of a PNG for one of the page: sharp on paper

NO_CHROMIUM = N_(
    "This machine draws no pictures of charts: there is no Chromium. Whoever runs it installs one (Debian: "
    "chromium) or names it in TRACKER_CHROMIUM. The table and the spreadsheet have the same numbers."
)
TOO_SLOW = N_(
    "The picture was not drawn within %(seconds)d seconds. Try again later; the table and the spreadsheet "
    "have the same numbers."
)
BUSY = N_("Another picture is being drawn. Try again in a minute.")
NOT_DRAWN = N_(
    "Chromium did not draw the picture. The table and the spreadsheet have the same numbers; whoever runs "
    "the machine finds the reason in the log."
)
TOO_LARGE = N_("The chart is too large for a picture. The spreadsheet has its numbers.")

_one_at_a_time = threading.BoundedSemaphore()  # a Chromium takes some 300 MB


class NotDrawnError(RuntimeError):
    """Chromium failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Order:
    """A picture that is wanted. figure: JSON as `charts.as_json` writes it; width, height: in pixels."""

    figure: str
    format: Format = "png"
    width: int = 960
    height: int = 480


def picture_of(order: Order, chromium: str, seconds: float = SECONDS) -> bytes:
    """One picture; see pictures_of."""
    return pictures_of([order], chromium, seconds)[0]


def pictures_of(orders: Sequence[Order], chromium: str, seconds: float = SECONDS) -> list[bytes]:
    """The pictures, by one start of Chromium: some 2 s, and a third of a second for each further one.

    chromium: the program; '' where there is none.
    seconds:  after which nobody waits any longer. One request of this process draws at a time.
    Raises    Refused with what can be done instead.
    """
    if not chromium:
        raise Refused(NO_CHROMIUM)
    is_large = len(orders) > MOST_AT_ONCE or sum(len(one.figure) for one in orders) > LARGEST_FIGURE
    if is_large or any(side not in SIDES for one in orders for side in (one.width, one.height)):
        raise Refused(TOO_LARGE)
    until = time.monotonic() + seconds
    if not _one_at_a_time.acquire(timeout=seconds / 2):
        raise Refused(BUSY)
    try:
        return _drawn(orders, chromium, until)
    except subprocess.TimeoutExpired:
        raise Refused(TOO_SLOW, seconds=round(seconds)) from None
    except NotDrawnError as error:
        raise Refused(NOT_DRAWN) from error
    finally:
        _one_at_a_time.release()


def with_pictures(document: Document, chromium: str) -> Document:
    """The bulletin with its charts drawn; as it is where none can be, for their tables say the same."""
    wanted = [one for one in document.charts if one.figure]
    if not wanted or not chromium:
        return document
    try:
        drawn = pictures_of(
            [Order(one.figure, width=ON_PAPER, height=one.height) for one in wanted], chromium
        )
    except Refused as refusal:
        logging.getLogger(__name__).warning(
            "a bulletin without pictures: %s", refusal.__cause__ or refusal.msgid
        )
        return document
    pictures = dict(zip(wanted, drawn, strict=True))
    return replace(document, charts=tuple(replace(one, picture=pictures.get(one)) for one in document.charts))


def _drawn(orders: Sequence[Order], chromium: str, until: float) -> list[bytes]:
    """Run the child. It leads a group of processes, which ends with it, and its folder is thrown away."""
    left = max(1.0, until - time.monotonic())
    asked = {
        "chromium": chromium,
        "seconds": int(left) + 1,
        "orders": [
            {
                "figure": json.loads(one.figure), "format": one.format, "width": one.width,
                "height": one.height, "scale": SCALE if one.format == "png" else 1,
            }
            for one in orders
        ],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="chart-", ignore_cleanup_errors=True) as folder:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "FONTCONFIG_FILE")}
        command = [sys.executable, "-I", str(CHILD)]
        environ = {**kept, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ,
            start_new_session=True,
        ) as child:  # fmt: skip
            try:
                answer, said = child.communicate(json.dumps(asked).encode(), timeout=left)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
    if child.returncode != 0:
        raise NotDrawnError(said.decode(errors="replace")[-2000:])
    return _parts(answer, orders)


def _parts(answer: bytes, orders: Sequence[Order]) -> list[bytes]:
    head, _, rest = answer.partition(b"\n")
    found = []
    for size, order in zip(json.loads(head)["sizes"], orders, strict=True):
        one, rest = rest[:size], rest[size:]
        begins = b"\x89PNG" if order.format == "png" else b"<svg"
        if not one.startswith(begins):
            raise NotDrawnError(f"what was drawn is no {order.format}")
        if len(one) > LARGEST_PICTURE:
            raise Refused(TOO_LARGE)
        found.append(one)
    return found
