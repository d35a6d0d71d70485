"""A work is handed in as a text, as a picture or document, or as both; any form of a record takes files."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.essays import essay
from tests.files import evidence_files as made
from tracker.db import db
from tracker.models import Evidence, Record, Role

FORM = "multipart/form-data"
WORK = {"type": "绘画", "title": "长卷", "happened_on": "2021-06-01"}


def files(*contents):
    return [(io.BytesIO(content), f"画{n}.jpg") for n, content in enumerate(contents)]


def hand_in(client, url="/jot/write?kind=work", **fields):
    action = url if "?" not in url or "record=" in url else "/jot/write?kind=work"
    page = html.hidden_fields(client.page(url), action)
    return client.post(action, data={**page, **WORK, **fields}, content_type=FORM)


def last():
    return db.session.scalars(select(Record).order_by(Record.id.desc()).limit(1)).one()


def kept(record):
    return db.session.scalars(select(Evidence).where(Evidence.record_id == record.id)).all()


@pytest.fixture
def member(client, zhang):
    return client.sign_in(zhang)


def test_a_picture_stands_in_place_of_the_text(member):
    assert hand_in(member, text="", files=files(made.picture())).status_code == 303
    record = last()
    assert (record.title, record.work) == ("长卷", None)
    assert [one.name for one in kept(record)] == ["画0.jpg"]


def test_without_either_it_is_not_taken(member):
    before = last().id
    answer = hand_in(member, text="")
    assert answer.status_code == 422
    assert last().id == before


def test_what_was_typed_stays_when_a_file_is_refused_and_good_files_are_asked_for_again(member, chance_text):
    answer = hand_in(member, text=chance_text, files=[(io.BytesIO(b"<svg/>"), "图.svg")])
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert chance_text[:30] in "".join(root.find(".//textarea[@id='text']").itertext())
    assert "“图.svg”不是PDF" in body(root)
    short = hand_in(member, text="太短", files=files(made.picture()), title="")
    assert short.status_code == 422
    assert "文件请重新选择" in body(html.parse(short.text))


@pytest.fixture
def chance_text():
    import random

    return essay(random.Random(7), 300)


def test_text_and_files_go_together_and_a_correction_may_leave_the_text_to_the_files(member, chance_text):
    hand_in(member, text=chance_text, files=files(made.picture(), made.picture(size=(9, 9))))
    record = last()
    assert record.work is not None
    assert len(kept(record)) == 2
    page = f"/jot/write?record={record.id}"
    fields = html.hidden_fields(member.page(page), "/jot/write?kind=work")
    answer = member.post("/jot/write?kind=work", data={**fields, **WORK, "text": ""}, content_type=FORM)
    assert answer.status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Record, record.id).work is None


def test_hours_are_noted_with_a_file(member):
    url = "/jot"
    root = member.page(url)
    fields = html.hidden_fields(root, "/jot?kind=study")
    data = {
        **fields,
        "day": "2021-07-31",
        "duration": "30",
        "source": "学习强国",
        "files": files(made.picture()),
    }
    assert member.post("/jot?kind=study", data=data, content_type=FORM).status_code == 303
    assert len(kept(last())) == 1


def test_a_secretary_enters_a_work_with_a_picture_for_a_member(client, bureau, make):
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    data = {**WORK, "member": "张三（M0001）", "text": "", "files": files(made.picture())}
    assert client.submit("/enter/work", data, content_type=FORM).status_code == 303
    assert len(kept(last())) == 1
    assert (
        client.submit("/enter/work", {**data, "title": "又一", "files": []}, content_type=FORM).status_code
        == 422
    )
