"""Forms as the pages show them, and what somebody puts into them who means no good or knows no better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from hypothesis import strategies as st

from tests import html
from tests.canary_walk import address, fields_of
from tests.world import rules

KEPT = (
    "csrf_token",
    "submission_key",
)  # without these a form is not even looked at; test_access_forms has that
INTEGERS = (
    "-1", "0", "00", "-0", "+1", "1_000", "1e3", "1e308", "NaN", "Infinity", "0x10", "１２", "²", "Ⅷ", "٣",
    "一百", "1.5", "1,5", str(2**31 - 1), str(2**31), str(2**32), str(2**53), str(2**63 - 1), str(2**63),
    str(-(2**63) - 1), str(2**64), str(10**30), "9" * 400, "9" * 5_000,
)  # fmt: skip
DAYS = (
    "0001-01-01", "9999-12-31", "10000-01-01", "2021-02-30", "2021-W10-1", "2021-6-1", "20210601",
    "2021年6月31日", "44260", "2100-12-31", "1900-01-01", "2021-06-26T10:00", "2021-06", "2021-13",
    "9999-99", "0000-00-00",
)  # fmt: skip
TEXTS = (
    "", " ", "\t\r\n", "　", "'", '"', "\\", "%", "_", "%s", "{0}", "{{7*7}}", "'; DROP TABLE record; --",
    "\x01\x1b", "\u202e", "\ufeff", "\ufffe", "𠮷", "👨‍👩‍👧‍👦", "e\u0301" * 50,
    "<script>alert(1)</script>", "=1+1", "a:b", ":", "1:2:3", "study:9999", "null", "[]", "{}", "[[[[",
    '{"a": 1}', "../../x", "//evil.example", "javascript:alert(1)", "汉" * 300, "x" * 5_000, "汉" * 70_000,
    "\udcff\udcfe", "\udc80",
)  # fmt: skip


class Form(NamedTuple):
    """One form of a page: whose browser shows it, the page, where it goes, how, and its fields filled in."""

    who: str
    page: str
    action: str
    method: str
    fields: dict[str, list[str]]
    takes_files: bool

    def __repr__(self) -> str:
        """Short: what fails is told with twenty of them, and their fields would fill a book."""
        return f"<{self.who}: {self.method} {self.action} of {self.page}>"


def forms(app: Any, who: str, client: Any, values: dict[str, Any], *more: str) -> Iterator[Form]:
    """Each form that the pages show to somebody, once for each place and set of fields.

    values: what each argument of an address stands for; more: addresses beside these.
    """
    seen: set[Any] = set()
    pages = [
        address(app, rule, {name: values[name] for name in rule.arguments})
        for rule in rules(app)
        if "GET" in rule.methods and rule.endpoint != "style.show"  # forms to look at lead nowhere
    ]
    for page in (*pages, *more):
        answer = client.get(page)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for written in re.findall("<form.*?</form>", answer.text, re.DOTALL):
            known = re.sub('value="[^"]*"|[0-9]+', "", written)
            if known in seen:
                continue
            form = html.parse(written).find(".//form")
            assert form is not None
            fields, action = fields_of(form), form.get("action") or page
            method = (form.get("method") or "get").lower()
            key = (method, re.sub("[0-9]+", "0", urlsplit(action).path), tuple(sorted(fields)))
            if key not in seen:
                has_file = form.find(".//input[@type='file']") is not None
                yield Form(who, page, action, method, fields, has_file)
            seen |= {key, known}


def odd_values() -> st.SearchStrategy[str]:
    """What may stand in any field."""
    return st.one_of(
        st.sampled_from(INTEGERS), st.sampled_from(DAYS), st.sampled_from(TEXTS), st.text(max_size=40),
        st.integers(-(2**70), 2**70).map(str), st.dates().map(str),
    )  # fmt: skip


@st.composite
def attempts(draw: Any, forms: list[Form], known: list[str]) -> tuple[Form, str, list[tuple[str, str]]]:
    """A form that is sent otherwise than its page would: which, to what address, with what fields.

    known: values that stand for something, such as ids.
    """
    form = draw(st.sampled_from(forms))
    fields = {name: list(values) for name, values in form.fields.items() if name not in KEPT}
    value = odd_values() | st.sampled_from(known)
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=4)) if fields else []:
        match draw(st.sampled_from(("other", "other", "other", "gone", "many", "twice"))):
            case "other":
                fields[name] = [draw(value)]
            case "gone":
                fields[name] = []
            case "many":
                fields[name] = [draw(value)] * 60
            case _:
                fields[name] = [*fields[name], draw(value)]
    if draw(st.integers(0, 9)) == 0:
        fields[draw(value)] = [draw(value)]
    action = form.action
    if draw(st.integers(0, 9)) == 0:
        action = re.sub("[0-9]+", lambda _: draw(st.sampled_from(INTEGERS[-12:])), action, count=1)
    return form, action, [(name, one) for name, values in fields.items() for one in values]


def encoded(fields: list[tuple[str, str]]) -> str:
    """Fields as they stand in a body or an address. A half of a pair of surrogates stands for a byte that is
    no UTF-8; one that stands for none is left out."""
    return urlencode([(_bytes(name), _bytes(value)) for name, value in fields])


def _bytes(text: str) -> bytes:
    whole = "".join(one for one in text if not "\ud800" <= one <= "\udfff" or "\udc80" <= one <= "\udcff")
    return whole.encode("utf-8", "surrogateescape")
