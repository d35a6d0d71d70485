"""The comments of one sheet: part of mark_child.py, and standing alone as it does.

A comment is two things in a workbook: its text in one part, and in another the box in which it is shown.
"""

from __future__ import annotations

import re
from typing import Any

AUTHOR = "导入检查"
COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
XML = "xml"  # a prefix that needs no declaration
BLOCK = 1024  # so many boxes may have a number in one block
EMPTY_BOXES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
    'data="%s"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    'o:connecttype="rect"/></v:shapetype></xml>'
)
# Namespaces once more in each box: a file that has boxes already may call them by other names.
BOX = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s%(id)s" type="#_x0000_t202" '
    'style="position:absolute;margin-left:80pt;margin-top:2pt;width:210pt;height:66pt;z-index:1;'
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>%(left)s, 15, %(top)s, 2, %(right)s, 31, %(bottom)s, 4</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>%(row)s</x:Row><x:Column>%(column)s</x:Column></x:ClientData></v:shape>"
)
_SHAPE = re.compile(r"<(?:\w+:)?shape\b.*?</(?:\w+:)?shape>", re.DOTALL)
_ROW = re.compile(r"<(?:\w+:)?Row>\s*([0-9]+)\s*<")
_COLUMN = re.compile(r"<(?:\w+:)?Column>\s*([0-9]+)\s*<")
_NUMBER = re.compile(r"_x0000_s([0-9]{1,9})")

Place = tuple[int, int]


def write(
    book: Any, cells: Any, part: str, notes: dict[Place, list[str]], prefix: str, number: int
) -> str | None:
    """Say the sentences at their cells, beside what others said there, and take those of a former round away.

    cells:   the module that knows places.
    notes:   (row as Excel shows it, column from 0) -> sentences.
    Returns  the id of the relation to the boxes if the sheet has to name it.
    """
    related = book.related(part, "comments")
    if related is None and not notes:
        return None
    name = related[1] if related else _free(book, f"xl/commentsCheck{number}.xml")
    document = book.document(name, f'<comments xmlns="{book.main}"><authors/><commentList/></comments>')
    if related is None:
        book.relate(part, "comments", name)
        _list_type(book, name)
    root = document.documentElement
    (listed,) = book.under(root, "commentList")
    kept, gone = {}, set()
    for one in book.under(listed, "comment"):
        place = cells.place_of(one.getAttribute("ref"))
        if _strip(one, prefix):
            kept[place] = one
        else:
            listed.removeChild(one)
            gone.add(place)
    author = _author(book, root)
    for place, sentences in notes.items():
        said = f"{prefix}\n" + "\n".join(sentences)
        if place in kept:
            _say(book, kept[place], f"\n{said}")
        else:
            one = book.add(listed, "comment")
            one.setAttribute("ref", cells.cell_of(*place))
            one.setAttribute("authorId", str(author))
            book.add(one, "text")
            _say(book, one, said)
    return _boxes(book, part, set(notes) - kept.keys(), gone, number)


def _boxes(book: Any, part: str, wanted: set[Place], gone: set[Place], number: int) -> str | None:
    """Put the boxes of new comments into the sheet's drawing, and take those of old ones out."""
    related = book.drawing(part)
    if related is None and not wanted:
        return None
    name = related[1] if related else _free(book, f"xl/drawings/vmlCheck{number}.vml")
    blocks = range(number * 16, number * 16 + len(wanted) // (BLOCK - 1) + 1)
    text = book.read(name).decode("utf-8") if related else EMPTY_BOXES % ",".join(map(str, blocks))

    def stays(match: re.Match[str]) -> str:
        row, column = _ROW.search(match[0]), _COLUMN.search(match[0])
        if 'ObjectType="Note"' not in match[0] or not row or not column:
            return match[0]
        return "" if (int(row[1]) + 1, int(column[1])) in gone else match[0]

    text = _SHAPE.sub(stays, text)
    first = max([number * 16 * BLOCK, *(int(one) for one in _NUMBER.findall(text))]) + 1
    boxes = [
        BOX
        % {
            "id": first + n, "row": row - 1, "column": column, "left": column + 1, "right": column + 4,
            "top": max(row - 2, 0), "bottom": max(row - 2, 0) + 4,
        }
        for n, (row, column) in enumerate(sorted(wanted))
    ]  # fmt: skip
    start = text.rindex("</xml>")
    book.changed[name] = (text[:start] + "".join(boxes) + text[start:]).encode()
    book.names.add(name)
    if related is not None:
        return None
    if not any(one.getAttribute("Extension").lower() == "vml" for one in book.under(book.types, "Default")):
        one = book.add(book.types, "Default")
        one.setAttribute("Extension", "vml")
        one.setAttribute("ContentType", VML)
    return str(book.relate(part, "vmlDrawing", name))


def _list_type(book: Any, name: str) -> None:
    one = book.add(book.types, "Override")
    one.setAttribute("PartName", f"/{name}")
    one.setAttribute("ContentType", COMMENTS)


def _strip(comment: Any, prefix: str) -> bool:
    """Cut what a former round said off a comment. Whether anything is left of it."""
    texts = [one for one in comment.getElementsByTagName("*") if one.localName == "t"]
    is_cut, left = False, ""
    for one in texts:
        said = "".join(child.data for child in one.childNodes if child.nodeType in (3, 4))
        before, found, _ = said.partition(prefix)
        kept = "" if is_cut else before if found else said
        is_cut = is_cut or bool(found)
        if kept != said:
            for child in list(one.childNodes):
                one.removeChild(child)
            one.appendChild(one.ownerDocument.createTextNode(kept.rstrip("\n")))
        left += kept
    return bool(left.strip()) or not is_cut


def _say(book: Any, comment: Any, said: str) -> None:
    (text,) = book.under(comment, "text")
    one = book.add(book.add(text, "r"), "t")
    one.setAttribute(f"{XML}:space", "preserve")
    one.appendChild(one.ownerDocument.createTextNode(said))


def _author(book: Any, root: Any) -> int:
    """The number of our name among the authors."""
    (authors,) = book.under(root, "authors")
    names = [
        "".join(c.data for c in one.childNodes if c.nodeType == 3) for one in book.under(authors, "author")
    ]
    if AUTHOR not in names:
        book.add(authors, "author").appendChild(root.ownerDocument.createTextNode(AUTHOR))
        names.append(AUTHOR)
    return names.index(AUTHOR)


def _free(book: Any, name: str) -> str:
    """A name for a new part that no part has."""
    start, dot, end = name.rpartition(".")
    number = 0
    while name in book.names:
        number += 1
        name = f"{start}_{number}{dot}{end}"
    return name
