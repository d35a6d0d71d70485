"""No form of any page, and no command, writes into a campaign in the archive."""

from __future__ import annotations

import datetime as dt
import os
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from tests.canaries import Marked
from tests.canary_walk import contents, forms_of, keys, quick, undone, written_into
from tests.maker import NOW, SHIPPED
from tests.summary import FULL
from tracker.db import db
from tracker.models import AuditEvent, Campaign, CampaignArchive, Comment, Matter, Paper, Plan, Record, User
from tracker.rules.refusal import Refused
from tracker.services.archive_gate import ALWAYS, campaign_of, is_allowed, ways_to_campaign
from tracker.services.archives import archive_campaign
from tracker.services.audit import record_event
from tracker.services.reminders import remind_by_schedule, remind_members
from tracker.views.audit_acts import ACTS, Sort

pytestmark = [pytest.mark.slow, pytest.mark.settings(today=dt.date(2022, 1, 31))]

# Whose forms are sent → some of the endpoints that write for them as long as the campaign is open.
MUST_WRITE: dict[str, set[str]] = {
    "office": {
        "batches.undo",
        "comments.add",
        "entries.withdraw",
        "mappings.delete",
        "plans.cancel",
        "records.reverse",
    },
    "secretary": {"comments.add", "entries.several", "evidence.remove", "plans.cancel", "shares.end"},
    "member": {"comments.add", "entries.new", "entries.withdraw", "jots.new"},
    "leader": {"entries.several"},
}
# Tables that are not the campaign's, or that `services.archive_gate.ALWAYS` lets change.
ELSEWHERE = {
    "certificate", "draft", "exemption", "grant", "holiday", "known_device", "member", "membership",
    "reminder",  # one's own is put away
    "saved_filter",  # an account's own, kept and removed as one likes
    "screen_link",  # what is open is shut
    "sealed_opening", "sealed_person", "submission", "suggestion", "try_count", "unit", "user_account",
    "user_grant", "user_session",
}  # fmt: skip


@pytest.fixture
def marked(make):
    return Marked(make)


def of_campaign(names=None):
    """The rows of the campaign, table by table; of these tables alone, if they are named."""
    return {name: rows for name, rows in contents(names).items() if name not in ELSEWHERE}


def changed_by(app, client, forms):
    """The endpoints by which these forms change rows of the campaign, with the tables."""
    before, found = of_campaign(), {}
    routes = app.url_map.bind("localhost")
    for action, fields in forms:
        endpoint = routes.match(urlsplit(action).path, method="POST")[0]
        if endpoint.startswith(("campaigns.", "campaign_files.", "copies.", "jobs.", "packs.")):
            continue  # they have tests of their own; packs and copies only read: their jobs may be asked for
        filled = {"why": "不对", "text": "一句话", "title": "另一件事", "reason": "不对", "minutes": "1"}
        sent = {
            **fields,
            **{name: filled[name] for name in filled if name in fields and not any(fields[name])},
        }
        with undone():
            with written_into() as names:
                answer = client.post(action, data={**sent, **keys(client)})
            assert answer.status_code < 500, action
            changes = {name for name, rows in of_campaign(names).items() if rows != before[name]}
            if changes:
                found[endpoint] = changes
    return found


@pytest.mark.on_postgresql_as("office", "secretary")
@pytest.mark.parametrize("role", MUST_WRITE)
def test_no_form_of_theirs_changes_a_row_of_a_campaign_in_the_archive(app, marked, role):
    """The control: the same forms change rows as long as the campaign is open. They are kept from then, as in
    a window that stayed open: pages of the archive show few of them."""
    user = marked.office if role == "office" else marked.users[role]
    client = quick(app).sign_in(user)
    forms = forms_of(app, client, user, marked)
    open_changes = changed_by(app, client, forms)
    assert MUST_WRITE[role] <= set(open_changes), "a form writes nothing even now: the walk is blind"
    archive_campaign(marked.campaign, why="结束了", by=marked.office, at=NOW, today=dt.date(2022, 1, 31))
    db.session.commit()
    if os.environ.get(FULL):
        forms += forms_of(app, client, user, marked)
    assert changed_by(app, client, forms) == {}


def test_every_act_on_a_row_of_the_campaign_is_refused_unless_it_may_always_be_done(marked):
    """The gate itself: one row of each sort that acts are about."""
    archive_campaign(marked.campaign, why="结束了", by=marked.office, at=NOW, today=dt.date(2022, 1, 31))
    subjects = [
        db.session.scalars(select(model).limit(1)).first() for model in (Record, Comment, Paper, Plan)
    ]
    subjects = [marked.campaign, *(one for one in subjects if one is not None)]
    assert len(subjects) >= 4
    for subject in subjects:
        assert campaign_of(subject) == marked.campaign.id
        for action in [one for one in ACTS if not is_allowed(one)]:
            with pytest.raises(Refused, match="in the archive"):
                record_event(None, action, subject, NOW)
    for action in ALWAYS:
        record_event(None, action, marked.campaign, NOW)


def test_every_table_that_hangs_on_a_campaign_leads_the_gate_to_it_and_no_other_does():
    ways = ways_to_campaign()
    assert ways["record"] == (("campaign_id", Campaign),)
    assert {
        "participation",
        "comment",
        "job",
        "paper",
        "arrival",
        "plan",
        "close",
        "sample_reopening",
    } <= set(ways)
    assert not set(ways) & {
        "member",
        "membership",
        "unit",
        "user_account",
        "user_grant",
        "holiday",
        "exemption",
    }


def test_a_campaign_in_the_archive_reminds_nobody(marked):
    archive_campaign(marked.campaign, why="结束了", by=marked.office, at=NOW, today=dt.date(2022, 1, 31))
    given = {"at": NOW, "today": dt.date(2022, 1, 31)}
    with pytest.raises(Refused, match="in the archive"):
        remind_members(marked.campaign, marked.here, {marked.myself.id}, by=marked.office, **given)
    assert remind_by_schedule(marked.campaign, pairs=[(marked.office.id, Matter.PACE)], **given) == 0


def test_readings_are_no_writes():
    readings = {name for name, act in ACTS.items() if act.sort is Sort.READING}
    assert {name for name in readings if not is_allowed(name)} == set()
    assert set(ACTS) >= ALWAYS


def test_an_act_about_an_account_goes_on_while_its_browser_works_in_an_archive(make):
    campaign, user = make.campaign(), make.user()
    archive_campaign(campaign, why="结束了", by=user, at=NOW, today=dt.date(2022, 1, 31))
    user.works_in = campaign.id
    record_event(user, "user:set_password", user, NOW)
    assert isinstance(user, User)
    assert db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == (
        "user:set_password"
    )


@pytest.mark.parametrize(
    "command",
    [
        ["campaigns", "load", "FILE", "--commit"],
        ["ledger", "import", "tests/data/zhiyuan-2024/ledger.xlsx", "--commit"],
        ["ledger", "import", "tests/data/zhiyuan-2024/ledger.xlsx", "--verified", "--commit"],
    ],
)
def test_no_command_writes_into_it(app, make, command, tmp_path):
    campaign = make.campaign()
    archive_campaign(campaign, why="结束了", by=None, at=NOW, today=dt.date(2022, 1, 31))
    db.session.commit()
    path = tmp_path / "campaign.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("党史学习教育", "另一句话"), encoding="utf-8")
    before = of_campaign()
    result = app.test_cli_runner().invoke(args=[str(path) if one == "FILE" else one for one in command])
    db.session.rollback()
    assert result.exit_code == 1, result.output
    assert "归档" in result.output or "in the archive" in result.output
    assert of_campaign() == before
    assert db.session.scalars(select(CampaignArchive)).one().reopened_at is None
