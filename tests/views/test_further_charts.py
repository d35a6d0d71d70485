"""The further charts: each is a page, data and a spreadsheet; each title says what was found."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest

from tests import html
from tests.bureau import Bureau
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker import charts
from tracker.language import LANGUAGES
from tracker.views.asof import AsOf
from tracker.views.drawn_further import chart_codes, chart_json

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute
HOSTILE = "<b>&\"'=1+1\U0001f600‮"


@pytest.fixture
def bureau(make):
    return small_bureau(make)


@pytest.fixture
def office(client, bureau):
    return client.sign_in(bureau.office)


def codes(root):
    """The codes that the page of charts lists."""
    links = [one.get("href") or "" for one in root.iter("a")]
    return list(dict.fromkeys(one.split("chart=")[1].split("&")[0] for one in links if "chart=" in one))


def test_every_chart_that_is_listed_is_a_page_data_and_a_spreadsheet(office):
    listed = codes(office.page(f"/charts?as_of={DAY}"))
    assert len(listed) >= 15
    for code in listed:
        root = office.page(f"/charts?chart={code}&as_of={DAY}")
        assert inline_things(root) == [], code
        answer = office.get(f"/charts/{code}.json?as_of={DAY}")
        assert answer.status_code in (200, 404), code
        if answer.status_code == 200:
            figure = json.loads(answer.data)
            assert {trace["type"] for trace in figure["data"]} <= set(charts.TRACE_TYPES)
            assert figure["layout"]["title"]["text"] in html.text_of(root)
        else:
            assert "暂不绘图" in html.text_of(root), code
        book = openpyxl.load_workbook(io.BytesIO(office.get(f"/charts/{code}.xlsx?as_of={DAY}").data))
        assert book.active["A1"].value


def test_one_function_gives_every_chart_of_a_campaign(app, make, client, bureau):
    client.sign_in(bureau.office)
    with app.test_request_context("/"):
        from tracker.queries.campaigns import current_campaign, spec_of

        campaign = current_campaign()
        asof = AsOf(campaign, spec_of(campaign), dt.date(2021, 6, 26), dt.date(2021, 6, 26))
        all_codes = chart_codes(asof.spec)
        assert len(set(all_codes)) == len(all_codes)
        drawn = {code: chart_json(code, asof) for code in all_codes}
        assert chart_json("nothing", asof) is None
    assert {code for code, text in drawn.items() if text} >= {
        "study", "heat", "goals-in-common", "study-by-source", "activity-days", "study-distribution",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("study-by-source", "“学习强国”最多，占250小时的100%"),
        ("activity-by-type", "“现场教学”最多，占2条的100%"),
        ("activity-days", "121天中1天有活动，共2场，一天最多2场"),
        ("goals-in-common", "3人中3人同时计入不止一个目标"),
        ("study-distribution", "4人中1人已满100小时"),
        ("service-by-category", "“走访慰问”最多"),
    ],
)
def test_the_title_says_what_was_found(office, code, says):
    assert says in html.text_of(office.page(f"/charts?chart={code}&as_of={DAY}"))


def test_people_and_attendances_stand_side_by_side(office):
    table = office.page(f"/charts?chart=activity-by-type&as_of={DAY}").find(".//table")
    rows = [[html.text_of(cell) for cell in row] for row in table.iter("tr")]
    assert rows[0][-2:] == ["人次", "人数"]
    assert rows[1] == ["现场教学", "2", "2", "5", "3–4"]  # two with names, three without; four are asked


def test_few_people_are_not_told_and_who_are_not_named_is_a_dash(office):
    root = office.page(f"/charts?chart=goals-in-common&as_of={DAY}")
    rows = {html.text_of(row.find("th")): [html.text_of(cell) for cell in row.iter("td")]
            for row in root.find(".//table").iter("tr") if row.find("td") is not None}  # fmt: skip
    assert rows["读党史"][1] == "<3"
    assert rows["微实事"] == ["—"] * 7


def test_nobodys_name_is_in_any_chart(office, bureau):
    for code in codes(office.page("/charts")):
        text = office.get(f"/charts/{code}.json?as_of={DAY}").get_data(as_text=True)
        text += html.text_of(office.page(f"/charts?chart={code}&as_of={DAY}"))
        assert [name for name in bureau.names if name in text] == [], code


def test_what_people_wrote_is_words_and_never_markup_or_formula(office, bureau, make):
    make.record(bureau.campaign, "activity", type="现场教学", title="参观", category=HOSTILE)
    answer = office.get("/charts/activity-by-category.json").get_data(as_text=True)
    assert "<" not in answer
    texts = json.loads(answer)["layout"]["yaxis"]["ticktext"]
    assert any(text.startswith("&lt;b&gt;&amp;") for text in texts)
    page = openpyxl.load_workbook(io.BytesIO(office.get("/charts/activity-by-category.xlsx").data)).active
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    office.page("/charts?chart=activity-by-category")


def test_many_categories_become_a_dozen_bars_and_a_whole_table(office, bureau, make):
    for n in range(20):
        make.record(bureau.campaign, "activity", type="现场教学", title="参观", category=f"类别{n}")
    figure = json.loads(office.get("/charts/activity-by-category.json").data)
    assert len(figure["layout"]["yaxis"]["ticktext"]) == 12
    page = openpyxl.load_workbook(io.BytesIO(office.get("/charts/activity-by-category.xlsx").data)).active
    assert len([row for row in page.iter_rows(min_row=5, max_col=1, values_only=True) if row[0]]) == 21


def test_a_chart_that_is_not_there_is_not_found(office):
    office.page("/charts?chart=nothing", 404)
    assert office.get("/charts/nothing-by-source.json").status_code == 404
    assert office.get("/charts/nothing-by-source.xlsx").status_code == 404


def test_before_any_campaign_the_page_is_calm(client, make):
    assert "还没有图表" in html.text_of(client.sign_in(make.user()).page("/charts"))


def test_with_nothing_verified_each_chart_says_so(client, make):
    make.campaign()
    make.member()
    client.sign_in(make.user())
    for code in codes(client.page("/charts")):
        text = html.text_of(client.page(f"/charts?chart={code}"))
        assert "暂不绘图" in text or "distribution" in code, code


def test_a_page_of_a_chart_is_few_statements(office, statements):
    counts = {}
    for code in ("study-by-source", "activity-days", "goals-in-common", "study-forecasts"):
        with statements() as seen:
            office.page(f"/charts?chart={code}&as_of={DAY}")
        counts[code] = len(seen)
    assert max(counts.values()) <= 21, counts


def test_another_campaigns_kinds_have_charts_of_their_own(client, make):
    """No code of a chart is written down anywhere: they come from the file."""
    from pathlib import Path

    other = Path("tracker/campaigns/zhiyuan-2024.toml").read_text(encoding="utf-8")
    make.campaign(other)
    client.sign_in(make.user())
    listed = codes(client.page("/charts"))
    assert listed
    assert [code for code in listed if client.get(f"/charts?chart={code}").status_code != 200] == []


def test_the_bureau_with_rows_of_every_kind_draws_every_chart(client, make):
    Bureau(make)
    client.sign_in(make.user())
    listed = codes(client.page("/charts"))
    for language in LANGUAGES:
        fields = html.hidden_fields(client.page("/help"), "/language")
        client.post("/language", data={**fields, "language": language})
        assert [code for code in listed if client.get(f"/charts?chart={code}").status_code != 200] == []
