"""Tests that are done as often as their line of the proofs says: `@pytest.mark.tried("i")`."""

from __future__ import annotations

import pytest

from tests.proof.figures import count


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask for the test so often, each time by itself."""
    marker = metafunc.definition.get_closest_marker("tried")
    times = count(marker.args[0]) if marker else 1
    if times > 1:
        metafunc.fixturenames.append("again")
        metafunc.parametrize("again", range(times))
