"""The office's first account and the bureau's name: once each, by whom they are, and by two at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from tests.maker import NOW, Maker
from tests.signing_in import actions
from tracker.db import db
from tracker.models import Grant, Role, Status, Unit, User
from tracker.queries.start import PLACEHOLDER, branches_with_keeper, has_accounts, start_facts
from tracker.rules.refusal import Refused
from tracker.rules.start import Facts
from tracker.services.accounts import disable_user, draw
from tracker.services.records import CHANGED
from tracker.services.start import name_bureau, open_first_office
from tracker.services.users import command_line_user

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

(DRAWN,) = draw(1)


def open_office(by, login="office"):
    return open_first_office(login, "机关党委办公室", DRAWN, by=by, at=NOW)


def test_the_administrator_opens_the_offices_first_account(make):
    slip = open_office(make.user(Role.ADMINISTRATOR))
    assert [grant.role for grant in slip.user.grants] == [Role.OFFICE]
    assert slip.user.must_change
    assert actions() == ["user:create"]


def test_a_second_one_is_the_offices_own_act(make):
    admin = make.user(Role.ADMINISTRATOR)
    open_office(admin)
    with pytest.raises(Refused):
        open_office(admin, "other")


def test_where_the_only_one_is_disabled_there_is_none(make):
    admin, gone = make.user(Role.ADMINISTRATOR), make.user(Role.OFFICE, login="gone")
    gone.is_disabled = True
    assert open_office(admin).user.login == "office"


def test_the_bureau_is_named_and_put_right_and_each_is_on_record(make, session):
    office = make.user(Role.OFFICE)
    name_bureau(" 市民政局  机关党委", seen="", by=office, at=NOW)
    name_bureau("市民政局机关党委", seen="市民政局 机关党委", by=office, at=NOW)
    assert session.scalars(select(Unit.name)).all() == ["市民政局机关党委"]
    assert actions() == ["unit:name", "unit:name"]


def test_a_name_that_stands_in_for_one_is_replaced(make, session):
    root = make.committee("本单位")
    root.code = PLACEHOLDER
    assert not start_facts().is_named
    name_bureau("市民政局", seen="", by=make.user(), at=NOW)
    session.refresh(root)
    assert (root.name, root.code) == ("市民政局", None)
    assert start_facts().is_named


@pytest.mark.parametrize(("name", "seen"), [("", ""), ("   ", ""), ("东湖党支部", "")])
def test_what_is_no_bureaus_name_is_refused(make, name, seen):
    with pytest.raises(Refused) as refusal:
        name_bureau(name, seen=seen, by=make.user(), at=NOW)
    assert refusal.value.field == "name"
    assert actions() == []


@pytest.mark.parametrize("seen", ["", "另一个名称"])
def test_who_did_not_see_the_name_that_stands_there_is_told(make, seen):
    make.committee()
    with pytest.raises(Refused) as refusal:
        name_bureau("新名称", seen=seen, by=make.user(), at=NOW)
    assert refusal.value.msgid == CHANGED


def test_the_facts_follow_the_database(make, session):
    assert start_facts() == Facts(False, False, False, False, False, False)
    assert not has_accounts()
    command_line_user()
    assert not has_accounts()
    office = make.user(Role.OFFICE)
    assert has_accounts()
    branch = make.branch()
    member = make.member(branch)
    campaign = make.campaign()
    assert start_facts() == Facts(True, True, True, True, False, False)
    make.user(Role.SECRETARY, branch)
    record = make.record(campaign, member=member, minutes=60, source="学习强国", status=Status.SUBMITTED)
    assert not start_facts().has_ledger
    make.record(campaign, member=member, minutes=60, source="学习强国")
    assert start_facts() == Facts(True, True, True, True, True, True)
    assert branches_with_keeper() == (1, 1)
    make.branch()
    assert branches_with_keeper() == (1, 2)
    assert record.id
    disable_user(office, by=make.user(Role.OFFICE), at=NOW)
    assert start_facts().has_office  # the one who did it


def together(app, acts):
    """Run them at once, each in a transaction of its own. Returns how many were refused."""
    barrier, refused = threading.Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            barrier.wait()
            try:
                act()
                db.session.commit()
            except Refused:
                db.session.rollback()
                refused.append(act)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


def test_of_two_administrators_at_once_one_opens_the_office_and_the_other_is_told(fresh_app):
    with fresh_app.app_context():
        make = Maker()
        ids = [make.user(Role.ADMINISTRATOR, login=f"admin{n}").id for n in range(2)]
        db.session.commit()
    acts = [lambda n=n: open_office(db.session.get_one(User, ids[n]), f"office{n}") for n in range(2)]
    assert together(fresh_app, acts) == 1
    with fresh_app.app_context():
        offices = select(func.count(Grant.id)).where(Grant.role == Role.OFFICE)
        assert db.session.scalar(offices) == 1


def test_of_two_who_name_the_bureau_at_once_one_is_told_and_there_is_one_committee(fresh_app):
    with fresh_app.app_context():
        office = Maker().user().id
        db.session.commit()
    acts = [
        lambda n=n: name_bureau(f"单位{n}", seen="", by=db.session.get_one(User, office), at=NOW)
        for n in range(2)
    ]
    assert together(fresh_app, acts) == 1
    with fresh_app.app_context():
        assert db.session.scalar(select(func.count(Unit.id))) == 1
