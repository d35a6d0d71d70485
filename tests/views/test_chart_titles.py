"""Every chart says what it found, in what unit, of whom and as of when; also where nothing is there yet."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.figure_pages import DAY, small_bureau
from tests.views.test_further_charts import codes

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute
EARLY = "2021-02-26"  # the campaign's first day: nothing has been verified yet
KINDS_OF_PICTURE = ("柱状图", "折线图", "热力图", "条形图", "图表")
SAYS = "0123456789没无未已均各全"  # a finding has a number, or says that all or nothing is so


@pytest.fixture
def office(client, make):
    return client.sign_in(small_bureau(make).office)


def figures(root):
    """(name, line below it) of each chart on a page."""
    for one in root.iter("figure"):
        if "chart" in (one.get("class") or "").split():
            yield one.get("aria-label"), "".join(one.find("figcaption").itertext()).strip()


@pytest.mark.parametrize("day", [DAY, EARLY])
def test_each_chart_is_named_by_its_finding_and_says_unit_scope_and_day(office, day):
    addresses = ["/", *(f"/charts?chart={code}" for code in codes(office.page(f"/charts?as_of={day}")))]
    addresses += [one.get("href").split("?")[0] for one in office.page("/charts").iter("a")
                  if (one.get("href") or "").startswith("/goals/")]  # fmt: skip
    seen = 0
    for address in addresses:
        root = office.page(f"{address}{'&' if '?' in address else '?'}as_of={day}")
        for name, about in figures(root):
            seen += 1
            assert any(sign in name for sign in SAYS), (address, name)
            assert not name.startswith(KINDS_OF_PICTURE), (address, name)
            assert "（" in about, (address, about)
            assert about.count("，") >= 3, (address, about)
            year, month, number = (int(part) for part in day.split("-"))
            assert f"截至{year}年{month}月{number}日" in about, (address, about)
        if not list(figures(root)):
            assert "暂不绘图" in html.text_of(root), address
    assert seen >= (15 if day == DAY else 2)


def test_each_chart_has_its_table_with_a_caption_and_units_in_its_heads(office):
    for address in ("/", "/goals/study", "/charts"):
        root = office.page(f"{address}?as_of={DAY}")
        tables = [one for one in root.iter("table") if one.find("caption") is not None]
        assert tables, address
        assert any("（" in "".join(head.itertext()) for one in tables for head in one.iter("th")), address
