"""How passwords are kept."""

from __future__ import annotations

import pytest
from argon2 import Type, extract_parameters

from tracker.services.users import hash_password


@pytest.mark.asvs("11.4.2")
def test_the_hash_of_passwords_is_as_slow_as_is_asked_today():
    """OWASP's floor for Argon2id is 19 MiB and two rounds."""
    parameters = extract_parameters(hash_password("irrelevant"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2
    assert (parameters.hash_len, parameters.salt_len) >= (32, 16)
