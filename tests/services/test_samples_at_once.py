"""Samples that two draw at the same moment."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.maker import NOW, Maker
from tests.samples import EVERYTHING
from tests.services.test_imports_at_once import at_once
from tests.services.test_samples import Here
from tracker.db import db
from tracker.models import Campaign, Kind, Sample, User
from tracker.queries.samples import frames_of
from tracker.rules.periods import Period
from tracker.rules.refusal import Refused
from tracker.services import samples
from tracker.services.samples import draw_samples

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_two_who_draw_at_the_same_moment_make_one_sample(fresh_app):
    with fresh_app.app_context():
        here = Here(Maker())
        ids = here.campaign.id, here.kind.id, here.make.office.id
        days = here.month.starts_on, here.month.ends_on
        db.session.commit()

    def draw_it():
        with fresh_app.app_context():
            campaign, kind, by = (
                db.session.get_one(model, id_) for model, id_ in zip((Campaign, Kind, User), ids, strict=True)
            )
            draw_samples(
                campaign, kind, Period("2021-03", *days), EVERYTHING, unit_id=None, seed="", by=by, at=NOW
            )
            db.session.commit()

    told = at_once(draw_it, draw_it)
    assert [one for one in told if one is None] == [None]
    assert isinstance(next(one for one in told if one is not None), (Refused, IntegrityError))
    with fresh_app.app_context():
        assert [one.round for one in db.session.scalars(select(Sample))] == [1, 1]


def test_who_read_the_frame_before_another_drew_makes_no_second_sample(make, monkeypatch):
    here = Here(make)
    seen = frames_of(here.campaign, here.kind, here.month.starts_on, here.month.ends_on)
    said = {"unit_id": None, "seed": "", "by": here.make.office, "at": NOW}
    draw_samples(here.campaign, here.kind, here.month, EVERYTHING, **said)
    monkeypatch.setattr(samples, "frames_of", lambda *asked: seen)
    with pytest.raises(IntegrityError):
        draw_samples(here.campaign, here.kind, here.month, EVERYTHING, **said)
