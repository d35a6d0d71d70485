"""Near copies are found among many texts, and nobody else is accused."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy import text as sql

from tests.essays import essay, near_copy
from tests.maker import NOW
from tracker.db import db
from tracker.models import OwnerType, Record, Shingle, Status, Work
from tracker.queries.campaigns import spec_of
from tracker.queries.near_copies import near_copies
from tracker.rules.near_copies import plain_text, shingles
from tracker.services.works import keep_text

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MANY, PLANTED = 1000, 10


@pytest.fixture
def shelf(make):
    return Shelf(make)


class Shelf:
    """Essays of two members, written straight into the ledger."""

    def __init__(self, make):
        self.make, self.campaign = make, make.campaign()
        self.branch = make.branch()
        self.member, self.other = make.member(self.branch), make.member(self.branch)
        self.kind_id = next(kind.id for kind in self.campaign.kinds if kind.code == "work")

    def put(self, text, status=Status.SUBMITTED, member=None):
        person = member or self.other
        record = self.make.record(self.campaign, "work", member=person, type="征文", status=status)
        keep_text(record, text)
        return record

    def put_many(self, texts):
        """All at once, as an upgrade indexes them; returns the ids of their records."""
        row = {
            "campaign_id": self.campaign.id, "kind_id": self.kind_id, "owner_type": OwnerType.MEMBER,
            "happened_on": self.campaign.starts_on, "member_id": self.other.id, "status": Status.SUBMITTED,
            "entered_by_id": self.make.office.id, "entered_at": NOW, "branch_id": self.branch.id,
            "version": 1, "is_dated": True,
        }  # fmt: skip
        ids = list(db.session.scalars(insert(Record).returning(Record.id), [row for _ in texts]))
        works = list(
            db.session.scalars(
                insert(Work).returning(Work.id, sort_by_parameter_order=True),
                [{"record_id": id_, "text": text} for id_, text in zip(ids, texts, strict=True)],
            )
        )
        rows = [
            {"value": value, "work_id": work}
            for work, text in zip(works, texts, strict=True)
            for value in shingles(plain_text(text))
        ]
        for start in range(0, len(rows), 20_000):
            db.session.execute(insert(Shingle), rows[start : start + 20_000])
        db.session.execute(sql("ANALYZE shingle"))  # as both databases do by themselves after a while
        return ids

    def near(self, text, but=()):
        return [one.record_id for one in near_copies(text, self.campaign, but)]


@pytest.mark.on_postgresql_as(0.4)  # more to confuse there; the other in `make test-everything`
@pytest.mark.parametrize("boilerplate", [0.0, 0.4])
def test_of_a_thousand_essays_ten_near_copies_are_found_and_none_of_the_rest_is_accused(shelf, boilerplate):
    chance = random.Random(2021)
    texts = [essay(chance, boilerplate=boilerplate) for _ in range(MANY - PLANTED)]
    copied = chance.sample(range(len(texts)), PLANTED)
    texts += [near_copy(chance, texts[n]) for n in copied]
    ids = shelf.put_many(texts)
    asked = {*copied, *range(MANY - PLANTED, MANY), *range(0, MANY, 10)}  # bench/near_copies.py asks for all
    found = {n: shelf.near(texts[n], [ids[n]]) for n in sorted(asked)}
    pairs = {frozenset((ids[n], other)) for n, others in found.items() for other in others}
    planted = {frozenset((ids[n], ids[MANY - PLANTED + at])) for at, n in enumerate(copied)}
    assert pairs == planted


def test_what_was_withdrawn_or_stands_in_another_campaign_is_compared_with_nothing(shelf):
    chance = random.Random(1)
    text = essay(chance, 600)
    shelf.put(text, status=Status.WITHDRAWN)
    assert shelf.near(text) == []
    kept = shelf.put(text)
    assert shelf.near(text) == [kept.id]
    assert shelf.near(text, [kept.id]) == []


def test_official_wording_that_the_campaign_quotes_makes_nobody_near(shelf):
    quoted = "".join(spec_of(shelf.campaign).quotations) * 3
    chance = random.Random(3)
    shelf.put(quoted + essay(chance, 200))
    assert shelf.near(quoted + essay(chance, 200)) == []


def test_a_text_that_is_put_right_is_indexed_anew(shelf):
    chance = random.Random(4)
    first, second = essay(chance, 400), essay(chance, 400)
    record = shelf.put(first)
    assert keep_text(record, second)
    assert not keep_text(record, second), "the same text is no change"
    assert (shelf.near(first), shelf.near(second)) == ([], [record.id])
    count = db.session.scalar(select(func.count()).select_from(Shingle))
    assert count == len(shingles(plain_text(second)))


@pytest.mark.parametrize("text", ["", "短", "。。。。。。。。", "一二三四"])
def test_a_text_too_short_to_tell_is_near_to_nothing(shelf, text):
    shelf.put(text or "空")
    assert shelf.near(text) == []
