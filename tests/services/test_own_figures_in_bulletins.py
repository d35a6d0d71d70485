"""A bulletin that quotes a figure of the office's own: issued, proved, and kept when the figure changes."""

from __future__ import annotations

import pytest

from tests import html
from tests.bulletins import CAMPAIGN, DAY, begin, issue
from tests.maker import NOW
from tracker.queries.proofs import proof_of
from tracker.services.own_figures import change_figure, save_figure, withdraw_figure

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

VISITS = {"id": "own.visits", "title": "参观", "kind": "visit", "measure": "records", "unit": "次"}
TEXT = "参观{own.visits}。"


@pytest.fixture
def campaign(make):
    campaign, branch = make.campaign(CAMPAIGN), make.branch()
    for _ in range(2):
        make.record(campaign, "visit", owner=branch, people=[make.member(branch)])
    save_figure(campaign, VISITS, by=make.office, at=NOW)
    return campaign


def printed(bulletin):
    return "".join(piece["text"] for paragraph in bulletin.body for piece in paragraph["pieces"])


def test_what_was_issued_keeps_what_it_printed_when_the_figure_changes_and_goes(campaign, make):
    bulletin = issue(begin(campaign, make.office, text=TEXT), make.office)
    assert printed(bulletin) == "参观2次。"
    proof = proof_of(bulletin)
    assert (proof.is_whole, proof.is_same, proof.figures[0].is_rule_changed) == (True, True, False)
    since = {**VISITS, "starts_on": "2021-06-01"}
    change_figure(campaign, "own.visits", since, version=1, by=make.office, at=NOW)
    proof = proof_of(bulletin)
    assert (proof.is_whole, proof.is_same, proof.figures[0].is_rule_changed) == (True, True, True)
    withdraw_figure(campaign, "own.visits", version=2, by=make.office, at=NOW)
    proof = proof_of(bulletin)
    assert (proof.is_whole, proof.is_same, proof.figures[0].is_rule_changed) == (True, True, True)
    assert printed(bulletin) == "参观2次。"


def test_a_row_that_is_verified_later_is_named_in_the_proof(campaign, make):
    bulletin = issue(begin(campaign, make.office, text=TEXT), make.office)
    row = make.record(campaign, "visit", owner=make.branch())
    proof = proof_of(bulletin)
    assert (proof.is_whole, proof.is_same) == (True, False)
    assert [one.record_id for one in proof.rows] == [row.id]


def test_after_it_is_withdrawn_a_new_issue_leaves_its_sentence_out(campaign, make):
    withdraw_figure(campaign, "own.visits", version=1, by=make.office, at=NOW)
    bulletin = issue(begin(campaign, make.office, text=f"学习如常。{TEXT}"), make.office)
    assert printed(bulletin) == "学习如常。"
    assert [one["ref"] for one in bulletin.left_out] == ["own.visits"]


def test_whoever_withdraws_it_sees_which_drafts_quote_it(campaign, make, client):
    begin(campaign, make.office, text=TEXT, title="第一期")
    begin(campaign, make.office, text="没有数字。", title="第二期")
    page = html.text_of(client.sign_in(make.office).page(f"/own-figures/own.visits?as_of={DAY}"))
    assert "引用它的草稿：第一期" in page
    assert "第二期" not in page
