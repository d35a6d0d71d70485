"""The ledger: lists, and the rows behind each figure."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests import html, maker
from tests.bureau import DAY, KEY, Bureau, body, titles
from tracker.models import Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.record_filters import RecordFilter
from tracker.queries.record_totals import total_of
from tracker.queries.records import ledger, ledger_page
from tracker.rules.campaigns import DISTINCT_MEASURES, ROSTER_MEASURES, Reduce, Scope
from tracker.rules.pseudonyms import member_code

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


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


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_search_finds_is_found_once_and_kept_whatever_the_planner_knows(office, bureau, statements):
    with statements() as seen:
        assert office.get("/records?q=张").status_code == 200
    searching = [one for one in seen if "term.typed" in one]
    assert searching
    assert [one.count("AS MATERIALIZED") for one in searching] == [1] * len(searching)


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
    assert len(many) <= len(few) <= 21  # two of them for the first steps and the filters kept
    rest = titles(office.page("/records?page=2"))
    assert 0 < len(rest) < 50
    assert titles(office.page("/records?page=999")) == rest


def test_before_any_campaign_the_page_says_so(office):
    assert "campaign" in body(office.page("/records")) or "行动计划" in body(office.page("/records"))


def test_study_rows_are_not_narrowed_to_a_section_where_a_code_is_as_good_as_a_name(
    client, make, bureau, office
):
    member = make.member(bureau.one, section=bureau.section, name="钱七")
    make.record(bureau.campaign, member=member, minutes=77, title="独自")
    for query in ("kind=study", "figure=study.total_minutes", "figure=study.min_hours"):
        office.page(f"/records?{query}&unit={bureau.section.id}", 404)
    assert "独自" not in titles(office.page(f"/records?unit={bureau.section.id}"))
    assert "修路灯" in titles(office.page(f"/records?unit={bureau.section.id}"))


def test_a_secretary_of_an_empty_branch_finds_no_rows(client, make, bureau):
    root = client.sign_in(make.user(Role.SECRETARY, make.branch())).page("/records?figure=study.min_hours")
    assert titles(root) == []


def test_who_holds_no_role_finds_no_ledger(client, make, bureau):
    client.sign_in(make.user(role=None)).page("/records", 404)


def test_a_group_leader_sees_what_the_group_did_but_nobody_elses_hours(client, make, bureau):
    leader = make.user(Role.GROUP_LEADER, bureau.groups[0])
    root = client.sign_in(leader).page("/records")
    assert "参观" in titles(root)
    assert "第一章" not in titles(root)
    assert client.get(f"/records/{bureau.study.id}").status_code == 404
