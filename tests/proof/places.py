"""Every form that takes files. tests/proof/test_forms_fuzzed.py holds that there is no other."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Who fills in a form, and the page that it stands on."""

    who: str
    page: str


IMPORTS, EVIDENCE = "batches.upload", "evidence.add"
PLACES = {
    IMPORTS: Place("office", "/imports"),
    EVIDENCE: Place("member", "/records/{record_id}"),
    "campaign_files.load": Place("office", "/campaigns/load"),
    "claims.check": Place("office", "/claims"),
    "entries.correct": Place("member", "/records/{open_id}/correct"),
    "entries.new": Place("member", "/enter/study"),
    "entries.several": Place("office", "/enter/study/several"),
    "entries.week": Place("member", "/enter/study/week"),
    "jots.new": Place("member", "/jot"),
    "jots.write": Place("member", "/jot/write"),
    "papers.key": Place("office", "/papers/{paper_id}/key"),
}
