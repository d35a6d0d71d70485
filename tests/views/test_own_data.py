"""Everything about a member, as a page and as a workbook: all that is theirs, and nobody else's."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from tests.bureau import body
from tests.maker import NOW
from tests.views.test_me import waiting
from tracker.db import db
from tracker.models import AuditEvent, Comment, Draft, Role, Status, Suggestion, Work
from tracker.services.papers import print_paper

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def take(client):
    answer = client.submit("/me/everything", action="/me/everything.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.data))


def cells(book):
    return [
        cell
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]


def minutes_in(book):
    """What stands in the column of minutes; an id elsewhere may be the same number."""
    found = []
    for sheet in book:
        headings, *rows = sheet.iter_rows(values_only=True)
        places = [n for n, heading in enumerate(headings) if heading == "时长（分钟）"]
        found += [row[n] for row in rows for n in places]
    return found


def test_everything_holds_all_of_mine_and_none_of_others(client, bureau, make, zhang):
    me, li = bureau.people[:2]
    essay = make.record(
        bureau.campaign, "work", member=me, type="征文", title="有正文的", status=Status.SUBMITTED
    )
    text = "正" * 33_000 + "尾"  # longer than a cell of a workbook
    db.session.add(Work(record_id=essay.id, text=text))
    other = make.record(bureau.campaign, "work", member=li, type="征文", title="禁-别人的题目")
    db.session.add(Work(record_id=other.id, text="禁-别人的正文"))
    db.session.add(Comment(record_id=essay.id, by_id=make.office.id, at=NOW, text="写得好"))
    db.session.add(Comment(record_id=other.id, by_id=make.office.id, at=NOW, text="禁-别人的意见"))
    db.session.add(Comment(record_id=bureau.visit.id, by_id=make.office.id, at=NOW, text="禁-说到李四"))
    stranger = make.user(Role.MEMBER, member=li)
    db.session.add(Suggestion(text="少一张表", page="/me", by_id=zhang.id, at=NOW))
    db.session.add(Suggestion(text="禁-别人的建议", page="/me", by_id=stranger.id, at=NOW))
    kind = essay.kind_id
    db.session.add(Draft(user_id=zhang.id, kind_id=kind, fields={"text": "没写完", "tab": "x"}, saved_at=NOW))
    db.session.add(Draft(user_id=stranger.id, kind_id=kind, fields={"text": "禁-别人的草稿"}, saved_at=NOW))
    withdrawn = make.record(bureau.campaign, member=me, minutes=15, title="撤回的", status=Status.WITHDRAWN)
    paper = print_paper(
        bureau.study.kind,
        bureau.groups[0],
        [me.id, li.id],
        starts_on=dt.date(2021, 4, 5),
        by=make.office,
        at=NOW,
    )
    db.session.flush()

    client.sign_in(zhang)
    shown = body(client.page("/me/everything"))
    book = take(client)
    found = cells(book)
    texts = "\n".join(str(cell) for cell in found)
    for mine in (
        me.number,
        me.name,
        "有正文的",
        "写得好",
        "少一张表",
        "没写完",
        "撤回的",
        bureau.one.name,
        str(paper.starts_on),
        "机关党委",
    ):
        assert mine in texts, mine
        assert mine in shown, mine
    assert "".join(str(cell) for cell in found if set(str(cell)) <= {"正", "尾"}) == text
    assert withdrawn.id in found
    assert 120 not in minutes_in(book)  # those of others
    assert paper.code not in texts + shown, "by it rows are keyed in"
    for place in (texts, shown):
        assert "禁-" not in place
        assert all(
            word not in place
            for word in ("李四", "王五", "赵六", "M0002", make.office.name, make.office.login)
        )
    row = next(
        r for sheet in book for r in sheet.iter_rows(values_only=True) if bureau.visit.id in r and "参观" in r
    )
    assert 2 in row  # two others were there
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:export")).one()
    assert (event.actor_id, event.subject_id) == (zhang.id, me.id)


def test_the_workbook_is_typed_and_runs_no_formula(client, bureau, make, zhang):
    waiting(bureau, make, bureau.people[0], title="=1+1")
    book = take(client.sign_in(zhang))
    found = cells(book)
    assert "=1+1" in found
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert dt.date(2021, 6, 25) in [cell.date() for cell in found if isinstance(cell, dt.datetime)]
    assert 120 in minutes_in(book)
