"""The pages of bulletins: the list, the paper with its sources, the words, the issue."""

from __future__ import annotations

import pytest

from tests import html
from tests.bulletins import CAMPAIGN, begin, issue
from tracker.db import db
from tracker.models import Bulletin, BulletinState, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TEXT = """截至{as_of}，{members}党员。
# 一、现场
现场教学{visits=9场次}，另有补贴12万元。
读到{nothing.here}为止。"""


@pytest.fixture
def here(make):
    """A campaign whose bulletin has three figures, two members, and the office."""
    make.campaign_here = make.campaign(CAMPAIGN)
    branch = make.branch("南湖党支部")
    for name in ("张三", "李四"):
        make.member(branch, name=name)
    make.branch_here = branch
    db.session.commit()
    return make


def text(client, url, status=200):
    return html.text_of(client.page(url, status))


def send(client, url, page=None, **fields):
    hidden = html.hidden_fields(client.page(page or url), url)
    return client.post(url, data={**hidden, **fields})


def a_draft(here, **more):
    found = begin(here.campaign_here, here.office, **more)
    db.session.commit()
    return found


def test_the_office_makes_a_draft_and_reads_it_as_it_will_be_printed(client, here):
    client.sign_in(here.office)
    assert "还没有简报" in text(client, "/bulletins")
    answer = send(client, "/bulletins", template="progress", as_of="2021-06-26")
    found = db.session.query(Bulletin).one()
    assert (answer.status_code, answer.location) == (303, f"/bulletins/{found.id}")
    page = client.page(answer.location)
    said = html.text_of(page)
    assert "2名" in said
    assert "草稿" in said
    chip = next(
        one for one in page.iter("a") if one.get("class") == "lk" and one.get("data-ref") == "members"
    )
    line = page.find(f".//li[@id='{chip.get('href')[1:]}']")
    assert line is not None
    rows = [one.get("href") for one in line.iter("a") if "rows-link" in one.get("class", "")]
    assert rows == ["/figures/members?as_of=2021-06-26&campaign=small"]
    assert client.get(rows[0]).status_code == 302
    assert found.title in text(client, "/bulletins")


def test_a_day_that_is_none_and_one_that_has_not_come_are_refused_beside_the_field(client, here):
    client.sign_in(here.office)
    for day, words in (
        ("", "请填写"),
        ("下周", "不是日期"),
        ("2021-09-01", "还没有到"),
        ("2021-01-01", "行动计划"),
    ):
        answer = send(client, "/bulletins", template="progress", as_of=day)
        assert (answer.status_code, words in answer.text) == (422, True), day
    assert send(client, "/bulletins", template="none", as_of="2021-06-26").status_code == 422
    assert db.session.query(Bulletin).count() == 0


def test_the_page_of_the_whole_bureau_leads_to_a_draft_in_one_click(client, here):
    here.record(here.campaign_here, member=here.member(here.branch_here), minutes=60)
    client.sign_in(here.office)
    page = client.page("/?as_of=2021-06-20")
    form = next(one for one in page.iter("form") if one.get("action") == "/bulletins")
    fields = {one.get("name"): one.get("value") or "" for one in form.iter("input")}
    assert client.post("/bulletins", data=fields).status_code == 303
    found = db.session.query(Bulletin).one()
    assert (found.template, found.as_of.isoformat()) == ("progress", "2021-06-20")


def test_a_draft_says_what_is_left_out_what_is_typed_and_which_numbers_have_no_source(client, here):
    found = a_draft(here, text=TEXT)
    client.sign_in(here.office)
    said = text(client, f"/bulletins/{found.id}")
    assert "略去1句" in said
    assert "读到【nothing.here】为止。" in said
    assert "手填1处" in said
    assert "手工填写；台账为0场次。" in said
    assert "没有来源的数字" in said
    assert "12万元" in said
    assert "手填1处" in said


def test_words_are_changed_and_the_page_shows_them(client, here):
    found = a_draft(here)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/edit"
    editor = text(client, url)
    assert "党员人数" in editor
    assert "{members}" in editor
    answer = send(client, url, title="六月进展", text="党员\r\n{members}。", as_of="2021-06-25")
    assert answer.status_code == 303
    assert (found.title, found.text, found.as_of.isoformat()) == (
        "六月进展",
        "党员\n{members}。",
        "2021-06-25",
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "请填写"),
        ({"text": ""}, "请填写"),
        ({"text": "x" * 20_001}, "20000"),
        ({"title": "字" * 101}, "100"),
        ({"text": "身份证110101199003074098"}, "身份证"),
        ({"as_of": "2022-02-30"}, "不是日期"),
    ],
)
def test_words_that_cannot_be_kept_come_back_with_what_was_typed(client, here, fields, words):
    found = a_draft(here)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/edit"
    typed = {"title": "六月进展", "text": "写了很久的字", "as_of": "2021-06-26", **fields}
    answer = send(client, url, **typed)
    assert (answer.status_code, words in answer.text) == (422, True)
    area = html.parse(answer.text).find(".//textarea[@name='text']")
    assert area is not None
    assert (area.text or "").strip("\n") == typed["text"]
    assert found.version == 1


def test_hostile_words_stand_in_the_page_as_words(client, here):
    found = a_draft(here, text="</script><script>alert(1)</script>{members=<b>2</b>}\n=SUM(A1) {{7*7}}")
    client.sign_in(here.office)
    for url in (f"/bulletins/{found.id}", f"/bulletins/{found.id}/edit", f"/bulletins/{found.id}/paper"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<b>2</b>" not in answer.text
    assert client.get(f"/bulletins/{found.id}.docx").status_code == 200


def test_who_saves_after_somebody_else_sees_both_texts_and_loses_neither(client, here):
    found = a_draft(here)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/edit"
    fields = {**html.hidden_fields(client.page(url), url), "as_of": "2021-06-26"}
    other = {**html.hidden_fields(client.page(url), url), "as_of": "2021-06-26"}
    assert client.post(url, data={**other, "title": "先存", "text": "先存的字"}).status_code == 303
    answer = client.post(url, data={**fields, "title": "后存", "text": "后存的字"})
    assert answer.status_code == 409
    page = html.parse(answer.text)
    assert "先存的字" in html.text_of(page)
    assert page.find(".//textarea[@name='text']").text.strip() == "后存的字"
    again = {**html.hidden_fields(page, url), "as_of": "2021-06-26", "title": "后存", "text": "后存的字"}
    assert client.post(url, data=again).status_code == 303
    assert found.text == "后存的字"


def test_an_issue_says_in_numbers_what_it_freezes_and_is_then_only_read(client, here):
    found = a_draft(here, text=TEXT)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/issue"
    said = text(client, url)
    assert "第1期" in said
    assert "略去句子1手填1没有来源的数字1" in said.replace(" ", "")
    edit = f"/bulletins/{found.id}/edit"
    stale = html.hidden_fields(client.page(edit), edit)
    assert send(client, url, issued_on="2021-06-01").status_code == 422  # before the day of its figures
    assert send(client, url, issued_on="2021-06-28").status_code == 303
    assert (found.state, found.number, found.issued_on.isoformat()) == (BulletinState.ISSUED, 1, "2021-06-28")
    said = text(client, f"/bulletins/{found.id}")
    assert "已定稿" in said
    assert "第1期" in said
    assert "略去1句" in said
    assert client.get(edit).status_code == 302
    answer = client.post(edit, data={**stale, "title": "改", "text": "改后的字", "as_of": "2021-06-26"})
    assert (answer.status_code, "改后的字" in answer.text) == (409, True)
    assert client.get(url).status_code == 302
    token = html.hidden_fields(client.page("/help"))
    key = {"submission_key": "k" * 32, "version": "2"}
    assert client.post(f"/bulletins/{found.id}/discard", data={**token, **key}).status_code == 409
    assert found.text == TEXT


def test_two_who_issue_the_same_draft_issue_it_once(client, here):
    found = a_draft(here)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/issue"
    first, second = (html.hidden_fields(client.page(url), url) for _ in range(2))
    assert client.post(url, data={**first, "issued_on": "2021-07-01"}).status_code == 303
    assert client.post(url, data={**second, "issued_on": "2021-07-01"}).status_code == 409
    assert found.number == 1


def test_a_bulletin_of_which_nothing_can_be_printed_is_not_issued(client, here):
    found = a_draft(here, text="只有{nothing.here}。")
    client.sign_in(here.office)
    answer = send(client, f"/bulletins/{found.id}/issue", issued_on="2021-07-01")
    assert answer.status_code == 422
    assert found.is_draft


def test_a_draft_is_thrown_away_and_found_no_more(client, here):
    found = a_draft(here)
    client.sign_in(here.office)
    url = f"/bulletins/{found.id}/discard"
    assert send(client, url, f"/bulletins/{found.id}").status_code == 303
    assert client.get(f"/bulletins/{found.id}").status_code == 404
    assert "还没有简报" in text(client, "/bulletins")


def test_the_auditor_reads_everything_and_writes_nothing(client, here):
    draft, issued = a_draft(here), issue(a_draft(here), here.office)
    db.session.commit()
    client.sign_in(here.user(Role.AUDITOR))
    for one in (draft, issued):
        page = client.page(f"/bulletins/{one.id}")
        buttons = [
            html.text_of(form) for form in page.iter("form") if form.get("action", "").startswith("/bull")
        ]
        assert buttons == []
        assert client.get(f"/bulletins/{one.id}/edit").status_code == 404
        assert client.get(f"/bulletins/{one.id}.docx").status_code == 200
    assert client.get(f"/bulletins/{issued.id}/proof").status_code == 200
    assert "新简报" not in text(client, "/bulletins")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.MEMBER, Role.ADMINISTRATOR])
def test_nobody_else_sees_that_there_are_bulletins(client, here, role):
    found = a_draft(here)
    branch = here.branch_here
    member = here.member(branch, name="王五") if role is Role.MEMBER else None
    client.sign_in(here.user(role, branch if role is Role.SECRETARY else None, member=member))
    for url in ("/bulletins", f"/bulletins/{found.id}", f"/bulletins/{found.id}.docx"):
        assert client.get(url).status_code == 404


def test_bulletins_of_another_campaign_stand_in_its_own_list(client, here):
    found = a_draft(here)
    other = here.campaign(CAMPAIGN.replace('code = "small"', 'code = "other"'))
    elsewhere = begin(other, here.office, title="别处的简报", text="{members}")
    db.session.commit()
    client.sign_in(here.office)
    listed, there = (text(client, f"/bulletins?campaign={code}") for code in ("small", "other"))
    assert (found.title in listed, elsewhere.title in listed) == (True, False)
    assert (found.title in there, elsewhere.title in there) == (False, True)
    assert client.get("/bulletins/999999").status_code == 404


def test_the_list_is_searched_by_title_and_by_number(client, here):
    issue(a_draft(here), here.office)
    begin(here.campaign_here, here.office, title="百分之一%", text="{members}")
    db.session.commit()
    client.sign_in(here.office)
    assert "进展情况" in text(client, "/bulletins?q=第1期")
    assert "百分之一" not in text(client, "/bulletins?q=第1期")
    assert "百分之一" in text(client, "/bulletins?q=%25")
    assert "没有这个标题或期号" in text(client, "/bulletins?q=没有")


def test_without_any_campaign_the_list_says_so(client, make):
    client.sign_in(make.office)
    db.session.commit()
    assert "载入行动计划以后" in text(client, "/bulletins")
