"""Writes the tables of docs/security/inputs.md: how fields of forms and columns of kinds are checked.

    python -m scripts.inputs          write them
    python -m scripts.inputs --check  exit 1 if they are not what the code says

Forms are those of tracker/forms; tests/test_inputs.py compares. What a form does not bound, the rules do.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wtforms.validators import Length

import tracker.forms
from tracker.files.shipped_campaigns import FOLDER
from tracker.forms.base import TrackerForm
from tracker.rules.campaign_file import read_campaign

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security" / "inputs.md"
# Class of a field → what it takes.
SHAPES = {
    "StringField": "one line", "TextAreaField": "text", "PasswordField": "password",
    "HiddenField": "kept by the page",
    "DateField": "day", "DayField": "day", "VersionField": "version that was seen",
    "BooleanField": "yes or no",
    "SelectField": "one of a list", "RadioField": "one of a list", "UnitField": "one of a list",
    "SelectMultipleField": "some of a list", "FileField": "file", "MultipleFileField": "files",
}  # fmt: skip
MUST = {"InputRequired", "Asked", "FileRequired", "ADay"}


def forms() -> list[type[TrackerForm]]:
    """Every form class of tracker/forms, by module and name; none that is made for a kind at run time."""
    return sorted(set(_written()), key=lambda form: (form.__module__, form.__name__))


def _written() -> Iterator[type[TrackerForm]]:
    for found in pkgutil.iter_modules(tracker.forms.__path__):
        module = importlib.import_module(f"tracker.forms.{found.name}")
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, TrackerForm) and one is not TrackerForm:
                yield one


def fields_of(form: type[TrackerForm]) -> list[tuple[str, str, str, str]]:
    """Name, shape, whether it must be there, and its bounds, of each field but those that every form has."""
    found = []
    for name in sorted(dir(form)):
        field = getattr(form, name)
        if name != "submission_key" and hasattr(field, "field_class"):
            checks = _checks(field)
            must = "must" if MUST & {type(check).__name__ for check in checks} else ""
            found.append((name, SHAPES[field.field_class.__name__], must, _bounds(checks)))
    return found


def _checks(field: Any) -> list[Any]:
    given = field.kwargs.get("validators") or (field.args[1] if len(field.args) > 1 else ())
    return list(given)


def _bounds(checks: list[Any]) -> str:
    lengths = [check for check in checks if isinstance(check, Length)]
    return ", ".join(f"{max(one.min, 0)} to {one.max} characters" for one in lengths)


def table_of_forms() -> list[str]:
    """The table, line by line."""
    lines = ["| form | field | takes | | bounds of the form |", "| --- | --- | --- | --- | --- |"]
    for form in forms():
        name = f"`{form.__module__.removeprefix('tracker.forms.')}.{form.__name__}`"
        lines += [f"| {name} | `{one[0]}` | {one[1]} | {one[2]} | {one[3]} |" for one in fields_of(form)]
    return lines


def table_of_kinds() -> list[str]:
    """The columns that the shipped campaigns' kinds ask for, line by line."""
    lines = ["| campaign | kind | must | may | most minutes |", "| --- | --- | --- | --- | ---: |"]
    for path in sorted(FOLDER.glob("*.toml")):
        spec = read_campaign(path.read_text(encoding="utf-8"))
        for kind in spec.kinds:
            must = ", ".join(column.heading for column in kind.columns if column.required)
            may = ", ".join(column.heading for column in kind.columns if not column.required)
            lines.append(f"| {spec.code} | {kind.name} | {must} | {may} | {kind.most_minutes} |")
    return lines


TABLES = {"forms": table_of_forms, "kinds": table_of_kinds}


def written(text: str) -> str:
    """The page with its tables made anew, each between its marks."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        text = before + begin + "\n" + "\n".join(table()) + "\n\n" + end + rest.partition(end)[2]
    return text


def main(arguments: list[str]) -> int:
    """Write the page, or only look. Returns the exit code."""
    text = PAGE.read_text(encoding="utf-8")
    if "--check" in arguments:
        return int(written(text) != text)
    PAGE.write_text(written(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
