"""Hours of a day with a session: the member is asked once, whoever verifies sees it, nothing is blocked."""

from __future__ import annotations

import pytest

from tests import html
from tests.conftest import TODAY
from tests.queue_rows import Branch
from tests.views.test_jots import entered
from tracker.models import Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PAGE = "/jot?kind=study"


@pytest.fixture
def here(make):
    """A branch whose first member was in a session of 120 minutes today that nobody has verified yet."""
    found = Branch(make)
    found.session = make.record(
        found.campaign, "activity", owner=found.branch, people=[found.zhang], type="现场教学",
        title="参观陵园", happened_on=TODAY, minutes=120, status=Status.SUBMITTED,
    )  # fmt: skip
    return found


def jot(client, **fields):
    values = {"day": TODAY.isoformat(), "duration": "60", "source": "学习强国", **fields}
    return client.submit(PAGE, values, action=PAGE)


def asked(answer):
    return next(
        (html.text_of(el) for el in html.parse(answer.text).iter("div") if el.get("id") == "overlap"), ""
    )


def own():
    return [record for record in entered() if record.kind.code == "study"]


def test_the_member_is_asked_before_it_is_saved_and_saves_it_all_the_same(client, here):
    client.sign_in(here.member)
    answer = jot(client)
    assert (answer.status_code, own()) == (422, [])
    assert "参观陵园" in asked(answer)
    assert "2小时" in asked(answer)
    fields = html.hidden_fields(html.parse(answer.text), PAGE)
    again = {"day": TODAY.isoformat(), "duration": "60", "source": "学习强国"}
    assert client.post(PAGE, data={**fields, **again}).status_code == 303
    assert [record.minutes for record in own()] == [60]


def test_another_day_with_a_session_is_asked_about_again(client, here, make):
    client.sign_in(here.member)
    fields = html.hidden_fields(html.parse(jot(client).text), PAGE)
    make.record(here.campaign, "activity", owner=here.branch, people=[here.zhang], title="党日",
                happened_on=TODAY.replace(day=30))  # fmt: skip
    other = {"day": "2021-07-30", "duration": "60", "source": "学习强国"}
    answer = client.post(PAGE, data={**fields, **other})
    assert answer.status_code == 422
    assert "党日" in asked(answer)


@pytest.mark.parametrize("case", ["another day", "another member", "withdrawn", "taken out"])
def test_nobody_is_asked_where_nothing_was_attended(client, here, case):
    match case:
        case "withdrawn":
            here.session.status = Status.WITHDRAWN
        case "taken out":
            here.session.participations[0].reversed_at = here.session.entered_at
            here.session.participations[0].reversed_by_id = here.office.id
    client.sign_in(here.make.user(Role.MEMBER, member=here.li) if case == "another member" else here.member)
    answer = jot(client, day="2021-07-30") if case == "another day" else jot(client)
    assert answer.status_code == 303


def test_whoever_verifies_sees_it_in_the_queue_and_on_the_page_of_the_record(client, here):
    record = here.hours(happened_on=TODAY)
    client.sign_in(here.secretary)
    for page in ("/verify?kind=study", f"/records/{record.id}"):
        assert "参观陵园" in html.text_of(client.page(page)), page


def test_where_the_member_is_a_code_no_session_tells_who_it_is(client, here):
    record = here.hours(happened_on=TODAY)
    client.sign_in(here.office)
    for page in ("/verify?kind=study&all=1", f"/records/{record.id}"):
        assert "参观陵园" not in html.text_of(client.page(page)), page
