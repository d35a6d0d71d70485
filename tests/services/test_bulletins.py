"""Bulletins: drafts that can be changed, issues that cannot, and what they keep."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.bulletins import CAMPAIGN, DAY, TODAY, begin, issue
from tests.maker import NOW
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.models import AuditEvent, Bulletin, BulletinState, CampaignArchive, Role, User
from tracker.queries.bulletin_access import bulletin_for, draft_for
from tracker.queries.bulletins import bulletins_of, document_of, preview_of
from tracker.queries.issuing import issue_of
from tracker.rules.bulletin_checks import ID_NUMBER, NO_TEXT, NO_TITLE
from tracker.rules.refusal import Refused
from tracker.services.archive_gate import ARCHIVED
from tracker.services.bulletins import (
    GONE,
    ISSUED_ALREADY,
    NO_TEMPLATE,
    change_bulletin,
    discard_bulletin,
    draft_bulletin,
)
from tracker.services.records import CHANGED

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LATER = dt.datetime(2021, 7, 1, 8, tzinfo=dt.UTC)


class Here:
    """A branch of five: all have two and a half hours, four and two of them came to a visit."""

    def __init__(self, make):
        self.make, self.campaign, self.branch = make, make.campaign(CAMPAIGN), make.branch()
        self.members = [make.member(self.branch) for _ in range(5)]
        with make.counted_once(self.campaign):
            for one in self.members:
                make.record(self.campaign, member=one, minutes=150)
            self.visit = make.record(self.campaign, "visit", owner=self.branch, people=self.members[:4])
            self.second = make.record(self.campaign, "visit", owner=self.branch, people=self.members[1:3])
        self.office = make.office


@pytest.fixture
def here(make):
    return Here(make)


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def change(bulletin, by, version=None, **said):
    words = {"title": "标题", "text": "正文。", "as_of": DAY, "today": TODAY, "by": by, "at": LATER}
    change_bulletin(bulletin, version or bulletin.version, **{**words, **said})


def test_a_draft_begins_as_its_template_and_is_what_would_be_printed_today(here):
    draft = begin(here.campaign, here.office)
    assert (draft.state, draft.version, draft.number) == (BulletinState.DRAFT, 1, None)
    seen = preview_of(draft, said_in_chinese, today=TODAY)
    assert [one.text for one in seen.document.paragraphs] == [
        "截至2021年6月26日，5名党员，学习均在2小时以上。",
        "现场教学2场次，6人次（4人）参加。",
    ]
    assert seen.document.is_draft
    assert (seen.left_out, seen.typed, seen.corrections) == ((), (), ())
    assert [one.ref for one in seen.document.sources] == [
        "members", "hours.least", "visits", "visits.person_times", "visits.persons",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "said"),
    [("as_of", {"as_of": TODAY + dt.timedelta(1)}), ("as_of", {"as_of": dt.date(2021, 2, 28)})],
)
def test_a_day_that_has_not_come_or_is_not_the_campaign_s_is_refused(here, field, said):
    draft = begin(here.campaign, here.office)
    assert refused(change, draft, here.office, **said).field == field
    begun = {"today": TODAY, "by": here.office, "at": NOW, **said}
    assert refused(draft_bulletin, here.campaign, "progress", **begun).field == field
    assert draft.version == 1


def test_only_templates_of_the_campaign_can_be_begun(here):
    said = {"as_of": DAY, "today": TODAY, "by": here.office, "at": NOW}
    assert refused(draft_bulletin, here.campaign, "nothing", **said).msgid == NO_TEMPLATE


@pytest.mark.parametrize(
    ("said", "field", "msgid"),
    [
        ({"title": " \n"}, "title", NO_TITLE),
        ({"text": "　\r\n "}, "text", NO_TEXT),
        ({"title": "长" * 101}, "title", None),
        ({"text": "长" * 20_001}, "text", None),
        ({"text": "张三，11010519491231002X。"}, "text", ID_NUMBER),
        ({"text": "甲\0乙"}, "text", None),
        ({"text": "甲\ud800乙"}, "text", None),
        ({"text": "甲\u202e乙"}, "text", None),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(here, said, field, msgid):
    draft = begin(here.campaign, here.office)
    refusal = refused(change, draft, here.office, **said)
    assert refusal.field == field
    assert msgid in (None, refusal.msgid)


def test_whoever_comes_second_with_a_draft_is_told(here):
    draft = begin(here.campaign, here.office)
    change(draft, here.office, text="先写的。\r\n第二段。")
    assert (draft.text, draft.version, draft.changed_at) == ("先写的。\n第二段。", 2, LATER)
    assert refused(change, draft, here.office, version=1).msgid == CHANGED
    assert refused(discard_bulletin, draft, 1, by=here.office, at=LATER).msgid == CHANGED
    assert draft.text.startswith("先写的")


def test_an_issue_keeps_number_day_text_figures_and_rows(here):
    done = issue(begin(here.campaign, here.office), here.office)
    assert (done.state, done.number, done.issued_on, done.issued_by_id) == (
        BulletinState.ISSUED, 1, TODAY, here.office.id,
    )  # fmt: skip
    seen = document_of(done)
    assert (seen.number, seen.head, seen.receivers) == ("第1期", "学习简报", (("发", "各党支部。"),))
    assert seen.paragraphs[1].text == "现场教学2场次，6人次（4人）参加。"
    assert [(one.ref, one.printed, one.exact, one.rows) for one in seen.sources] == [
        ("members", ("5名",), "5名", 7),
        ("hours.least", ("2小时以上",), "2.5小时", 5),
        ("visits", ("2场次",), "2场次", 2),
        ("visits.person_times", ("6人次",), "6人次", 6),
        ("visits.persons", ("4人",), "4人", 6),
    ]
    assert all(len(one.digest) == 64 and one.rule for one in seen.sources)
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bulletin:issue"))
    assert event.detail["digest"] == done.digest == seen.digest
    assert (event.detail["number"], event.detail["figures"]) == (1, 5)


def test_what_is_issued_is_never_changed_or_thrown_away(here):
    done = issue(begin(here.campaign, here.office), here.office)
    for act in (
        lambda: change(done, here.office),
        lambda: discard_bulletin(done, done.version, by=here.office, at=LATER),
        lambda: issue(done, here.office),
    ):
        assert refused(act).msgid == ISSUED_ALREADY
    assert document_of(done).title == "进展情况"
    for values in ({"state": BulletinState.DRAFT}, {"number": None}, {"digest": None}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(Bulletin).where(Bulletin.id == done.id).values(**values))


def test_a_draft_that_was_thrown_away_is_in_no_list_and_nobody_reaches_it(here):
    draft = begin(here.campaign, here.office)
    assert bulletin_for(here.office, draft.id) is draft
    discard_bulletin(draft, 1, by=here.office, at=LATER)
    assert bulletin_for(here.office, draft.id) is None
    assert bulletins_of(here.campaign).items == []
    for act in (lambda: change(draft, here.office), lambda: issue(draft, here.office)):
        assert refused(act).msgid == GONE


def test_office_and_auditor_read_bulletins_and_the_office_writes_them(here, make):
    draft = begin(here.campaign, here.office)
    auditor, secretary = make.user(Role.AUDITOR), make.user(Role.SECRETARY, here.branch)
    assert [bulletin_for(one, draft.id) for one in (here.office, auditor, secretary)] == [draft, draft, None]
    assert [draft_for(one, draft.id) for one in (here.office, auditor, secretary)] == [draft, None, None]
    assert bulletin_for(here.office, draft.id + 1) is None


@pytest.mark.parametrize("issued_on", [DAY - dt.timedelta(1), TODAY + dt.timedelta(1)])
def test_the_day_of_issue_lies_between_its_as_of_day_and_today(here, issued_on):
    draft = begin(here.campaign, here.office)
    assert refused(issue, draft, here.office, issued_on=issued_on).field == "issued_on"
    assert draft.is_draft


def test_a_sentence_without_its_figure_is_left_out_of_the_issue_and_kept_as_a_list(here):
    text = "有{visits}现场教学。没有{nothing.there}这一项。另有{quoted.beds}床位。"
    done = issue(begin(here.campaign, here.office, text=text), here.office)
    assert document_of(done).paragraphs[0].text == "有2场次现场教学。"
    assert [(one["ref"], one["sentence"]) for one in done.left_out] == [
        ("nothing.there", "没有{nothing.there}这一项。"), ("quoted.beds", "另有{quoted.beds}床位。"),
    ]  # fmt: skip
    assert all(one["why"] for one in done.left_out)
    nothing = begin(here.campaign, here.office, text="没有{nothing.there}这一项。")
    assert refused(issue, nothing, here.office).field == "text"


def test_issues_are_numbered_by_template_from_one_and_drafts_have_no_number(here):
    first, second, third = (begin(here.campaign, here.office) for _ in range(3))
    assert [issue(one, here.office).number for one in (third, first)] == [1, 2]
    assert [one.number for one in bulletins_of(here.campaign).items] == [None, 2, 1]
    assert second.is_draft
    other = here.make.campaign(CAMPAIGN.replace('"small"', '"other"'))
    assert issue(begin(other, here.office), here.office).number == 1


def test_what_was_read_before_the_draft_or_the_last_issue_changed_is_not_written(here):
    draft, other = begin(here.campaign, here.office), begin(here.campaign, here.office)
    read = issue_of(draft, said_in_chinese)
    issue(other, here.office)
    assert refused(issue, draft, here.office, issue=read).msgid == CHANGED


def test_nothing_is_written_in_a_campaign_in_the_archive(here):
    draft = begin(here.campaign, here.office)
    db.session.commit()
    db.session.add(
        CampaignArchive(
            campaign_id=here.campaign.id, archived_at=NOW, archived_by_id=here.office.id, archived_why="完"
        )
    )
    db.session.commit()
    for act in (
        lambda: begin(here.campaign, here.office),
        lambda: change(draft, here.office),
        lambda: issue(draft, here.office),
        lambda: discard_bulletin(draft, draft.version, by=here.office, at=LATER),
    ):
        with db.session.begin_nested() as taken_back:
            assert refused(act).msgid == ARCHIVED
            taken_back.rollback()
        db.session.refresh(draft)
    assert (draft.state, draft.version) == (BulletinState.DRAFT, 1)


def test_two_who_issue_at_once_get_two_numbers_or_one_is_told_to_look_again(fresh_app):
    from tests.maker import Maker

    with fresh_app.app_context():
        here = Here(Maker())
        ids = [begin(here.campaign, here.office).id for _ in range(2)]
        office = here.office.id
        db.session.commit()

    def issue_it(bulletin_id):
        with fresh_app.app_context():
            issue(db.session.get_one(Bulletin, bulletin_id), db.session.get_one(User, office))
            db.session.commit()

    answers = at_once(*(lambda one=one: issue_it(one) for one in ids))
    told = [answer for answer in answers if isinstance(answer, Refused)]
    with fresh_app.app_context():
        numbers = sorted(db.session.scalars(select(Bulletin.number).where(Bulletin.number.is_not(None))))
    assert numbers == list(range(1, 3 - len(told)))
    assert {one.msgid for one in told} <= {CHANGED}
