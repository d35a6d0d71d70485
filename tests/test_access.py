"""Who may open what: every endpoint, every role, the own branch and another one."""

from __future__ import annotations

import secrets

import pytest

from tests import html
from tests.canary_walk import quick
from tests.world import World, address_of, rules
from tracker.access import MACHINE, PUBLIC, mark_of
from tracker.models import Role

OFFICE, AUDITOR, OWN, OTHER = "office", "auditor", "secretary of the branch", "secretary of another branch"
DEPUTY, LEADER, HEAD = "deputy secretary of the branch", "leader of the group", "head of the section"
MEMBER, STRANGER, ADMIN = "the member", "a member of another branch", "administrator"
EVERYBODY = {OFFICE, AUDITOR, OWN, OTHER, DEPUTY, LEADER, HEAD, MEMBER, STRANGER, ADMIN}
READERS = {OFFICE, AUDITOR}
KEEPERS = {OWN, OTHER, DEPUTY}  # who keep some branch
HERE = {OWN, DEPUTY}  # who keep the branch that the rows are of
MEMBERS = {MEMBER, STRANGER}
ENTERS = {OFFICE, LEADER, HEAD} | KEEPERS  # who may enter records for others somewhere
BUSINESS = EVERYBODY - {ADMIN}
ANYBODY = EVERYBODY | {"nobody signed in"}

# endpoint → who is let in. Everybody else gets 404; who is not signed in is sent to the sign-in.
ALLOWED: dict[str, set[str]] = {
    "absences.note": {OFFICE} | HERE,
    "account.end_session": set(),
    **{f"account.{act}": EVERYBODY for act in ("drop_second", "password", "recovery", "second", "show")},
    "accounts.add": {OFFICE},
    "accounts.disable": {OFFICE},
    "accounts.enable": {OFFICE},
    "accounts.end_sessions": {OFFICE},
    "accounts.index": {OFFICE} | KEEPERS,
    "accounts.issue": {OFFICE} | KEEPERS,
    "accounts.new": {OFFICE},
    "accounts.show": {OFFICE},
    "accounts.slip": {OFFICE},
    "accounts.staff": {OFFICE},
    "arrivals.code": {OFFICE} | HERE,
    "arrivals.here": {MEMBER},
    "arrivals.sheet": {OFFICE} | HERE,
    **{
        act: {OFFICE} for act in ("assignments.change", "assignments.new", "meetings.change", "meetings.drop")
    },
    "assignments.index": READERS | KEEPERS | {HEAD},
    "assignments.say": {OFFICE} | HERE,
    "assignments.sheet": READERS | KEEPERS | {HEAD},
    "assignments.show": READERS | HERE,
    "audit.access": READERS,
    "audit.index": READERS,
    "audit.sheet": READERS,
    "batches.commit": {OFFICE},
    "batches.discard": {OFFICE},
    "batches.index": READERS,
    "batches.problems": READERS,
    "batches.progress": READERS,
    "batches.show": READERS,
    "batches.template": READERS,
    "batches.undo": {OFFICE},
    "batches.upload": {OFFICE},
    "branches.index": READERS | KEEPERS,
    "branches.show": READERS | HERE,
    **{
        f"bulletins.{act}": READERS if act in ("docx", "index", "paper", "pdf", "proof", "show") else {OFFICE}
        for act in ("discard", "docx", "edit", "index", "issue", "new", "paper", "pdf", "proof", "show")
    },
    "burden.show": READERS,
    "bureau.sheet": READERS,
    "bureau.show": EVERYBODY,
    "calendar.file": BUSINESS,
    "calendar.month": BUSINESS,
    **{one: {OFFICE} for one in ("campaign_files.copy", "campaign_files.file", "campaign_files.load")},
    **{one: {OFFICE} for one in ("campaigns.archive", "campaigns.make_current", "campaigns.reopen")},
    **dict.fromkeys(("campaigns.choose", "campaigns.index"), BUSINESS),
    **dict.fromkeys(("comparisons.sheet", "comparisons.show"), READERS),
    "certificates.check": ANYBODY,
    "certificates.index": MEMBERS,
    "certificates.issue": MEMBERS,
    "certificates.paper": {MEMBER},
    "certificates.register": READERS,
    "certificates.revoke": {OFFICE},
    **{f"charts.{name}": READERS for name in ("data", "index", "sheet")},
    **{f"chart_pictures.{name}": READERS for name in ("png", "svg")},
    **dict.fromkeys(("claims.check", "claims.index"), READERS),
    "closes.index": READERS | KEEPERS,
    "closes.new": {OFFICE} | KEEPERS,
    "closes.reopen": {OFFICE},
    "closes.show": READERS | HERE,
    "late_batches.give": {OFFICE},
    "comments.add": {OFFICE, MEMBER} | HERE,
    "copies.for_member": {OFFICE},
    "copies.make_for": {OFFICE},
    **dict.fromkeys(("copies.make_own", "copies.own"), EVERYBODY),
    "confirmations.add": {OFFICE, MEMBER} | HERE,
    "confirmations.end": {OFFICE, MEMBER} | HERE,
    "deadlines.change": {OFFICE, MEMBER} | HERE,
    **{one: {ADMIN} for one in ("demo.load", "demo.remove", "demo.show", "system.end", "system.show")},
    "drafts.discard": set(),
    **dict.fromkeys(("drafts.index", "drafts.save"), MEMBERS),
    "entries.correct": {MEMBER},
    "entries.index": ENTERS,
    "entries.new": (ENTERS - {HEAD}) | MEMBERS,
    "entries.paste": ENTERS,
    "entries.several": ENTERS - {HEAD},
    "entries.week": (ENTERS - {HEAD}) | MEMBERS,
    "entries.withdraw": {MEMBER},
    "evidence.add": {OFFICE, MEMBER} | HERE,
    "evidence.download": READERS | HERE | {MEMBER},
    "evidence.remove": {OFFICE, MEMBER} | HERE,
    **{f"factor_resets.{act}": {OFFICE} for act in ("ask", "confirm", "withdraw")},
    "figures.index": BUSINESS,
    "figures.show": ENTERS | READERS,
    **dict.fromkeys(("forecasts.index", "forecasts.sheet", "goals.show"), READERS),
    "grants.give": {OFFICE},
    "grants.hand_over": {OFFICE},
    "grants.revoke": {OFFICE},
    "groups.show": READERS | HERE | {LEADER},
    "help.data": EVERYBODY,
    **dict.fromkeys(("help.room", "help.show", "style.show"), ANYBODY),
    "holidays.drop": {OFFICE},
    "holidays.fill": {OFFICE},
    "holidays.index": READERS,
    "holidays.save": {OFFICE},
    **dict.fromkeys(("hours.sheet", "hours.show"), ENTERS | READERS),
    **{f"installed.{page}": ANYBODY for page in ("manifest", "offline", "worker")},
    **{f"jobs.{name}": set() for name in ("cancel", "drop", "file", "progress", "show")},  # somebody else's
    **dict.fromkeys(("jots.new", "jots.write", "kept_notes.send"), MEMBERS),
    "layouts.change": HERE,
    "layouts.delete": HERE,
    "layouts.index": ENTERS | READERS,
    "layouts.new": {OFFICE} | KEEPERS,
    "layouts.sheet": ENTERS | READERS,
    "columns.change": EVERYBODY,
    "looks.change": ANYBODY,
    **{f"mappings.{act}": {OFFICE} for act in ("change", "delete", "index", "new")},
    **{f"me.{page}": MEMBERS for page in ("everything", "records", "sheet", "show")},
    "meetings.new": {OFFICE},
    "meetings.show": READERS | KEEPERS | {HEAD},
    "members.duty": {OFFICE} | HERE,
    "members.end_exemption": {OFFICE} | HERE,
    "members.exempt": {OFFICE} | HERE,
    "members.index": READERS | KEEPERS,
    "members.move": {OFFICE} | HERE,
    "members.save_move": {OFFICE} | HERE,
    "members.show": READERS | HERE,
    "packs.file": READERS,
    "packs.index": READERS,
    "packs.make": {OFFICE},
    **dict.fromkeys(("own_figures.index", "own_figures.show"), READERS),
    **{f"own_figures.{name}": {OFFICE} for name in ("change", "new", "try_it", "withdraw")},
    "pairings.delete_sealed": {OFFICE, MEMBER} | HERE,
    "pairings.note": {OFFICE, MEMBER} | HERE,
    "pairings.open_sealed": {MEMBER} | HERE,
    "pairings.remove_note": {OFFICE, MEMBER} | HERE,
    "pairings.seal": {MEMBER} | HERE,
    "pairings.sealed": READERS | {MEMBER} | HERE,
    "papers.index": ENTERS,
    "papers.key": {OFFICE, LEADER} | HERE,
    "papers.new": ENTERS,
    "papers.show": {OFFICE, LEADER} | HERE,
    "plans.cancel": {OFFICE} | HERE,
    "plans.change": {OFFICE} | HERE,
    "plans.file": READERS | HERE | {LEADER, MEMBER},
    "plans.hold": set(),
    "plans.index": ENTERS | READERS,
    "plans.new": ENTERS,
    "plans.restore": {OFFICE} | HERE,
    "plans.show": READERS | HERE | {LEADER, MEMBER},
    **{f"quoted.{name}": {OFFICE} for name in ("correct", "new", "withdraw")},
    **dict.fromkeys(("quoted.index", "quoted.sheet"), READERS),
    "records.index": ENTERS | READERS,
    "records.reverse": {OFFICE},
    "records.reverse_participation": {OFFICE},
    "records.sheet": ENTERS | READERS,
    "records.show": READERS | HERE | {MEMBER},
    "reminders.dismiss": set(),
    "reminders.index": KEEPERS,
    "reminders.send": HERE,
    **dict.fromkeys(("reminders.switch", "tours.end"), EVERYBODY),
    **dict.fromkeys(("resolutions.add", "resolutions.agenda", "resolutions.mark"), {OFFICE} | HERE),
    "results.enter": set(),  # a session of another type has none; tests/views/test_results.py has those
    "results.index": {OFFICE},
    **{f"samples.{name}": {OFFICE} for name in ("check", "complete", "new", "reopen")},
    "samples.index": READERS | KEEPERS | {HEAD},
    **dict.fromkeys(("samples.frame", "samples.sheet", "samples.show", "samples.workbook"), READERS | HERE),
    **dict.fromkeys(("screens.refreshed", "screens.show"), ANYBODY),
    **dict.fromkeys(("screens.index", "screens.preview", "screens.previewed"), READERS),
    **{f"screens.{name}": {OFFICE} for name in ("new", "revoke")},
    "saved_filters.save": EVERYBODY,
    **{f"saved_filters.{act}": set() for act in ("remove", "rename", "restore", "show")},  # somebody else's
    **dict.fromkeys(("search.show", "search.suggestions"), EVERYBODY),
    "sections.show": READERS | {HEAD},
    "series.change": {OFFICE} | HERE,
    "series.end": {OFFICE} | HERE,
    "series.new": ENTERS,
    "series.show": READERS | HERE | {LEADER, MEMBER},
    "sessions.code": ANYBODY,
    "sessions.language": ANYBODY,
    "sessions.sign_in": ANYBODY,
    "sessions.sign_out": EVERYBODY,
    "shares.end": {OFFICE, MEMBER} | HERE,
    "shares.file": READERS | HERE | {MEMBER, LEADER},
    "shares.index": BUSINESS,
    "shares.share": {OFFICE, MEMBER} | HERE,
    "shares.show": READERS | HERE | {MEMBER, LEADER},
    "stages.board": ENTERS | READERS,
    "stages.carry_on": {OFFICE, MEMBER} | HERE,
    "stages.index": ENTERS | READERS,
    "start.bureau": {OFFICE},
    "start.office": {ADMIN},
    "start.show": EVERYBODY,
    **dict.fromkeys(("statements.index", "statements.sheet"), READERS | KEEPERS),
    "statements.branch": READERS | HERE,
    "statements.state": {OFFICE} | HERE,
    "studio.rows": READERS,
    "studio.together": READERS,
    "studio.understood": {OFFICE},
    "suggestions.index": READERS,
    "suggestions.new": EVERYBODY,
    "ticks.branch": {OFFICE} | HERE,
    "ticks.decide": {OFFICE} | HERE,
    "ticks.save": MEMBERS,
    "twins.apart": {OFFICE, MEMBER} | HERE,
    "verifications.decide": {OFFICE} | KEEPERS,
    "verifications.index": {OFFICE} | KEEPERS,
    "verifications.undo": {OFFICE} | KEEPERS,
    **dict.fromkeys(("watch.healthz", "watch.readyz"), ANYBODY),
    "watch.metrics": set(),  # a token is asked for: tests/views/test_watch.py
}


@pytest.fixture
def world(make):
    return peopled(make)


def peopled(make):
    """One row of everything that an address can name, in one branch; and people of every role."""
    world = World(make)
    world.users = {
        OFFICE: make.user(Role.OFFICE),
        AUDITOR: make.user(Role.AUDITOR),
        OWN: make.user(Role.SECRETARY, world.branch),
        OTHER: make.user(Role.SECRETARY, world.other),
        DEPUTY: make.user(Role.DEPUTY, world.branch),
        LEADER: make.user(Role.GROUP_LEADER, world.group),
        HEAD: make.user(Role.SECTION_HEAD, world.section),
        MEMBER: make.user(Role.MEMBER, member=world.member),
        STRANGER: make.user(Role.MEMBER, member=make.member(world.other, name="钱七")),
        ADMIN: make.user(Role.ADMINISTRATOR),
    }
    return world


def ask(client, rule, url, fields):
    """One request of the rule's own method, as a program that wants no page around a refusal."""
    headers = {"Accept": "text/plain"}
    if "POST" not in rule.methods or "GET" in rule.methods:
        return client.get(url, headers=headers)
    return client.post(url, data={**fields, "submission_key": secrets.token_urlsafe(24)}, headers=headers)


def test_every_endpoint_is_decided(app):
    assert {rule.endpoint for rule in rules(app)} == set(ALLOWED)


def test_every_view_carries_a_mark(app):
    assert [rule.endpoint for rule in rules(app) if mark_of(app, rule.endpoint) is None] == []


@pytest.mark.slow
@pytest.mark.on_postgresql_as(OFFICE, OWN, MEMBER)
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_is_let_into_its_own_and_nowhere_else(app, world, role):
    client = quick(app).sign_in(world.users[role])
    fields = html.hidden_fields(client.page("/help"))
    for rule in rules(app):
        if rule.endpoint == "sessions.sign_out":
            continue  # it would end the session that the others need; tests/views/test_sessions.py has it
        answer = ask(client, rule, address_of(app, rule, world.values), fields)
        is_let_in = answer.status_code != 404
        assert is_let_in == (role in ALLOWED[rule.endpoint]), f"{rule.endpoint}: {answer.status_code}"
        assert answer.status_code < 500, rule.endpoint


def test_who_is_not_signed_in_is_sent_to_the_sign_in(app, client, world):
    fields = html.hidden_fields(client.page("/help"))
    for rule in rules(app):
        answer = ask(client, rule, address_of(app, rule, world.values), fields)
        if mark_of(app, rule.endpoint) is PUBLIC:
            assert "nobody signed in" in ALLOWED[rule.endpoint]
            assert not answer.headers.get("Location", "").startswith("/sign-in?"), rule.endpoint
        elif mark_of(app, rule.endpoint) is MACHINE:
            assert answer.status_code == 404, rule.endpoint
        else:
            assert answer.status_code == 302, rule.endpoint
            assert answer.location.startswith("/sign-in"), rule.endpoint
