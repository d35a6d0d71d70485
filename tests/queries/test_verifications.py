"""Whose turn a record is, asked of the database at once and of plain Python record by record."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select

from tracker.db import db
from tracker.models import Grant, Record, Role, Status, User
from tracker.queries.access import is_office
from tracker.queries.paging import PER_PAGE
from tracker.queries.verifications import (
    QueueFilter,
    chosen_rows,
    is_own,
    needs_office,
    queue_page,
    waiting,
    waiting_count,
)
from tracker.queries.waiting_counts import waiting_counts

KEEPERS = (Role.SECRETARY, Role.DEPUTY)


@pytest.fixture
def bureau(make):
    """Branches with nobody to three who keep them, some of whom cannot sign in; and what they entered."""
    drawn = random.Random(2021)
    campaign = make.campaign()
    users, owners = [make.user(Role.OFFICE), make.user(Role.SECTION_HEAD, make.section())], [None]
    for keepers in (0, 1, 1, 2, 2, 3):
        branch = make.branch()
        people = [make.member(branch) for _ in range(4)]
        owners += [branch, *people]
        for n in range(keepers):
            user = make.user(drawn.choice(KEEPERS), branch, member=drawn.choice([None, people[n]]))
            user.is_disabled = drawn.random() < 0.2
            users.append(user)
    users[-1].grants.append(Grant(role=Role.SECRETARY, unit=owners[1]))  # one who keeps two
    with make.counted_once(campaign):
        for owner in owners * 4:
            place = {"member": owner} if hasattr(owner, "number") else {"owner": owner}
            kind = "study" if "member" in place else "service" if owner else "other"
            record = make.record(campaign, kind, status=Status.SUBMITTED, minutes=60, **place)
            record.entered_by_id = drawn.choice(users).id
    db.session.commit()
    return campaign


def is_of_office(record, users):
    """The rule, as it is said."""
    keepers = [
        user for user in users
        if not user.is_disabled
        and any(grant.role in KEEPERS and grant.unit_id == record.branch_id for grant in user.grants)
    ]  # fmt: skip
    is_about_one = record.member_id is not None and record.member_id in {user.member_id for user in keepers}
    return (
        record.branch_id is None or is_about_one or all(user.id == record.entered_by_id for user in keepers)
    )


def test_what_needs_the_office_is_what_the_rule_says_of_each_record(bureau):
    users, records = db.session.scalars(select(User)).all(), db.session.scalars(select(Record)).all()
    wanted = {record.id for record in records if is_of_office(record, users)}
    assert set(db.session.scalars(select(Record.id).where(needs_office()))) == wanted
    assert 0 < len(wanted) < len(records)


def test_no_more_is_counted_than_is_asked_for(bureau, make):
    everything = waiting_count(bureau.id, make.office)
    assert everything > 3
    assert [waiting_count(bureau.id, make.office, most=most) for most in (1, 3, 10_000)] == [1, 3, everything]


def test_the_numbers_of_a_queue_are_those_of_its_rows_and_its_pages_are_read_from_either_end(bureau):
    users = db.session.scalars(select(User).order_by(User.id)).all()[::4]
    branch_id = db.session.scalars(select(Record.branch_id).where(Record.branch_id.is_not(None))).first()
    ways = 0
    for user in users:
        for kind_id, office, branch in product((None, bureau.kinds[0].id), (False, True), (None, branch_id)):
            chosen = QueueFilter(kind_id=kind_id, needs_office=office, branch_id=branch)
            where = [*waiting(bureau.id, user), *chosen_rows(chosen, bureau, user)]
            order = (Record.entered_at, Record.id)
            wanted = [
                (row, bool(own))
                for row, own in db.session.execute(
                    select(Record, is_own(user)).where(*where).order_by(*order)
                )
            ]
            counts = waiting_counts(bureau, user, chosen)
            assert (counts.total, counts.open) == (len(wanted), sum(not own for _, own in wanted))
            if branch is None and kind_id is None:
                assert counts.in_kinds == counts.total
            if is_office(user) and not chosen.narrows:
                assert counts.mine == waiting_count(bureau.id, user)
            pages = [
                queue_page(bureau, user, replace(chosen, page=number), counts.total)
                for number in range(1, max(2, -(-len(wanted) // PER_PAGE) + 1))
            ]
            assert [row for page in pages for row in page.items] == wanted
            ways += len(pages) > 1
    assert ways, "no queue was longer than a page"
