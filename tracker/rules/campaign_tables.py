"""The reading of TOML tables with faults that name key, line and cure. Used for campaign files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.rules.cells import clean
from tracker.rules.refusal import Refused

NO_SHEET = re.compile(r"[\[\]:*?/\\]|^'|'$")
CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the file. `line` is None where the key is missing altogether."""

    key: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, " if self.line else ""
        return f"{place}{self.key}: {self.message}"


class CampaignFileError(Exception):
    """The file cannot be used. `faults` holds every one that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


_HEADER = re.compile(r"^\s*(\[{1,2})\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def key_lines(text: str) -> dict[str, int]:
    """Where each key stands: 'kinds[2].name' → line, counted from 1. The first place wins."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header.group(2)
            if header.group(1) == "[[":
                counts[name] = counts.get(name, -1) + 1
                name = f"{name}[{counts[name]}]"
            lines.setdefault(name, number)
            prefix = f"{name}."
        elif key := _KEY.match(line):
            lines.setdefault(f"{prefix}{key.group(1)}", number)
    return lines


@dataclass(slots=True)
class Reading:
    """The faults found so far and where each key stands."""

    lines: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, message: str) -> None:
        place = key
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        self.faults.append(Fault(key, self.lines.get(place), message))


class Table:
    """One table of the file, read key by key; what nobody asked for is a fault at `end`."""

    def __init__(self, reading: Reading, key: str, data: object) -> None:
        self.reading = reading
        self.key = key
        self.asked: set[str] = set()
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            reading.fault(key, "must be a table of keys and values.")

    def path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def get(self, name: str, sort: type, default: Any = None, *, required: bool = False) -> Any:
        self.asked.add(name)
        if name not in self.data:
            if required:
                self.reading.fault(self.path(name), f"is missing; add {name} = … here.")
            return default
        value = self.data[name]
        for text in value if isinstance(value, list) else (value,):
            self._check_writable(name, text)
        if not isinstance(value, sort) or (sort is int and isinstance(value, bool)):
            words = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list"}
            wanted = words.get(sort, "a day such as 2021-03-01" if sort is dt.date else "a table")
            self.reading.fault(self.path(name), f"must be {wanted}.")
            return default
        return value

    def _check_writable(self, name: str, value: Any) -> None:
        try:
            clean(value if isinstance(value, str) else "")
        except Refused as refusal:
            code = refusal.params["code"]
            self.reading.fault(self.path(name), f"holds a control character (U+{code}); take it out.")

    def text(self, name: str, default: str = "", *, required: bool = False, most: int = 200) -> str:
        value: str = self.get(name, str, default, required=required)
        if len(value) > most:
            self.reading.fault(self.path(name), f"is longer than {most} characters; shorten it.")
        return value

    def code(self, name: str = "code") -> str:
        value = self.text(name, required=True)
        if value and not CODE.fullmatch(value):
            self.reading.fault(
                self.path(name), "may hold only a-z, 0-9, '.', '_' and '-', at most 64 of them."
            )
        return value

    def sheet_name(self, name: str = "sheet") -> str:
        """The name of a sheet: what Excel takes for one."""
        value = self.text(name, required=True, most=31)
        if NO_SHEET.search(value):
            self.reading.fault(
                self.path(name), "holds one of [ ] : * ? / \\ or has a ' at an end; Excel takes neither."
            )
        return value

    def positive(self, name: str, default: int | None = None, *, required: bool = False) -> int | None:
        value: int | None = self.get(name, int, default, required=required)
        if value is not None and not 0 < value < 2**31:
            self.reading.fault(self.path(name), "must be above 0.")
            return default
        return value

    def day(self, name: str, default: dt.date | None = None, *, required: bool = False) -> dt.date | None:
        value: dt.date | None = self.get(name, dt.date, default, required=required)
        return value.date() if isinstance(value, dt.datetime) else value

    def words(self, name: str) -> tuple[str, ...]:
        value = self.get(name, list, [])
        if not all(isinstance(word, str) and word for word in value):
            self.reading.fault(self.path(name), "must be a list of texts.")
            return ()
        return tuple(value)

    def one_of(self, name: str, choices: Iterable[str], default: str | None = None) -> str | None:
        value: str | None = self.get(name, str, default, required=default is None)
        if value is not None and value not in (known := list(choices)):
            self.reading.fault(self.path(name), f"is {value!r}; it must be one of {', '.join(known)}.")
            return default if default is not None else known[0]
        return value

    def tables(self, name: str) -> list[Table]:
        value = self.get(name, list, [])
        return [Table(self.reading, f"{self.path(name)}[{n}]", item) for n, item in enumerate(value)]

    def end(self) -> None:
        for name in self.data:
            if name not in self.asked:
                known = ", ".join(sorted(self.asked))
                self.reading.fault(self.path(name), f"is not a key of this table; known are: {known}.")
