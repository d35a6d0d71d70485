"""The person behind a code: sealed, opened with a reason that is kept, deleted; and by whom not."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.pairings import by_id
from tracker.db import db
from tracker.models import AuditEvent, Record, Role, SealedOpening, SealedPerson, Status, Submission

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

NAME, PHONE, PLACE = "欧阳秀兰", "13912345678", "北园社区3号楼"
OPENERS = ("member", "secretary", "deputy")


@pytest.fixture
def people(bureau, make, zhang):
    return {
        "member": zhang,
        "colleague": make.user(Role.MEMBER, member=bureau.people[1]),
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "deputy": make.user(Role.DEPUTY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "leader": make.user(Role.GROUP_LEADER, bureau.groups[0]),
        "head": make.user(Role.SECTION_HEAD, bureau.section),
        "office": make.office,
        "auditor": make.user(Role.AUDITOR),
        "administrator": make.user(Role.ADMINISTRATOR),
    }


@pytest.fixture
def record(bureau, make):
    return make.record(bureau.campaign, "pairing", member=bureau.people[0], subject="KN009", community="北园")


def seal(client, record, **fields):
    page = f"/pairings/{record.id}/sealed"
    values = {"name": NAME, "contact": PHONE, "address": PLACE, "delete_on": "2022-01-31"}
    return client.submit(page, {**values, **fields}, action=page)


def ask(client, record, **fields):
    page = f"/pairings/{record.id}/sealed"
    return client.submit(page, fields or {"why": "visit"}, action=f"{page}/open")


def push(client, record, act="/open", **fields):
    """Send a form that no page of theirs holds."""
    hidden = html.hidden_fields(client.page("/help"))
    values = {**hidden, "submission_key": "k" * 24, "why": "visit", "version": "1", **fields}
    return client.post(f"/pairings/{record.id}/sealed{act}", data=values)


def openings():
    return [(row.by_id, row.why) for row in db.session.scalars(select(SealedOpening))]


@pytest.fixture
def sealed(client, people, record):
    client.sign_in(people["member"])
    assert seal(client, record).status_code == 303
    return db.session.scalars(select(SealedPerson)).one()


@pytest.mark.parametrize("who", OPENERS)
def test_what_is_sealed_is_shown_once_with_a_reason_that_is_kept(client, people, record, sealed, who):
    client.sign_in(people[who])
    page = f"/pairings/{record.id}/sealed"
    assert NAME not in client.get(page).text
    answer = ask(client, record, why="call")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert all(text in answer.text for text in (NAME, PHONE, PLACE))
    assert openings() == [(people[who].id, "call")]
    shown = body(client.page(page))
    assert people[who].name in shown
    assert "需要打电话" in shown
    assert NAME not in shown


def test_a_second_click_shows_nothing_again(client, people, record, sealed):
    page = f"/pairings/{record.id}/sealed"
    fields = html.hidden_fields(client.page(page), f"{page}/open")
    first, second = (client.post(f"{page}/open", data={**fields, "why": "visit"}) for _ in range(2))
    assert NAME in first.text
    assert (second.status_code, second.location) == (302, page)
    assert len(openings()) == 1


@pytest.mark.parametrize("why", ["", "because", "due"])
def test_without_a_reason_nothing_is_opened(client, record, sealed, why):
    answer = ask(client, record, why=why)
    assert answer.status_code == 422
    assert "请选择理由" in answer.text
    assert NAME not in answer.text
    assert openings() == []


@pytest.mark.parametrize("who", ["colleague", "other", "leader", "head", "administrator"])
def test_nobody_else_knows_of_it(client, people, record, sealed, who):
    client.sign_in(people[who])
    assert client.get(f"/pairings/{record.id}/sealed").status_code == 404
    for act in ("", "/open", "/delete"):
        assert push(client, record, act).status_code == 404, act
    assert openings() == []


@pytest.mark.parametrize("who", ["office", "auditor"])
def test_office_and_auditor_see_who_opened_it_and_cannot_open_it(client, people, record, sealed, who):
    ask(client, record)
    client.sign_in(people[who])
    root = client.page(f"/pairings/{record.id}/sealed")
    assert people["member"].name in html.text_of(by_id(root, "openings"))
    assert by_id(root, "open-form") is None
    assert by_id(root, "seal-form") is None
    assert (by_id(root, "deletion-form") is not None) == (who == "office")
    assert push(client, record).status_code == 404
    assert push(client, record, "", name=NAME, delete_on="2022-01-31").status_code == 404
    assert len(openings()) == 1
    assert "打开封存信息" in body(client.page("/audit"))


def test_who_types_the_code_of_another_opens_nothing_before_somebody_has_verified_it(
    client, people, bureau, make, record, sealed
):
    typed = make.record(
        bureau.campaign, "pairing", member=bureau.people[1], subject="KN009", status=Status.SUBMITTED
    )
    client.sign_in(people["colleague"])
    assert client.get(f"/pairings/{typed.id}/sealed").status_code == 404
    assert push(client, typed).status_code == 404


def test_the_same_code_in_another_branch_is_another_person(client, people, bureau, make, record, sealed):
    theirs = make.record(bureau.campaign, "pairing", member=bureau.people[2], subject="KN009")
    client.sign_in(people["other"])
    assert "还没有封存内容" in body(client.page(f"/pairings/{theirs.id}/sealed"))
    assert push(client, theirs).status_code == 404


@pytest.mark.parametrize("status", [Status.REVERSED, Status.WITHDRAWN, Status.SUBMITTED])
def test_a_record_that_counts_no_more_opens_nothing(client, people, record, sealed, status):
    db.session.get_one(Record, record.id).status = status
    if status is Status.REVERSED:
        record.reversed_at, record.reversed_by_id = record.entered_at, record.entered_by_id
    db.session.commit()
    assert push(client, record).status_code == 404
    assert openings() == []


def test_an_opening_is_kept_even_if_the_request_then_breaks(client, record, sealed, monkeypatch):
    def broken(*_args, **_kw):
        raise RuntimeError("the process died here")

    monkeypatch.setattr("tracker.services.sealed_people.open_person", broken)
    page = f"/pairings/{record.id}/sealed"
    fields = html.hidden_fields(client.page(page), f"{page}/open")
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        assert client.post(f"{page}/open", data={**fields, "why": "visit"}).status_code == 500
    finally:
        client.application.config["PROPAGATE_EXCEPTIONS"] = None
    db.session.rollback()
    assert len(openings()) == 1
    assert [row.action for row in db.session.scalars(select(AuditEvent))].count("sealed:open") == 1


def test_a_lost_key_is_a_clear_sentence_and_no_new_one_is_drawn(app, client, record, sealed):
    path = app.config["TRACKER"].seal_keys_path
    kept = path.read_text()
    path.unlink()
    answer = ask(client, record)
    assert answer.status_code == 422
    assert "找不到密钥文件" in answer.text
    assert seal(client, record, name="别人").status_code == 422
    assert not path.exists()
    path.write_text("1-abc aes-256-gcm " + "A" * 43 + "=\n")
    assert "没有封存时所用的密钥" in ask(client, record).text
    path.write_text("nonsense")
    assert "无法读取" in ask(client, record).text
    path.write_text(kept)
    assert NAME in ask(client, record).text


def test_it_is_written_anew_unopened_and_the_second_of_two_browsers_is_told(client, record, sealed):
    page = f"/pairings/{record.id}/sealed"
    stale = html.hidden_fields(client.page(page), page)
    assert seal(client, record, name="周桂英").status_code == 303
    values = {"name": "钱七", "contact": "", "address": "", "delete_on": "2022-01-31"}
    answer = client.post(page, data={**stale, **values})
    assert answer.status_code == 409
    assert by_id(html.parse(answer.text), "seal-name").get("value") == "钱七"
    shown = ask(client, record).text
    assert "周桂英" in shown
    assert NAME not in shown
    assert len(openings()) == 1


@pytest.mark.parametrize(
    "fields",
    [{"name": " "}, {"name": "字" * 41}, {"delete_on": "2021-07-31"}, {"delete_on": "2030-01-01"},
     {"delete_on": "never"}, {"address": "11010519491231002X"}],
)  # fmt: skip
def test_what_cannot_be_sealed_comes_back_and_nothing_is_kept(client, people, record, fields):
    client.sign_in(people["member"])
    answer = seal(client, record, **fields)
    assert answer.status_code == 422
    root = html.parse(answer.text)
    for field, text in fields.items():
        if text.strip():
            assert by_id(root, "seal-" + field.replace("_", "-")).get("value") == text
    assert db.session.scalars(select(SealedPerson)).all() == []


def test_the_form_leaves_no_digest_that_could_be_tried(app, client, record, sealed):
    """The digest of a form is keyed: with the database alone nobody tries names until one fits."""
    import hashlib

    kept = db.session.scalars(select(Submission)).all()
    assert kept
    page = f"/pairings/{record.id}/sealed"
    fields = {"name": NAME, "contact": PHONE, "address": PLACE, "delete_on": "2022-01-31", "version": "0"}
    for row in kept:
        parts = [f"{name}={text}" for name, text in sorted({**fields, "submission_key": row.key}.items())]
        assert row.content != hashlib.sha256("\n".join([page, *parts]).encode()).hexdigest()


def test_signed_out_nothing_of_it_is_carried_along(client, people, record):
    client.sign_in(people["member"])
    page = f"/pairings/{record.id}/sealed"
    fields = html.hidden_fields(client.page(page), page)
    with client.session_transaction() as session:
        session.pop("_user_id")
    answer = client.post(page, data={**fields, "name": NAME, "delete_on": "2022-01-31"})
    assert answer.status_code == 302
    assert NAME not in answer.text


@pytest.mark.parametrize("who", [*OPENERS, "office"])
def test_it_is_deleted_with_a_reason_and_its_log_stays(client, people, record, sealed, who):
    ask(client, record)
    client.sign_in(people[who])
    page = f"/pairings/{record.id}/sealed"
    for wrong in ("", "due"):
        assert client.submit(page, {"why": wrong}, action=f"{page}/delete").status_code == 422
    assert client.submit(page, {"why": "asked"}, action=f"{page}/delete").status_code == 303
    row = db.session.scalars(select(SealedPerson)).one()
    assert (row.sealed, row.nonce, row.deleted_why) == (None, None, "asked")
    shown = body(client.page(page))
    assert "本人要求删除" in shown
    assert people["member"].name in shown
    assert push(client, record).status_code == 404


def test_of_two_who_delete_the_second_is_told(client, people, record, sealed):
    page = f"/pairings/{record.id}/sealed"
    stale = html.hidden_fields(client.page(page), f"{page}/delete")
    assert seal(client, record, name="周桂英").status_code == 303
    assert client.post(f"{page}/delete", data={**stale, "why": "asked"}).status_code == 409
    assert db.session.scalars(select(SealedPerson)).one().sealed is not None


def test_after_its_last_day_nothing_can_be_sealed(app, client, people, record, monkeypatch):
    monkeypatch.setattr("tracker.views.pairings.today", lambda: dt.date(2023, 1, 1))
    client.sign_in(people["member"])
    root = client.page(f"/pairings/{record.id}/sealed")
    assert by_id(root, "seal-form") is None
    assert "不能再封存" in body(root)
    assert push(client, record, "", name=NAME, delete_on="2023-02-01").status_code == 422
