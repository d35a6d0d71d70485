"""Pages for paper are set without fetching anything from anywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.request import OpenerDirector

import pytest

from tests.pango import needs_pango
from tracker.files.pdf import NO_PANGO, pdf_of
from tracker.rules.refusal import Refused

RED = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"


@needs_pango
def test_pictures_come_from_the_page_itself_and_from_nowhere_else(monkeypatch, tmp_path: Path):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", encoding="utf-8")
    asked, opened = [], OpenerDirector.open

    def watched(self, request, *rest, **more):
        asked.append(request.full_url)
        return opened(self, request, *rest, **more)

    monkeypatch.setattr(OpenerDirector, "open", watched)
    page = f"<img src='{RED}'><img src='file://{secret}'><img src='https://example.org/x.png'>"
    assert pdf_of(page, "@import 'https://example.org/x.css'; p { color: red }").startswith(b"%PDF")
    assert all(url.startswith("data:") for url in asked)


def test_without_pango_it_says_what_to_install(monkeypatch):
    class Missing:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(Refused) as refused:
        pdf_of("<p>x", "")
    assert refused.value.msgid == NO_PANGO
