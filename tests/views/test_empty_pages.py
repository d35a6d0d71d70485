"""Every page of an installation where something is missing: a sentence and a next step, for each reader."""

from __future__ import annotations

import re

import pytest

from tests.world import rules
from tracker.access import PUBLIC, SIGNED_IN, mark_of, permissions_of
from tracker.models import Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

# A part that a page swaps in, and what stands on a wall without any words of ours around it.
PARTS = {"screens.preview", "screens.previewed"}


def pages(app):
    """Every page that needs nothing in its address; files are none."""
    return [
        rule
        for rule in rules(app)
        if "GET" in rule.methods
        and not rule.arguments
        and "." not in rule.rule.rsplit("/", 1)[-1]
        and rule.endpoint not in PARTS
    ]


def people(make, state):
    """Accounts as there can be: without a unit only those of the whole bureau."""
    users = [make.user(Role.OFFICE), make.user(Role.AUDITOR), make.user(Role.ADMINISTRATOR)]
    if state != "without a roster":
        branch = make.branch("东湖党支部")
        group, section = make.group(branch), make.section()
        member = make.member(branch, group, section)
        users += [
            make.user(Role.SECRETARY, branch),
            make.user(Role.GROUP_LEADER, group),
            make.user(Role.SECTION_HEAD, section),
            make.user(Role.MEMBER, member=member),
        ]
    if state != "without a campaign":
        make.campaign()
    return users


def said(text):
    """The page without its foot: its words, and how many links and forms it offers."""
    main = re.split(r"<main[^>]*>", text)[1].partition("<footer")[0]
    return re.sub(r"<[^>]+>", " ", main), re.findall(r'<a [^>]*href=|<form method="post"', main)


# What is missing has nothing to do with the database, so one will do.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", ["without a campaign", "without a roster", "without a ledger"])
def test_each_page_says_something_and_has_a_next_step(app, client, make, state):
    faults = []
    for user in people(make, state):
        client.sign_in(user)
        allowed = permissions_of(user)
        for rule in pages(app):
            mark = mark_of(app, rule.endpoint)
            if mark is PUBLIC or (mark is not SIGNED_IN and mark not in allowed):
                continue
            faults += faults_of(client.get(rule.rule), f"{user.grants[0].role} at {rule.rule}")
    assert not faults, "\n".join(faults)


def faults_of(answer, where):
    if answer.status_code in (302, 303):
        return []
    if answer.status_code != 200:
        return [f"{where}: {answer.status_code}"]
    if "<main" not in answer.text or "calm" not in answer.text:
        return []  # a part of a page, or nothing is missing there
    words, steps = said(answer.text)
    found = (("no sentence", "。" in words), ("no next step", steps))
    return [f"{where}: {what}" for what, is_there in found if not is_there]
