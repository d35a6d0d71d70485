"""Sealing: what opens, and what does not open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.rules.refusal import Refused
from tracker.rules.seals import SUITES, WRONG_KEY, new_key, read_keys, seal, unseal, write_keys

WORDS = {"name": "周秀兰", "contact": "13912345678", "address": ""}
ROW = ("sealed_person", 1, 2, "KN001")


@pytest.fixture(params=SUITES)
def keys(request):
    return [new_key([], request.param)]


def refused(sealed, keys, row=ROW):
    with pytest.raises(Refused) as caught:
        unseal(sealed, keys, row)
    return caught.value.msgid


def test_what_is_sealed_opens_with_its_key_in_its_row(keys):
    sealed = seal(WORDS, keys, ROW)
    assert unseal(sealed, keys, ROW) == WORDS
    assert "周秀兰".encode() not in sealed.content


def test_the_same_words_are_sealed_differently_each_time_and_their_length_tells_nothing(keys):
    one, two, longer = (seal(words, keys, ROW) for words in (WORDS, WORDS, {**WORDS, "name": "欧阳春秀兰"}))
    assert (one.nonce, one.content) != (two.nonce, two.content)
    assert len(one.content) == len(longer.content)


@pytest.mark.parametrize("place", [0, 40, -1])
def test_one_changed_bit_is_seen(keys, place):
    sealed = seal(WORDS, keys, ROW)
    changed = bytearray(sealed.content)
    changed[place] ^= 1
    assert refused(replace(sealed, content=bytes(changed)), keys) == WRONG_KEY


@pytest.mark.parametrize("content", [b"", b"short"])
def test_what_was_cut_off_is_seen(keys, content):
    assert refused(replace(seal(WORDS, keys, ROW), content=content), keys) == WRONG_KEY


@pytest.mark.parametrize(
    "row",
    [("sealed_person", 1, 2, "KN002"), ("sealed_person", 1, 3, "KN001"), ("sealed_person", 2, 2, "KN001")],
)
def test_moved_to_another_row_it_does_not_open(keys, row):
    assert refused(seal(WORDS, keys, ROW), keys, row) == WRONG_KEY


def test_another_key_of_the_same_name_does_not_open_it(keys):
    other = replace(keys[0], secret=bytes(len(keys[0].secret)))
    assert refused(seal(WORDS, keys, ROW), [other]) == WRONG_KEY


def test_a_key_that_is_gone_is_said_to_be(keys):
    assert refused(seal(WORDS, keys, ROW), [new_key([], keys[0].suite)]) == WRONG_KEY


def test_after_a_new_key_the_old_one_still_opens_and_the_new_one_seals(keys):
    before = seal(WORDS, keys, ROW)
    both = [*keys, new_key(keys, keys[0].suite)]
    assert unseal(before, both, ROW) == WORDS
    assert seal(WORDS, both, ROW).key_name == both[-1].name != before.key_name


def test_a_file_of_keys_is_read_as_it_was_written(keys):
    assert read_keys(write_keys(keys)) == keys


def test_a_key_does_not_tell_its_secret(keys):
    assert repr(keys[0].secret) not in f"{keys[0]!r} {keys[0]}"


@pytest.mark.parametrize("text", ["", "1 aes-256-gcm", "1 aes-256-gcm AAAA", "1 none AAAA", "1 sm4-gcm !!!!"])
def test_a_file_that_holds_no_keys_is_refused(text):
    with pytest.raises(Refused):
        read_keys(text)


def test_a_name_that_stands_twice_is_refused(keys):
    with pytest.raises(Refused):
        read_keys(write_keys([*keys, *keys]))
