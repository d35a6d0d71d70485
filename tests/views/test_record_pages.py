"""One record: its page, reversing it, reversing one attendance; and the workbook of a list."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import DAY, Bureau, body
from tracker.db import db
from tracker.models import AuditEvent, Role, Status
from tracker.queries.figures import figure_values

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


def test_a_record_page_says_where_it_comes_from(office, make, bureau):
    bureau.study.batch_sheet, bureau.study.batch_row = "读党史", 17
    page = body(office.page(f"/records/{bureau.study.id}"))
    assert bureau.study.batch.filename in page
    assert "17" in page
    assert "第一章" in page


def test_reversing_says_before_what_will_change(office, bureau):
    page = office.page(f"/records/{bureau.visit.id}")
    rows = [html.text_of(row) for row in page.find(".//section[@id='reversal']").iter("tr")]
    assert any("现场教学" in row and "2场次" in row and "1场次" in row for row in rows)


def reverse(client, record, why="录错了", **fields):
    return client.submit(
        f"/records/{record.id}", {"why": why, **fields}, action=f"/records/{record.id}/reverse"
    )


def test_reversing_takes_a_record_out_of_the_figures_with_its_reason(office, bureau):
    before = figure_values(bureau.campaign, DAY)
    assert reverse(office, bureau.visit).status_code == 303
    after = figure_values(bureau.campaign, DAY)
    changed = {
        key for key in before if before[key].value != after[key].value or before[key].high != after[key].high
    }
    assert changed == {"stories.sessions", "stories.categories", "stories.person_times", "stories.persons"}
    page = body(office.page(f"/records/{bureau.visit.id}"))
    assert "录错了" in page
    assert db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()[-1] == "record:reverse"


def test_reversing_needs_a_reason(office, bureau):
    response = reverse(office, bureau.visit, why=" ")
    assert response.status_code == 422
    db.session.refresh(bureau.visit)
    assert bureau.visit.status is Status.VERIFIED


def test_who_comes_second_gets_a_409(office, bureau):
    response = reverse(office, bureau.visit, version="0")
    assert response.status_code == 409
    fields = html.hidden_fields(
        office.page(f"/records/{bureau.visit.id}"), f"/records/{bureau.visit.id}/reverse"
    )
    reverse(office, bureau.visit)
    late = office.post(
        f"/records/{bureau.visit.id}/reverse",
        data={**fields, "why": "又一次", "submission_key": "k" * 20},
    )
    assert late.status_code == 409


def test_a_form_sent_twice_writes_once_and_other_content_with_its_key_is_a_409(office, bureau):
    path = f"/records/{bureau.visit.id}/reverse"
    fields = {**html.hidden_fields(office.page(f"/records/{bureau.visit.id}"), path), "why": "录错了"}
    first, second = office.post(path, data=fields), office.post(path, data=fields)
    assert (first.status_code, second.location) == (303, first.location)
    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions.count("record:reverse") == 1
    assert office.post(path, data={**fields, "why": "别的"}).status_code == 409


def test_one_attendance_is_reversed_and_the_session_stays(office, bureau):
    before = figure_values(bureau.campaign, DAY)
    row = bureau.visit.participations[1]
    address = f"/records/{bureau.visit.id}?attendance={row.id}"
    response = office.submit(address, {"why": "没有来"}, action=f"/attendances/{row.id}/reverse")
    assert response.status_code == 303
    after = figure_values(bureau.campaign, DAY)
    changed = {
        key for key in before if (before[key].value, before[key].high) != (after[key].value, after[key].high)
    }
    assert changed == {"stories.person_times", "stories.persons"}
    assert "没有来" in body(office.page(f"/records/{bureau.visit.id}"))
    assert "张三" in body(office.page(f"/records/{bureau.visit.id}"))


def test_an_attendance_of_another_record_is_not_found(office, bureau):
    row = bureau.visit.participations[0]
    assert office.get(f"/records/{bureau.study.id}?attendance={row.id}").status_code == 404
    assert office.get(f"/records/{bureau.visit.id}?attendance=999999").status_code == 404


def test_an_auditor_reads_but_finds_no_button_to_reverse(client, make, bureau):
    client.sign_in(make.user(Role.AUDITOR))
    page = client.page(f"/records/{bureau.visit.id}")
    assert page.find(".//section[@id='reversal']") is None
    fields = html.hidden_fields(page)
    answer = client.post(
        f"/records/{bureau.visit.id}/reverse", data={**fields, "why": "试试", "version": "1"}
    )
    assert answer.status_code == 404
    db.session.refresh(bureau.visit)
    assert bureau.visit.status is Status.VERIFIED


def workbook(client, address):
    root = client.page(address)
    form = next(form for form in root.iter("form") if (form.get("action") or "").startswith("/records.xlsx"))
    response = client.post(form.get("action"), data=html.hidden_fields(root, form.get("action")))
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.data))


def test_the_workbook_holds_exactly_what_is_listed_and_is_noted(office, bureau):
    book = workbook(office, f"/records?figure=study.total_minutes&as_of={DAY}")
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) - 1 == 5
    adds = [row[-1] for row in rows[1:]]
    assert sum(adds) == figure_values(bureau.campaign, DAY)["study.total_minutes"].value
    assert not any("张三" in str(cell) for row in rows for cell in row)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:export")).one()
    assert event.detail["rows"] == 5


def test_the_workbook_says_its_rule_and_its_total(office, bureau):
    book = workbook(office, f"/records?figure=classroom.persons&as_of={DAY}")
    said = " ".join(str(cell) for row in book.worksheets[1].iter_rows(values_only=True) for cell in row)
    value = figure_values(bureau.campaign, DAY)["classroom.persons"]
    assert value.low < value.high
    assert f"{value.low}–{value.high}" in said


@pytest.mark.parametrize("chosen", ["", "?kind=study", "?kind=task"])
def test_no_two_columns_of_the_workbook_have_one_heading(office, bureau, chosen):
    head = next(workbook(office, f"/records{chosen}").worksheets[0].iter_rows(values_only=True))
    assert len(set(head)) == len(head)


def test_a_text_of_the_workbook_is_never_a_formula(office, make, bureau):
    make.record(
        bureau.campaign, "activity", owner=bureau.one, type="专题学习", title='=HYPERLINK("http://x")'
    )
    book = workbook(office, "/records?q=HYPERLINK")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(cell.value == '=HYPERLINK("http://x")' for cell in cells)


def test_a_secretary_takes_away_only_what_they_see(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.two))
    rows = list(workbook(client, "/records?kind=study").worksheets[0].iter_rows(values_only=True))
    assert not any("张三" in str(cell) or "李四" in str(cell) for row in rows for cell in row)
    assert any("王五" in str(cell) for row in rows for cell in row)
