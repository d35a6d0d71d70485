"""How many statements a page takes does not depend on how much there is: bench/ measures what they take."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bureau import Bureau
from tracker.models import Role, Status

pytestmark = pytest.mark.slow

PAGES = {
    "bureau": ("office", "/"),
    "branch": ("secretary", "/branches/{branch}"),
    "member": ("member", "/me"),
    "queue of a branch": ("secretary", "/verify"),
    "queue of the office": ("office", "/verify?all=1"),
    "ledger": ("secretary", "/records"),
    "ledger of a figure": ("office", "/records?figure=study.rows"),
}


class Grown:
    """The small bureau, with a few more of everything before the first count, and many before the second."""

    def __init__(self, make):
        self.make, self.bureau = make, Bureau(make)
        self.branch, self.member = self.bureau.one, self.bureau.people[0]
        self.users = {
            "office": make.user(Role.OFFICE),
            "secretary": make.user(Role.SECRETARY, self.branch),
            "member": make.user(Role.MEMBER, member=self.member),
        }
        self.records(2)

    def records(self, count, since=0):
        """So many more of three kinds, verified and waiting, of the branch and its member."""
        make, campaign = self.make, self.bureau.campaign
        with make.counted_once(campaign):
            for n in range(since, since + count):
                day = dt.date(2021, 3, 1) + dt.timedelta(days=n % 100)
                for status in (Status.VERIFIED, Status.SUBMITTED):
                    said = {"happened_on": day, "status": status}
                    make.record(campaign, member=self.member, minutes=5, title=f"第{n}讲", **said)
                    make.record(
                        campaign, "service", owner=self.bureau.groups[0], people=self.bureau.people[:2],
                        minutes=30, community=f"社区{n}", people_served=3, **said,
                    )  # fmt: skip
                    make.record(
                        campaign, "activity", owner=self.branch, people=[self.member], type="现场教学",
                        category=f"展馆{n}", title=f"参观{n}", **said,
                    )  # fmt: skip

    def people(self, branches, members):
        """So many more branches, and members in each of them and in the first."""
        with self.make.counted_once(self.bureau.campaign):
            for unit in [self.branch, *(self.make.branch() for _ in range(branches))]:
                group = self.make.group(unit)
                for _ in range(members):
                    member = self.make.member(unit, group)
                    self.make.record(self.bureau.campaign, member=member, minutes=20)


@pytest.fixture
def grown(make):
    return Grown(make)


def counts(app, statements, grown):
    """{page: its statements}. Each is opened once before, so that what a process reads once has been read."""
    found = {}
    for name, (who, page) in PAGES.items():
        client, url = app.test_client().sign_in(grown.users[who]), page.format(branch=grown.branch.id)
        with statements() as seen:
            client.page(url)
        assert len(seen) > 1, name
        found[name] = seen
    return found


def test_pages_take_no_more_statements_where_there_are_more_records_or_people(app, statements, grown):
    counts(app, statements, grown)
    grown.records(1, since=2)
    few = counts(app, statements, grown)
    grown.records(4, since=3)
    assert more_in(few, counts(app, statements, grown)) == {}
    grown.people(branches=3, members=3)
    assert more_in(few, counts(app, statements, grown)) == {}


def more_in(few, many):
    """Pages that take more than before, with what is new."""
    return {
        name: [one for one in many[name] if one not in few[name]] or many[name]
        for name in PAGES
        if len(many[name]) > len(few[name])
    }
