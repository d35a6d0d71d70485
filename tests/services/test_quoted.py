"""The register of quoted figures: entered, renewed, corrected, withdrawn; and what holds on a day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.maker import NOW
from tests.quoted import DAY, a_quote, a_quoted
from tracker.db import db
from tracker.models import AuditEvent, CampaignArchive, Quoted, Role
from tracker.queries.quoted import histories, latest_of, quoted_for, quoted_of
from tracker.rules.refusal import Refused
from tracker.services.quoted import correct_quoted, enter_quoted, renew_quoted, withdraw_quoted
from tracker.services.records import CHANGED

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TODAY = dt.date(2021, 7, 31)


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def entered(campaign, make):
    return enter(campaign, make)


def enter(campaign, make, *, is_outside=True, **said):
    return enter_quoted(campaign, a_quote(**said), is_outside=is_outside, by=make.office, at=NOW, today=TODAY)


def renew(row, make, **said):
    return renew_quoted(row, a_quote(**said), by=make.office, at=NOW, today=TODAY)


def correct(row, make, *, version=1, why="看错了行", is_outside=False, **said):
    return correct_quoted(
        row, a_quote(**said), version=version, why=why, is_outside=is_outside, by=make.office, at=NOW,
        today=TODAY,
    )  # fmt: skip


def acts():
    rows = select(AuditEvent.action).where(AuditEvent.action.startswith("quoted:")).order_by(AuditEvent.id)
    return list(db.session.scalars(rows))


def holds(campaign, day=TODAY):
    return {code: (one.value, one.as_of) for code, one in quoted_of(campaign, day).items()}


def test_a_figure_from_outside_is_entered_and_quoted_from_its_day_on(campaign, make, entered):
    found = quoted_of(campaign, DAY)["msss.done"]
    assert (found.title, found.value, found.unit, found.source) == (
        "全市民生实事完成数", Fraction(720), "件", entered.source,
    )  # fmt: skip
    assert quoted_of(campaign, DAY - dt.timedelta(1)) == {}
    assert acts() == ["quoted:enter"]


def test_a_newer_value_is_a_row_of_its_own_and_the_day_decides(campaign, make, entered):
    later = dt.date(2021, 7, 20)
    renew(entered, make, value="801.5", as_of=later, title="改不了", unit="个", code="x")
    assert holds(campaign, DAY) == {"msss.done": (720, DAY)}
    assert holds(campaign) == {"msss.done": (Fraction(1603, 2), later)}
    earlier = renew(entered, make, value="650", as_of=DAY - dt.timedelta(30))
    assert holds(campaign)["msss.done"][1] == later, "what is entered late does not become the newest"
    assert latest_of(earlier).as_of == later
    assert {row.title for row in histories(campaign)[0].rows} == {"全市民生实事完成数"}
    assert acts() == ["quoted:enter", "quoted:renew", "quoted:renew"]


def test_a_code_is_taken_once_even_by_what_was_withdrawn(campaign, make, entered):
    withdraw_quoted(entered, version=1, why="不再引用", by=make.office, at=NOW)
    with pytest.raises(Refused, match="is taken") as refusal:
        enter(campaign, make)
    assert refusal.value.field == "code"
    assert enter(campaign, make, code="").code == "quanshiminshengshishiwanchengshu"
    assert enter(campaign, make, code="").code == "quanshiminshengshishiwanchengshu-2"


def test_another_campaign_has_a_register_of_its_own(campaign, make, entered):
    other = make.campaign(campaign.definition["text"].replace('"qigeyibai-2021"', '"other-2022"', 1))
    assert other.id != campaign.id
    assert quoted_of(other, TODAY) == {}
    enter(other, make, value="9")
    assert holds(campaign) == {"msss.done": (720, DAY)}


def test_of_one_day_there_is_one_value(campaign, make, entered):
    with pytest.raises(Refused, match="already") as refusal:
        renew(entered, make, value="721")
    assert refusal.value.field == "as_of"
    with pytest.raises(IntegrityError):
        a_quoted(campaign, make.office, value="721")


@pytest.mark.parametrize("why", ["", " \n"])
def test_a_correction_and_a_withdrawal_need_a_reason(campaign, make, entered, why):
    with pytest.raises(Refused, match="Say why"):
        correct(entered, make, value="702", why=why)
    with pytest.raises(Refused, match="Say why"):
        withdraw_quoted(entered, version=1, why=why, by=make.office, at=NOW)
    assert holds(campaign) == {"msss.done": (720, DAY)}


def test_a_correction_stands_in_the_place_of_what_was_wrong_which_stays(campaign, make, entered):
    made = correct(entered, make, value="702", unit="项", is_outside=True)
    assert holds(campaign) == {"msss.done": (702, DAY)}
    assert (made.corrects_id, entered.withdrawn_why) == (entered.id, "看错了行")
    assert [row.value for row in histories(campaign)[0].rows] == ["702", "720"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "quoted:correct")).one()
    assert event.subject_id == made.id
    assert "看错了行" not in str(event.detail), "a reason may name somebody"


def test_a_correction_may_move_a_value_to_its_right_day_but_not_onto_another(campaign, make, entered):
    other = renew(entered, make, value="801", as_of=dt.date(2021, 7, 20))
    with pytest.raises(Refused, match="already"):
        correct(other, make, value="801", as_of=DAY)
    db.session.rollback()


def test_whoever_comes_second_is_refused(campaign, make, entered):
    correct(entered, make, value="702")
    for act in (
        lambda: correct(entered, make, value="703", as_of=dt.date(2021, 6, 1)),
        lambda: correct(entered, make, value="703", version=2),
        lambda: withdraw_quoted(entered, version=2, why="重复了", by=make.office, at=NOW),
    ):
        with pytest.raises(Refused, match=CHANGED):
            act()
    assert holds(campaign) == {"msss.done": (702, DAY)}


def test_what_was_withdrawn_is_quoted_no_more_and_stays_in_the_history(campaign, make, entered):
    withdraw_quoted(entered, version=1, why="不再引用", by=make.office, at=NOW)
    assert holds(campaign) == {}
    (one,) = histories(campaign)
    assert (one.latest, one.shown, one.rest) == (None, entered, [])
    again = renew(entered, make, value="730")
    assert histories(campaign)[0].latest is again


def test_what_sounds_like_the_campaigns_own_has_to_be_confirmed(campaign, make):
    for title in ("民生微实事", "全市微实事完成", "结对中的困难群众"):
        with pytest.raises(Refused, match="can be taken for") as refusal:
            enter(campaign, make, is_outside=False, code="", title=title)
        assert refusal.value.field == "is_outside"
    assert db.session.scalars(select(Quoted)).all() == []
    row = enter(campaign, make, code="", title="民生微实事")
    assert correct(row, make, title="民生微实事", value="9").value == "9", "it is not asked twice"
    with pytest.raises(Refused, match="can be taken for"):
        correct(enter(campaign, make, title="床位"), make, title="一百件微实事")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"as_of": TODAY + dt.timedelta(1)}, "as_of"), ({"value": "很多"}, "value"), ({"unit": ""}, "unit")],
)
def test_what_will_not_do_is_refused_everywhere(campaign, make, entered, said, field):
    acts = [lambda: enter(campaign, make, code="b", **said), lambda: correct(entered, make, **said)]
    for act in acts if field == "unit" else [*acts, lambda: renew(entered, make, **said)]:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.field == field


def test_nothing_is_written_into_a_campaign_in_the_archive(campaign, make):
    row = a_quoted(campaign, make.office)
    db.session.add(
        CampaignArchive(
            campaign_id=campaign.id, archived_at=NOW, archived_by_id=make.office.id, archived_why="完成"
        )
    )
    db.session.flush()
    with pytest.raises(Refused, match="archive"):
        withdraw_quoted(row, version=1, why="不再引用", by=make.office, at=NOW)


def test_the_register_is_the_bureaus(make, entered):
    assert quoted_for(make.office, entered.id) is entered
    assert quoted_for(make.user(Role.AUDITOR), entered.id) is entered
    assert quoted_for(make.user(Role.SECRETARY, make.branch()), entered.id) is None
    assert quoted_for(make.office, entered.id + 1) is None


def test_the_register_is_searched_by_name_pinyin_code_and_source(campaign, make, entered):
    enter(campaign, make, code="beds", title="养老床位", unit="张", source="养老服务处")
    for text in ("床位", "yanglaochuangwei", "ylcw", "BEDS", "服务处", "张"):
        assert [one.code for one in histories(campaign, text)] == ["beds"], text
    assert histories(campaign, "没有这样的") == []


@pytest.mark.parametrize("field", ["title", "unit", "source"])
def test_the_database_refuses_what_says_nothing(campaign, make, field):
    with pytest.raises(IntegrityError):
        a_quoted(campaign, make.office, **{field: ""})
