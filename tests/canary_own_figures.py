"""A figure of the office's own whose every text is marked; those of its filter are a branch's."""

from __future__ import annotations

from tests.maker import NOW
from tracker.models import OwnFigure
from tracker.services.own_figures import change_figure, save_figure


def an_own_figure(campaign, by, **words) -> OwnFigure:
    """Saved for a campaign of the shipped file."""
    said = {"id": "own.dangri", "title": "主题党日", "kind": "activity", "measure": "records", "unit": "场次",
            "where": {"type": ["主题党日"]}}  # fmt: skip
    return save_figure(campaign, {**said, **words}, by=by, at=NOW)


def add_own_figure(marked, bureau, branch):
    """In two versions. Only who sees the whole bureau sees it, as the branch's words in it."""
    where = {"category": [marked.mark(branch, "own_figure.words")]}
    words = {"unit": "场", "where": where, "title": marked.mark(bureau, "own_figure.title")}
    row = an_own_figure(marked.campaign, marked.office, **words)
    changed = {**row.words, "title": marked.mark(bureau, "own_figure.title")}
    change_figure(marked.campaign, row.figure, changed, version=1, by=marked.office, at=NOW)
    for pool in (marked.own, marked.foreign):  # the same to all who see no more than their own
        pool["own_id"].append(row.figure)
