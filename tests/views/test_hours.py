"""Hours by group and by community on pages, each under its own name, with the rows behind them."""

from __future__ import annotations

import pytest

from tests.bureau import body
from tracker.models import Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def sheet_of(root):
    """Where the page's download is asked for."""
    return next(
        form.get("action") for form in root.iter("form") if "/hours.xlsx" in (form.get("action") or "")
    )


NAMES = ("活动时长", "人时", "党小组时长", "服务人次")


def test_the_page_names_each_number_and_leads_to_its_rows(client, make, bureau):
    client.sign_in(make.office)
    root = client.page("/hours")
    for name in NAMES:
        assert name in body(root)
    links = [a.get("href") for a in root.iter("a") if f"unit={bureau.groups[0].id}" in (a.get("href") or "")]
    assert links
    assert client.get(links[0]).status_code == 200
    sheet = client.submit("/hours", {}, action=sheet_of(root))
    assert sheet.status_code == 200


def test_the_pages_of_group_branch_member_and_record_name_them_too(client, make, bureau, zhang):
    client.sign_in(make.office)
    for url in (f"/groups/{bureau.groups[0].id}", f"/branches/{bureau.one.id}"):
        for name in NAMES:
            assert name in body(client.page(url)), url
    client.sign_in(zhang)
    assert "我的人时" in body(client.page("/me"))


def test_another_branch_s_unit_is_not_there(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.two))
    assert client.get(f"/hours?unit={bureau.one.id}").status_code == 404
    assert client.get(f"/hours?unit={bureau.two.id}").status_code == 200
