"""The choice of looks at pages leaves no pair out, and is much less than all of it."""

from __future__ import annotations

from tests.browser.matrix import Look, everything, pairs_of, pairwise
from tests.browser.modes import LANGUAGES, MODES

PAGES = {
    "office": [f"page.{n}" for n in range(40)],
    "member": [f"page.{n}" for n in range(30, 50)],
    "nobody": ["page.3"],
}


def test_every_pair_that_can_meet_meets():
    assert pairs_of(pairwise(PAGES)) == pairs_of(everything(PAGES))


def test_no_look_is_taken_twice_and_none_at_a_page_that_the_person_may_not_open():
    looks = pairwise(PAGES)
    assert len(set(looks)) == len(looks)
    assert set(looks) <= set(everything(PAGES))


def test_it_is_a_quarter_of_all_or_less():
    assert len(pairwise(PAGES)) * 4 <= len(everything(PAGES))


def test_a_page_that_one_person_has_is_seen_in_every_mode_and_language():
    looks = pairwise({"admin": ["system.show"]})
    assert {look.mode for look in looks} == set(MODES)
    assert {look.language for look in looks} == set(LANGUAGES)


def test_a_left_out_pair_would_be_found():
    looks = pairwise(PAGES)
    without = [look for look in looks if (look.endpoint, look.mode) != ("page.7", "large")]
    missing = pairs_of(everything(PAGES)) - pairs_of(without)
    assert (("endpoint", "page.7"), ("mode", "large")) in missing
    assert Look("page.7", "office", "large", "zh", 360) not in without
