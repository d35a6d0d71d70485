"""Texts that a page must not carry out, and how they come into every place of a database."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Enum, String, Table, select, text, update

from tests.canaries import MARK
from tracker.db import Model, db

# Each calls xq with its number when it is carried out. {n} is the number of the text.
PAYLOADS = (
    "<script>xq({n})</script>",
    "</script><script>xq({n})</script>",
    "</title><script>xq({n})</script>",
    "</textarea></select></option><script>xq({n})</script>",
    "</style><script>xq({n})</script>",
    "--><script>xq({n})</script><!--",
    "]]><script>xq({n})</script><![CDATA[",
    "<img src=x onerror=xq({n})>",
    "<IMG SRC=x OnErRoR=xq({n})>",
    "<img/src=x/onerror=xq({n})>",
    '"><img src=x onerror=xq({n})>',
    "'><img src=x onerror=xq({n})>",
    "<svg onload=xq({n})>",
    "<svg><animate onbegin=xq({n}) attributeName=x dur=1s>",
    "<math><mtext></p><mglyph><svg><mtext><style><path id='</style><img onerror=xq({n}) src>'>",
    '" autofocus onfocus=xq({n}) x="',
    "' autofocus onfocus=xq({n}) x='",
    '" onmouseover="xq({n})" x="',
    " onmouseover=xq({n}) x=",
    "` onclick=xq({n}) `",
    '" style="animation-name:x" onanimationstart="xq({n})',
    "javascript:xq({n})",
    " java\tscript:xq({n})",
    "JaVaScRiPt:xq({n})//",
    "data:text/html,<script>parent.xq({n})</script>",
    "vbscript:xq({n})",
    '<a href="javascript:xq({n})">q</a>',
    "<iframe srcdoc='<script>parent.xq({n})</script>'></iframe>",
    "<object data=javascript:xq({n})></object>",
    "<embed src=javascript:xq({n})>",
    "<form action=javascript:xq({n})><button>q</button></form>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/{n}.css>",
    "<meta http-equiv=refresh content=0;url=//evil.example/{n}>",
    "<img src=//evil.example/{n}.png><video src=//evil.example/{n} autoplay></video>",
    "<style>*{{background:url(//evil.example/{n})}}</style>",
    "red;background:url(//evil.example/{n})}}*{{color:red",
    "\\u003cscript\\u003exq({n})\\u003c/script\\u003e",
    "&lt;script&gt;xq({n})&lt;/script&gt;",
    "\\x3cimg src=x onerror=xq({n})\\x3e",
    "';xq({n});//",
    '";xq({n});//',
    "\\';xq({n});//",
    "\u2028xq({n})\u2029//",
    "${{xq({n})}}`${{7*7}}xq",
    "{{{{7*7}}}}xq{n}",
    "{{%print(7*7)%}}xq{n}",
    "{{0.__class__}}{{config}}%(a)s{n}",
    "#{{7*7}}xq<%=7*7%>xq{n}",
    "<!--{n}",
    "<details open ontoggle=xq({n})><summary>q</summary>",
    "<dialog open onclose=xq({n})><button formaction=javascript:xq({n})>q",
    "<x contenteditable onblur=xq({n}) tabindex=1 id=x>q",
    "<noscript><p title='</noscript><img src=x onerror=xq({n})>'>",
    "\x7f<\u200bscript>xq({n})</script>",
)
SHORT = (
    "<svg onload=xq({n})>",
    "javascript:xq({n})",
    "{{{{7*7}}}}xq{n}",
    "${{7*7}}xq{n}",
    "{{0.__class__}}{n}",
    "'\"><xq id=x>{n}",
    "</script><xq>{n}",
    "<!--{n}",
    "</title><xq>{n}",
    '" onfocus=xq({n}) ',
    "' onblur=xq({n}) '",
    "\u2028xq({n})\u2029//",
    "%(a)s<%=7*7%>xq{n}",
)
SHEETS = ("<svg onload=xq({n})>", '"><xq id={n}>', "<xq onclick=xq({n})>")  # without what Excel forbids
UNITS = ("<xq {n}>",)  # of ten characters
WORKED_OUT = re.compile(r"49xq|<class '")  # what templates and formats would have made of the above

KEYS = {r'sheet = "(.*?)"': SHEETS, r'unit = "(.*?)"': UNITS, r'"(.*?)"': SHORT}  # of a campaign's file

_LITERAL = re.compile(r'"""(.*?)"""|"([^"\\\n]*)"', re.DOTALL)
_WORDS = re.compile(r"[\u3400-\u9fff]")


class Hostile:
    """Turns texts into hostile ones: the same text always into the same one, so that what belongs together
    by its name still does."""

    def __init__(self) -> None:
        self.numbers, self.turned = itertools.count(1), dict[str, str]()

    def of(self, text: str, payloads: Sequence[str] = PAYLOADS) -> str:
        """What stands in its place: itself if it is no text of anybody's."""
        if not (_WORDS.search(text) or MARK.search(text)):
            return text
        if text not in self.turned:
            n = next(self.numbers)
            self.turned[text] = payloads[n % len(payloads)].format(n=n)
        return self.turned[text]

    def _file(self, text: str) -> str:
        """The file of a campaign. Its names are short; in its templates the places for figures stay."""
        for pattern, payloads in KEYS.items():
            for found in re.findall(pattern, text):
                if "{" not in found:
                    self.of(found, payloads)
        return _LITERAL.sub(self._literal, text)

    def _literal(self, found: re.Match[str]) -> str:
        long, short = found.groups()
        more = f"<svg onload=xq({next(self.numbers)})>"
        if long is not None:
            return f'"""{long}{more}\n"""'
        return json.dumps(short + more if "{" in short else self.of(short))

    def within(self, value: Any) -> Any:
        """The same for everything inside of a value of JSON; its keys stay."""
        match value:
            case str() if value.startswith(("# ", "format = ")):  # the file of a campaign
                return self._file(value)
            case str():
                return self.of(value)
            case list():
                return [self.within(one) for one in value]
            case dict():
                return {
                    name: self.of(one, UNITS) if name == "unit" and isinstance(one, str) else self.within(one)
                    for name, one in value.items()
                }
        return value

    def fill(self) -> dict[str, int]:
        """Turn every text of the database. Returns how many there are in each column that can hold any."""
        for name in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(text(f'DROP TRIGGER "{name}"'))
        found = {}
        for table in Model.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum):
                    found[str(column)] = self.turn(table, column)
        db.session.commit()
        return found

    def turn(self, table: Table, column: Any) -> int:
        """Turn the texts of one column. Returns how many are hostile then."""
        count = 0
        for *key, value in db.session.execute(select(*table.primary_key, column)).all():
            turned = self.within(value)
            if turned != value:
                count += 1
                where = [one == given for one, given in zip(table.primary_key, key, strict=True)]
                db.session.execute(update(table).where(*where).values({column: turned}))
        return count
