"""Tokens: long, and never the same."""

from __future__ import annotations

import base64

import pytest

from tracker.rules.tokens import digest_of, new_token


@pytest.mark.asvs("7.2.3")
def test_ten_thousand_tokens_are_all_different_and_have_256_bits():
    tokens = {new_token() for _ in range(10_000)}
    assert len(tokens) == len({digest_of(token) for token in tokens}) == 10_000
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}
