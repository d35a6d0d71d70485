"""Fixtures of the tests of imports, and of the audit's seals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ledger_rows import Bureau
from tests.workbooks import Importer
from tracker.files.seal_keys import first_keys
from tracker.rules.seals import SealKey


@pytest.fixture
def importer(make: Any, tmp_path: Path) -> Importer:
    """Brings files in, in the name of the office."""
    return Importer(make.office, tmp_path)


@pytest.fixture
def bureau(make: Any, importer: Importer) -> Bureau:
    """A small bureau whose ledger comes in."""
    return Bureau(make, importer)


@pytest.fixture
def seal_key(tmp_path: Path) -> SealKey:
    """A key that seals the audit."""
    return first_keys(tmp_path / "keys", "aes-256-gcm")[0]
