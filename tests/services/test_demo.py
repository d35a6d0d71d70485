"""The demo bureau's end: all of it goes, nothing else does, and what may be real stands in the way."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests.maker import NOW
from tests.world import World
from tracker.db import Model, db
from tracker.models import AuditEvent, Batch, BatchState, Campaign, Role, Suggestion, User
from tracker.queries.demo import demo_campaign, in_the_way, is_empty
from tracker.rules.refusal import Refused
from tracker.services.accounts import disable_user
from tracker.services.audit import record_event
from tracker.services.demo import NONE, NOT_EMPTY, REAL, begin_demo, mark_demo, remove_demo

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# What is there in an installation that nobody has begun with.
STAYS = {"user_account": 1, "user_grant": 1, "audit_event": 2, "suggestion": 1}


@pytest.fixture
def demo(make):
    """A row of everything, marked as the demo; and an administrator who was there before."""
    admin = make.user(Role.ADMINISTRATOR, login="root")
    db.session.add(Suggestion(text="少填一点", page="/system", by_id=admin.id, at=NOW))
    before = begin_demo()
    world = World(make)
    campaign = demo_of(world)
    mark_demo(campaign, before, by=admin, at=NOW)
    db.session.flush()
    return SimpleNamespace(admin=admin, world=world, campaign=campaign, branch=world.branch)


def demo_of(world):
    return world.record.kind.campaign


def remove(demo, tmp_path):
    return remove_demo(data_dir=tmp_path, by=demo.admin, at=NOW)


def rows():
    """Table → how many rows it has, empty ones left out."""
    counts = {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }
    return {name: count for name, count in counts.items() if count}


def test_all_of_it_goes_and_the_administrator_stays_with_what_is_theirs(demo, tmp_path):
    gone = remove(demo, tmp_path)
    assert rows() == STAYS
    assert gone["records"] > 3
    assert gone["members"] > 1
    assert [user.login for user in db.session.scalars(select(User))] == ["root"]
    assert is_empty()


def test_that_it_was_loaded_and_removed_stays_in_the_audit_with_numbers(demo, tmp_path):
    admin_id, campaign_id = demo.admin.id, demo.campaign.id
    remove(demo, tmp_path)
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["demo:load", "demo:remove"]
    assert campaign_id
    assert [event.subject_id for event in events] == [None, admin_id]
    assert events[1].detail["records"] > 3


def test_what_an_administrator_did_meanwhile_is_kept_and_points_at_nobody_else_later(demo, make, tmp_path):
    invented = make.user(Role.MEMBER, member=demo.world.member)
    record_event(demo.admin, "user:end_sessions", invented, NOW)
    record_event(demo.admin, "user:end_sessions", demo.admin, NOW)
    db.session.flush()
    own = demo.admin.id
    remove(demo, tmp_path)
    kept = select(AuditEvent.subject_id).where(AuditEvent.action == "user:end_sessions")
    assert set(db.session.scalars(kept)) == {None, own}


def test_it_can_be_begun_again_afterwards(demo, make, tmp_path):
    remove(demo, tmp_path)
    assert begin_demo().kept
    with pytest.raises(Refused) as refusal:
        remove(SimpleNamespace(admin=db.session.scalars(select(User)).one()), tmp_path)
    assert refusal.value.msgid == NONE


def test_what_was_tried_out_in_it_goes_too(demo, make, tmp_path):
    batch = db.session.get_one(Batch, demo.world.record.batch_id)
    make.record(demo.campaign, member=demo.world.member, minutes=30, source="学习强国", batch=batch)
    make.user(Role.SECRETARY, demo.branch, member=demo.world.member)
    make.batch(demo.campaign, BatchState.REFUSED)
    assert in_the_way(demo.campaign) == {}
    remove(demo, tmp_path)
    assert rows() == STAYS


@pytest.mark.parametrize("noun", ["campaigns", "members", "imports", "accounts"])
def test_what_may_be_real_stands_in_the_way_and_nothing_goes(demo, make, tmp_path, noun):
    match noun:
        case "campaigns":
            make.campaign(demo.campaign.definition["text"].replace(demo.campaign.code, "own-2021"))
        case "members":
            make.member(demo.branch)
        case "imports":
            make.batch(demo.campaign, BatchState.COMMITTED)
        case "accounts":
            make.user(Role.OFFICE, login="real")
    before = rows()
    assert in_the_way(demo.campaign) == {noun: 1}
    with pytest.raises(Refused) as refusal:
        remove(demo, tmp_path)
    assert refusal.value.msgid == REAL
    assert rows() == before


def test_a_disabled_account_is_nobodys_any_more(demo, make, tmp_path):
    real = make.user(Role.OFFICE, login="real")
    disable_user(real, by=make.office, at=NOW)
    assert in_the_way(demo.campaign) == {}
    remove(demo, tmp_path)
    assert rows() == STAYS


def test_an_administrator_who_came_later_stays(demo, make, tmp_path):
    make.user(Role.ADMINISTRATOR, login="second")
    remove(demo, tmp_path)
    assert set(db.session.scalars(select(User.login))) == {"root", "second"}


@pytest.mark.parametrize("thing", ["campaign", "branch", "office"])
def test_it_is_loaded_into_an_empty_installation_only(make, thing):
    make.user(Role.ADMINISTRATOR)
    assert is_empty()
    match thing:
        case "campaign":
            make.campaign()
        case "branch":
            make.branch()
        case "office":
            make.user(Role.OFFICE)
    with pytest.raises(Refused) as refusal:
        begin_demo()
    assert refusal.value.msgid == NOT_EMPTY


def test_a_campaign_of_ones_own_is_no_demo(make, tmp_path):
    make.campaign()
    assert demo_campaign() is None
    with pytest.raises(Refused) as refusal:
        remove_demo(data_dir=tmp_path, by=None, at=NOW)
    assert refusal.value.msgid == NONE
    assert db.session.scalar(select(func.count(Campaign.id))) == 1
