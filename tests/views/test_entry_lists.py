"""One record for several members, a week of one, rows from a spreadsheet."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import Bureau, body
from tracker.db import db
from tracker.models import Record, Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SHARED = {"happened_on": "2021-03-05", "minutes": "1.5", "source": "集中学习", "title": "支部学习"}
HEAD = "日期\t工号\t姓名\t时长\t学习来源\t学习内容"
ROW = "2021-03-08\tM0001\t张三\t1\t学习强国\t简史"


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def secretary(client, make, bureau):
    return client.sign_in(make.user(Role.SECRETARY, bureau.one))


def ids():
    return set(db.session.scalars(select(Record.id)))


def since(before):
    """The records made since, by id."""
    return list(db.session.scalars(select(Record).where(Record.id.not_in(before)).order_by(Record.id)))


def told(response):
    """The lines of the summary of errors."""
    root = html.parse(response.text)
    return [html.text_of(one) for one in root.findall(".//div[@class='summary']//li")]


# ---- several ----


def test_everybody_ticked_gets_the_same_record_and_waits(secretary, bureau):
    before = ids()
    ticked = [str(one.id) for one in bureau.people[:2]]
    answer = secretary.submit("/enter/study/several", {**SHARED, "member": ticked, "status": "verified"})
    made = since(before)
    assert answer.status_code == 303
    assert [one.member_id for one in made] == [one.id for one in bureau.people[:2]]
    assert {(one.minutes, one.status, one.source) for one in made} == {(90, Status.SUBMITTED, "集中学习")}


def test_one_who_cannot_have_it_stops_all_and_is_named(secretary, bureau):
    before = ids()
    ticked = [str(one.id) for one in bureau.people[:2]]
    full = {**SHARED, "member": ticked[:1], "minutes": "17"}
    secretary.submit("/enter/study/several", full)
    answer = secretary.submit("/enter/study/several", {**SHARED, "member": ticked, "minutes": "5"})
    assert (answer.status_code, len(since(before))) == (422, 1)
    (line,) = told(answer)
    assert "张三" in line
    assert "李四" not in line
    checked = html.parse(answer.text).findall(".//input[@name='member'][@checked]")
    assert [one.get("value") for one in checked] == ticked


def test_what_is_wrong_for_everybody_is_said_once_beside_its_field(secretary, bureau):
    ticked = [str(one.id) for one in bureau.people[:2]]
    answer = secretary.submit("/enter/study/several", {**SHARED, "member": ticked, "minutes": "很久"})
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//p[@id='minutes-error']") is not None
    assert len(told(answer)) == 1


def test_a_foreign_member_and_a_missing_one_are_refused_alike(secretary, bureau):
    before, said = ids(), []
    for other in (str(bureau.people[2].id), "999999", "x"):
        ticked = [str(bureau.people[0].id), other]
        answer = secretary.submit("/enter/study/several", {**SHARED, "member": ticked})
        said.append((answer.status_code, told(answer)))
    assert said[0] == said[1] == said[2]
    assert (said[0][0], since(before)) == (422, [])
    nobody = secretary.submit("/enter/study/several", SHARED)
    assert (nobody.status_code, len(told(nobody))) == (422, 1)


def test_texts_of_ones_own_and_units_are_not_entered_for_several(secretary):
    assert secretary.get("/enter/work/several").status_code == 404
    assert secretary.get("/enter/task/several").status_code == 404


def test_an_empty_roster_says_so(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert client.page("/enter/study/several").find(".//input[@name='member']") is None
    assert client.page("/enter/study/week").find(".//select[@name='member']") is None


# ---- a week ----


def week_of(member, day="2021-03-10"):
    return f"/enter/study/week?member={member.id}&week={day}"


def test_a_week_begins_on_monday_and_shows_what_is_there(secretary, bureau):
    root = secretary.page(week_of(bureau.people[0], "2021-03-05"))
    assert [one.get("name") for one in root.findall(".//label[@class='week-minutes']/input")] == [
        f"minutes-{n}" for n in range(7)
    ]
    assert len(root.findall(".//div[@class='week-day']/div[@class='note']")) == 2
    assert int(root.find(".//p[@data-week-total]").get("data-week-total")) > 0  # what a script adds to
    before = secretary.page(week_of(bureau.people[0], "2021-02-26"))
    assert len(before.findall(".//label[@class='week-minutes']")) == 3  # the campaign begins on a Friday


def test_the_filled_days_are_saved_with_words_of_their_own(secretary, bureau):
    before, url = ids(), week_of(bureau.people[0])
    typed = {"source": "学习强国", "title": "简史", "minutes-0": "1小时20分", "minutes-3": "９０分钟",
             "minutes-6": " ", "source-3": "集中学习"}  # fmt: skip
    answer = secretary.submit(url, typed)
    made = since(before)
    assert answer.status_code == 303
    assert [(one.happened_on, one.minutes, one.source) for one in made] == [
        (dt.date(2021, 3, 8), 80, "学习强国"),
        (dt.date(2021, 3, 11), 90, "集中学习"),
    ]


def test_a_faulty_day_stops_the_week_and_is_told_in_its_place(secretary, bureau):
    before = ids()
    typed = {"source": "学习强国", "minutes-0": "1", "minutes-2": "三刻", "title-4": "忘了写时长"}
    answer = secretary.submit(week_of(bureau.people[0]), typed)
    root = html.parse(answer.text)
    assert (answer.status_code, since(before)) == (422, [])
    told_at = {one.get("id") for one in root.iter("p") if one.get("class") == "error"}
    assert told_at == {"minutes-2-error", "minutes-4-error"}
    assert root.find(".//input[@name='minutes-2']").get("value") == "三刻"
    empty = secretary.submit(week_of(bureau.people[0]), {"source": "学习强国"})
    assert (empty.status_code, since(before)) == (422, [])


def test_days_to_come_are_not_asked_and_not_taken(secretary, bureau):
    before, url = ids(), week_of(bureau.people[0], "2021-07-31")
    assert len(secretary.page(url).findall(".//label[@class='week-minutes']")) == 6
    answer = secretary.submit(url, {"source": "学习强国", "minutes-6": "1"})
    assert (answer.status_code, since(before)) == (422, [])


def test_a_member_keeps_the_own_week_only(client, make, bureau):
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[0]))
    before = ids()
    answer = client.submit("/enter/study/week?week=2021-03-10", {"source": "学习强国", "minutes-1": "2"})
    assert (answer.status_code, [one.member_id for one in since(before)]) == (303, [bureau.people[0].id])
    for foreign in (bureau.people[1].id, bureau.people[2].id, 999_999):
        assert client.get(f"/enter/study/week?member={foreign}").status_code == 404


def test_a_foreign_week_is_not_found(secretary, bureau):
    assert secretary.get(week_of(bureau.people[2])).status_code == 404
    assert secretary.get("/enter/study/week?member=999999").status_code == 404
    assert secretary.get("/enter/activity/week").status_code == 404


# ---- from a spreadsheet ----


def paste(client, text, **fields):
    return client.submit("/enter/paste", {"text": text, **fields})


def confirm(client, shown, **fields):
    """Press the button of the page that shows how the cells were understood."""
    root = html.parse(shown.text)
    hidden = html.hidden_fields(root)
    for form in root.iter("form"):
        if form.find(".//textarea[@name='text']") is not None:
            hidden |= {one.get("name"): one.get("value") or "" for one in form.iter("input")}
    text = root.find(".//textarea[@name='text']").text or ""
    return client.post("/enter/paste", data={**hidden, "text": text, "kind": "", **fields})


def test_pasted_rows_are_shown_first_and_written_on_confirmation_once(secretary):
    before = ids()
    shown = paste(secretary, f"{HEAD}\n{ROW}\n{ROW}\n")
    assert (shown.status_code, since(before)) == (200, [])
    assert "张三" in body(html.parse(shown.text))
    answers = [confirm(secretary, shown) for _ in range(2)]  # a double click
    assert {answer.status_code for answer in answers} <= {302, 303}
    assert [(one.minutes, one.status) for one in since(before)] == [(60, Status.SUBMITTED)] * 2


def test_rows_pasted_again_add_nothing_and_a_longer_table_adds_the_rest(secretary):
    before = ids()
    confirm(secretary, paste(secretary, f"{HEAD}\n{ROW}"))
    again = paste(secretary, f"{HEAD}\n{ROW}")
    assert again.status_code == 200
    assert confirm(secretary, again).status_code == 200  # nothing to write: shown once more
    assert len(since(before)) == 1
    confirm(secretary, paste(secretary, f"{HEAD}\n{ROW}\n{ROW}"))
    assert len(since(before)) == 2


def test_other_cells_than_were_shown_are_shown_before_they_are_written(secretary):
    before = ids()
    shown = paste(secretary, f"{HEAD}\n{ROW}")
    changed = confirm(secretary, shown, text=f"{HEAD}\n{ROW}".replace("\t1\t", "\t9\t"))
    assert (changed.status_code, since(before)) == (200, [])


def test_every_problem_is_told_with_row_and_column(secretary):
    before = ids()
    foreign = ROW.replace("M0001\t张三", "M0003\t王五")
    bad = ROW.replace("2021-03-08", "2021-13-08").replace("\t1\t", "\t很久\t")
    answer = paste(secretary, f"{HEAD}\n{ROW}\n{foreign}\n\n{bad}")
    assert (answer.status_code, since(before)) == (422, [])
    rows = html.parse(answer.text).findall(".//table[@class='rows cards']/tbody/tr")
    assert [html.text_of(one.find("td")) for one in rows] == ["3", "5", "5"]
    assert "D5" in html.text_of(rows[2])
    assert "西山" not in answer.text


@pytest.mark.parametrize(
    "text", ["", " \n\t", "一句话", "甲\t乙\n1\t2", "日期\t时长\n" + "x\n" * 600, "长" * 200_001]
)
def test_what_is_no_table_is_refused_and_kept(secretary, text):
    before = ids()
    answer = paste(secretary, text)
    assert (answer.status_code, since(before)) == (422, [])
    assert len(told(answer)) == 1


def test_a_kind_that_is_not_theirs_is_not_pasted(client, make, bureau):
    client.sign_in(make.user(Role.GROUP_LEADER, bureau.groups[0]))
    task = "领办日期\t领办单位类型\t领办单位\t事项\t状态\n2021-04-01\t支部\t东湖党支部\t修灯\t领办"
    before = ids()
    for fields in ({}, {"kind": "task"}):
        assert paste(client, task, **fields).status_code == 422
    assert since(before) == []


def test_a_row_that_would_change_a_stored_one_is_a_problem(secretary, bureau):
    head = "编号\t日期\t活动类型\t主题\t组织单位"
    confirm(secretary, paste(secretary, f"{head}\nQ9\t2021-04-01\t专题学习\t学习\t东湖党支部"))
    count = db.session.scalar(select(func.count()).select_from(Record))
    answer = paste(secretary, f"{head}\nQ9\t2021-04-02\t专题学习\t学习\t东湖党支部")
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Record)) == count
