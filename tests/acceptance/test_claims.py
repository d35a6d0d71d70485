"""The claim check on drafts of our own: how many of their numbers get the verdict that they should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from tests import claim_drafts, small_truths
from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.maker import SHIPPED
from tracker.queries.campaigns import campaign_by_code
from tracker.queries.claims import claim_ledger
from tracker.rules.claim_checks import check_draft
from tracker.rules.claims import Verdict

pytestmark = pytest.mark.slow

# (precision, recall) that must not be undercut: of the drafts that the rules were tuned on, and of those that
# nobody looked at before they were measured. docs/口径体检.md says the same figures.
FLOORS = {
    False: dict.fromkeys(Verdict, (0.98, 0.96)),
    True: {
        Verdict.MATCHES: (0.98, 0.93),
        Verdict.DIFFERS: (0.8, 0.95),
        Verdict.OTHER_COUNT: (0.6, 0.6),
        Verdict.UNKNOWN: (0.45, 0.95),
        Verdict.NO_CLAIM: (0.95, 0.85),
    },
}
ALL = claim_drafts.drafts()


@pytest.fixture(scope="module")
def bureaus(
    database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Flask]]:
    """The acceptance bureau, and the small one with its two campaigns; code of the campaign → application."""
    made: dict[str, Flask] = {}
    urls = []
    for name, codes in (("article", ["qigeyibai-2021"]), ("small", list(small_truths.DAYS))):
        url = database.create(template_url)
        today = dt.date(2024, 12, 31) if name == "small" else dt.date(2021, 7, 31)
        app = make_app(config_for(url, tmp_path_factory.mktemp(name), today=today))
        urls.append((app, url))
        run = app.test_cli_runner()
        roster, ledger = "tracker/demo/roster.xlsx", "tracker/demo/ledger.xlsx"
        for code in codes:
            commands = [["campaigns", "load", str(SHIPPED.parent / f"{code}.toml"), "--commit"]]
            if name == "small":
                roster = str(small_truths.DATA / "small" / "roster.xlsx")
                ledger = str(small_truths.DATA / code / "ledger.xlsx")
            if code == codes[0]:
                commands.append(["members", "import", roster, "--commit"])
            commands.append(["ledger", "import", ledger, "--campaign", code, "--verified", "--commit"])
            for args in commands:
                result = run.invoke(args=args)
                assert result.exit_code == 0, result.output
            made[code] = app
    yield made
    for app, url in urls:
        close_app(app)
        database.drop(url)


def checked(bureaus, draft):
    with bureaus[draft.campaign].app_context():
        campaign = campaign_by_code(draft.campaign)
        return check_draft(draft.text, claim_ledger(campaign, draft.day))


def test_there_are_a_dozen_drafts_and_at_least_four_were_held_out():
    assert len(ALL) >= 12
    assert sum(draft.is_held_out for draft in ALL) >= 4
    assert {draft.campaign for draft in ALL} == {"qigeyibai-2021", *small_truths.DAYS}


@pytest.mark.parametrize("is_held_out", [False, True])
def test_precision_and_recall_are_not_below_what_the_docs_say(bureaus, is_held_out):
    pairs, wrong = [], []
    for draft in ALL:
        if draft.is_held_out is is_held_out:
            found, told = claim_drafts.compare(draft, checked(bureaus, draft))
            pairs += found
            wrong += told
    measured = claim_drafts.measured(pairs)
    for verdict, (precision, recall) in FLOORS[is_held_out].items():
        assert measured[verdict][0] >= precision, (verdict, measured[verdict], wrong)
        assert measured[verdict][1] >= recall, (verdict, measured[verdict], wrong)


def test_every_known_mixture_of_the_report_is_found(bureaus):
    draft = next(one for one in ALL if one.name == "02-known-mixtures")
    found = [one for one in checked(bureaus, draft).findings if one.verdict is not Verdict.NO_CLAIM]
    assert len(found) == 7
    assert {one.verdict for one in found} == {Verdict.OTHER_COUNT}
    told = {one.text: " ".join(s.msgid % s.params for s in one.why) for one in found}
    assert "党支部完成 41件 + 科室领办总数 25件" in told["66件"]
    assert "People and attendances" in told["164名"]
    assert "counts in 个" in told["20场次"]


def test_the_command_prints_the_result_and_ends_with_1_where_something_is_wrong(bureaus, tmp_path):
    run = bureaus["qigeyibai-2021"].test_cli_runner()
    draft = tmp_path / "draft.txt"
    draft.write_text("截至2021年6月26日，各党支部、科室完成微实事66件。", encoding="utf-8")
    result = run.invoke(args=["claims", str(draft)])
    assert result.exit_code == 1, result.output
    assert "66件［口径不同］" in result.output
    draft.write_text("党支部完成微实事41件，赠书300册。", encoding="utf-8")
    result = run.invoke(args=["claims", str(draft), "--as-of", "2021-06-26"])
    assert result.exit_code == 0, result.output
    draft.write_bytes("党支部".encode("gbk") + b"\xff")
    assert "UTF-8" in run.invoke(args=["claims", str(draft)]).output
