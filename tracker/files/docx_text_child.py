"""Reads the text of one DOCX in a process of its own, under limits of memory and time.

It stands alone (the standard library), because it is started by its path: `python -I docx_text_child.py`.
Argument: the limits as JSON; the file, which was looked into before, comes in on stdin. What goes out is
JSON: {"text": …, "pictures": n} or {"refused": code}.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

# In the order of reading: what stands above, the body, what stands below.
PARTS = (
    r"word/header[0-9]*\.xml",
    r"word/document\.xml",
    r"word/diagrams/data[0-9]*\.xml",
    r"word/footnotes\.xml",
    r"word/endnotes\.xml",
    r"word/footer[0-9]*\.xml",
)
# Not text: what was deleted or moved away, what a field was made of, what stands there again for old readers.
PASSED_OVER = frozenset(("del", "moveFrom", "instrText", "delInstrText", "delText", "Fallback"))


class RefusedFile(Exception):  # noqa: N818  (a refusal, as everywhere in this house)
    """The file is not read. The word stands for a sentence of tracker.files.docx_text."""


def main() -> None:
    """Print the text, or the code of why not."""
    limits = json.loads(sys.argv[1])
    memory, seconds = limits["memory"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    answer: dict[str, object]
    try:
        answer = read(sys.stdin.buffer.read(), limits["characters"])
    except RefusedFile as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "memory"}
    except Exception:  # whatever an archive or a tree raises that is not what it says
        answer = {"refused": "document"}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()


def read(content: bytes, most: int) -> dict[str, object]:
    """Every text of the document, a paragraph or a row of a table a line; cells are told apart by tabs."""
    lines: list[str] = []
    pictures = length = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for pattern in PARTS:
            for name in sorted(one for one in names if re.fullmatch(pattern, one)):
                root = fromstring(archive.read(name))  # noqa: S314  (no DTD: it was looked into; and limits)
                pictures += sum(1 for one in root.iter() if local(one) == "pic")
                for line in blocks(root):
                    length += len(line) + 1
                    if length > most:
                        raise RefusedFile("long")
                    lines.append(line)
    return {"text": "\n".join(lines), "pictures": pictures}


def local(element: Element) -> str:
    """The name without its namespace: the strict and the usual form of the standard have different ones."""
    return element.tag.rpartition("}")[2]


def blocks(element: Element) -> Iterator[str]:
    """The lines of everything within."""
    for child in element:
        name = local(child)
        if name in PASSED_OVER:
            continue
        if name == "p":
            yield from paragraph(child)
        elif name == "tr":
            cells = [one for one in children(child) if local(one) == "tc"]
            yield "\t".join(" ".join(line.strip() for line in blocks(cell)) for cell in cells)
        else:
            yield from blocks(child)


def children(row: Element) -> Iterator[Element]:
    """The cells of a row, those inside a content control too."""
    for child in row:
        if local(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from children(child)
        else:
            yield child


def paragraph(element: Element) -> Iterator[str]:
    """Its own words as one line, then those of the text boxes that hang on it."""
    words: list[str] = []
    boxes: list[Element] = []
    _gather(element, words, boxes)
    yield from "".join(words).split("\n")
    for box in boxes:
        yield from blocks(box)


def _gather(element: Element, words: list[str], boxes: list[Element]) -> None:
    for child in element:
        name = local(child)
        if name in PASSED_OVER:
            continue
        if name == "txbxContent":
            boxes.append(child)
        elif name == "t":
            words.append((child.text or "").replace("\n", " "))
        elif name == "tab":
            words.append("\t")
        elif name in ("br", "cr"):
            words.append("\n")
        elif name == "noBreakHyphen":
            words.append("-")
        else:
            _gather(child, words, boxes)


if __name__ == "__main__":
    main()
