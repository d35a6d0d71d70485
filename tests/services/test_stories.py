"""Stories told at sessions: entered, imported, corrected, counted once wherever they are told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.entry_desk import Desk
from tests.ledger_rows import ACTIVITY, records, session
from tests.maker import NOW
from tests.workbooks import sentences
from tracker.db import db
from tracker.models import AuditEvent, Status, Story
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.queries.stories import stories_of
from tracker.rules.goals import GoalState, stand_all
from tracker.services.batches import undo_batch
from tracker.services.records import reverse_record
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LESSON = {"happened_on": "2021-05-01", "type": "现场教学", "title": "参观", "organiser": "第一党支部"}


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


def told():
    rows = db.session.scalars(select(Story).order_by(Story.id))
    return [(story.title, story.member_id, story.teller) for story in rows]


def verified(desk, record):
    verify_records([(record.id, record.version)], by=desk.make.office, at=NOW)


def test_stories_are_entered_with_their_tellers_and_count_once_verified(desk):
    cells = {**LESSON, "stories": "半条被子（张三）、一根灯芯（M0002）、纪念馆（讲解员）、无名"}
    (record,) = desk.enter(desk.secretary, cells, kind="activity")
    assert told() == [
        ("半条被子", desk.bureau.zhang.id, None), ("一根灯芯", desk.bureau.li.id, None),
        ("纪念馆", None, "讲解员"), ("无名", None, None),
    ]  # fmt: skip
    assert desk.bureau.figure("stories.told") == 0
    verified(desk, record)
    assert desk.bureau.figure("stories.told") == 4
    assert list(differences(desk.campaign)) == []


def test_a_story_told_in_two_branches_counts_for_each_and_once_for_the_bureau(desk, make):
    bureau = desk.bureau
    for branch, stories in ((bureau.first, ["半条被子", "甲"]), (bureau.second, ["《半条被子》"])):
        record = make.record(desk.campaign, "activity", owner=branch, type="专题学习", stories=stories)
    assert bureau.figure("stories.told") == 2
    assert [line.elsewhere for line in stories_of(record, make.office)] == [1]
    reverse_record(record, version=1, why="重复", by=None, at=NOW)
    assert bureau.figure("stories.told") == 2  # told in the first branch all the same
    assert list(differences(desk.campaign)) == []


def test_until_a_story_is_told_the_goal_says_that_its_unit_is_not_reported(desk, make):
    def standing():
        values = figure_values(desk.campaign, desk.campaign.ends_on)
        spec_goals = stand_all(spec_of(desk.campaign), values, desk.campaign.ends_on)
        return next(one for one in spec_goals if one.goal.until_reported)

    make.record(desk.campaign, "activity", owner=desk.bureau.first, type="现场教学")
    assert (standing().state, standing().value, standing().figure.figure.unit) == (
        GoalState.NOT_REPORTED, 1, "场次",
    )  # fmt: skip
    make.record(desk.campaign, "activity", owner=desk.bureau.first, type="主题党日", stories=["半条被子"])
    assert (standing().is_comparable, standing().value, standing().figure.figure.unit) == (True, 1, "个")


def test_a_stranger_to_the_desk_cannot_be_named_as_teller_by_number(desk):
    said = desk.said(desk.secretary, {**LESSON, "stories": "甲（M0003）"}, kind="activity")
    assert said == ["Nobody in the roster has the number M0003."]
    assert desk.said(desk.secretary, {**LESSON, "stories": "甲（外人）"}, kind="activity") == []


def test_a_correction_replaces_the_stories_and_says_so(desk):
    (record,) = desk.enter(desk.secretary, {**LESSON, "stories": "甲、乙"}, kind="activity")
    desk.correct(desk.secretary, record, **LESSON, stories="乙（张三）、丙")
    assert [row[0] for row in told()] == ["乙", "丙"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:correct")).one()
    assert event.detail["fields"] == ["stories"]


@pytest.fixture
def heads():
    """The columns of a session's sheet with one for its stories."""
    ACTIVITY.append("故事")
    yield
    ACTIVITY.remove("故事")


def test_a_file_brings_stories_and_the_same_file_again_nothing(bureau, heads):
    rows = [session(故事="半条被子（李四M0003）、一根灯芯"), session("S002", 故事=None)]
    batch = bureau.bring(学习活动=rows)
    assert [len(record.stories_told) for record in records()] == [2, 0]
    assert bureau.figure("stories.told") == 2
    bureau.bring(学习活动=rows)
    assert len(records()) == 2
    undo_batch(batch, by=bureau.make.office, at=NOW)
    assert bureau.figure("stories.told") == 0


def test_stories_come_to_verified_sessions_by_a_file_that_corrects_them(bureau, heads):
    bureau.bring(学习活动=[session(故事=None)])
    later = bureau.bring(学习活动=[session(故事="半条被子")])
    assert [record.status for record in records()] == [Status.REVERSED, Status.VERIFIED]
    assert bureau.figure("stories.told") == 1
    undo_batch(later, by=bureau.make.office, at=NOW)
    assert (bureau.figure("stories.told"), bureau.figure("sessions.topical")) == (0, 1)


def test_what_is_wrong_with_a_cell_of_stories_is_told_with_its_place(bureau, heads):
    batch = bureau.bring(学习活动=[session(故事="甲、甲"), session("S002", 故事="乙（M9999）")])
    assert [("twice" in said, "M9999" in said) for said in sentences(batch)] == [(True, False), (False, True)]
    assert records() == []
