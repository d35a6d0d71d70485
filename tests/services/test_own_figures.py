"""Figures that the office makes: saved, changed, withdrawn, counted like those of the file."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, OwnFigure, Tally, TallyCell
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values, figures_json
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services import own_figures as services
from tracker.services.campaigns import load_campaign
from tracker.services.records import CHANGED

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SESSIONS = {"id": "own.zhutidangri", "title": "主题党日", "kind": "activity", "measure": "records",
            "unit": "场次", "where": {"type": ["主题党日"]}}  # fmt: skip


@pytest.fixture
def campaign(make):
    campaign, branch = make.campaign(), make.branch()
    for kind in ("主题党日", "主题党日", "现场教学"):
        make.record(campaign, "activity", owner=branch, people=[make.member(branch)], type=kind, title="共学")
    return campaign


def save(campaign, make, **words):
    return services.save_figure(campaign, {**SESSIONS, **words}, by=make.office, at=NOW)


def value(campaign, figure_id=SESSIONS["id"]):
    return figure_values(campaign, campaign.ends_on)[figure_id].value


def refused(campaign, make, **words):
    with pytest.raises(Refused) as refusal:
        save(campaign, make, **words)
    return refusal.value.msgid, refusal.value.field


def test_a_saved_figure_is_one_of_the_campaigns_and_counted_at_once(campaign, make):
    save(campaign, make)
    assert value(campaign) == 2
    assert figures_json(campaign, campaign.ends_on)["figures"]["own.zhutidangri"] == 2
    assert list(differences(campaign)) == []
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "figure:save")).one()
    assert event.detail == {"figure": "own.zhutidangri", "version": 1}


def test_what_is_verified_later_counts_in_it(campaign, make):
    save(campaign, make)
    make.record(campaign, "activity", owner=make.branch(), type="主题党日", title="又一次")
    assert value(campaign) == 3
    assert list(differences(campaign)) == []


def test_only_the_new_question_is_counted(campaign, make):
    before = {tally.code: tally.id for tally in db.session.scalars(select(Tally))}
    db.session.execute(update(TallyCell).values(value=TallyCell.value + 1))  # a recount would mend it
    cells = set(db.session.execute(select(*TallyCell.__table__.columns)))
    save(campaign, make)
    after = {tally.code: tally.id for tally in db.session.scalars(select(Tally))}
    assert before.items() <= after.items()
    assert cells
    assert cells <= set(db.session.execute(select(*TallyCell.__table__.columns)))


def test_an_id_is_made_from_the_title_where_none_is_given(campaign, make):
    assert save(campaign, make, id="").figure == "own.zhutidangri"
    assert save(campaign, make, id="").figure == "own.zhutidangri-2"
    assert save(campaign, make, id="", title="！？").figure == "own.figure"


def test_a_taken_id_is_refused_also_after_it_was_withdrawn(campaign, make):
    save(campaign, make)
    assert refused(campaign, make) == ("There is, or was, a figure of this code. Take another one.", "code")
    services.withdraw_figure(campaign, SESSIONS["id"], version=1, by=make.office, at=NOW)
    assert refused(campaign, make)[1] == "code"


def test_there_are_not_more_than_enough(campaign, make, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    save(campaign, make)
    assert refused(campaign, make, id="own.b")[1] == "title"


def test_a_change_is_a_new_version_and_the_old_one_stays_to_be_read(campaign, make):
    save(campaign, make)
    changed = {**SESSIONS, "where_not": {"type": ["主题党日"]}}
    del changed["where"]
    services.change_figure(campaign, SESSIONS["id"], changed, version=1, by=make.office, at=NOW)
    assert value(campaign) == 1
    rows = db.session.scalars(select(OwnFigure).order_by(OwnFigure.version)).all()
    assert [(row.version, sorted(row.words)[-1]) for row in rows] == [(1, "where"), (2, "where_not")]
    assert list(differences(campaign)) == []


def test_a_change_of_nothing_is_no_new_version(campaign, make):
    save(campaign, make)
    row = services.change_figure(campaign, SESSIONS["id"], SESSIONS, version=1, by=make.office, at=NOW)
    assert row.version == 1


def test_a_change_of_what_somebody_else_changed_is_refused(campaign, make):
    save(campaign, make)
    other = {**SESSIONS, "title": "别的"}
    services.change_figure(campaign, SESSIONS["id"], other, version=1, by=make.office, at=NOW)
    with pytest.raises(Refused, match=CHANGED):
        services.change_figure(campaign, SESSIONS["id"], SESSIONS, version=1, by=make.office, at=NOW)
    with pytest.raises(Refused, match=CHANGED):
        services.withdraw_figure(campaign, SESSIONS["id"], version=1, by=make.office, at=NOW)
    assert spec_of(campaign).figure(SESSIONS["id"]).title == "别的"


def test_a_withdrawn_figure_leaves_no_cell(campaign, make):
    before = set(db.session.scalars(select(Tally.code)))
    save(campaign, make)
    services.withdraw_figure(campaign, SESSIONS["id"], version=1, by=make.office, at=NOW)
    assert spec_of(campaign).figure(SESSIONS["id"]) is None
    assert set(db.session.scalars(select(Tally.code))) == before
    assert list(differences(campaign)) == []
    with pytest.raises(Refused, match=CHANGED):
        services.change_figure(campaign, SESSIONS["id"], SESSIONS, version=2, by=make.office, at=NOW)


def test_a_question_that_a_figure_of_the_file_asks_too_stays_when_the_own_one_goes(campaign, make):
    words = {"id": "own.a", "title": "现场教学场次", "kind": "activity", "measure": "records", "unit": "场次",
             "where": {"type": ["现场教学"]}}  # fmt: skip
    codes = set(db.session.scalars(select(Tally.code)))
    services.save_figure(campaign, words, by=make.office, at=NOW)
    assert set(db.session.scalars(select(Tally.code))) == codes
    services.withdraw_figure(campaign, "own.a", version=1, by=make.office, at=NOW)
    assert set(db.session.scalars(select(Tally.code))) == codes
    assert value(campaign, "stories.sessions") == 1


def test_loading_the_file_again_keeps_them(campaign, make):
    save(campaign, make)
    text = campaign.definition["text"].replace('name = "七个一百"', 'name = "七个一百（改）"', 1) + "\n# 改\n"
    loaded = load_campaign(text, by=make.office, at=NOW, as_of=campaign.ends_on)
    assert [change.what for change in loaded.changes if change.what == "figure"] == []
    assert value(campaign) == 2
    assert list(differences(campaign)) == []


def test_a_file_that_leaves_out_what_one_needs_is_refused(campaign, make):
    save(campaign, make)
    text = campaign.definition["text"].replace('  { name = "主题党日" },\n', "")
    text = text.replace('"主题党日"', '"现场教学"')
    with pytest.raises(Refused, match=r"own\.zhutidangri would not fit"):
        load_campaign(text, by=make.office, at=NOW, as_of=campaign.ends_on)


def test_a_load_that_changes_how_stages_are_read_counts_their_rows_anew(campaign, make):
    make.record(campaign, "task", owner=make.branch(), stage="完成", title="修灯", ended_on=campaign.ends_on)
    text = campaign.definition["text"]
    assert ', before = "在办", asks' in text
    load_campaign(
        text.replace(', before = "在办", asks', ", asks"), by=make.office, at=NOW, as_of=campaign.ends_on
    )
    assert list(differences(campaign)) == []
