"""What the browser asks and gets: one blueprint for each noun."""

from __future__ import annotations

from flask import Flask

from tracker.views import (
    absences,
    account,
    accounts,
    arrivals,
    assignments,
    audit,
    batches,
    branches,
    burden,
    bureau,
    calendar,
    certificates,
    charts,
    closes,
    comments,
    confirmations,
    deadlines,
    drafts,
    entries,
    evidence,
    figures,
    goals,
    grants,
    groups,
    help,
    holidays,
    hours,
    jots,
    late_batches,
    mappings,
    me,
    meetings,
    members,
    pairings,
    papers,
    plans,
    records,
    reminders,
    resolutions,
    results,
    samples,
    sections,
    series,
    sessions,
    shares,
    stages,
    statements,
    studio,
    suggestions,
    system,
    ticks,
    twins,
    verifications,
)


def init_app(app: Flask) -> None:
    for module in (
        mappings, ticks, results, samples, burden,
        evidence, shares, bureau, goals, branches, groups, sections, figures, charts,
        records, entries, jots, drafts, papers, stages, pairings, deadlines, confirmations, verifications,
        comments, batches, studio, members, me, account, absences, accounts, grants, audit, system, help,
        suggestions, sessions, calendar, plans, series, arrivals, holidays, certificates, hours, twins,
        resolutions, assignments, meetings, closes, late_batches, statements, reminders,
    ):  # fmt: skip
        app.register_blueprint(module.bp)
