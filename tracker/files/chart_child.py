"""Draws charts with Chromium in a process of its own, under limits of time and size, without any network.

It stands alone (the standard library and kaleido), because it is started by its path: `python -I
chart_child.py`. JSON comes in on stdin: {"chromium": path, "seconds": n, "orders": [{"figure": {…}, "format",
"width", "height", "scale"}, …]}. Out goes a line of JSON, {"sizes": [n, …]}, and behind it the pictures.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from choreographer.browsers.chromium import Chromium
from kaleido import Kaleido  # type: ignore[import-untyped]  # it ships no types

WRITTEN = 64 * 2**20  # the largest file that Chromium may write: its profile is thrown away


class OfflineChromium(Chromium):
    """Knows no names of hosts, and ends with the group of processes that this one leads."""

    def get_cli(self) -> Sequence[str]:
        nowhere = [
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--disable-background-networking",
            "--disable-quic",
        ]
        return [*super().get_cli(), *nowhere]

    def get_popen_args(self) -> Mapping[str, Any]:
        return {**super().get_popen_args(), "start_new_session": False}


async def draw(asked: dict[str, Any]) -> list[bytes]:
    """The pictures in the order in which they were asked for."""
    options = {
        "path": asked["chromium"], "mathjax": False, "n": 1, "timeout": asked["seconds"],
        "browser_cls": OfflineChromium, "enable_extensions": False,
        "enable_sandbox": os.geteuid() != 0,  # Chromium does not start in one as root
    }  # fmt: skip
    async with Kaleido(**options) as kaleido:
        return [await _picture(kaleido, order) for order in asked["orders"]]


async def _picture(kaleido: Kaleido, order: dict[str, Any]) -> bytes:
    size = {name: order[name] for name in ("format", "width", "height", "scale")}
    return bytes(await kaleido.calc_fig(order["figure"], opts=size))


def main() -> None:
    """Draw what is asked for."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CPU, (3 * asked["seconds"], 3 * asked["seconds"]))
    pictures = asyncio.run(draw(asked))
    answer.write(json.dumps({"sizes": [len(one) for one in pictures]}).encode() + b"\n" + b"".join(pictures))
    answer.flush()


if __name__ == "__main__":
    main()
