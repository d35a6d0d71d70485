"""Every change of state leaves an event in the same transaction, in words, and without a member's name."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import html
from tests.acts_left import LEAVES
from tests.architecture import sources
from tests.queue_rows import Branch
from tracker.db import db
from tracker.models import AuditEvent, Grant, Role, User
from tracker.services import verifications
from tracker.views.audit_acts import ACTS
from tracker.views.audit_words import PAGES

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TRACKER = Path(__file__).parent.parent / "tracker"
ACTION = re.compile(r"[a-z]+:[a-z_]+")
# Where such a text is no act of the audit: permissions, and the words for acts.
NOT_ACTS = {"access", "views/audit_acts", "views/record_words", "views/story_words", "views/own_words"}


def literals():
    """Every act that stands in the code, with the file that leaves it."""
    found: dict[str, str] = {}
    for source in sources(TRACKER):
        if source.name in NOT_ACTS:
            continue
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and ACTION.fullmatch(node.value)
            ):
                found[node.value] = source.name
            if isinstance(node, ast.Call) and called(node) == "note_reading":
                kind = node.args[1]
                assert isinstance(kind, ast.Constant), f"{source.name}: note_reading wants a plain word"
                found[f"{kind.value}:read"] = source.name
    return found


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def test_every_act_of_the_code_has_words_and_every_word_an_act():
    found = literals()
    assert sorted(set(found) - set(ACTS)) == []
    assert sorted(set(ACTS) - set(found)) == []


def test_every_address_that_takes_a_form_says_what_it_leaves(app):
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert sorted(posting - set(LEAVES)) == []
    assert sorted(set(LEAVES) - posting) == []


def test_what_an_address_leaves_is_an_act_of_the_code():
    named = set().union(*(acts for acts in LEAVES.values() if isinstance(acts, set)))
    assert sorted(named - set(ACTS)) == []


def test_every_room_of_the_application_has_a_name_for_the_audit(app):
    assert sorted(set(app.blueprints) - set(PAGES)) == []


NAMES = ("张三", "李四", "曹建", "张麻子")
WHY = "张三的时长应为90分钟"  # people write names into reasons


@pytest.fixture
def here(make):
    """A branch with people, and a record that waits."""
    found = Branch(make)
    found.record = found.hours()
    found.office_record = make.record(found.campaign, member=found.li, minutes=60, title="第二章")
    db.session.commit()
    return found


def post(client, url, page=None, **fields):
    """Send a form with what it hides, taken from `page`, else from the address itself."""
    root = client.page(page or url)
    hidden = html.hidden_fields(root, url if page else None) or html.hidden_fields(root)
    return client.post(url, data={**hidden, **fields})


def verify(client, here):
    seen = f"{here.record.id}:{here.record.version}"
    return post(client, "/verify", seen=[seen], act="verify")


def give_back(client, here):
    seen = f"{here.record.id}:{here.record.version}"
    return post(client, "/verify", seen=[seen], act="return", why=WHY)


def reverse(client, here):
    record = here.office_record
    page = f"/records/{record.id}"
    return post(client, f"{page}/reverse", page, why=WHY, version=str(record.version))


def remark(client, here):
    page = f"/records/{here.record.id}"
    return post(client, f"{page}/comments", page, text="请看一下")


def suggest(client, here):
    return post(client, "/suggestions/new", text="少填一列")


def sheet(client, here):
    return post(client, "/records.xlsx", "/records")


def own_sheet(client, here):
    return post(client, "/me/everything.xlsx", "/me/everything")


def audit_sheet(client, here):
    return post(client, "/audit.xlsx", "/audit")


def sign_out(client, here):
    return post(client, "/sign-out", "/help")


def disable(client, here):
    page = f"/accounts/{here.member.id}"
    return post(client, f"{page}/disable", page)


def revoke(client, here):
    page = f"/accounts/{here.deputy.id}"
    grant = db.session.scalars(
        select(Grant).where(Grant.user_id == here.deputy.id, Grant.role == Role.DEPUTY)
    ).one()
    return post(client, f"{page}/grants/{grant.id}/revoke", page)


SAMPLE = {
    "verifications.decide": [
        ("secretary", verify, "record:verify"),
        ("secretary", give_back, "record:return"),
    ],
    "records.reverse": [("office", reverse, "record:reverse")],
    "comments.add": [("secretary", remark, "comment:add")],
    "suggestions.new": [("member", suggest, "suggestion:add")],
    "records.sheet": [("secretary", sheet, "record:export")],
    "me.sheet": [("member", own_sheet, "member:export")],
    "audit.sheet": [("office", audit_sheet, "audit:export")],
    "sessions.sign_out": [("member", sign_out, "user:sign_out")],
    "accounts.disable": [("office", disable, "user:disable")],
    "grants.revoke": [("office", revoke, "grant:revoke")],
}


@pytest.mark.parametrize(
    ("endpoint", "who", "act", "action"),
    [(endpoint, *one) for endpoint, many in SAMPLE.items() for one in many],
    ids=[one[2] for many in SAMPLE.values() for one in many],
)
def test_an_act_leaves_its_event_by_whoever_did_it_and_names_nobody(client, here, endpoint, who, act, action):
    user_id = getattr(here, who).id
    client.sign_in(getattr(here, who))
    before = set(db.session.scalars(select(AuditEvent.id)))
    answer = act(client, here)
    assert answer.status_code in (200, 303), answer.text
    left = [row for row in db.session.scalars(select(AuditEvent)) if row.id not in before]
    assert action in {row.action for row in left}
    assert {row.action for row in left} - {"record:read", "member:read"} <= set(LEAVES[endpoint])
    for row in left:
        assert row.actor_id == user_id
        assert row.at.tzinfo is dt.UTC
        said = json.dumps(row.detail, ensure_ascii=False)
        assert not [name for name in NAMES if name in said], row.action


def test_an_act_that_is_taken_back_with_its_transaction_leaves_no_event(app, here):
    """The event stands in the transaction of the doing: without the one there is not the other."""
    seen = [(here.record.id, here.record.version)]
    before = list(db.session.scalars(select(AuditEvent.id)))
    verifications.verify_records(seen, by=here.secretary, at=dt.datetime(2021, 6, 27, 8, tzinfo=dt.UTC))
    db.session.flush()
    assert len(list(db.session.scalars(select(AuditEvent.id)))) == len(before) + 1
    db.session.rollback()
    assert list(db.session.scalars(select(AuditEvent.id))) == before


def test_the_event_of_a_new_account_tells_its_role_and_not_its_owner(client, here, make):
    client.sign_in(here.office)
    post(client, "/accounts", "/accounts/new", name="张麻子", login="mazi", role="office", unit="")
    created = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "user:create")).all()
    assert db.session.scalar(select(User).where(User.login == "mazi")) is not None
    assert "张麻子" not in json.dumps([row.detail for row in created], ensure_ascii=False)
