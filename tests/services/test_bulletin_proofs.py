"""An issue is proved again: nobody changed it, and each row that the ledger changed since is named."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from tests.audit_seals import behind_the_back
from tests.bulletins import CAMPAIGN, begin, issue
from tests.maker import NOW, Maker
from tests.services.test_bulletins import Here
from tracker.db import db
from tracker.models import (
    AuditEvent,
    Bulletin,
    BulletinBasis,
    BulletinFigure,
    Membership,
    Participation,
    Record,
    Status,
)
from tracker.queries.inner_proofs import (
    COUNTED_OTHERWISE,
    LINES_CHANGED,
    NOT_IN_AUDIT,
    NOT_READ,
    NOT_WHOLE,
    first_fault,
)
from tracker.queries.proofs import proof_of
from tracker.rules.frozen import Packer, ledger_line
from tracker.rules.proofs import Cause
from tracker.services.audit import record_event
from tracker.services.campaigns import load_campaign
from tracker.services.records import reverse_participation, reverse_record
from tracker.services.tallies import recount_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LATER = dt.datetime(2021, 8, 2, 8, tzinfo=dt.UTC)


@pytest.fixture
def here(make):
    found = Here(make)
    found.issue = issue(begin(found.campaign, found.office), found.office)
    return found


def proved(here):
    db.session.expire_all()
    return proof_of(here.issue)


def values(proof):
    """What is not what it was: ref → exact then and now."""
    return {one.figure.ref: (one.figure.exact, one.exact_now) for one in proof.figures if not one.is_same}


def reverse_person(here, n=0, why="请假未到"):
    chosen = db.session.scalars(
        select(Participation).where(Participation.record_id == here.visit.id).order_by(Participation.id)
    ).all()[n]
    reverse_participation(chosen, version=chosen.version, why=why, by=here.office, at=LATER)


def test_nothing_changed_and_what_comes_after_its_day_does_not_change_it(here):
    here.make.record(
        here.campaign, "visit", owner=here.branch, people=here.members, happened_on=dt.date(2021, 6, 27)
    )
    proof = proved(here)
    assert (proof.is_whole, proof.is_unchanged, proof.is_same) == (True, True, True)
    assert (proof.rows, proof.roster, values(proof)) == ((), (), {})


def test_one_attendance_that_is_reversed_is_named_with_who_when_and_why(here):
    reverse_person(here)
    proof = proved(here)
    assert (proof.is_whole, proof.is_unchanged, proof.is_same) == (True, False, False)
    assert values(proof) == {
        "visits.person_times": ("6人次", "5人次"), "visits.persons": ("4人", "3人"),
    }  # fmt: skip
    (row,) = proof.rows
    assert (row.record_id, row.reason.record) == (here.visit.id, here.visit)
    said = row.reason
    assert (said.cause, said.at, said.by, said.why, said.count) == (
        Cause.REVERSED, LATER, here.office, "请假未到", 1,
    )  # fmt: skip
    assert {part.titles: (part.then, part.now) for part in row.parts} == {
        ("现场教学人次",): (4, 3), ("现场教学人数",): (4, 3),
    }  # fmt: skip


def test_of_several_attendances_as_many_are_told_as_are_missing_and_not_those_from_before_the_issue(make):
    found = Here(make)
    reverse_person(found, 0)
    db.session.expire_all()
    found.issue = issue(begin(found.campaign, found.office), found.office)
    reverse_person(found, 1, why="走错会场")
    reverse_person(found, 2, why="走错会场")
    (row,) = proved(found).rows
    assert (row.reason.count, row.reason.why) == (2, "走错会场")


def test_a_record_that_is_reversed_is_gone(here):
    reverse_record(here.second, version=here.second.version, why="重复登记", by=here.office, at=LATER)
    proof = proved(here)
    (row,) = proof.rows
    assert (row.record_id, row.reason.cause, row.reason.why) == (here.second.id, Cause.REVERSED, "重复登记")
    assert values(proof) == {"visits": ("2场次", "1场次"), "visits.person_times": ("6人次", "4人次")}
    causes = {one.figure.ref: one.causes for one in proof.figures}
    assert causes["visits"] == {"reversed": 1}
    assert causes["hours.least"] == {}


def test_what_came_late_is_added_with_its_reason(here):
    late = here.make.record(
        here.campaign, "visit", owner=here.branch, people=here.members[:1], late_why="漏报"
    )
    (row,) = proved(here).rows
    assert (row.record_id, row.reason.cause, row.reason.why) == (late.id, Cause.ADDED, "漏报")
    assert {(part.then, part.now) for part in row.parts} == {(0, 1)}


def test_a_later_stage_is_the_same_fact_however_often_it_was_taken_on(here):
    first, make = here.second, here.make
    links = [first]
    for _ in range(3):
        links[-1].status = Status.CONTINUED
        db.session.flush()
        links.append(
            make.record(
                here.campaign, "visit", owner=here.branch, people=here.members[1:3], follows_id=links[-1].id,
                since_on=dt.date(2021, 7, 1),
            )
        )  # fmt: skip
    recount_records(here.campaign, [one.id for one in links])
    proof = proved(here)
    assert proof.is_same
    assert [row.record_id for row in proof.rows] == [first.id, links[-1].id]
    assert [(one.cause, one.link_id, one.is_half) for one in (row.reason for row in proof.rows)] == [
        (Cause.CONTINUED, links[1].id, False), (Cause.CONTINUED, first.id, True),
    ]  # fmt: skip


def test_what_an_import_corrected_is_told_as_one(here):
    batch = here.make.batch(here.campaign)
    old = here.second
    old.status, old.reversed_at, old.reversed_why, old.replaced_in_id = (
        Status.REVERSED, LATER, "导入更正", batch.id,
    )  # fmt: skip
    db.session.flush()
    new = here.make.record(here.campaign, "visit", owner=here.branch, people=here.members[1:2], batch=batch)
    recount_records(here.campaign, [old.id, new.id])
    proof = proved(here)
    assert [(row.record_id, row.reason.cause, row.reason.is_half) for row in proof.rows] == [
        (old.id, Cause.REPLACED, False), (new.id, Cause.REPLACED, True),
    ]  # fmt: skip
    (times,) = (one for one in proof.figures if one.figure.ref == "visits.person_times")
    assert times.causes == {"replaced": 1}


def test_a_roster_that_was_put_right_afterwards_is_named(here):
    gone = here.members[4]
    db.session.execute(
        update(Membership).where(Membership.member_id == gone.id).values(ends_on=dt.date(2021, 5, 1))
    )
    proof = proved(here)
    assert [(one.is_member, one.id, one.now) for one in proof.roster] == [(True, gone.id, None)]
    assert (proof.members, proof.is_unchanged) == ({gone.id: gone}, False)
    assert values(proof) == {"members": ("5名", "4名")}
    causes = {one.figure.ref: one.causes for one in proof.figures}
    assert (causes["members"], causes["hours.least"]) == ({"roster": 1}, {})


def test_it_is_counted_as_it_was_defined_and_told_that_the_campaign_counts_otherwise_today(here):
    text = CAMPAIGN.replace('reduce = "min"', 'reduce = "max"').replace(
        'id = "visits.persons"', 'id = "other"'
    )
    text = text.replace("{hours.least:以上}", "{hours.least}")
    here.make.record(here.campaign, member=here.members[0], minutes=600)
    load_campaign(text, by=None, at=LATER, as_of=NOW.date())
    proof = proved(here)
    assert proof.is_whole
    assert [one.figure.ref for one in proof.figures if one.is_rule_changed] == [
        "hours.least",
        "visits.persons",
    ]
    least = next(one for one in proof.figures if one.figure.ref == "hours.least")
    assert (least.exact_now, least.is_same) == ("2.5小时", True)
    assert (next(one for one in proof.figures if one.figure.ref == "visits.persons")).is_same


def faults(here):
    return [one.msgid for one in proved(here).faults]


@pytest.mark.parametrize(
    "values",
    [
        {"title": "别的题目"},
        {"body": []},
        {"number": 7},
        {"issued_on": NOW.date()},
        {"masthead": {}},
        {"text": "x"},
    ],
)
def test_whatever_somebody_changes_in_an_issue_its_digest_tells(here, values):
    db.session.execute(update(Bulletin).where(Bulletin.id == here.issue.id).values(**values))
    assert faults(here) == [NOT_WHOLE]
    assert first_fault(here.campaign)[1].msgid == NOT_WHOLE


def test_whoever_changes_value_and_digest_too_is_told_by_rows_and_audit(here):
    from tracker.queries.bulletin_content import content_of
    from tracker.rules.proofs import whole_digest

    db.session.execute(update(BulletinFigure).where(BulletinFigure.ref == "visits").values(value="3"))
    db.session.expire_all()
    one = here.issue
    one.digest = whole_digest(content_of(one, one.figures, one.bases, one.corrections))
    db.session.flush()
    assert faults(here) == [NOT_IN_AUDIT, COUNTED_OTHERWISE]


def test_rows_that_were_changed_are_told_and_so_are_bytes_that_are_none(here):
    packer = Packer("x")
    packer.add([ledger_line(1, dt.date(2021, 3, 5), 0, "", 1)])
    digest = select(BulletinFigure.digest).where(BulletinFigure.ref == "visits").scalar_subquery()
    mine = update(BulletinBasis).where(BulletinBasis.digest == digest)
    db.session.execute(mine.values(lines=packer.basis().lines))
    assert faults(here) == [LINES_CHANGED, COUNTED_OTHERWISE]
    db.session.execute(mine.values(lines=b"none"))
    assert faults(here) == [LINES_CHANGED]


def test_an_issue_whose_act_is_not_in_the_audit_is_not_whole(here):
    acts = select(AuditEvent.id).where(AuditEvent.action == "bulletin:issue")
    behind_the_back(f"DELETE FROM audit_event WHERE id = {db.session.scalars(acts).one()}")
    assert faults(here) == [NOT_IN_AUDIT]


def test_an_issue_whose_act_was_kept_long_enough_is_whole(here):
    acts = select(AuditEvent.id).where(AuditEvent.action == "bulletin:issue")
    behind_the_back(f"DELETE FROM audit_event WHERE id <= {db.session.scalars(acts).one()}")
    record_event(None, "audit:purge", here.issue, here.issue.issued_at + dt.timedelta(days=401))
    record_event(here.office, "bulletin:read", here.issue, here.issue.issued_at + dt.timedelta(days=1))
    db.session.flush()
    assert faults(here) == []


@pytest.mark.parametrize("definition", [{}, {"over": None}, {"over": {}, "kind": 3}])
def test_a_figure_whose_definition_was_spoilt_is_named_and_the_rest_is_proved(here, definition):
    spoilt = update(BulletinFigure).where(BulletinFigure.ref == "visits")
    db.session.execute(spoilt.values(definition=definition))
    assert faults(here) == [NOT_READ, NOT_WHOLE]
    proof = proved(here)
    assert "visits" not in {one.figure.ref for one in proof.figures if one.exact_now}


def test_how_many_statements_a_proof_takes_does_not_depend_on_how_much_changed(here, statements):
    with statements() as before:
        proved(here)
    for record in db.session.scalars(select(Record).where(Record.member_id.is_not(None))).all():
        reverse_record(record, version=record.version, why="错了", by=here.office, at=LATER)
    for n in range(4):
        reverse_person(here, n)
    db.session.execute(update(Membership).values(category="离退休"))
    with statements() as after:
        found = proved(here)
    assert len(found.rows) == 6
    assert len(found.roster) == 5
    assert len(after) <= len(before) + 8


def test_texts_of_every_kind_go_through_as_entities(make):
    maker: Maker = make
    text = CAMPAIGN.replace(
        '[[figures]]\nid = "members"',
        '[[figures]]\nid = "places"\ntitle = "社区"\nunit = "个"\nmeasure = "communities"\nkind = "visit"\n'
        '[[figures]]\nid = "members"',
    )
    campaign, branch = maker.campaign(text), maker.branch()
    odd = ("a\\nb", "a\nb", "\t", "\u2028x", "𠮷", "ｅ", "é", "\\")
    for one in odd:
        maker.record(campaign, "visit", owner=branch, community=one)
    done = issue(begin(campaign, maker.office, text="走进{places}社区。"), maker.office)
    proof = proof_of(done)
    assert (proof.faults, proof.is_unchanged, done.figures[0].value) == ((), True, str(len(set(odd))))
