"""What may be written as a result, and when an average tells on nobody."""

from __future__ import annotations

import pytest

from tests.maker import SHIPPED
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import ResultRule
from tracker.rules.refusal import Refused
from tracker.rules.results import Change, read_points, results_of, shown_mean

RULE = ResultRule(100, "分")


@pytest.mark.parametrize(
    ("text", "said"),
    [("92", 92), (" ９２ ", 92), ("0", 0), ("100", 100), ("", Change.NOTHING), (" ", Change.NOTHING),
     (None, Change.NOTHING), ("-", Change.TAKE_OUT), ("无", Change.TAKE_OUT)],
)  # fmt: skip
def test_a_result_is_a_whole_number_or_nothing_or_taken_out(text, said):
    assert read_points(text, RULE) is said if isinstance(said, Change) else read_points(text, RULE) == said


@pytest.mark.parametrize("text", ["101", "-1", "八十", "9.5", "10000000000000000000"])
def test_what_is_no_result_is_refused(text):
    with pytest.raises(Refused):
        read_points(text, RULE)


def test_an_average_is_shown_from_five_on_in_whole_points():
    assert shown_mean(4 * 90, 4, RULE) is None
    assert shown_mean(5 * 90 + 3, 5, RULE) == 91
    assert shown_mean(5 * 90 + 2, 5, RULE) == 90


def test_the_campaign_says_which_sessions_have_results():
    spec = read_campaign(SHIPPED.read_text(encoding="utf-8"))
    kind = next(kind for kind in spec.kinds if kind.results)
    assert kind.results is not None
    assert results_of(kind, kind.results.types[0]) == kind.results
    assert results_of(kind, "主题党日") is None
    assert results_of(spec.kind("study"), None) is None
