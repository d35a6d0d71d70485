"""Links of screens: opened, revoked, found by their token alone; and what a wall is made of."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.bureau import Bureau
from tests.maker import NOW
from tests.screens import a_screen
from tracker.db import db
from tracker.models import AuditEvent, CampaignArchive, Role, ScreenLink
from tracker.queries import screens as queries
from tracker.queries.boards import board_on
from tracker.rules.refusal import Refused
from tracker.rules.tokens import digest_of
from tracker.security_events import note_screen_seen
from tracker.services.records import CHANGED
from tracker.services.screens import MOST, open_screen, revoke_screen

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TODAY = dt.date(2021, 7, 31)


@pytest.fixture
def campaign(make):
    return make.campaign()


def opened(campaign, make, label="三楼会议室", expires_on=None):
    return open_screen(campaign, label, expires_on, by=make.office, at=NOW, today=TODAY)


def test_the_token_is_long_given_once_and_kept_as_a_digest_only(campaign, make):
    link, token = opened(campaign, make)
    assert len(token) >= 43, "256 bits"
    assert link.digest == digest_of(token)
    assert token not in repr(db.session.execute(select(ScreenLink.__table__)).all())
    assert token not in repr([one.detail for one in db.session.scalars(select(AuditEvent))])
    assert queries.link_called(token) is link
    assert opened(campaign, make)[1] != token


@pytest.mark.parametrize("token", ["", "x", "t" * 43, "党" * 20])
def test_no_other_token_opens_anything(campaign, make, token):
    opened(campaign, make)
    assert queries.link_called(token) is None


def test_a_link_is_revoked_once_and_each_act_leaves_a_trace(campaign, make):
    link, token = opened(campaign, make)
    revoke_screen(link, by=make.office, at=NOW)
    with pytest.raises(Refused, match=CHANGED):
        revoke_screen(link, by=make.office, at=NOW)
    db.session.expire_all()
    assert queries.link_called(token).revoked_at == NOW
    acts = select(AuditEvent.action).where(AuditEvent.action.startswith("screen:")).order_by(AuditEvent.id)
    assert list(db.session.scalars(acts)) == ["screen:open", "screen:revoke"]


@pytest.mark.parametrize(
    ("label", "until", "field"), [("", None, "label"), ("三楼", TODAY - dt.timedelta(1), "expires_on")]
)
def test_a_link_that_will_not_do_is_refused(campaign, make, label, until, field):
    with pytest.raises(Refused) as refusal:
        opened(campaign, make, label, until)
    assert refusal.value.field == field
    assert queries.links_of(campaign) == []


def test_there_are_not_more_links_than_somebody_can_look_after(campaign, make):
    links = [a_screen(campaign, make.office, f"{n:043}") for n in range(MOST)]
    with pytest.raises(Refused, match="already"):
        opened(campaign, make)
    revoke_screen(links[0], by=make.office, at=NOW)
    opened(campaign, make)


def test_in_a_campaign_in_the_archive_links_are_revoked_and_none_is_opened(campaign, make):
    link = a_screen(campaign, make.office)
    gone = CampaignArchive(
        campaign_id=campaign.id, archived_at=NOW, archived_by_id=make.office.id, archived_why="完成"
    )
    db.session.add(gone)
    db.session.flush()
    revoke_screen(link, by=make.office, at=NOW)
    with pytest.raises(Refused, match="archive"):
        opened(campaign, make)


def test_the_list_is_the_bureaus_and_the_campaigns(campaign, make):
    old, new = a_screen(campaign, make.office, "a" * 43), a_screen(campaign, make.office, "b" * 43)
    revoke_screen(new, by=make.office, at=NOW)
    other = make.campaign(campaign.definition["text"].replace('"qigeyibai-2021"', '"other-2022"', 1))
    assert queries.links_of(campaign) == [old, new]
    assert queries.links_of(other) == []
    assert queries.link_for(make.user(Role.AUDITOR), old.id) is old
    assert queries.link_for(make.user(Role.SECRETARY, make.branch()), old.id) is None


def test_when_a_screen_asked_last_is_kept(campaign, make):
    link = a_screen(campaign, make.office)
    db.session.commit()
    note_screen_seen(link.id, NOW)
    db.session.expire_all()
    assert link.last_seen_at == NOW


def test_the_database_refuses_a_link_half_revoked_or_without_a_label(campaign, make):
    for fields in ({"label": ""}, {"revoked_at": NOW}, {"revoked_by_id": make.office.id}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            a_screen(campaign, make.office, **fields)


def test_a_wall_says_what_the_page_of_the_bureau_says(make):
    bureau = Bureau(make)
    wall, board = queries.read_wall(bureau.campaign, TODAY), board_on(bureau.campaign, TODAY)
    assert wall.cards == board.cards
    assert wall.branches == 2
    assert {code: one.value for code, one in wall.reached.items()} == {
        goal.code: board.values[goal.reached].value for goal in board.standing.spec.goals if goal.reached
    }


def test_fifty_screens_cost_as_much_as_one_and_none_waits_long_for_what_is_new(make, statements):
    bureau, moment = Bureau(make), [0.0]

    def ask():
        return queries.wall_on(bureau.campaign, TODAY, lambda: moment[0])

    with statements() as first:
        wall = ask()
    with statements() as others:
        assert all(ask() is wall for _ in range(50))
    assert first
    assert others == []
    other_day = queries.wall_on(bureau.campaign, dt.date(2021, 5, 1), lambda: moment[0])
    assert other_day.day == dt.date(2021, 5, 1)
    make.record(bureau.campaign, "study", member=bureau.people[0], minutes=60, source="学习强国")
    assert ask() is wall
    moment[0] += queries.KEPT_FOR
    assert ask().cards != wall.cards
    kept = queries._kept[db.session.get_bind()]
    assert list(kept) == [(bureau.campaign.id, TODAY)], "what is over is not kept for ever"
