"""What an issue said and can no longer be said, the next one puts right: once, and by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from tests.bulletins import CAMPAIGN, TODAY, begin, issue
from tests.services.test_bulletins import Here
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.models import BulletinBasis, Participation
from tracker.queries.bulletins import document_of, preview_of
from tracker.queries.corrections import corrections_due
from tracker.queries.proofs import proof_of
from tracker.services.campaigns import load_campaign
from tracker.services.records import reverse_participation, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LATER = dt.datetime(2021, 8, 2, 8, tzinfo=dt.UTC)
FIRST = "第1期（截至2021年6月26日）所载"


@pytest.fixture
def here(make):
    return Here(make)


def issued(here, text=None, **more):
    return issue(begin(here.campaign, here.office, text=text, **more), here.office)


def reverse_person(here, n):
    chosen = db.session.scalars(
        select(Participation).where(Participation.record_id == here.visit.id).order_by(Participation.id)
    ).all()[n]
    reverse_participation(chosen, version=chosen.version, why="未到", by=here.office, at=LATER)


def late(here, **more):
    return here.make.record(here.campaign, "visit", owner=here.branch, people=here.members[:2], **more)


def due(here):
    db.session.expire_all()
    return [one.sentence for one in corrections_due(here.campaign, "progress")]


def test_one_attendance_less_is_corrected_by_the_next_issue_and_by_no_other(here):
    first = issued(here)
    before = document_of(first)
    assert due(here) == []
    reverse_person(here, 0)
    wanted = [
        f"{FIRST}“现场教学人次”6人次，现更正为5人次（冲正1条）。",
        f"{FIRST}“现场教学人数”4人，现更正为3人（冲正1条）。",
    ]
    draft = begin(here.campaign, here.office)
    assert list(preview_of(draft, said_in_chinese, today=TODAY).document.corrections) == wanted
    second = issue(draft, here.office)
    assert list(document_of(second).corrections) == wanted
    assert document_of(second).paragraphs[1].text == "现场教学2场次，5人次（3人）参加。"
    assert due(here) == []
    assert document_of(issued(here)).corrections == ()
    db.session.expire_all()
    assert document_of(first) == before, "what was issued stays"
    assert list(document_of(second).corrections) == wanted
    assert proof_of(second).faults == ()


def test_what_came_late_is_told_as_late_and_not_as_wrong(here):
    issued(here, "有{visits}，{visits.person_times}。")
    late(here)
    late(here)
    assert due(here) == [
        f"{FIRST}“现场教学场次”2场次，因补报2条，现为4场次。",
        f"{FIRST}“现场教学人次”6人次，因补报2条，现为10人次。",
    ]  # 人数 did not change: both had been at one before


def test_a_figure_that_is_corrected_again_is_compared_with_what_was_last_said_of_it(here):
    issued(here, "有{visits}。")
    added = late(here)
    second = issued(here, "有{visits}。")
    assert len(second.corrections) == 1
    reverse_record(added, version=added.version, why="重复", by=here.office, at=LATER)
    assert due(here) == [
        f"{FIRST}“现场教学场次”3场次，现更正为2场次。",
        "第2期（截至2021年6月26日）所载“现场教学场次”3场次，现更正为2场次（冲正1条）。",
    ]
    issued(here, "有{visits}。")
    assert due(here) == []


def test_what_a_hedge_still_bears_out_needs_no_correction(here):
    issued(here, "共{visits.person_times:超4}，人人{hours.least:以上}。")
    reverse_person(here, 0)
    assert [one for one in due(here) if "人次" in one] == []
    reverse_person(here, 1)
    assert f"{FIRST}“现场教学人次”超4人次，现更正为4人次（冲正2条）。" in due(here)
    here.make.record(here.campaign, member=here.members[0], minutes=60)
    assert [one for one in due(here) if "最少学时" in one] == []


def test_what_a_hand_typed_and_what_stands_on_another_day_or_in_another_template_is_not_corrected(here):
    issued(here, "共{visits.person_times=七}，有{visits}。")
    issued(here, "有{visits}。", as_of=dt.date(2021, 3, 4))
    reverse_record(here.second, version=here.second.version, why="重复", by=here.office, at=LATER)
    said = due(here)
    assert [one for one in said if "人次" in one] == []
    assert said == [f"{FIRST}“现场教学场次”2场次，现更正为1场次（冲正1条）。"]
    assert corrections_due(here.campaign, "another") == []


def test_a_roster_put_right_afterwards_is_told_as_such(here):
    issued(here, "共{members}党员。")
    here.make.member(here.branch)
    (said,) = due(here)
    assert said == f"{FIRST}“党员人数”5名，现更正为6名（名册变动1处）。"


def test_a_draft_and_what_was_thrown_away_are_corrected_by_nobody(here):
    begin(here.campaign, here.office)
    reverse_person(here, 0)
    assert due(here) == []


def test_many_old_issues_cost_two_statements_each_and_no_row_is_read(here, statements):
    for _ in range(2):
        issued(here)
    with statements() as few:
        due(here)
    for _ in range(5):
        issued(here)
    with statements() as many:
        assert due(here) == []
    assert len(many) - len(few) == 2 * 5
    assert not [one for one in many if "participation" in one]


def test_an_issue_whose_rows_were_spoilt_holds_the_next_one_up_by_nothing(here):
    issued(here, "有{visits}。")
    late(here)
    db.session.execute(update(BulletinBasis).values(lines=b"none"))
    wanted = f"{FIRST}“现场教学场次”2场次，现更正为3场次。"
    assert due(here) == [wanted]
    assert list(document_of(issued(here, "有{visits}。")).corrections) == [wanted]


def test_in_an_empty_ledger_there_is_nothing_to_correct_and_later_everything_came_late(make):
    campaign, office = make.campaign(CAMPAIGN), make.office
    done = issue(begin(campaign, office, text="有{visits}。学时{hours.least}。"), office)
    assert document_of(done).paragraphs[0].text == "有0场次。"
    assert [one["ref"] for one in done.left_out] == ["hours.least"]
    assert proof_of(done).is_unchanged
    make.record(campaign, "visit", owner=make.branch())
    db.session.expire_all()
    assert [one.sentence for one in corrections_due(campaign, "progress")] == [
        f"{FIRST}“现场教学场次”0场次，因补报1条，现为1场次。"
    ]


def test_a_template_that_the_campaign_has_no_more_is_no_hindrance(here):
    first, draft = issued(here), begin(here.campaign, here.office)
    before = document_of(first)
    text = CAMPAIGN.replace('code = "progress"', 'code = "another"').replace("学习简报", "别的简报")
    load_campaign(text, by=None, at=LATER, as_of=TODAY)
    db.session.expire_all()
    assert document_of(first) == before
    assert issue(draft, here.office).number == 2
    assert document_of(draft).head == "进展简报"
