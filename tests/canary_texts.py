"""What an answer says, wherever it says it."""

from __future__ import annotations

import io
import zipfile


def text_within(answer):
    """All that an answer says: its headers, its text, and what is inside of a workbook."""
    said = f"{answer.headers}"
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return said + "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return said + answer.data.decode("utf-8", "replace")
