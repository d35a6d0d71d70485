"""No file of the project holds a secret: no key's format, no long random text."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter

import pytest

from tests.scans import ROOT

FORMATS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA|LTAI|AKID)[A-Za-z0-9]{12,}\b"),
    "a token of a forge": re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]{16,}"),
    "a token of a chat": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    "an address with a password": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s/:@{}$<>]+:(?!\*{3}@)[^\s/:@{}$<>]{3,}@[\w.-]+"
    ),
}
# Addresses with passwords of nobody: of tests that look at settings.
INVENTED = re.compile(
    r"://\w+:(?:secret|password|postgres|tracker|change[-_]me|p|pw|x+|s3cret|geheim)@", re.I
)
# Files that plant secrets, to see that they are found.
PLANTED_IN = {"tests/rules/test_doctor.py"}
# Where a name like these is given a long text without words, that is a secret.
NAMED = re.compile(
    r"""(?i)(?:secret|token|passw|api_?key|private)\w*["']?\s*[:=]\s*["']([A-Za-z0-9+/=_-]{20,})["']"""
)
TEXTS = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".in",
    ".html",
    ".js",
    ".css",
    ".json",
    ".cfg",
    ".po",
    ".sh",
    ".yml",
    "",
}
HARDEST = 4.2  # bits for each character; English words have 3 to 4, 32 random characters of base64 have 4.7


# What is made or brought in, and no version control has.
MADE = {
    ".git",
    ".venv",
    "data",
    "tour",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "vendor",
}


def files():
    """The files whose text people write: those under version control, else all that is not made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*")]
    for name in names:
        path = ROOT / name
        is_text = path.suffix in TEXTS and not MADE & set(path.relative_to(ROOT).parts)
        if is_text and name not in PLANTED_IN and path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def bits(text):
    """How hard a text is to guess, in bits for each character."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def secrets_in(text):
    """What looks like a secret in a text, one sentence each."""
    found = [what for what, pattern in FORMATS.items() if pattern.search(INVENTED.sub("://", text))]
    for given in NAMED.findall(text):
        if bits(given) > HARDEST and re.search(r"\d", given):
            found.append(f"a random text under a telling name: {given[:6]}…")
    return found


def test_no_file_of_the_project_holds_a_secret():
    looked = dict(files())
    assert len(looked) > 500
    assert {name: found for name, text in looked.items() if (found := secrets_in(text))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN RSA PRIV" + "ATE KEY-----\nMIIE",
        "key = " + "AKI" + "AIOSFODNN7EXAMPLE",
        "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a",
        "secret" + "_key = 'q8Zr2Vn5XyT0pLw7KdJ4mHs9GbCf1aEu'",
        "postgresql+psycopg://tracker:" + "Xk3vQ9@db.example/tracker",
        "ey" + "JhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4",
    ],
)
def test_a_planted_secret_is_found(planted):
    assert secrets_in(planted)


@pytest.mark.parametrize(
    "harmless",
    [
        "secret_key = 'only-for-tests-only-for-tests'",
        "token = new_token()",
        "postgresql+psycopg://tracker@/tracker",
    ],
)
def test_what_is_no_secret_is_none(harmless):
    assert secrets_in(harmless) == []
