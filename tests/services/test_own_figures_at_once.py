"""A figure is saved while others verify, save the same one, or load the file: no cell is wrong afterwards."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqlalchemy import select

from tests.maker import NOW
from tests.services.test_imports_at_once import at_once
from tests.services.test_verifications_at_once import Place
from tracker.db import db
from tracker.models import Campaign, OwnFigure, Tally
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services.campaigns import load_campaign
from tracker.services.own_figures import change_figure, save_figure, withdraw_figure
from tracker.services.records import CHANGED
from tracker.services.tallies import sync_tallies
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PAUSE = 0.5  # seconds
HOURS = {"id": "own.zixue", "title": "自学", "kind": "study", "measure": "minutes", "unit": "分钟",
         "where": {"source": ["个人自学"]}}  # fmt: skip


def campaign_of(place: Any) -> Campaign:
    return db.session.get_one(Campaign, place.campaign_id)


def save(place: Any, **words: Any) -> OwnFigure:
    """In the transaction that is open."""
    return save_figure(campaign_of(place), {**HOURS, **words}, by=place.user(place.office), at=NOW)


def agrees(place: Any, minutes: int) -> None:
    with place.here():
        campaign = campaign_of(place)
        assert list(differences(campaign)) == []
        assert figure_values(campaign, campaign.ends_on)["own.zixue"].value == minutes


def without_figures(place: Any) -> None:
    """The file asks for none, so that there is no tally to be locked."""
    with place.here():
        campaign = campaign_of(place)
        text = campaign.definition["text"].partition("[[goals]]")[0]
        before, phases, rest = text.partition("[[phases]]")
        campaign.definition = {
            "text": before + "[[kinds]]" + rest.partition("[[kinds]]")[2] if phases else text
        }
        sync_tallies(campaign, spec_of(campaign))
        assert db.session.scalar(select(Tally.id).limit(1)) is None


def verify_while_saved(place: Any, record_id: int) -> None:
    written = threading.Event()

    def save_slowly() -> None:
        with place.here():
            save(place)
            written.set()
            time.sleep(PAUSE)  # its cells are counted, its transaction is open

    def verify() -> None:
        with place.here():
            campaign_of(place).own_figures  # noqa: B018  (the campaign is read before the figure is there)
        written.wait(10)
        place.verify(record_id, by=place.secretary)

    assert at_once(save_slowly, verify) == [None, None]


def save_while_verified(place: Any, record_id: int) -> None:
    written = threading.Event()

    def verify_slowly() -> None:
        with place.here():
            verify_records([(record_id, 1)], by=place.user(place.secretary), at=NOW)
            db.session.flush()
            written.set()
            time.sleep(PAUSE)

    def save_then() -> None:
        written.wait(10)
        with place.here():
            save(place)

    assert at_once(verify_slowly, save_then) == [None, None]


@pytest.mark.parametrize("meet", [verify_while_saved, save_while_verified])
def test_a_record_that_is_verified_meanwhile_counts_in_it(fresh_app, meet):
    place = Place(fresh_app)
    meet(place, place.enter())
    agrees(place, 120)


@pytest.mark.parametrize("meet", [verify_while_saved, save_while_verified])
def test_also_where_no_figure_asked_of_the_kind_before(fresh_app, meet):
    place = Place(fresh_app)
    record_id = place.enter()
    without_figures(place)
    meet(place, record_id)
    agrees(place, 120)


def test_two_who_save_the_same_code_at_once_have_one_figure(fresh_app):
    place = Place(fresh_app)

    def saves(title: str) -> Any:
        def act() -> None:
            with place.here():
                save(place, title=title)

        return act

    said = at_once(*(saves(f"自学{n}") for n in range(4)))
    assert (
        sorted(str(one) for one in said if one)
        == ["There is, or was, a figure of this code. Take another one."] * 3
    )
    agrees(place, 0)


def test_four_who_save_figures_without_a_code_have_four(fresh_app):
    place = Place(fresh_app)

    def act() -> None:
        with place.here():
            save(place, id="")

    assert at_once(*[act] * 4) == [None] * 4
    with place.here():
        own = [words["id"] for words in campaign_of(place).own_figures]
        assert own == ["own.zixue", "own.zixue-2", "own.zixue-3", "own.zixue-4"]
        assert list(differences(campaign_of(place))) == []


def test_one_changes_it_and_one_withdraws_it(fresh_app):
    place = Place(fresh_app)
    with place.here():
        save(place)

    def change() -> None:
        with place.here():
            words = {**HOURS, "title": "自己学"}
            change_figure(
                campaign_of(place), "own.zixue", words, version=1, by=place.user(place.office), at=NOW
            )

    def withdraw() -> None:
        with place.here():
            withdraw_figure(campaign_of(place), "own.zixue", version=1, by=place.user(place.office), at=NOW)

    said = [one for one in at_once(change, withdraw) if one]
    assert [str(one) for one in said if isinstance(one, Refused)] == [CHANGED]
    with place.here():
        assert db.session.scalar(select(db.func.count()).select_from(OwnFigure)) == 2
        assert list(differences(campaign_of(place))) == []


def test_a_file_that_is_loaded_meanwhile_keeps_the_figure(fresh_app):
    place = Place(fresh_app)
    place.verify(place.enter(), by=place.secretary)
    written = threading.Event()

    def save_slowly() -> None:
        with place.here():
            save(place)
            written.set()
            time.sleep(PAUSE)

    def load() -> None:
        with place.here():
            campaign = campaign_of(place)
            written.wait(10)
            text_of_file = campaign.definition["text"] + "\n# 改\n"
            by = place.user(place.office)
            load_campaign(text_of_file, by=by, at=NOW, as_of=campaign.ends_on)

    assert at_once(save_slowly, load) == [None, None]
    agrees(place, 120)


def test_many_who_verify_while_many_figures_are_saved(fresh_app):
    place = Place(fresh_app)
    ids = [place.enter(f"第{n}章") for n in range(6)]

    def verify(n: int) -> Any:
        return lambda: place.verify(ids[n], by=place.verifiers[n])

    def save_one(n: int) -> Any:
        def act() -> None:
            with place.here():
                save(place, id=f"own.zixue{n}" if n else "own.zixue", scope="member" if n % 2 else "bureau")

        return act

    said = at_once(*[act for n in range(6) for act in (verify(n), save_one(n))])
    assert said == [None] * 12
    agrees(place, 720)
    with place.here():
        assert len(spec_of(campaign_of(place)).figures) > 6
