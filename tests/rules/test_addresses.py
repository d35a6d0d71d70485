"""Only pages of this site are sent to."""

from __future__ import annotations

import pytest

from tracker.rules.addresses import local_address


@pytest.mark.parametrize("target", ["/", "/records?kind=study&q=%5C", "/records/3#reversal", "/imports/1"])
def test_a_path_of_this_site_is_kept(target):
    assert local_address(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "records",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/%5Cevil.example",
        "/%2F/evil.example/..",
        "/\n/evil.example",
        "/\x00",
        "/\x85/evil.example",
        "http://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        " /records",
        "/" + "a" * 3000,
    ],
)
def test_whatever_could_lead_elsewhere_is_refused(target):
    assert local_address(target) is None
