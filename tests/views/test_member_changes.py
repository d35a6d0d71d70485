"""Moving a member, their duty and exemptions, through the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent, Exemption, Member, Membership, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MOVED = {"starts_on": "2021-06-27"}


@pytest.fixture
def bureau(make):
    make.east, make.west = make.branch("东湖党支部"), make.branch("西山党支部")
    make.groups = [
        make.group(make.east, "东一组"),
        make.group(make.east, "东二组"),
        make.group(make.west, "西一组"),
    ]
    make.person = make.member(make.east, make.groups[0], name="张三", number="M0001")
    make.keeper = make.user(Role.SECRETARY, make.east)
    make.stranger = make.user(Role.SECRETARY, make.west)
    make.the_campaign = make.campaign()
    with make.counted_once(make.the_campaign):
        for day in (1, 2, 3):
            make.record(make.the_campaign, member=make.person, minutes=60, happened_on=dt.date(2021, 6, day))
    return make


def address(bureau, act=""):
    return f"/members/{bureau.person.id}{act}"


def asked(bureau, to_branch=None, to_group=None, **fields):
    """The address that shows what a move would change."""
    to = {"branch": (to_branch or bureau.west).id, "group": to_group.id if to_group else "", "section": ""}
    query = "&".join(f"{key}={value}" for key, value in {**MOVED, **to, **fields}.items())
    return address(bureau, f"/move?{query}")


def save(client, bureau, page, **fields):
    """Press the button of the page that shows what would change."""
    held = html.hidden_fields(client.page(page), address(bureau, "/move"))
    return client.post(address(bureau, "/move"), data={**held, **fields})


def stays(bureau):
    rows = select(Membership).where(Membership.member_id == bureau.person.id).order_by(Membership.id)
    return [(row.starts_on, row.ends_on, row.branch_id, row.group_id) for row in db.session.scalars(rows)]


def errors(answer):
    root = html.parse(answer.text)
    return [one.get("id") for one in root.iter("p") if one.get("class") == "error"]


def test_a_move_is_shown_first_and_then_made(client, bureau):
    client.sign_in(bureau.keeper)
    shown = client.page(asked(bureau))
    text = html.text_of(shown.find(".//main"))
    assert "2021年6月27日" in text
    assert "3" in text
    assert len(stays(bureau)) == 1  # looking changes nothing
    answer = save(client, bureau, asked(bureau))
    assert answer.status_code == 303
    assert stays(bureau) == [
        (None, dt.date(2021, 6, 27), bureau.east.id, bureau.groups[0].id),
        (dt.date(2021, 6, 27), None, bureau.west.id, None),
    ]
    after = client.page(answer.location)  # still theirs to look at, as far as the time here
    assert "西山" not in html.text_of(after.find(".//main"))
    assert client.get(address(bureau, "/move")).status_code == 404


def test_within_the_branch_the_secretary_changes_the_group(client, bureau):
    client.sign_in(bureau.keeper)
    assert save(client, bureau, asked(bureau, bureau.east, bureau.groups[1])).status_code == 303
    assert stays(bureau)[1][2:] == (bureau.east.id, bureau.groups[1].id)


def test_the_choice_holds_no_groups_of_other_branches_for_a_secretary(client, bureau):
    def offered(user):
        root = client.sign_in(user).page(address(bureau, "/move"))
        group = next(one for one in root.iter("select") if one.get("name") == "group")
        return {option.get("value") for option in group.iter("option")}

    assert str(bureau.groups[2].id) not in offered(bureau.keeper)
    assert str(bureau.groups[2].id) in offered(bureau.office)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"starts_on": "2021-06-03"}, "starts_on-error"),
        ({"starts_on": "2021-08-01"}, "starts_on-error"),
        ({"starts_on": "2021-02-30"}, "starts_on-error"),
        ({"branch": "999999"}, "branch-error"),
        ({"branch": ""}, "branch-error"),
        ({"branch": "x"}, "branch-error"),
        ({"group": "999999"}, "group-error"),
    ],
    ids=["a record that day", "ahead", "no day", "no branch", "nothing", "a word", "no group"],
)
def test_what_makes_no_sense_is_told_beside_its_field(client, bureau, fields, wrong):
    client.sign_in(bureau.keeper)
    shown = client.get(asked(bureau, **fields))
    assert (shown.status_code, errors(shown)) == (422, [wrong])
    answer = save(client, bureau, asked(bureau), **fields)
    assert (answer.status_code, errors(answer)) == (422, [wrong])
    assert len(stays(bureau)) == 1


def test_a_group_of_another_branch_and_a_missing_one_answer_alike(client, bureau):
    client.sign_in(bureau.keeper)
    foreign = client.get(asked(bureau, bureau.east, bureau.groups[2]))
    missing = client.get(asked(bureau, bureau.east, group="999999"))
    said = [html.text_of(html.parse(answer.text).find(".//main")) for answer in (foreign, missing)]
    assert (foreign.status_code, missing.status_code) == (422, 422)
    assert said[0] == said[1]
    there = client.get(asked(bureau, bureau.west, bureau.groups[2]))  # for its own secretary to choose
    assert (there.status_code, errors(there)) == (422, ["group-error"])
    assert client.sign_in(bureau.office).get(asked(bureau, bureau.west, bureau.groups[2])).status_code == 200


def test_whoever_saw_an_older_page_comes_second(client, bureau):
    client.sign_in(bureau.keeper)
    held = html.hidden_fields(client.page(asked(bureau)), address(bureau, "/move"))
    client.submit(address(bureau), {"duty": "宣传委员"}, action=address(bureau, "/duty"))
    assert client.post(address(bureau, "/move"), data=held).status_code == 409
    assert len(stays(bureau)) == 1


def test_no_other_branch_changes_anything(client, bureau):
    client.sign_in(bureau.stranger)
    fields = html.hidden_fields(client.page("/members"))
    for act in ("/move", "/duty", "/exempt", "/end-exemption"):
        foreign = client.post(address(bureau, act), data=fields)
        missing = client.post(f"/members/999999{act}", data=fields)
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert client.get(asked(bureau)).status_code == 404


def test_a_leader_of_a_group_there_who_keeps_another_branch_changes_nothing(client, bureau):
    from tracker.models import Grant

    bureau.stranger.grants.append(Grant(role=Role.GROUP_LEADER, unit=bureau.groups[0]))
    client.sign_in(bureau.stranger)
    assert client.get(address(bureau, "/move")).status_code == 404
    assert client.get(address(bureau)).status_code == 404


def test_the_duty_is_changed_on_the_members_page(client, bureau):
    client.sign_in(bureau.keeper)
    answer = client.submit(address(bureau), {"duty": "宣传委员"}, action=address(bureau, "/duty"))
    assert answer.status_code == 303
    assert "宣传委员" in html.text_of(client.page(address(bureau)))
    too_long = client.submit(address(bureau), {"duty": "长" * 81}, action=address(bureau, "/duty"))
    assert (too_long.status_code, errors(too_long)) == (422, ["duty-error"])


def exempt(client, bureau, **fields):
    given = {"reason": "长期外派", "starts_on": "2021-06-10", "ends_on": "", **fields}
    return client.submit(address(bureau), given, action=address(bureau, "/exempt"))


def test_an_exemption_begins_and_ends_on_the_members_page(client, bureau):
    client.sign_in(bureau.keeper)
    assert exempt(client, bureau).status_code == 303
    root = client.page(address(bureau))
    assert "长期外派" in html.text_of(root)
    assert address(bureau, "/exempt") not in [form.get("action") for form in root.iter("form")]
    ended = client.submit(
        address(bureau), {"again_on": "2021-06-20"}, action=address(bureau, "/end-exemption")
    )
    assert ended.status_code == 303
    row = db.session.scalars(select(Exemption)).one()
    assert (row.starts_on, row.ends_on) == (dt.date(2021, 6, 10), dt.date(2021, 6, 20))
    history = html.text_of(client.page(address(bureau)))
    assert "2021年6月10日" in history
    assert "2021年6月20日" in history


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reason": " "}, "reason-error"),
        ({"starts_on": ""}, "starts_on-error"),
        ({"starts_on": "2021-08-01"}, "starts_on-error"),
        ({"ends_on": "2021-06-10"}, "ends_on-error"),
    ],
)
def test_an_exemption_that_makes_no_sense_is_told_beside_its_field(client, bureau, fields, wrong):
    client.sign_in(bureau.keeper)
    answer = exempt(client, bureau, **fields)
    assert (answer.status_code, errors(answer)) == (422, [wrong])
    assert db.session.scalar(select(Exemption.id)) is None


def test_somebody_elses_exemption_is_not_ended_here(client, bureau):
    other = bureau.exemption(bureau.member(bureau.west))
    bureau.exemption(bureau.person)
    client.sign_in(bureau.keeper)
    given = {"again_on": "2021-06-20", "exemption": str(other.id)}
    answer = client.submit(address(bureau), given, action=address(bureau, "/end-exemption"))
    assert answer.status_code == 409
    db.session.refresh(other)
    assert other.ends_on is None


def test_the_history_names_no_other_branch(client, bureau):
    mover = bureau.user(Role.SECRETARY, bureau.west)
    mover.name = "西山书记"
    bureau.membership(
        came := bureau.member(bureau.west, name="周七", ends_on=dt.date(2021, 6, 1)),
        bureau.east, starts_on=dt.date(2021, 6, 1),
    )  # fmt: skip
    detail = {
        "on": "2021-06-01", "from_branch_id": bureau.west.id, "from_group_id": bureau.groups[2].id,
        "to_branch_id": bureau.east.id, "to_group_id": None,
    }  # fmt: skip
    for action, more in (("member:move", detail), ("member:duty", {"branch_id": bureau.west.id})):
        event = AuditEvent(
            at=dt.datetime(2021, 6, 1, tzinfo=dt.UTC), actor_id=mover.id, action=action,
            subject_type=Member.__tablename__, subject_id=came.id, detail=more,
        )  # fmt: skip
        db.session.add(event)
    path = f"/members/{came.id}"
    text = html.text_of(client.sign_in(bureau.keeper).page(path).find(".//main"))
    assert "2021年6月1日" in text
    assert "西" not in text
    office = html.text_of(client.sign_in(bureau.office).page(path).find(".//main"))
    assert "西一组" in office
    assert "西山书记" in office
