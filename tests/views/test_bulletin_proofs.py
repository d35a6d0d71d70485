"""The page of a proof, and the files of a bulletin."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from urllib.parse import unquote

import docx
import pytest

from tests import html
from tests.bulletins import CAMPAIGN, begin, issue
from tracker.db import db
from tracker.models import Record
from tracker.services.records import reverse_participation

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

AT = dt.datetime(2021, 8, 1, tzinfo=dt.UTC)


@pytest.fixture
def issued(make):
    """An issue that quotes a visit with two people."""
    campaign = make.campaign(CAMPAIGN)
    branch = make.branch("南湖党支部")
    people = [make.member(branch, name=name) for name in ("张三", "李四")]
    make.record(
        campaign, "visit", owner=branch, people=people, title="参观旧址", happened_on=dt.date(2021, 5, 4)
    )
    found = issue(begin(campaign, make.office), make.office)
    db.session.commit()
    return found


def text(client, url):
    return html.text_of(client.page(url))


def test_an_issue_that_nothing_happened_to_is_unchanged(client, issued, make):
    client.sign_in(make.office)
    said = text(client, f"/bulletins/{issued.id}/proof")
    assert "与定稿时一致" in said
    assert "没有变化：" in said
    assert issued.digest in said
    assert "造成不同的记录" not in said


def test_a_row_that_was_taken_out_since_is_named_and_leads_to_its_record(client, issued, make):
    record = db.session.query(Record).filter_by(title="参观旧址").one()
    one = record.participations[0]
    reverse_participation(one, version=record.version, why="没有到场", by=make.office, at=AT)
    db.session.commit()
    client.sign_in(make.office)
    page = client.page(f"/bulletins/{issued.id}/proof")
    said = html.text_of(page)
    assert "项数字现在不同了" in said
    assert "参观旧址" in said
    assert "没有到场" in said
    links = [one.get("href") for one in page.iter("a")]
    assert f"/records/{record.id}" in links
    assert "张三" not in said


def test_a_draft_has_no_proof(client, issued, make):
    draft = begin(issued.campaign, make.office)
    db.session.commit()
    client.sign_in(make.office)
    assert client.get(f"/bulletins/{draft.id}/proof").location == f"/bulletins/{draft.id}"


def test_the_next_issue_says_which_corrections_it_prints(client, issued, make):
    record = db.session.query(Record).filter_by(title="参观旧址").one()
    reverse_participation(
        record.participations[0], version=record.version, why="没有到场", by=make.office, at=AT
    )
    draft = begin(issued.campaign, make.office)
    db.session.commit()
    client.sign_in(make.office)
    said = text(client, f"/bulletins/{draft.id}/issue")
    assert "第2期" in said
    assert "本期刊登的勘误" in said
    assert "现场教学人次" in said
    assert "勘误" in text(client, f"/bulletins/{draft.id}")


def test_a_bulletin_is_taken_away_under_its_own_name(client, issued, make):
    client.sign_in(make.office)
    answer = client.get(f"/bulletins/{issued.id}.docx")
    assert unquote(answer.headers["Content-Disposition"]) == "attachment; filename*=UTF-8''学习简报第1期.docx"
    words = "\n".join(one.text for one in docx.Document(BytesIO(answer.data)).paragraphs)
    assert "2人次" in words
    paper = client.get(f"/bulletins/{issued.id}/paper")
    assert "/figures/visits?as_of=2021-06-26" in paper.text
    pdf = client.get(f"/bulletins/{issued.id}.pdf")
    assert pdf.data.startswith(b"%PDF")
    draft = begin(issued.campaign, make.office)
    db.session.commit()
    name = unquote(client.get(f"/bulletins/{draft.id}.docx").headers["Content-Disposition"])
    assert name.endswith("学习简报2021-06-26草稿.docx")
