"""The folded cells stay what their rows come to, also with two writers at once."""

from __future__ import annotations

import datetime as dt
import threading
from fractions import Fraction

import pytest
from sqlalchemy import select, update

from tests.maker import DAY, NOW, Maker
from tracker.db import db
from tracker.models import Campaign, Record, Status, TallyCell
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.services.records import reverse_record
from tracker.services.tallies import recount_all, recount_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def hours(campaign: Campaign, day: dt.date = DAY) -> Fraction | None:
    return figure_values(campaign, day)["study.min_hours"].value


def test_a_verified_record_counts_from_its_day_on(make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=90)
    assert hours(campaign) == Fraction(3, 2)
    assert hours(campaign, DAY - dt.timedelta(days=1)) == 0


def test_a_submitted_record_does_not_count(make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=90, status=Status.SUBMITTED)
    assert hours(campaign) == 0


def test_a_reversed_record_counts_no_more(make):
    campaign, member = make.campaign(), make.member()
    record = make.record(campaign, member=member, minutes=90)
    reverse_record(record, version=record.version, why="重复登记", by=make.office, at=NOW)
    assert hours(campaign) == 0
    assert list(differences(campaign)) == []


def test_a_recount_names_the_cell_that_was_tampered_with(make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=90)
    db.session.execute(update(TallyCell).where(TallyCell.value == 90).values(value=91))
    first = next(differences(campaign))
    assert (first.kept, first.counted, first.day) == (91, 90, DAY)
    recount_all(campaign)
    assert list(differences(campaign)) == []


def test_a_cell_without_rows_is_found_too(make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=90)
    cell = db.session.scalars(select(TallyCell).limit(1)).one()
    db.session.add(TallyCell(tally_id=cell.tally_id, place_id=999, entity="", day=DAY, value=5))
    db.session.flush()
    assert [d.counted for d in differences(campaign)] == [None]


def test_writers_at_the_same_moment_leave_the_right_total(fresh_app):
    """Two writers that each count only what they see would leave 60 where 120 is right."""
    writers = 6
    with fresh_app.app_context():
        make = Maker()
        campaign, member = make.campaign(), make.member()
        ids = [
            make.record(campaign, member=member, minutes=60, status=Status.SUBMITTED).id
            for _ in range(writers)
        ]
        campaign_id, by = campaign.id, make.office.id
        db.session.commit()
    barrier, failures = threading.Barrier(writers), []

    def verify(record_id: int) -> None:
        try:
            with fresh_app.app_context():
                barrier.wait(10)
                db.session.execute(
                    update(Record)
                    .where(Record.id == record_id)
                    .values(status=Status.VERIFIED, verified_at=NOW, verified_by_id=by)
                )
                recount_records(db.session.get_one(Campaign, campaign_id), [record_id])
                db.session.commit()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=verify, args=(record_id,)) for record_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with fresh_app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        assert hours(campaign) == writers
        assert list(differences(campaign)) == []
