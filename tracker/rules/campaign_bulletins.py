"""The part of a campaign file that writes: templates of bulletins, and what is written without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.rules.bulletin_templates import Template
from tracker.rules.bulletin_text import WORDS, Placeholder, placeholders_of
from tracker.rules.bulletins import CHARTS, QUOTED
from tracker.rules.campaign_tables import Reading, Table
from tracker.rules.campaigns import CampaignSpec, Figure, Goal
from tracker.rules.hedges import Hedge, hedges_for

LONGEST = 20_000
RECEIVERS = (("report_to", "报"), ("send_to", "送"), ("issue_to", "发"))


def read_bulletins(top: Table, figures: Sequence[Figure]) -> tuple[Template, ...]:
    """The [[bulletins]] of a file, and a look at the sentences of its figures; faults go to the reading."""
    known = {figure.id: figure for figure in figures}
    for n, figure in enumerate(figures):
        _check(top.reading, f"figures[{n}].sentence", figure.sentence, known)
    return tuple(_bulletin(table, known) for table in top.tables("bulletins"))


def _bulletin(table: Table, figures: Mapping[str, Figure]) -> Template:
    template = Template(
        code=table.code(),
        name=table.text("name", required=True, most=40),
        head=table.text("head", required=True, most=20),
        title=table.text("title", required=True, most=80),
        text=table.text("text", required=True, most=LONGEST),
        issuer=table.text("issuer", most=60),
        receivers=tuple((mark, to) for key, mark in RECEIVERS if (to := table.text(key))),
        charts=table.words("charts"),
    )
    table.end()
    for chart in template.charts:
        if chart not in CHARTS:
            table.reading.fault(
                table.path("charts"), f"“{chart}” is not known; there are {', '.join(CHARTS)}."
            )
    if len(set(template.charts)) < len(template.charts):
        table.reading.fault(table.path("charts"), "names a chart twice.")
    _check(table.reading, table.path("text"), template.text, figures)
    return template


def _check(reading: Reading, key: str, text: str, figures: Mapping[str, Figure]) -> None:
    for part in placeholders_of(text):
        fault = _fault(part, figures)
        if fault:
            reading.fault(key, f"{part} {fault}")


def _fault(part: Placeholder, figures: Mapping[str, Figure]) -> str | None:
    """What is wrong with a placeholder of a template."""
    if part.typed is not None:
        return "is typed by hand; a template leaves the number to the ledger."
    if part.ref.startswith(QUOTED):
        return "takes no hedge: a quoted figure is printed as it is." if part.wanted else None
    figure = figures.get(part.ref)
    if figure is None:
        return f"is not the id of a figure; besides there are {', '.join(WORDS)} and {QUOTED}CODE."
    if part.wanted and part.hedge is None:
        return f"asks for no hedge there is; known are {', '.join(Hedge)}, each with a number or without."
    if part.hedge and part.hedge[0] not in (can := hedges_for(figure)):
        known = ", ".join(can) or "none"
        return f"asks for what can never be true of reduce = '{figure.reduce}'; it may have: {known}."
    return None


def templates_of(spec: CampaignSpec) -> tuple[Template, ...]:
    """What bulletins of a campaign are made from: the templates of its file, each with the goals it does
    not quote added at its end; the plain one where the file has none."""
    if not spec.bulletins:
        text = "\n".join(
            ["截至{as_of}，{campaign}进展情况如下：", *(_goal_line(g, spec) for g in spec.goals)]
        )
        head = f"{spec.description or spec.name}简报"
        return (Template("plain", "简报", head, f"{spec.name}进展情况", text),)
    return tuple(_with_all_goals(one, spec) for one in spec.bulletins)


def _with_all_goals(template: Template, spec: CampaignSpec) -> Template:
    """No goal is passed over in silence: one that the text does not quote gets a line of its own."""
    quoted = {part.ref for part in placeholders_of(template.text)}
    missing = [goal for goal in spec.goals if quoted.isdisjoint(_figures_of(goal))]
    if not missing:
        return template
    text = "\n".join([template.text.rstrip(), *(_goal_line(goal, spec) for goal in missing)])
    return replace(template, text=text)


def _figures_of(goal: Goal) -> set[str]:
    return {goal.figure, goal.until_reported or goal.figure, goal.reached or goal.figure, *goal.show}


def _goal_line(goal: Goal, spec: CampaignSpec) -> str:
    """The plain line of a goal: its figure's own sentence or its title and value; then what is shown beside.

    Bulletins are Chinese whatever the language of the pages, so this wording is no message.
    """
    figure = spec.figure(goal.figure)
    assert figure is not None  # the campaign file was checked: every goal has its figure
    is_own = any(part.ref == figure.id for part in placeholders_of(figure.sentence))
    said = figure.sentence if is_own else f"{figure.title}{{{figure.id}}}"
    shown = [one for one in (spec.figure(one) for one in goal.show) if one and one.id != figure.id]
    beside = "".join(f"；{one.title}{{{one.id}}}" for one in shown)
    return f"{goal.name}：{said}（目标{goal.target}{goal.unit}）{beside}。"
