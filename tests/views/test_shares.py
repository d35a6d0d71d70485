"""The page of a record shares it; the place where shared works are read."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tracker.db import db
from tracker.models import AuditEvent, Role, Work

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def essay(bureau, make):
    found = make.record(bureau.campaign, "work", member=bureau.people[0], type="征文", title="湖畔")
    db.session.add(Work(record_id=found.id, text="第一段。\n\n  第二段<b>。"))
    db.session.commit()
    return found


def share(client, record, unit):
    page = f"/records/{record.id}"
    return client.submit(page, {"unit": str(unit.id) if unit else ""}, action=f"{page}/share")


def test_an_author_shares_it_a_colleague_reads_it_and_it_is_ended(client, essay, zhang, make, bureau):
    client.sign_in(zhang)
    answer = share(client, essay, bureau.groups[0])
    assert (answer.status_code, answer.location) == (303, f"/records/{essay.id}#sharing")
    picture = make.evidence(essay, name="长卷.jpg", media_type="image/jpeg")
    colleague = make.user(Role.MEMBER, member=bureau.people[1])
    client.sign_in(colleague)
    root = client.page("/shared")
    link = next(a.get("href") for a in root.iter("a") if html.text_of(a) == "湖畔")
    page = client.page(link)
    assert [html.text_of(p) for p in page.find(".//*[@class='prose']").iter("p")] == [
        "第一段。",
        "第二段<b>。",
    ]
    source = page.find(".//figure/img").get("src")
    given = client.get(source)
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/evidence/{picture.id}").status_code == 404, "the record itself is not theirs"
    assert client.get(f"/records/{essay.id}").status_code == 404
    client.sign_in(zhang)
    url = f"/records/{essay.id}"
    assert client.submit(url, {}, action=f"{url}/share/end").status_code == 303
    client.sign_in(colleague)
    assert [client.get(one).status_code for one in (link, source)] == [404, 404]
    assert "还没有" in body(client.page("/shared"))


def test_reading_leaves_no_trace(client, essay, make, bureau):
    shared = make.share(essay, bureau.groups[0])
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[1]))
    before = db.session.query(AuditEvent).count()
    client.page("/shared")
    client.page(f"/shared/{shared.id}")
    assert db.session.query(AuditEvent).count() == before


def test_nobody_chosen_comes_back_beside_the_choice(client, essay, zhang):
    client.sign_in(zhang)
    answer = share(client, essay, None)
    assert answer.status_code == 422
    assert "请选择" in body(html.parse(answer.text))


def test_who_does_not_share_it_is_not_offered_to(client, essay, make, bureau):
    for user, offered in (
        (make.user(Role.SECRETARY, bureau.one), True),
        (make.user(Role.GROUP_LEADER, bureau.groups[0]), False),
        (make.user(Role.AUDITOR), False),
    ):
        client.sign_in(user)
        answer = client.get(f"/records/{essay.id}")
        assert ('id="share-form"' in answer.text) == offered


def test_a_search_without_a_hit_says_so(client, essay, zhang, make, bureau):
    make.share(essay, bureau.groups[0])
    client.sign_in(zhang)
    assert "湖畔" in body(client.page("/shared?q=湖"))
    assert "湖畔" not in body(client.page("/shared?q=河"))


def test_the_list_costs_the_same_however_much_is_shared(client, essay, zhang, make, bureau, statements):
    make.share(essay, bureau.groups[0])
    client.sign_in(zhang)

    def asked():
        with statements() as seen:
            client.page("/shared")
        return len(seen)

    asked()
    before = asked()
    for n in range(5):
        record = make.record(bureau.campaign, "work", member=bureau.people[1], title=f"第{n}篇")
        make.share(record, bureau.groups[0])
    assert asked() == before
