"""Reads the source for what is dangerous. Each scan gives one line for each thing found: file:line: what."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE_RUNS = {"eval", "exec", "compile", "__import__"}
LOADS_OBJECTS = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}
TALKS = {
    "socket", "ssl", "urllib.request", "http.client", "ftplib", "smtplib", "telnetlib", "requests", "httpx",
    "aiohttp", "urllib3", "xmlrpc",
}  # fmt: skip
GUESSED = {"random", "uuid", "numpy.random"}
COMMANDS = {"subprocess", "os.system", "os.popen", "os.execv", "os.spawnv", "pty", "commands"}
CRYPTO = {"hashlib", "hmac", "secrets", "cryptography", "argon2", "pyotp", "itsdangerous"}


def python_files() -> list[Path]:
    """What runs in an installation."""
    single = ("config.py", "gunicorn.conf.py", "log_lines.py", "wsgi.py")
    return [*sorted((ROOT / "tracker").rglob("*.py")), *(ROOT / name for name in single)]


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


@functools.cache
def trees() -> tuple[tuple[Path, ast.Module, tuple[ast.AST, ...]], ...]:
    """Each file with its tree and all nodes of it: read once, walked once."""
    parsed = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in python_files())
    return tuple((path, tree, tuple(ast.walk(tree))) for path, tree in parsed)


@functools.cache
def all_calls() -> tuple[tuple[Path, ast.Call, str], ...]:
    return tuple((path, call, name) for path, _, nodes in trees() for call, name in calls(nodes))


@functools.cache
def all_imports() -> tuple[tuple[str, int, str], ...]:
    return tuple(
        (path.relative_to(ROOT).as_posix(), line, name)
        for path, _, nodes in trees()
        for line, name in imported(nodes)
    )


def name_of(node: ast.AST) -> str:
    """A dotted name as it is written: os.system; '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{before}.{node.attr}" if (before := name_of(node.value)) else node.attr
    return ""


def calls(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes:
        if isinstance(node, ast.Call):
            yield node, name_of(node.func)


def imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, names: Iterable[str]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in names)


def imports_of(names: set[str]) -> dict[str, list[str]]:
    """File → the lines in which it imports one of `names`."""
    found: dict[str, list[str]] = {}
    for path, line, name in all_imports():
        if within(name, names):
            found.setdefault(path, []).append(f"{line}: {name}")
    return found


def calls_that(wrong: Callable[[ast.Call, str], bool]) -> list[str]:
    return [f"{place(path, call.lineno)}: {name}" for path, call, name in all_calls() if wrong(call, name)]


def constants_of(tree: ast.Module) -> set[str]:
    """Names that a module gives a value once, at its top, and in capitals: no input gets into them."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.isupper()
    }


def is_fixed(node: ast.expr, constants: set[str]) -> bool:
    """Whether an expression is made of literals and constants of its module alone."""
    match node:
        case ast.Constant():
            return True
        case ast.Name():
            return node.id in constants
        case ast.JoinedStr():
            return all(is_fixed(part, constants) for part in node.values)
        case ast.FormattedValue():
            return is_fixed(node.value, constants)
        case ast.BinOp():
            return is_fixed(node.left, constants) and is_fixed(node.right, constants)
        case ast.Attribute():
            return name_of(node).split(".")[0] in constants
    return False


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def scripts() -> list[Path]:
    return sorted(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts)


def lines_with(paths: Iterable[Path], pattern: str) -> list[str]:
    """Lines in which a pattern stands, each as file: the line without its indent."""
    sought = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT).as_posix()}: {line.strip()}"
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if sought.search(line)
    ]
