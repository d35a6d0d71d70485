"""Reads the source for what it may not do. Its tables are the rules; test_architecture.py applies them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST = 300

# What each layer may import of the others: only what lies below it.
BELOW: dict[str, set[str]] = {"extensions": set(), "db": set()}
for name, below in (
    ("models", {"db"}),
    ("rules", {"models", "db"}),
    ("files", {"rules"}),
    ("charts", {"rules"}),
    ("queries", {"files", "charts"}),
    ("services", {"queries"}),
    ("forms", {"services"}),
    ("worker", {"services"}),
    ("cli", {"worker", "forms"}),
    ("views", {"worker", "forms"}),
    ("api", {"worker", "forms"}),
):
    BELOW[name] = below.union(*(BELOW[layer] for layer in below))
TOP = {"cli", "views", "api"}
EDGE = TOP | {"worker", "forms"}
WITHOUT_FLASK = {"models", "rules", "files", "charts", "queries", "services"}
# The rules know neither database nor clock; of the models they may know the enumerations.
PURE = {"rules"}
# Wiring: says what belongs together, so it knows all layers.
WIRING = {"__init__", "access", "transactions"}
# Beside the layers: they serve the edge.
AROUND = {
    "clock", "columns", "doctor", "errors", "expired", "filters", "headers", "language", "limits", "logs",
    "looks", "metrics", "postgresql", "profiles", "scanned", "security_events", "sql_times", "static_files",
    "watching",
}  # fmt: skip
MAY_COMMIT = {"transactions", "security_events", "worker", "cli"}
DATABASE = {"sqlalchemy", "flask_sqlalchemy", "tracker.db", "psycopg", "sqlite3"}
# A backup takes the store's files as they lie. Beside them: the key of a development installation and the
# file of the demo's passwords.
MAY_KNOW_PLACES = {"files/store", "files/backup_folders"}
PLACE = re.compile(r"data_dir / (?!PASSWORDS\b|\"secret_key\")")
CACHE = re.compile(r"\b(?:lru_)?cache\b")
CONTAINERS = {
    "Counter", "OrderedDict", "WeakKeyDictionary", "WeakValueDictionary", "deque", "dict", "list", "set",
}  # fmt: skip
LOCKS = {
    "BoundedSemaphore", "Condition", "ContextVar", "Event", "Lock", "RLock", "Semaphore", "defaultdict",
    "local",
}  # fmt: skip
CLOCK = re.compile(r"\b(?:datetime\.now|datetime\.today|date\.today|datetime\.utcnow|time\.time)\(")


@dataclass(frozen=True)
class Source:
    """One Python file of tracker/. `name` is its place below tracker/ without the ending: rules/goals."""

    name: str
    text: str

    @property
    def layer(self) -> str:
        return self.name.split("/")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def sources(package: Path) -> list[Source]:
    """Every Python file of the package."""
    return [
        Source(path.relative_to(package).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    ]


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a file imports, wherever in the file, type checks included."""
    package = ["tracker", *source.name.split("/")[:-1]]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def _target(module: str) -> str | None:
    """The layer of an imported module of the tracker; None for the rest of the world."""
    parts = module.split(".")
    return parts[1] if parts[0] == "tracker" and len(parts) > 1 else None


def _is_of(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith((f"{package}.", f"{package}_")) for package in packages)


def wrong_arrows(source: Source) -> list[str]:
    """Imports that do not point down, and what must not be known in a layer."""
    found = []
    layer = source.layer
    for line, module in imports(source):
        where = f"tracker/{source.name}.py:{line}"
        if layer in WITHOUT_FLASK and _is_of(module, ["flask", "werkzeug", "wtforms"]):
            found.append(f"{where}: {layer} does not know Flask ({module})")
        if layer in PURE and _is_of(module, DATABASE):
            found.append(f"{where}: rules do not know the database ({module})")
        target = _target(module)
        if target is None or target == layer or layer in WIRING:
            continue
        if layer in BELOW and target in BELOW and target not in BELOW[layer]:
            found.append(f"{where}: {layer} does not import {target}; imports point down")
        elif layer in BELOW and layer not in EDGE and target in WIRING | AROUND:
            found.append(f"{where}: {layer} does not import tracker.{target}, which serves the edge")
        elif layer in AROUND and target in TOP:
            found.append(f"{where}: tracker.{layer} does not import {target}")
    return sorted(set(found))


def wrong_commits(source: Source) -> list[str]:
    """Calls of commit outside the few places that end a transaction."""
    if source.layer in MAY_COMMIT:
        return []
    return [
        f"tracker/{source.name}.py:{node.lineno}: commits; only {', '.join(sorted(MAY_COMMIT))} do"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def clock_reads(source: Source) -> list[str]:
    """Reading the clock below the edge."""
    if source.layer not in WITHOUT_FLASK:
        return []
    lines = source.text.splitlines()
    return [
        f"tracker/{source.name}.py:{number}: reads the clock; it is given `at` or `today`"
        for number, line in enumerate(lines, start=1)
        if CLOCK.search(line)
    ]


def too_long(source: Source) -> list[str]:
    """Files over the limit of lines."""
    length = len(source.text.splitlines())
    return [f"tracker/{source.name}.py: {length} lines; split it by noun"] if length > LONGEST else []


def paths_apart(source: Source) -> list[str]:
    """Where a file that a row names is sought past the one store of such files."""
    if source.name in MAY_KNOW_PLACES:
        return []
    return [
        f"tracker/{source.name}.py:{number}: puts a path together; tracker/files/store.py does that"
        for number, line in enumerate(source.text.splitlines(), start=1)
        if PLACE.search(line)
    ]


def remembers(source: Source) -> list[str]:
    """What a process keeps from one request to the next: caches, and what is filled or locked at the top of a
    file. With several hosts each has its own."""
    kept, tree = [], source.tree
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_filled_later(node.value):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            kept.append(ast.unparse(target))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            CACHE.search(ast.unparse(mark)) for mark in node.decorator_list
        ):
            kept.append(node.name)
    return [f"{source.name}:{name}" for name in kept]


def _is_filled_later(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    if not isinstance(value, ast.Call):
        return False
    made = ast.unparse(value.func).rsplit(".", 1)[-1]
    return made in LOCKS or (made in CONTAINERS and not value.args)  # of arguments, a table is made


def goals_named(where: str, text: str, names: Iterable[str]) -> list[str]:
    """Lines of code or of a template that name a goal: a goal is data."""
    return [
        f"{where}:{number}: names the goal {name}"
        for number, line in enumerate(text.splitlines(), start=1)
        for name in names
        if name in line
    ]
