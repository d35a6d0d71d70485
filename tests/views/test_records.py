"""The ledger: lists, the rows behind each figure, one record, reversing, the workbook."""

from __future__ import annotations

import datetime as dt
import io
from unittest.mock import patch

import openpyxl
import pytest
from sqlalchemy import select

from tests import html, maker
from tracker.db import db
from tracker.models import AuditEvent, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.record_filters import RecordFilter
from tracker.queries.record_totals import total_of
from tracker.queries.records import ledger, ledger_page
from tracker.rules.campaigns import DISTINCT_MEASURES, ROSTER_MEASURES, Reduce, Scope
from tracker.rules.pseudonyms import member_code
from tracker.services.tallies import recount_all

DAY = dt.date(2021, 6, 26)
KEY = "only-for-tests-" * 4


class Bureau:
    """Two branches with people, and rows of every kind."""

    def __init__(self, make):
        with patch.object(maker, "recount_records"):  # once at the end is enough
            self.fill(make)
        recount_all(self.campaign)

    def fill(self, make):
        self.campaign = make.campaign()
        self.one, self.two = make.branch("东湖党支部"), make.branch("西山党支部")
        self.groups = [make.group(self.one), make.group(self.two)]
        self.section = make.section()
        self.people = [
            make.member(self.one, self.groups[0], name="张三", number="M0001"),
            make.member(self.one, self.groups[0], name="李四", number="M0002"),
            make.member(self.two, self.groups[1], name="王五", number="M0003"),
            make.member(self.two, self.groups[1], name="赵六", number="M0004", category="离退休"),
        ]
        make.exemption(self.people[3])
        zhang, li, wang, zhao = self.people

        def row(kind, **fields):
            return make.record(self.campaign, kind, **fields)

        self.study = row("study", member=zhang, minutes=90, source="学习强国", title="第一章")
        for person, minutes in ((li, 45), (wang, 6000), (zhao, 30), (zhang, 60)):
            row("study", member=person, minutes=minutes, source="学习强国", title="自学")
        row("study", member=li, minutes=30, happened_on=dt.date(2021, 7, 1), title="之后")
        row("study", member=li, minutes=30, status=Status.SUBMITTED, title="还没核实")
        self.visit = row(
            "activity", owner=self.one, people=[zhang, li, wang], type="现场教学", title="参观", category="陵园",
            ref="S001", co_organisers=[self.two],
        )  # fmt: skip
        row("activity", owner=self.two, people=[zhang], type="现场教学", title="参观二", category="展馆")
        row("activity", owner=self.two, people=[wang], type="党校培训", title="培训")
        row("activity", owner=self.two, headcount=2, type="专题宣讲", title="宣讲")
        row("activity", type="中心组学习", title="研讨")
        row("activity", owner=self.one, type="专题学习", title="专题")
        row("activity", owner=self.one, type="主题党日", title="党日")
        row("work", member=zhang, type="征文", title="初心", stage="优秀")
        row("work", member=wang, type="心得分享", title="所感")
        row("pairing", member=zhang, subject="KN001", community="北园")
        row("pairing", member=li, subject="KN001", community="南园")
        row(
            "pairing",
            member=wang,
            subject="KN002",
            community="北园",
            stage="已结束",
            ended_on=dt.date(2021, 5, 1),
        )
        row(
            "service",
            owner=self.groups[0],
            people=[zhang, li],
            minutes=180,
            community="北园",
            people_served=12,
        )
        row("service", owner=self.groups[1], minutes=60, community="南园", people_served=3)
        for owner, stage, ended in (
            (self.one, "完成", dt.date(2021, 6, 1)), (self.two, "在办", None), (self.section, "领办", None),
            (self.section, "完成", dt.date(2021, 7, 3)),
        ):  # fmt: skip
            row("task", owner=owner, title="修路灯", stage=stage, ended_on=ended)
        for person in self.people:
            row("reading", member=person, type="专题", title="甲", quantity=1)
            row("reading", member=person, type="书目", title="乙", quantity=1)


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


def titles(root):
    return [
        html.text_of(cell.find(".//a")) for cell in root.iter("td") if "what" in (cell.get("class") or "")
    ]


def body(root):
    return html.text_of(root.find(".//main"))


def test_the_rows_behind_every_figure_come_to_the_figure(make, bureau, office):
    reader = make.user(Role.OFFICE)
    values = figure_values(bureau.campaign, DAY)
    for figure in spec_of(bureau.campaign).figures:
        if figure.measure in ROSTER_MEASURES:
            answer = office.get(f"/records?figure={figure.id}&as_of={DAY}", follow_redirects=True)
            assert answer.request.path in ("/members", "/branches"), figure.id
            continue
        value = values[figure.id]
        asked = ledger(bureau.campaign, RecordFilter(DAY, figure=figure), reader, KEY)
        total = total_of(bureau.campaign, asked, reader)
        found = (total.value, total.low, total.high, total.date)
        assert found == (value.value, value.low, value.high, value.date), figure.id
        rows = ledger_page(asked).items
        assert all(row.record.status is Status.VERIFIED and row.adds for row in rows), figure.id
        if (
            figure.reduce is Reduce.SUM
            and figure.measure not in DISTINCT_MEASURES
            and figure.scope is Scope.BUREAU
        ):
            assert sum(row.adds for row in rows) == value.value * figure.divide_by, figure.id


@pytest.mark.parametrize(
    "figure_id", ["study.min_hours", "classroom.persons", "study.slowest_reaches_100_on"]
)
def test_the_page_of_a_figure_names_it_and_lists_its_rows(office, bureau, figure_id):
    figure = spec_of(bureau.campaign).figure(figure_id)
    root = office.page(f"/records?figure={figure_id}&as_of={DAY}")
    assert figure.title in body(root)
    assert root.find(".//p[@id='total']") is not None
    assert titles(root)


def test_a_unit_shows_its_own_part_of_a_figure(office, bureau):
    root = office.page(f"/records?figure=stories.sessions&as_of={DAY}&unit={bureau.two.id}")
    assert sorted(titles(root)) == ["参观", "参观二"]  # one of them held together with the other branch
    assert html.text_of(root.find(".//p[@class='figure-value']/b")) == "2"


def test_a_choice_beside_the_figure_is_said_to_narrow_it(office, bureau):
    root = office.page(f"/records?figure=study.total_minutes&as_of={DAY}&q=第一章")
    assert titles(root) == ["第一章"]
    assert html.text_of(root.find(".//p[@class='figure-value']/b")) == "90"
    assert "可能" in body(root) or "may be less" in body(root)


def test_without_a_figure_every_row_is_listed_whatever_its_state(office, bureau):
    root = office.page("/records?kind=study")
    assert len(titles(root)) == 7
    assert titles(office.page("/records?status=submitted")) == ["还没核实"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=activity&type=党校培训", ["培训"]),
        ("since=2021-07-01&until=2021-07-31", ["之后"]),
        ("q=S001", ["参观"]),
        ("q=参观", ["参观二", "参观"]),
        ("kind=work&q=zhangsan", ["初心"]),
        ("kind=work&q=zs", ["初心"]),
        ("kind=work&q=张 三", ["初心"]),
        ("kind=work&q=M0001", ["初心"]),
        ("q=100%25", []),
        ("q=_", []),
        ("kind=nonsense&status=nonsense&since=2021-02-30&page=-3&q=初心", ["初心"]),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked(office, bureau, query, expected):
    assert titles(office.page(f"/records?{query}")) == expected


def test_every_order_ends_in_the_same_rows(office, bureau):
    everything = sorted(titles(office.page("/records")))
    for order in ("day", "-day", "kind", "-kind", "branch", "-branch", "entered", "-entered", "minutes", "x"):
        assert sorted(titles(office.page(f"/records?sort={order}"))) == everything


def test_study_rows_show_the_office_a_code_and_never_the_name(office, bureau):
    root = office.page("/records?kind=study")
    assert "张三" not in body(root)
    assert member_code(KEY, bureau.people[0].id) in body(root)
    assert titles(office.page("/records?kind=study&q=张三")) == []
    assert titles(office.page("/records?kind=study&q=zs")) == []
    page = office.page(f"/records/{bureau.study.id}")
    assert "张三" not in body(page)
    assert member_code(KEY, bureau.people[0].id) in body(page)


def test_study_rows_cannot_be_sorted_by_time_but_service_rows_can(office, bureau):
    by_time = titles(office.page("/records?kind=study&sort=-minutes"))
    assert by_time == titles(office.page("/records?kind=study&sort=-day"))
    links = [link.get("href") or "" for link in office.page("/records?kind=study").iter("a")]
    assert not any("sort=minutes" in link for link in links)
    links = [link.get("href") or "" for link in office.page("/records?kind=service").iter("a")]
    assert any("sort=minutes" in link for link in links)


def test_a_secretary_sees_the_names_of_the_own_branch_and_counts_the_others(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    assert "张三" in body(client.page("/records?kind=study"))
    assert titles(client.page("/records?kind=study&q=zs")) == ["自学", "第一章"]
    page = body(client.page(f"/records/{bureau.visit.id}"))
    assert "张三" in page
    assert "王五" not in page
    assert titles(client.page("/records?q=wangwu")) == []


def test_a_secretary_sees_the_own_part_of_a_figure(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    root = client.page(f"/records?figure=study.total_minutes&as_of={DAY}")
    assert html.text_of(root.find(".//p[@class='figure-value']/b")) == "195"


def test_a_secretary_finds_no_record_of_another_branch_and_no_missing_one(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.two))
    foreign, missing = client.get(f"/records/{bureau.study.id}"), client.get("/records/999999")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert body(html.parse(foreign.text)) == body(html.parse(missing.text))
    assert client.get(f"/records?unit={bureau.one.id}").status_code == 404
    assert client.get("/records/9999999999999999999999").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(office, make, bureau, statements):
    office.get("/records")
    with statements() as few:
        office.get("/records")
    with patch.object(maker, "recount_records"):
        for n in range(60):
            make.record(bureau.campaign, "activity", people=bureau.people, type="专题学习", title=f"第{n}次")
    with statements() as many:
        root = office.page("/records")
    assert len(titles(root)) == 50
    assert len(many) <= len(few) <= 20
    rest = titles(office.page("/records?page=2"))
    assert 0 < len(rest) < 50
    assert titles(office.page("/records?page=999")) == rest


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
    assert db.session.scalars(select(AuditEvent.action)).all()[-1] == "record:reverse"


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


def test_before_any_campaign_the_page_says_so(office):
    assert "campaign" in body(office.page("/records")) or "行动计划" in body(office.page("/records"))
