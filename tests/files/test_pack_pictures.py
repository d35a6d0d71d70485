"""The charts of a pack as pictures, where the machine draws them; their numbers stand there anyhow."""

from __future__ import annotations

import io
import logging

import pytest
from PIL import Image

from tests.bureau import Bureau
from tests.packs import a_pack
from tests.summary import chromium
from tracker.queries.campaigns import spec_of
from tracker.rules.packs import Part

pytestmark = pytest.mark.slow


@pytest.fixture
def bureau(make):
    return Bureau(make)


def test_each_chart_is_there_as_png_and_svg(bureau, tmp_path):
    program = chromium()
    assert program is not None, "no Chromium: apt-get install chromium, or TRACKER_TEST_CHROMIUM"
    pack = a_pack(bureau.campaign, tmp_path, parts=[Part.CHARTS], chromium=program)
    pictures = [name for name in pack.names if name.endswith((".png", ".svg"))]
    assert len(pictures) == 2 * (2 + len(spec_of(bureau.campaign).goals))
    for name in pictures:
        content = pack.zip.read(name)
        if name.endswith(".svg"):
            assert content.startswith(b"<svg")
            continue
        picture = Image.open(io.BytesIO(content)).convert("L")
        assert picture.width == 2 * 960
        assert len(set(picture.resize((60, 30)).tobytes())) > 2, f"{name} is empty"


@pytest.mark.parametrize("program", ["", "/bin/false"])
def test_without_pictures_their_numbers_are_there_all_the_same(bureau, tmp_path, caplog, program):
    with caplog.at_level(logging.WARNING):
        pack = a_pack(bureau.campaign, tmp_path, parts=[Part.CHARTS], chromium=program)
    assert not [name for name in pack.names if name.endswith((".png", ".svg"))]
    assert len([name for name in pack.names if name.endswith(".csv")]) == 2 * len(
        spec_of(bureau.campaign).goals
    )
    assert "a pack without pictures" in caplog.text
