"""A branch whose people hand in hours: what verifiers have before them."""

from __future__ import annotations

import datetime as dt

from tests import html
from tests.maker import NOW
from tracker.db import db
from tracker.models import Role, Status

LATER = NOW + dt.timedelta(minutes=10)


class Branch:
    """A branch with a group, a secretary, a deputy and two members, each with an account; and the office."""

    def __init__(self, make, campaign=None, name="东湖党支部"):
        self.make = make
        self.campaign = campaign or make.campaign()
        self.branch = make.branch(name)
        self.group = make.group(self.branch)
        self.keeper = make.member(self.branch, self.group, name="曹建")
        self.zhang = make.member(self.branch, self.group, name="张三")
        self.li = make.member(self.branch, self.group, name="李四")
        self.secretary = make.user(Role.SECRETARY, self.branch, member=self.keeper)
        self.deputy = make.user(Role.DEPUTY, self.branch)
        self.member = make.user(Role.MEMBER, member=self.zhang)
        self.office = make.user(Role.OFFICE)

    def hours(self, member=None, by=None, minutes=120, kind="study", **fields):
        """What somebody handed in and nobody has decided yet."""
        record = self.make.record(
            self.campaign, kind, member=member or self.zhang, minutes=minutes, status=Status.SUBMITTED,
            **{"source": "个人自学", "title": "第一章", **fields},
        )  # fmt: skip
        return handed_in(record, by or self.member)


def handed_in(record, by, at=NOW):
    """Let a record be one that somebody typed, not one of a file."""
    record.batch_id, record.entered_by_id, record.entered_at = None, by.id, at
    db.session.flush()
    return record


def seen(*records):
    """The records as a form names them to a service."""
    return [(record.id, record.version) for record in records]


def boxes(root):
    """The values of the boxes that can be ticked, in the order of the page; with '*' where ticked."""
    return [
        (box.get("value") or "") + ("*" if box.get("checked") is not None else "")
        for box in root.iter("input")
        if box.get("name") == "seen"
    ]


def row_of(root, record):
    link = f"/records/{record.id}"
    return next(row for row in root.iter("tr") if any(anchor.get("href") == link for anchor in row.iter("a")))


def decide(client, records, act="verify", url="/verify", **fields):
    named = [f"{record.id}:{record.version}" for record in records]
    hidden = html.hidden_fields(client.page(url), url)
    return client.post(url, data={**hidden, "seen": named, "act": act, **fields})


def status(record):
    db.session.refresh(record)
    return record.status
