"""How input is checked, as it is written down: forms and kinds as in the code, rules with both tests."""

from __future__ import annotations

import re

from scripts import asvs, inputs
from tests import scans

TEXT = inputs.PAGE.read_text(encoding="utf-8")
RULE = re.compile(
    r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| `([^`|]+)` \| `([^`|]+)` \| `([^`|]+)` \|$", re.MULTILINE
)


def test_the_tables_are_those_of_forms_and_kinds():
    assert inputs.written(TEXT) == TEXT, "run python -m scripts.inputs"


def test_every_form_that_asks_for_something_is_in_the_table():
    asking = [form for form in inputs.forms() if inputs.fields_of(form)]
    assert len(asking) > 80
    assert all(f".{form.__name__}`" in TEXT for form in asking)


def test_every_rule_between_fields_has_its_module_and_a_test_for_yes_and_for_no():
    rules = RULE.findall(TEXT)
    assert [int(number) for number, *_ in rules] == list(range(1, len(rules) + 1))
    assert len(rules) == 30
    for number, what, must, module, accepted, refused in rules:
        assert what.strip(), number
        assert must.strip(), number
        assert (scans.ROOT / module).is_file(), module
        assert asvs.has_test(accepted), accepted
        assert asvs.has_test(refused), refused


def test_every_module_that_reads_a_posted_request_by_itself_is_in_the_table():
    reads = re.compile(r"\brequest\.(?:form|files)\b")
    folder = scans.ROOT / "tracker"
    found = {
        path.relative_to(folder).as_posix()
        for path in (folder / "views").rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    part = TEXT.split("## Read beside a form", 1)[1].split("\n## ", 1)[0]
    written = {name for line in part.splitlines() for name in re.findall(r"`(views/\w+\.py)`", line)}
    assert written == found
