"""Sharing a verified work: with its own group or branch, as long as it counts."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Role, Status, Work
from tracker.queries.access import share_for
from tracker.queries.campaigns import spec_of
from tracker.queries.shares import open_share_of, shares_page
from tracker.rules.refusal import Refused
from tracker.services.records import reverse_record
from tracker.services.shares import end_share, share_record
from tracker.services.stages import carry_on
from tracker.services.verifications import undo_act, verify_records

LAST = dt.date(2021, 7, 31)


class Readers:
    """A verified essay of the first member's; colleagues of the group, of another branch, and the office."""

    def __init__(self, make):
        self.make, self.bureau = make, Bureau(make)
        zhang, li, wang, _ = self.bureau.people
        self.second = make.group(self.bureau.one)
        self.author = make.user(Role.MEMBER, member=zhang)
        self.colleague = make.user(Role.MEMBER, member=li)
        self.neighbour = make.user(Role.MEMBER, member=make.member(self.bureau.one, self.second))
        self.stranger = make.user(Role.MEMBER, member=wang)
        self.secretary = make.user(Role.SECRETARY, self.bureau.one)
        self.essay = make.record(self.bureau.campaign, "work", member=zhang, type="征文", title="湖畔")
        db.session.add(Work(record_id=self.essay.id, text="今天读完了第三章。"))
        db.session.flush()

    def share(self, unit=None, by=None, record=None):
        record = record or self.essay
        kind = spec_of(self.bureau.campaign).kind(record.kind.code)
        unit = unit or self.bureau.groups[0]
        return share_record(record, kind, unit_id=unit.id, by=by or self.author, at=NOW)

    def reads(self, user, text=""):
        return [line.share.record.title for line in shares_page(user, LAST, text, 1).items]


@pytest.fixture
def town(make):
    return Readers(make)


def test_with_the_group_it_is_read_in_the_group_and_with_the_branch_in_the_branch(town):
    share = town.share()
    assert [town.reads(user) for user in (town.author, town.colleague, town.secretary)] == [["湖畔"]] * 3
    assert town.reads(town.neighbour) == town.reads(town.stranger) == []
    assert share_for(town.neighbour, share.id, LAST) is None
    wider = town.share(unit=town.bureau.one)
    assert town.reads(town.neighbour) == ["湖畔"]
    assert town.reads(town.stranger) == []
    assert (open_share_of(town.essay), share.ended_by_id) == (wider, town.author.id)
    assert town.reads(town.make.user(Role.AUDITOR)) == ["湖畔"]


def test_it_is_found_by_its_title_and_by_its_author(town):
    town.share()
    assert town.reads(town.colleague, "湖") == town.reads(town.colleague, "zs") == ["湖畔"]
    assert town.reads(town.colleague, "河") == []


def test_ended_it_is_read_no_more(town):
    share = town.share(by=town.secretary)
    end_share(share, by=town.author, at=NOW)
    assert town.reads(town.colleague) == []
    acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_type == "share")).all()
    assert sorted(acts) == ["share:add", "share:end"]
    with pytest.raises(Refused):
        end_share(share, by=town.author, at=NOW)


def test_reversed_it_disappears(town):
    town.share()
    reverse_record(town.essay, version=town.essay.version, why="重复登记", by=town.make.office, at=NOW)
    assert town.reads(town.colleague) == []


def test_chosen_as_excellent_it_is_read_on_as_the_record_that_counts(town):
    share, office = town.share(), town.make.user(Role.OFFICE)
    chosen = carry_on(
        town.essay,
        to="优秀",
        on=LAST,
        note="立意好",
        version=town.essay.version,
        by=office,
        at=NOW,
        last=LAST,
    )
    verify_records([(chosen.id, chosen.version)], by=town.secretary, at=NOW)
    db.session.expire_all()
    assert share.record_id == chosen.id
    assert town.reads(town.colleague) == ["湖畔"]
    undo_act(NOW, by=town.secretary, at=NOW)
    db.session.expire_all()
    assert share.record_id == town.essay.id
    assert town.reads(town.colleague) == ["湖畔"]


def test_what_is_not_verified_empty_of_another_kind_or_not_theirs_is_not_shared(town):
    make, campaign, zhang = town.make, town.bureau.campaign, town.bureau.people[0]
    waiting = make.record(campaign, "work", member=zhang, title="等待", status=Status.SUBMITTED)
    empty = make.record(campaign, "work", member=zhang, title="空白")
    for refused in (
        lambda: town.share(record=waiting),
        lambda: town.share(record=empty),
        lambda: town.share(record=town.bureau.study),
        lambda: town.share(by=town.colleague),
        lambda: town.share(by=make.user(Role.SECRETARY, town.bureau.two)),
        lambda: town.share(unit=town.bureau.two),
        lambda: town.share(unit=town.second),
    ):
        with pytest.raises(Refused):
            refused()
    make.evidence(empty)
    assert town.share(record=empty).record_id == empty.id


def test_who_has_left_the_group_reads_it_no_more(town):
    town.share()
    membership = db.session.scalars(
        select(type(town.make.membership(town.bureau.people[2]))).filter_by(
            member_id=town.bureau.people[1].id
        )
    ).one()
    membership.ends_on = LAST
    db.session.flush()
    assert town.reads(town.colleague) == []
