"""The page for whoever runs the machine, and the README, name commands, options, settings that there are."""

from __future__ import annotations

import re

import pytest
from click import Group

from tests import scans

PAGES = ("docs/operating.md", "README.md", "docs/security/hardening.md", "docs/security/keys.md")
CALL = re.compile(r"(?:\$flask|`flask) ([a-z][^`#\n]*)")
WORD = re.compile(r"[a-z][a-z-]*")
# Commands of Flask's own (db), and what stands behind a command and is none.
OF_FLASK = {"db"}


def command_of(group, words):
    """The command that words name, and what stands behind it."""
    while words and isinstance(group, Group) and words[0] in group.commands:
        group, words = group.commands[words[0]], words[1:]
    return group, words


@pytest.mark.parametrize("page", PAGES)
def test_every_command_has_the_options_that_are_written(app, page):
    text = (scans.ROOT / page).read_text(encoding="utf-8")
    calls = CALL.findall(text)
    assert calls, page
    for call in calls:
        words = call.split("&&")[0].split()
        if words[0] in OF_FLASK:
            assert words[1] in app.cli.commands["db"].commands, call
            continue
        command, rest = command_of(app.cli, words)
        assert command is not app.cli, call
        assert not isinstance(command, Group) or not (rest and WORD.fullmatch(rest[0])), call
        known = {name for param in command.params for name in param.opts}
        assert {word for word in rest if word.startswith("--")} <= known, call


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_and_link_is_there(page):
    path = scans.ROOT / page
    text = path.read_text(encoding="utf-8")
    config = (scans.ROOT / "config.py").read_text(encoding="utf-8")
    named = set(re.findall(r"TRACKER_[A-Z_]+[A-Z]", text))
    assert [name for name in sorted(named) if f'"{name}"' not in config] == []
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert "://" in target or (path.parent / target).exists(), target
