"""Noting one's own hours and essays."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import body
from tests.conftest import TODAY
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Draft, OwnerType, Participation, Record, Role, Status, Work
from tracker.queries.figures import standing_on

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ESSAY = "这一百年，我们党走过的路，值得一遍一遍地读，\n\n　　一字一句地想。"


@pytest.fixture
def here(client, zhang):
    return client.sign_in(zhang)


def entered():
    """What was entered by hand: not by a file of the fixture."""
    return list(db.session.scalars(select(Record).where(Record.batch_id.is_(None)).order_by(Record.id)))


def jot(client, **fields):
    return client.submit("/jot?kind=study", fields, action="/jot?kind=study")


def write(client, url="/jot/write?kind=work", **fields):
    fields = {"type": "征文", "title": "我的一百年", "happened_on": "2021-07-01", "text": ESSAY} | fields
    return client.submit(url, fields, action="/jot/write?kind=work")


def form_of(page):
    return page.find(".//form[@data-jot]")


def picked(page, name):
    return [el.get("value") for el in page.iter("input") if el.get("name") == name and "checked" in el.attrib]


def errors(answer):
    return {
        el.get("id"): html.text_of(el)
        for el in html.parse(answer.text).iter("p")
        if (el.get("id") or "").endswith("-error")
    }


def test_two_taps_and_a_save_note_an_hour_that_waits(here, bureau):
    before = standing_on(bureau.campaign, TODAY).values()
    answer = jot(here, day=TODAY.isoformat(), duration="60", source="学习强国")
    assert (answer.status_code, answer.location) == (303, "/me")
    (record,) = entered()
    me = bureau.people[0]
    assert (record.status, record.owner_type, record.member_id) == (Status.SUBMITTED, OwnerType.MEMBER, me.id)
    assert (record.minutes, record.source, record.happened_on) == (60, "学习强国", TODAY)
    assert record.branch_id == bureau.one.id
    assert [row.member_id for row in record.participations] == [me.id]
    assert standing_on(bureau.campaign, TODAY).values() == before
    page = here.page("/me")
    assert "flash" in " ".join(el.get("class", "") for el in page.iter("p"))
    assert str(record.id) in [el.get("data-record") for el in page.iter("li")]
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == record.id)).all()
    assert "record:enter" in actions


@pytest.mark.parametrize(
    ("typed", "minutes"), [("1小时20分", 80), ("1.5", 90), ("90分钟", 90), ("９０分钟", 90), ("1:10", 70)]
)
def test_a_duration_typed_in_any_form_goes_before_the_one_that_is_picked(here, typed, minutes):
    assert (
        jot(here, day=TODAY.isoformat(), duration="30", minutes=typed, source="集中学习").status_code == 303
    )
    assert entered()[0].minutes == minutes


def test_another_day_goes_before_the_one_that_is_picked(here):
    jot(here, day=TODAY.isoformat(), happened_on="2021-05-04", duration="30", source="集中学习")
    assert entered()[0].happened_on == dt.date(2021, 5, 4)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(here):
    answer = jot(
        here, happened_on="2021-08-30", minutes="很久", source="集中学习", title="第三章", day="", duration=""
    )
    assert answer.status_code == 422
    assert {"happened_on-error", "minutes-error"} <= set(errors(answer))
    page = html.parse(answer.text)
    kept = {el.get("name"): el.get("value") for el in form_of(page).iter("input")}
    assert (kept["happened_on"], kept["minutes"], kept["title"]) == ("2021-08-30", "很久", "第三章")
    assert picked(page, "source") == ["集中学习"]
    assert entered() == []


def test_nothing_picked_asks_for_it_at_its_field(here):
    answer = jot(here, day="", duration="", source="")
    assert answer.status_code == 422
    assert "source-error" in errors(answer)
    answer = jot(here, day="", duration="", source="集中学习")
    assert {"happened_on-error", "minutes-error"} == set(errors(answer))


def test_more_than_a_day_has_is_refused_with_its_sentence(here, make, bureau):
    make.record(bureau.campaign, member=bureau.people[0], minutes=1400, happened_on=TODAY)
    answer = jot(here, day=TODAY.isoformat(), duration="90", source="集中学习")
    assert answer.status_code == 422
    assert entered() == []


def test_the_last_entry_is_preset_and_no_other_member_s(here, bureau, make):
    make.record(bureau.campaign, member=bureau.people[1], minutes=25, source="专题活动")
    page = here.page("/jot")
    assert picked(page, "day") == [TODAY.isoformat()]
    assert picked(page, "duration") == ["60"]  # the later of the two rows of the fixture
    jot(here, day=TODAY.isoformat(), minutes="1小时20分", source="党史天天读", title="不预填的题目")
    page = here.page("/jot")
    assert (picked(page, "duration"), picked(page, "source")) == (["80"], ["党史天天读"])
    assert "不预填的题目" not in body(page)


def test_a_member_who_posts_another_s_id_or_a_status_changes_nothing_but_their_own(here, bureau, make):
    li = bureau.people[1]
    posted = {
        "member_id": li.id, "member_number": li.number, "member_name": li.name, "status": "verified",
        "branch_id": bureau.two.id, "branch": bureau.two.name, "owner_type": "branch", "stage": "优秀",
        "entered_by_id": make.office.id, "verified_by_id": make.office.id, "people": "李四（M0002）",
    }  # fmt: skip
    before = standing_on(bureau.campaign, TODAY).values()
    jot(here, day=TODAY.isoformat(), duration="60", source="集中学习", **posted)
    write(here, **posted)
    for record in entered():
        assert record.member_id == bureau.people[0].id
        assert (record.status, record.branch_id, record.verified_by_id) == (
            Status.SUBMITTED,
            bureau.one.id,
            None,
        )
        assert [row.member_id for row in record.participations] == [bureau.people[0].id]
        assert record.stage != "优秀"
    assert len(entered()) == 2
    assert standing_on(bureau.campaign, TODAY).values() == before
    mine = db.session.scalar(
        select(func.count()).select_from(Participation).where(Participation.member_id == li.id)
        .where(Participation.record_id.in_([record.id for record in entered()]))
    )  # fmt: skip
    assert mine == 0


def test_a_double_click_notes_one_hour(here):
    fields = html.hidden_fields(here.page("/jot"), "/jot?kind=study")
    sent = {**fields, "day": TODAY.isoformat(), "duration": "45", "source": "集中学习"}
    answers = [here.post("/jot?kind=study", data=sent) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/me"] * 2
    assert len(entered()) == 1


def test_the_kinds_are_those_of_the_campaign_and_no_other_can_be_asked_for(here):
    assert here.get("/jot?kind=task").status_code == 404
    assert here.get("/jot?kind=nonsense").status_code == 404
    assert here.get("/jot/write?kind=study").status_code == 404
    links = [a.get("href") for a in here.page("/jot").iter("a")]
    assert "/jot/write?kind=work" in links


def test_an_essay_is_kept_as_it_was_written_and_waits(here):
    assert write(here).status_code == 303
    (record,) = entered()
    assert (record.status, record.title, record.type) == (Status.SUBMITTED, "我的一百年", "征文")
    assert record.work.text == ESSAY
    assert record.stage == "报送"


def test_too_short_an_essay_is_shown_again_with_its_words(here):
    answer = write(here, text="　太短\n")
    assert answer.status_code == 422
    assert "text-error" in errors(answer)
    area = html.parse(answer.text).find(".//textarea")
    assert "".join(area.itertext()).strip("\r\n") == "　太短"
    assert entered() == []


def test_handing_in_throws_the_draft_away_with_the_same_act(here, zhang, bureau):
    draft = keep(zhang, bureau, text="草稿")
    foreign = keep(zhang, bureau, text="另一份")
    write(here, url=f"/jot/write?kind=work&draft={draft.id}")
    assert len(entered()) == 1
    assert list(db.session.scalars(select(Draft.id))) == [foreign.id]


def test_a_draft_that_another_tab_wrote_on_meanwhile_stays(here, zhang, bureau):
    draft = keep(zhang, bureau, text="草稿")
    fields = html.hidden_fields(here.page(f"/jot/write?kind=work&draft={draft.id}"), "/jot/write?kind=work")
    draft.version, draft.fields = 2, {"text": "别处又写了"}
    sent = {**fields, "type": "征文", "title": "题", "happened_on": "2021-07-01", "text": ESSAY}
    assert here.post("/jot/write?kind=work", data=sent).status_code == 303
    assert db.session.scalars(select(Draft)).one().fields == {"text": "别处又写了"}


def keep(user, bureau, record_id=None, **fields):
    kind = next(kind for kind in bureau.campaign.kinds if kind.code == "work")
    draft = Draft(
        user_id=user.id, kind_id=kind.id, record_id=record_id, fields=fields, version=1, saved_at=NOW
    )
    db.session.add(draft)
    db.session.flush()
    return draft


@pytest.fixture
def returned(bureau, make, zhang):
    record = make.record(
        bureau.campaign, "work", member=bureau.people[0], type="征文", title="旧题", status=Status.SUBMITTED,
        happened_on=dt.date(2021, 6, 1),
    )  # fmt: skip
    record.batch_id, record.entered_by_id = None, zhang.id
    record.status, record.returned_at, record.returned_by_id = Status.RETURNED, NOW, make.office.id
    record.returned_why = "题目不对"
    db.session.add(Work(record_id=record.id, text="旧" * 40))
    db.session.flush()
    return record


def test_a_returned_essay_is_put_right_and_waits_again(here, returned):
    page = here.page(f"/jot/write?record={returned.id}")
    assert "题目不对" in body(page)
    assert "旧" * 40 in "".join(page.find(".//textarea").itertext())
    answer = write(here, url=f"/jot/write?record={returned.id}", title="新题")
    assert answer.status_code == 303
    (record,) = entered()
    assert (record.id, record.status, record.title, record.work.text) == (
        returned.id, Status.SUBMITTED, "新题", ESSAY,
    )  # fmt: skip


def test_what_changed_meanwhile_is_a_conflict_and_no_word_is_lost(here, returned):
    url = f"/jot/write?record={returned.id}"
    fields = html.hidden_fields(here.page(url), "/jot/write?kind=work")
    returned.version += 1
    sent = {**fields, "type": "征文", "title": "新题", "happened_on": "2021-07-01", "text": ESSAY}
    answer = here.post("/jot/write?kind=work", data=sent)
    assert answer.status_code == 409
    assert ESSAY in "".join(html.parse(answer.text).find(".//textarea").itertext()).replace("\r\n", "\n")
    assert db.session.get(Record, returned.id).title == "旧题"


def test_another_s_essay_or_one_that_counts_cannot_be_put_right(client, returned, bureau, make):
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[1]))
    assert client.get(f"/jot/write?record={returned.id}").status_code == 404
    assert client.get("/jot/write?record=999999").status_code == 404
    colleague = make.member(bureau.one)
    client.sign_in(make.user(Role.SECRETARY, bureau.one, member=colleague))
    assert client.get(f"/jot/write?record={returned.id}").status_code == 404


def test_a_verified_essay_is_not_written_on(here, bureau):
    verified = db.session.scalars(
        select(Record).where(Record.member_id == bureau.people[0].id, Record.title == "初心")
    ).one()
    assert here.get(f"/jot/write?record={verified.id}").status_code == 404


def test_every_choice_has_a_label_and_can_be_reached_without_a_script(here):
    for url in ("/jot", "/jot/write"):
        page = here.page(url)
        labels = {el.get("for") for el in page.iter("label")}
        inside = {id(inner) for label in page.iter("label") for inner in label.iter()}
        for name in ("input", "select", "textarea"):
            for field in page.find(".//main").iter(name):
                if field.get("type") not in ("hidden", "submit"):
                    assert field.get("id") in labels or id(field) in inside, (url, field.attrib)
        assert page.find(".//main").find(".//*[@style]") is None
