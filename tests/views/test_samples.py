"""Samples through the browser: drawn, checked, completed, seen by their branch, shown on the record."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import openpyxl
import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.samples import a_sample, judge, rows_of
from tracker.db import db
from tracker.models import AuditEvent, Fault, Role, Sample, SampleRow, Verdict
from tracker.rules.pseudonyms import member_code
from tracker.services.samples import complete_sample

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MARCH = dt.date(2021, 3, 5)
DRAW = {
    "period": "2021-03", "kind": "study", "unit": "all", "way": "size", "size": "2", "level": "95",
    "seed": "march",
    "most_percent": "10",
}  # fmt: skip


class Here:
    def __init__(self, make):
        self.make, self.campaign = make, make.campaign()
        self.branch, self.other = make.branch("南湖党支部"), make.branch("北山党支部")
        self.member = make.member(self.branch, name="张三")
        self.stranger = make.member(self.other, name="李四")
        with make.counted_once(self.campaign):
            for day in (1, 2, 3):
                for member in (self.member, self.stranger):
                    make.record(
                        self.campaign, member=member, minutes=60, title=f"第{day}章",
                        happened_on=dt.date(2021, 3, day),
                    )  # fmt: skip
        self.checker = make.user(Role.OFFICE)
        self.checker.name = "核对人"
        self.secretary = make.user(Role.SECRETARY, self.branch)
        self.neighbour = make.user(Role.SECRETARY, self.other)
        db.session.commit()

    def sample(self, unit=None):
        sample = a_sample(self.make, self.campaign, unit or self.branch, day=MARCH, seed="march")
        db.session.commit()
        return sample


@pytest.fixture
def here(make):
    return Here(make)


def post(client, sample, row, **fields):
    url = f"/samples/{sample.id}"
    return client.submit(url, {"version": str(row.version), **fields}, action=f"/sample-rows/{row.id}")


def test_the_office_looks_first_then_draws_one_for_each_unit(client, here):
    client.sign_in(here.make.office)
    assert "还没有抽查" in body(client.page("/samples"))
    looked = client.submit("/samples/new", {**DRAW, "act": "look"})
    assert looked.status_code == 200
    assert "4条" in html.text_of(html.parse(looked.text).find(".//section[@id='looked']"))
    assert db.session.scalars(select(Sample)).all() == []
    assert client.submit("/samples/new", {**DRAW, "act": "draw"}).status_code == 303
    assert [(one.size, one.frame_size, one.seed) for one in db.session.scalars(select(Sample))] == [
        (2, 3, "march"), (2, 3, "march"),
    ]  # fmt: skip
    said = body(client.page("/samples?period=2021-03"))
    assert "南湖党支部" in said
    assert "已核对0/2条" in said
    assert "还没有抽查" in body(client.page("/samples?period=2021-04"))
    again = client.submit("/samples/new", {**DRAW, "act": "draw"})
    assert again.status_code == 422
    assert "还没有办结" in again.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period": "2029-01"}, "请从所列选项中选择"),
        ({"period": "2021-12"}, "请从所列选项中选择"),  # it has not begun
        ({"kind": "nothing"}, "请从所列选项中选择"),
        ({"unit": "x'; drop"}, "请从所列选项中选择"),
        ({"unit": "999999"}, "没有可抽的记录"),
        ({"size": "0"}, "抽取条数"),
        ({"size": "一"}, "抽取条数"),
        ({"size": "99999999"}, "抽取条数"),
        ({"way": "bound", "most_percent": "90"}, "1%到50%"),
        ({"level": "42"}, "置信水平"),
        ({"seed": "<b>"}, "种子须为4至64"),
    ],
)
def test_what_cannot_be_drawn_is_said_beside_its_field(client, here, change, said):
    client.sign_in(here.make.office)
    answer = client.submit("/samples/new", {**DRAW, "act": "draw", **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(Sample)).all() == []


def test_a_double_click_draws_once(client, here):
    client.sign_in(here.make.office)
    fields = {
        **html.hidden_fields(client.page("/samples/new")),
        **DRAW,
        "unit": str(here.branch.id),
        "act": "draw",
    }
    first, second = (client.post("/samples/new", data=fields) for _ in range(2))
    assert first.location == second.location
    assert len(db.session.scalars(select(Sample)).all()) == 1


def test_a_checker_judges_each_completes_it_and_the_result_stands_on_page_list_and_record(client, here):
    sample = here.sample()
    client.sign_in(here.checker)
    first, second, third = rows_of(sample)
    assert post(client, sample, first, verdict="right").status_code == 303
    wrong = {"verdict": "wrong", "fault": "amount", "note": "多记了半小时"}
    assert post(client, sample, second, **wrong).status_code == 303
    page = body(client.page(f"/samples/{sample.id}"))
    assert "已有2条有结论" in page
    assert "差错率上限" not in page, "nothing is told before the end"
    assert post(client, sample, third, verdict="unclear", note="本人已调离").status_code == 303
    done = client.submit(f"/samples/{sample.id}", action=f"/samples/{sample.id}/complete")
    assert done.status_code == 303
    page = body(client.page(f"/samples/{sample.id}"))
    assert "33.3%–66.7%" in page
    assert "3条中不超过2条，置信水平95%" in page
    assert "3条中不超过2条" in body(client.page("/samples"))
    record = body(client.page(f"/records/{second.record_id}"))
    for word in ("有误：时长或数量", "多记了半小时", "核对人"):
        assert word in record
    fields = {**html.hidden_fields(client.page("/samples/new")), "version": "2"}
    late = client.post(f"/sample-rows/{first.id}", data={**fields, "verdict": "right"})
    assert late.status_code == 409
    assert (
        client.submit(
            f"/samples/{sample.id}", {"why": " "}, action=f"/samples/{sample.id}/reopen"
        ).status_code
        == 422
    )
    opened = client.submit(f"/samples/{sample.id}", {"why": "看错了"}, action=f"/samples/{sample.id}/reopen")
    assert opened.status_code == 303
    assert "看错了" in body(client.page(f"/samples/{sample.id}"))


def test_a_verdict_that_lacks_something_comes_back_with_what_was_typed(client, here):
    sample = here.sample()
    client.sign_in(here.checker)
    row = rows_of(sample)[1]
    for fields, said in (
        ({"verdict": "wrong", "fault": "", "note": "少记了<b>"}, "请选择哪里有误"),
        ({"verdict": "unclear", "note": ""}, "请简要写明"),
    ):
        answer = post(client, sample, row, **fields)
        assert answer.status_code == 422
        assert said in answer.text
        assert "少记了<b>" not in answer.text
    typed = html.parse(post(client, sample, row, verdict="wrong", fault="", note="少记了<b>").text)
    assert typed.find(f".//input[@id='note-{row.id}']").get("value") == "少记了<b>"
    assert post(client, sample, row, verdict="maybe").status_code == 400


def test_two_browsers_at_once_the_second_is_told(client, app, here):
    sample = here.sample()
    client.sign_in(here.checker)
    row = rows_of(sample)[0]
    seen = row.version
    assert post(client, sample, row, verdict="right").status_code == 303
    other = app.test_client().sign_in(here.make.user(Role.OFFICE))
    late = other.submit(
        f"/samples/{sample.id}", {"version": str(seen), "verdict": "unclear", "note": "没找到"},
        action=f"/sample-rows/{row.id}",
    )  # fmt: skip
    assert late.status_code == 409
    assert db.session.get_one(SampleRow, row.id).verdict is Verdict.RIGHT


def test_whoever_entered_or_verified_is_told_that_somebody_else_checks(client, here):
    sample = here.sample()
    client.sign_in(here.make.office)
    page = client.page(f"/samples/{sample.id}")
    assert "请由其他人核对" in body(page)
    assert [form for form in page.iter("form") if "/sample-rows/" in (form.get("action") or "")] == []
    row = rows_of(sample)[0]
    fields = html.hidden_fields(client.page("/samples/new"))
    answer = client.post(f"/sample-rows/{row.id}", data={**fields, "version": "1", "verdict": "right"})
    assert answer.status_code == 422
    assert db.session.get_one(SampleRow, row.id).verdict is None


def test_the_office_sees_codes_the_branch_names_and_another_branch_nothing(client, here):
    sample, foreign = here.sample(), here.sample(here.other)
    urls = [f"/samples/{sample.id}", f"/samples/{sample.id}/sheet"]
    code = member_code(str(client.application.config["TRACKER"].secret_key), here.member.id)
    client.sign_in(here.checker)
    for url in urls:
        said = body(client.page(url))
        assert code in said
        assert "张三" not in said
    client.sign_in(here.secretary)
    for url in urls:
        said = body(client.page(url))
        assert "张三" in said
        assert code not in said
    listed = body(client.page("/samples"))
    assert "南湖党支部" in listed
    assert "北山党支部" not in listed
    for url in (f"/samples/{foreign.id}", f"/samples/{foreign.id}/sheet", f"/samples/{foreign.id}/frame.txt"):
        assert client.get(url).status_code == 404
    assert client.get("/samples/new").status_code == 404


def test_the_member_reads_on_their_record_what_was_found_and_among_everything_about_them(client, here):
    sample = here.sample()
    judge(sample, here.checker, (Verdict.WRONG, Fault.DAY), note="应为3月4日")
    complete_sample(sample, version=1, by=here.checker, at=sample.drawn_at)
    db.session.commit()
    client.sign_in(here.make.user(Role.MEMBER, member=here.member))
    said = body(client.page(f"/records/{rows_of(sample)[0].record_id}"))
    assert "有误：日期" in said
    assert "应为3月4日" in said
    assert "核对人" not in said, "a member reads the role, not the name"
    assert "有误：日期" in body(client.page("/me/everything"))
    assert client.get(f"/samples/{sample.id}").status_code == 404


def test_the_frame_is_a_file_whose_digest_stands_on_the_page(client, here):
    sample = here.sample()
    client.sign_in(here.secretary)
    answer = client.get(f"/samples/{sample.id}/frame.txt")
    digest = hashlib.sha256(answer.data).hexdigest()
    page = body(client.page(f"/samples/{sample.id}"))
    assert digest in page
    assert "march" in page


def test_the_workbook_holds_the_rows_and_how_to_draw_them_again(client, here):
    sample = here.sample()
    judge(sample, here.checker, (Verdict.WRONG, Fault.OTHER), note="=1+1")
    db.session.commit()
    client.sign_in(here.checker)
    answer = client.submit(f"/samples/{sample.id}", action=f"/samples/{sample.id}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [row.record_id for row in rows_of(sample)]
    assert rows[1][7:9] == ("有误：其他", "=1+1")
    assert "张三" not in str(rows)
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert about["种子"] == "march"
    assert about["范围的校验码（SHA-256）"] == sample.frame_digest
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sample:export")).one()


def test_statements_do_not_grow_with_the_samples(client, here, statements):
    client.sign_in(here.checker)
    here.sample()
    with statements() as few:
        client.page("/samples")
    here.sample(here.other)
    with statements() as more:
        client.page("/samples")
    assert len(more) == len(few)
