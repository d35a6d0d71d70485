"""The keys that seal are drawn once; a lost file is never silently replaced."""

from __future__ import annotations

import pytest

from tests.audit_seals import write
from tests.maker import NOW
from tracker.files.seal_keys import NO_FILE
from tracker.rules.refusal import Refused
from tracker.services import audit_seals
from tracker.services.seal_keys import keys_of

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute
SUITE = "aes-256-gcm"


def test_where_nothing_is_sealed_a_key_is_drawn_and_found_again(make, tmp_path):
    drawn = keys_of(tmp_path / "keys", SUITE)
    assert [key.name for key in keys_of(tmp_path / "keys", SUITE)] == [key.name for key in drawn]


def test_a_file_that_sealed_the_audit_and_is_lost_is_asked_for(make, tmp_path):
    path = tmp_path / "keys"
    write(make.office, 1)
    assert audit_seals.seal_next(keys_of(path, SUITE)[-1], NOW)
    path.unlink()
    with pytest.raises(Refused) as refusal:
        keys_of(path, SUITE)
    assert refusal.value.msgid == NO_FILE
    assert not path.exists()
