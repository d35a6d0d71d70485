"""Moves, duties and exemptions: what they change, and what they leave alone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tracker.db import db
from tracker.models import AuditEvent, Membership, Role, Status
from tracker.queries.figures import figure_values
from tracker.queries.memberships import last_record_on, records_staying
from tracker.queries.recounts import differences
from tracker.rules.memberships import Place, Stretch
from tracker.rules.refusal import Refused
from tracker.services import exemptions, memberships
from tracker.services.roster_undo import IN_USE, undo_roster

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

NOW = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2021, 6, 26)
JUNE = dt.date(2021, 6, 1)
UNDO = (
    "units", "members", "memberships", "exemptions", "ended", "ended_exemptions", "removed_exemptions",
    "corrected", "updates", "categories", "committee",
)  # fmt: skip


@pytest.fixture
def bureau(make):
    make.one, make.two = make.branch("东湖党支部"), make.branch("西山党支部")
    make.group_one, make.group_two = make.group(make.one), make.group(make.two)
    make.person = make.member(make.one, make.group_one, make.section())
    make.secretary = make.user(Role.SECRETARY, make.one)
    return make


def move(make, to=None, on=JUNE, version=1, by=None):
    memberships.move_member(
        make.person, to or Place(make.two.id), on,
        version=version, by=by or make.secretary, at=NOW, today=TODAY,
    )  # fmt: skip


def stays(make):
    rows = db.session.scalars(
        select(Membership).where(Membership.member_id == make.person.id).order_by(Membership.id)
    )
    return [(row.starts_on, row.ends_on, row.branch_id, row.group_id) for row in rows]


def test_a_move_ends_one_membership_and_begins_the_next(bureau):
    move(bureau)
    assert stays(bureau) == [
        (None, JUNE, bureau.one.id, bureau.group_one.id),
        (JUNE, None, bureau.two.id, None),
    ]
    assert bureau.person.version == 2
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:move")).one()
    assert event.actor_id == bureau.secretary.id
    assert event.subject_id == bureau.person.id
    assert event.detail["on"] == "2021-06-01"
    assert (event.detail["from_branch_id"], event.detail["to_branch_id"]) == (bureau.one.id, bureau.two.id)


def test_a_move_changes_no_history(bureau):
    campaign = bureau.campaign()
    record = bureau.record(campaign, member=bureau.person, minutes=60, happened_on=dt.date(2021, 5, 31))
    before = figure_values(campaign, dt.date(2021, 5, 31))
    move(bureau)
    db.session.refresh(record)
    assert (record.branch_id, record.participations[0].branch_id) == (bureau.one.id, bureau.one.id)
    assert figure_values(campaign, dt.date(2021, 5, 31)) == before
    assert list(differences(campaign)) == []


def test_a_move_on_the_day_the_present_one_began_puts_it_right(bureau):
    move(bureau)
    move(bureau, Place(bureau.two.id, bureau.group_two.id), version=2, by=bureau.office)
    assert stays(bureau)[1:] == [(JUNE, None, bureau.two.id, bureau.group_two.id)]


def test_what_the_roster_says_goes_along_but_the_duty_stays_with_its_branch(bureau):
    present = bureau.person.memberships[0]
    present.duty, present.ends_on = "组织委员", dt.date(2021, 12, 31)
    move(bureau, Place(bureau.one.id, None), on=dt.date(2021, 5, 1))
    db.session.expire_all()
    within = bureau.person.memberships[-1]
    assert (within.duty, within.category, within.standing) == ("组织委员", "在职", "正式党员")
    assert within.ends_on == dt.date(2021, 12, 31)
    move(bureau, version=2)
    db.session.expire_all()
    assert bureau.person.memberships[-1].duty is None


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.VERIFIED])
def test_a_record_on_that_day_or_later_stands_in_the_way(bureau, status):
    campaign = bureau.campaign()
    back = {"returned_at": NOW, "returned_by_id": bureau.office.id, "returned_why": "日期不对"}
    fields = back if status is Status.RETURNED else {}
    bureau.record(campaign, member=bureau.person, minutes=60, happened_on=JUNE, status=status, **fields)
    with pytest.raises(Refused) as refused:
        move(bureau)
    assert (refused.value.field, refused.value.params) == ("starts_on", {"last": "2021-06-01"})
    assert len(stays(bureau)) == 1


def test_an_attendance_stands_in_the_way_too_until_it_is_reversed(bureau):
    campaign = bureau.campaign()
    session = bureau.record(
        campaign, "activity", owner=bureau.one, people=[bureau.person], happened_on=TODAY, type="专题学习"
    )
    assert last_record_on(bureau.person) == TODAY
    session.participations[0].reversed_at = NOW
    assert last_record_on(bureau.person) is None


def test_what_was_withdrawn_does_not_stand_in_the_way(bureau):
    campaign = bureau.campaign()
    bureau.record(campaign, member=bureau.person, minutes=60, happened_on=JUNE, status=Status.WITHDRAWN)
    move(bureau)


def test_how_many_records_stay_is_counted(bureau):
    campaign = bureau.campaign()
    for day in (1, 2, 31):
        bureau.record(campaign, member=bureau.person, minutes=60, happened_on=dt.date(2021, 5, day))
    assert records_staying(bureau.person, bureau.person.memberships[0], JUNE) == 3
    assert records_staying(bureau.person, bureau.person.memberships[0], dt.date(2021, 5, 31)) == 2


def test_a_group_of_another_branch_and_a_missing_one_are_refused_alike(bureau):
    said = []
    for group_id in (bureau.group_one.id, 999_999, bureau.one.id):
        with pytest.raises(Refused) as refused:
            memberships.check_place(Place(bureau.two.id, group_id), JUNE, bureau.office)
        said.append((refused.value.field, refused.value.msgid))
    assert len(set(said)) == 1
    assert said[0][0] == "group"


@pytest.mark.parametrize("which", ["missing", "group", "ended"])
def test_only_a_branch_that_is_there_can_be_moved_to(bureau, which):
    bureau.two.ends_on = dt.date(2021, 5, 1) if which == "ended" else None
    ids = {"missing": 999_999, "group": bureau.group_two.id, "ended": bureau.two.id}
    with pytest.raises(Refused) as refused:
        memberships.check_place(Place(ids[which]), JUNE, bureau.office)
    assert refused.value.field == "branch"


def test_whoever_saw_an_older_version_comes_second(bureau):
    move(bureau)
    for act in (
        lambda: move(bureau, Place(bureau.one.id), on=TODAY),
        lambda: memberships.set_duty(
            bureau.person, "书记", version=1, by=bureau.secretary, at=NOW, today=TODAY
        ),
        lambda: exempt(bureau, version=1),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.msgid == memberships.CHANGED


def test_a_duty_is_changed_in_place_and_noted(bureau):
    def set_duty(duty, version):
        memberships.set_duty(bureau.person, duty, version=version, by=bureau.secretary, at=NOW, today=TODAY)

    set_duty(" 宣传委员 ", 1)
    assert bureau.person.memberships[0].duty == "宣传委员"
    with pytest.raises(Refused):
        set_duty("宣传委员", 2)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:duty")).one()
    assert "宣传委员" not in str(event.detail)


def exempt(make, start=JUNE, end=None, version=1, by=None, reason="长期外派"):
    return exemptions.exempt_member(
        make.person, Stretch(start, end), reason=reason, version=version,
        by=by or make.secretary, at=NOW, today=TODAY,
    )  # fmt: skip


def end(make, exemption, on, version=2, by=None):
    exemptions.end_exemption(
        make.person, exemption, on, version=version, by=by or make.secretary, at=NOW, today=TODAY
    )


def test_an_exemption_moves_the_figures_from_its_day_on_and_no_cell(bureau):
    campaign = bureau.campaign()
    bureau.record(campaign, member=bureau.member(bureau.one), minutes=6000)
    lowest = "study.min_hours"
    before = [figure_values(campaign, day)[lowest].value for day in (dt.date(2021, 5, 31), JUNE)]
    assert before == [0, 0]
    exemption = exempt(bureau)
    values = [figure_values(campaign, day)[lowest] for day in (dt.date(2021, 5, 31), JUNE)]
    assert [(value.value, value.n) for value in values] == [(0, 2), (100, 1)]
    end(bureau, exemption, dt.date(2021, 6, 20))
    after = [figure_values(campaign, dt.date(2021, 6, day))[lowest].value for day in (19, 20)]
    assert after == [100, 0]
    assert list(differences(campaign)) == []


def test_acts_on_exemptions_are_noted_without_the_reason(bureau):
    end(bureau, exempt(bureau, reason="长期卧病"), TODAY)
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_type == "member")).all()
    assert {event.action for event in events} == {"member:exempt", "member:end_exemption"}
    assert "卧病" not in str([event.detail for event in events])


def test_two_exemptions_at_once_are_refused(bureau):
    exempt(bureau)
    with pytest.raises(Refused) as refused:
        exempt(bureau, start=TODAY, version=2)
    assert refused.value.field == "starts_on"


def test_a_secretary_changes_nothing_from_before_the_member_came_but_the_office_may(bureau):
    move(bureau)
    keeper = bureau.user(Role.SECRETARY, bureau.two)
    with pytest.raises(Refused):
        exempt(bureau, start=dt.date(2021, 5, 1), version=2, by=keeper)
    exempt(bureau, start=dt.date(2021, 5, 1), version=3, by=bureau.office)


def test_an_imported_roster_on_which_a_move_was_built_is_not_undone(bureau):
    batch = bureau.batch()
    undo = {name: [] for name in UNDO}
    undo["members"], undo["memberships"] = [bureau.person.id], [bureau.person.memberships[0].id]
    batch.report = {"undo": undo}
    batch.committed_at = NOW
    move(bureau)
    with pytest.raises(Refused) as refused:
        undo_roster(batch)
    assert refused.value.msgid == IN_USE
