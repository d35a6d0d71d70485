"""Fixtures of the tests of imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ledger_rows import Bureau
from tests.workbooks import Importer


@pytest.fixture
def importer(make: Any, tmp_path: Path) -> Importer:
    """Brings files in, in the name of the office."""
    return Importer(make.office, tmp_path)


@pytest.fixture
def bureau(make: Any, importer: Importer) -> Bureau:
    """A small bureau whose ledger comes in."""
    return Bureau(make, importer)
