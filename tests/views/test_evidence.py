"""Adding, taking away and giving out files from the page of a record."""

from __future__ import annotations

import io

import pytest
from flask import Request
from PIL import Image
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.files import evidence_files as made
from tracker.db import db
from tracker.models import AuditEvent, Evidence, Record, Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def record(bureau, make, zhang):
    found = make.record(
        bureau.campaign, "work", member=bureau.people[0], title="长卷", type="绘画", status=Status.SUBMITTED
    )
    found.entered_by_id = zhang.id
    db.session.commit()
    return found


def send(client, record, *files, **fields):
    page = f"/records/{record.id}"
    sent = [(io.BytesIO(content), name) for content, name in files]
    data = {"files": sent, **fields}
    return client.submit(page, data, action=f"{page}/evidence", content_type="multipart/form-data")


def kept():
    return db.session.scalars(select(Evidence).order_by(Evidence.id)).all()


def test_a_photograph_is_added_and_given_out_without_where_it_was_taken(client, record, zhang):
    client.sign_in(zhang)
    answer = send(client, record, (made.from_a_phone(), "长卷.jpg"), (made.PDF, "说明.pdf"))
    assert (answer.status_code, answer.location) == (303, f"/records/{record.id}#evidence")
    picture, document = kept()
    said = body(client.page(f"/records/{record.id}"))
    assert "长卷.jpg" in said
    assert "添加了附件" in said
    given = client.get(f"/evidence/{picture.id}")
    assert given.status_code == 200
    assert (given.mimetype, given.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["Cache-Control"] == "no-store"
    assert b"Exif" not in given.data
    assert Image.open(io.BytesIO(given.data)).size == (40, 60)
    assert client.get(f"/evidence/{document.id}").data == made.PDF


def test_of_several_files_one_that_is_refused_keeps_all_out_and_says_why(client, record, zhang):
    client.sign_in(zhang)
    answer = send(client, record, (made.PDF, "说明.pdf"), (b"<svg/>", "图.svg"), (b"", "空.pdf"))
    assert answer.status_code == 422
    said = body(html.parse(answer.text))
    assert "“图.svg”不是PDF" in said
    assert "“空.pdf”是空文件" in said
    assert kept() == []
    assert send(client, record).status_code == 422
    assert send(client, record, *[(made.PDF + bytes([n]), f"{n}.pdf") for n in range(6)]).status_code == 422
    assert kept() == []


@pytest.mark.settings(evidence_bytes=2**18, evidence_files=1)
def test_a_file_or_a_number_of_files_beyond_the_settings_is_refused(client, record, zhang):
    client.sign_in(zhang)
    assert "超过0" in send(client, record, (bytes(2**18 + 1), "大.pdf")).text
    assert (
        "一次最多选择1个文件" in send(client, record, (made.PDF, "一.pdf"), (made.PDF + b"\n", "二.pdf")).text
    )
    assert kept() == []


def test_while_a_form_with_files_comes_in_nothing_is_held(client, record, zhang, monkeypatch):
    client.sign_in(zhang)
    held = []
    read = Request._load_form_data

    def watched(request):
        if request.method == "POST":
            held.append(db.session().in_transaction())
        return read(request)

    monkeypatch.setattr(Request, "_load_form_data", watched)
    assert send(client, record, (made.PDF, "说明.pdf")).status_code == 303
    assert held
    assert not held[0]


def test_a_file_that_is_chosen_twice_is_added_once(client, record, zhang):
    client.sign_in(zhang)
    assert send(client, record, (made.PDF, "一.pdf"), (made.PDF, "二.pdf")).status_code == 303
    assert [one.name for one in kept()] == ["一.pdf"]


def test_a_request_beyond_every_file_is_refused_unread(client, record, zhang):
    client.sign_in(zhang)
    url, sort = f"/records/{record.id}/evidence", "multipart/form-data; boundary=x"
    claims = {"CONTENT_LENGTH": str(60 * 2**20)}
    answer = client.post(url, data=b"", content_type=sort, environ_overrides=claims)
    assert answer.status_code == 413


def test_a_form_sent_twice_adds_one_file(client, record, zhang):
    client.sign_in(zhang)
    url = f"/records/{record.id}/evidence"
    fields = html.hidden_fields(client.page(f"/records/{record.id}"), url)
    for _ in range(2):
        data = {**fields, "files": [(io.BytesIO(made.PDF), "说明.pdf")]}
        assert client.post(url, data=data, content_type="multipart/form-data").status_code in (302, 303)
    assert len(kept()) == 1


def test_a_file_is_removed_with_a_reason_and_is_gone_for_everybody(client, record, zhang, make, bureau):
    client.sign_in(zhang)
    send(client, record, (made.PDF, "说明.pdf"))
    (one,) = kept()
    page, url = f"/records/{record.id}", f"/evidence/{one.id}/remove"
    refused = client.submit(page, {"why": ""}, action=url)
    assert refused.status_code == 422
    assert "请用几个字说明原因" in refused.text or "error" in refused.text
    assert client.submit(page, {"why": "拿错了"}, action=url).status_code == 303
    assert client.get(f"/evidence/{one.id}").status_code == 404
    assert "拿错了" in body(client.page(page))


def test_who_sees_the_record_sees_its_files_and_nobody_else(client, record, zhang, make, bureau):
    client.sign_in(zhang)
    send(client, record, (made.PDF, "说明.pdf"))
    (one,) = kept()
    for role, unit, status in (
        (Role.SECRETARY, bureau.one, 200),
        (Role.AUDITOR, None, 200),
        (Role.SECRETARY, bureau.two, 404),
        (Role.ADMINISTRATOR, None, 404),
    ):
        client.sign_in(make.user(role, unit))
        assert client.get(f"/evidence/{one.id}").status_code == status, role
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[1]))
    assert client.get(f"/evidence/{one.id}").status_code == 404
    read = select(AuditEvent).where(AuditEvent.action == "evidence:read")
    assert len(db.session.scalars(read).all()) == 2


def test_an_auditor_reads_and_adds_nothing(client, record, make):
    client.sign_in(make.user(Role.AUDITOR))
    make.evidence(record)
    root = client.page(f"/records/{record.id}")
    assert "通知.pdf" in body(root)
    assert not [form for form in root.iter("form") if "evidence" in (form.get("action") or "")]
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(f"/records/{record.id}/evidence", data=fields).status_code == 404


def test_where_a_code_stands_for_the_member_names_of_files_tell_nothing(client, make, bureau):
    one = make.evidence(bureau.study, name="张三的笔记.pdf")
    client.sign_in(make.user(Role.OFFICE))
    said = body(client.page(f"/records/{bureau.study.id}"))
    assert "张三" not in said
    assert "%E5%BC%A0" not in str(client.get(f"/evidence/{one.id}").headers)


def test_a_file_that_is_lost_from_the_disk_is_said_to_be(client, record, zhang, app):
    one = record and db.session.get_one(Record, record.id)
    client.sign_in(zhang)
    send(client, one, (made.PDF, "说明.pdf"))
    (row,) = kept()
    (app.config["TRACKER"].data_dir / "evidence" / row.stored_as).unlink()
    assert client.get(f"/evidence/{row.id}").status_code == 422


def test_the_queue_counts_the_files_and_leads_to_them(client, record, zhang, make, bureau):
    make.evidence(record)
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    root = client.page("/verify")
    links = [a for a in root.iter("a") if (a.get("href") or "").endswith("#evidence")]
    assert [html.text_of(a) for a in links] == ["1个文件"]


def test_everything_about_me_lists_the_files(client, record, zhang, make):
    make.evidence(record, name="长卷.pdf")
    client.sign_in(zhang)
    assert "长卷.pdf" in body(client.page("/me/everything"))
