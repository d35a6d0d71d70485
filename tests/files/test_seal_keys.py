"""The file of keys: drawn once, for its owner alone, never over another one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracker.files.seal_keys import NO_FILE, add_key, first_keys, load_keys
from tracker.rules.refusal import Refused
from tracker.rules.seals import BAD_FILE

SUITE = "aes-256-gcm"


def test_it_is_drawn_for_its_owner_alone_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "deep" / "seal_keys"
    keys = first_keys(path, SUITE)
    assert load_keys(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["seal_keys"]


def test_of_many_who_draw_it_at_once_all_have_the_same(tmp_path):
    path = tmp_path / "seal_keys"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: first_keys(path, SUITE), range(8)))
    assert all(keys == found[0] for keys in found)


def test_another_key_follows_the_first(tmp_path):
    path = tmp_path / "seal_keys"
    first = first_keys(path, SUITE)
    both = add_key(path, "sm4-gcm")
    assert load_keys(path) == both
    assert both[:1] == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_not_there_or_cannot_be_read_is_a_sentence(tmp_path):
    path = tmp_path / "seal_keys"
    with pytest.raises(Refused) as missing:
        load_keys(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Refused) as broken:
        load_keys(path)
    assert (missing.value.msgid, broken.value.msgid) == (NO_FILE, BAD_FILE)
