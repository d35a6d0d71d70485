"""Where a browser may be sent next: only to a page of this site."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

LONGEST = 2000


def local_address(target: str | None) -> str | None:
    """`target` if it is a path (with query) of this site, else None.

    Refused are other hosts, and what browsers make into one: '//host', backslashes, and control
    characters, which they leave out before reading ('/<tab>/host'), written plainly or as %09.
    """
    if not target or len(target) > LONGEST or not _is_plain(target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not _is_plain(unquote(parts.path)):
        return None
    return target


def _is_plain(text: str) -> bool:
    if not text.startswith("/") or text.startswith("//"):
        return False
    return not any(char == "\\" or char < " " or "\x7f" <= char <= "\x9f" for char in text)
