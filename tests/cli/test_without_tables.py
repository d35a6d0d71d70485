"""On a database without a table every command of ours says what to do first, and ends with 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.conftest import close_app, config_for, make_app
from tracker.cli import WITHOUT_TABLES

THEIRS = {"db", "run", "shell", "routes"}  # of Flask and Flask-Migrate
SENTENCE = "flask db upgrade"


@pytest.fixture
def bare_app(empty_url, tmp_path):
    app = make_app(config_for(empty_url, tmp_path))
    yield app
    close_app(app)


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command that does something, with the words that call it."""
    if isinstance(command, click.Group):
        for name, one in sorted(command.commands.items()):
            yield from leaves(one, (*path, name))
    else:
        yield path, command


def commands(app):
    return [
        found
        for name, command in sorted(app.cli.commands.items())
        if name not in THEIRS
        for found in leaves(command, (name,))
    ]


def filled(command: click.Command, file: Path) -> list[str]:
    """Arguments that the command takes: one for each that it must have."""
    words = []
    for parameter in command.params:
        if not parameter.required:
            continue
        match parameter.type:
            case click.Choice(choices=choices):
                word = str(choices[0])
            case click.Path(file_okay=False):
                word = str(file.parent)
            case click.Path() | click.File():
                word = str(file)
            case click.DateTime():
                word = "2021-07-31"
            case kind:
                word = "1" if "int" in kind.name else "2021-03"
        words += [parameter.opts[0], word] if isinstance(parameter, click.Option) else [word]
    return words


def test_every_command_asks_for_the_tables_first(bare_app, tmp_path):
    file = tmp_path / "file.xlsx"
    file.write_bytes(b"x")
    runner, asked = bare_app.test_cli_runner(), []
    for path, command in commands(bare_app):
        if " ".join(path) in WITHOUT_TABLES or path == ("doctor",):
            continue
        done = runner.invoke(args=[*path, *filled(command, file)])
        assert done.exit_code == 1, (path, done.output)
        assert done.output.count("\n") == 1, (path, done.output)
        assert SENTENCE in done.output, (path, done.output)
        asked.append(path)
    assert len(asked) > 40
    assert {" ".join(path) for path, _ in commands(bare_app)} >= WITHOUT_TABLES


def test_the_doctor_names_it_among_its_findings(bare_app):
    done = bare_app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.output
    said = next(line for line in done.output.splitlines() if " schema " in line or "\tschema " in line)
    assert SENTENCE in said


def test_help_is_given_without_tables_too(bare_app):
    done = bare_app.test_cli_runner().invoke(args=["members", "erase", "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_with_tables_a_command_goes_on_to_its_own_work(app):
    done = app.test_cli_runner().invoke(args=["data", "check"])
    assert SENTENCE not in done.output
