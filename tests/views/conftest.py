"""What most tests of pages begin with. A module that wants another bureau has a fixture of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bureau import Bureau
from tracker.models import Role, User


@pytest.fixture
def bureau(make: Any) -> Bureau:
    """Two branches with people, and rows of every kind."""
    return Bureau(make)


@pytest.fixture
def zhang(bureau: Bureau, make: Any) -> User:
    """The account of the bureau's first member."""
    found: User = make.user(Role.MEMBER, member=bureau.people[0])
    return found
