"""The bureau whose every text is hostile, and files that came into it from outside."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from typing import Any

from sqlalchemy import select

from tests.canaries import Marked
from tests.canary_walk import address, keys, quick, rules, values_of
from tests.maker import NOW, Maker
from tests.proof.hostile_texts import PAYLOADS, Hostile
from tests.test_access import ADMIN, ALLOWED, AUDITOR, DEPUTY, HEAD, LEADER, MEMBER, OFFICE, OWN
from tests.workbooks import xlsx
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.models import (
    Absence,
    Assignment,
    Batch,
    Certificate,
    Close,
    Confirmation,
    DeadlineChange,
    Evidence,
    Heard,
    Meeting,
    Participation,
    Plan,
    Record,
    Role,
    ToldApart,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.campaign_bulletins import templates_of
from tracker.services.bulletins import draft_bulletin, issue_bulletin
from tracker.worker import run_one

DAY = dt.date(2021, 3, 5)
# Columns with no text that anybody wrote: codes, digests, places on the disk, figures written as text, sealed
# or hashed secrets, what a program says of its own doing, and what an address or a list of the code names.
_CODES = """
    audit_event.action audit_event.subject_type audit_seal.before audit_seal.key_name backup.error
    backup.name batch.mapping batch.path bulletin.template bulletin_basis.code bulletin_correction.before
    bulletin_correction.causes bulletin_correction.now bulletin_correction.ref
    bulletin_correction.sentence bulletin_correction.value_now bulletin_figure.basis bulletin_figure.exact
    bulletin_figure.high bulletin_figure.low bulletin_figure.printed bulletin_figure.ref
    bulletin_figure.rule_version bulletin_figure.value campaign.code campaign.demo certificate.code
    close.code evidence.media_type evidence.sha256 evidence.stored_as job.claim job.error job.task
    kind.code layout.kind own_figure.figure paper.member_ids quoted.code quoted.value record.content
    record.identity result.identity sample.frame sample.period saved_filter.page sealed_person.key_name
    sealed_person.suite series.lead_ids statement.month submission.content submission.key
    submission.location suggestion.page tally.code term.initials try_count.key unit.code unit.pinyin
    user_account.former_hashes user_account.password_hash user_account.totp_secret
"""
NO_TEXTS = set(_CODES.split())
# How tests/test_access.py calls them.
PEOPLE = {
    "office": OFFICE, "secretary": OWN, "member": MEMBER, "leader": LEADER, "head": HEAD,
    "administrator": ADMIN, "deputy": DEPUTY, "auditor": AUDITOR,
}  # fmt: skip


def put_more(marked: Marked) -> None:
    """Rows and columns that the bureau of tests/canaries.py has none of."""
    office, records = marked.office, list(db.session.scalars(select(Record).order_by(Record.id)))
    for record in records:
        kind = marked.kinds[record.kind.code]
        if kind.types:
            record.type = kind.types[record.id % len(kind.types)].name
        if kind.sources:
            record.source = kind.sources[record.id % len(kind.sources)].name
        record.note, record.before_note, record.after_note = "备注", "之前", "之后"
        record.batch_sheet = "原表"
        db.session.add(
            Confirmation(
                record_id=record.id, said_by="社区", said_on=DAY, heard=Heard.PHONE, entered_by_id=office.id,
                entered_at=NOW, ended_by_id=office.id, ended_at=NOW, ended_why="说错了",
            )
        )  # fmt: skip
        change = {"was_on": None, "becomes_on": DAY, "why": "推迟", "by_id": office.id, "at": NOW}
        db.session.add(DeadlineChange(record_id=record.id, **change))
    for first, second in itertools.pairwise(records):
        told = {"why": "两回事", "by_id": office.id, "at": NOW}
        db.session.add(ToldApart(first_id=first.id, second_id=second.id, **told))
    by = {"at": NOW, "by_id": office.id, "why": "不对"}
    for model, act, first in (
        (Evidence, "removed", 3), (Certificate, "revoked", 0), (Participation, "reversed", 0),
        (Plan, "cancelled", 1),
    ):  # fmt: skip
        row = db.session.scalars(select(model).order_by(model.id).offset(first).limit(1)).one()
        for name, value in by.items():
            setattr(row, f"{act}_{name}", value)
    for absence in db.session.scalars(select(Absence)):
        absence.made_up_on, absence.made_up_by = DAY, "补课"
    for assignment in db.session.scalars(select(Assignment)):
        assignment.unit_id, assignment.in_charge = None, "党史办"
    for meeting in db.session.scalars(select(Meeting)):
        meeting.text = "会议内容"
    for batch in db.session.scalars(select(Batch)):
        batch.late_why = "晚了"
    for close in db.session.scalars(select(Close)):
        close.name = "三月"
    template = templates_of(marked.spec)[0].code
    made = draft_bulletin(marked.campaign, template, as_of=DAY, today=DAY, by=office, at=NOW)
    made.text = "# 一、学党史\n党员{members.all}。\n学习{study.total_minutes}。"
    db.session.flush()
    issue_bulletin(made, made.version, issued_on=DAY, today=DAY, by=office, at=NOW, say=said_in_chinese)
    marked.own["bulletin_id"].append(made.id)
    db.session.commit()


class HostileBureau:
    """Everything of it, in the database of the application. lacking: columns in which no hostile text is."""

    def __init__(self, app: Any) -> None:
        self.app = app
        make = Maker()
        self.marked = Marked(make)
        put_more(self.marked)
        self.users = {**self.marked.users, "office": self.marked.office, "auditor": make.user(Role.AUDITOR)}
        self.found = Hostile().fill()
        lacking = {name for name, count in self.found.items() if not count} - NO_TEXTS
        self.lacking = {name for name in lacking if not name.endswith("digest")}
        db.session.expire_all()
        self.upload()

    def upload(self) -> None:
        """Workbooks with hostile sheets, headings and cells: a ledger, a roster, one of no known form."""
        spec, office = spec_of(self.marked.campaign), quick(self.app).sign_in(self.marked.office)
        cells = [PAYLOADS[at : at + 12] for at in range(0, len(PAYLOADS), 12)]
        cells = [[one.format(n=7) for one in row] for row in cells]
        ledger = {
            kind.sheet: [[column.heading for column in kind.columns], *cells] for kind in spec.kinds[:3]
        }
        roster = {"<svg onload=xq(7)>": [["工号", "姓名", "党支部", "人员类别"], *cells]}
        unknown = {"<img src=x onerror=xq>": cells}
        for sort, sheets, more in (
            ("ledger", ledger, {}), ("roster", roster, {}), ("ledger", unknown, {"columns": "new"}),
        ):  # fmt: skip
            file = (io.BytesIO(xlsx(sheets)), "'><img src=x onerror=xq(7)>.xlsx")
            fields = {"sort": sort, "file": file, **more, **keys(office)}
            answer = office.post("/imports", data=fields, content_type="multipart/form-data")
            assert answer.status_code in (302, 303), answer.text
        while run_one(self.app):
            pass
        db.session.expire_all()
        last = select(Batch.id).order_by(Batch.id.desc()).limit(3)
        self.marked.own["batch_id"] += db.session.scalars(last).all()

    def cookie(self, who: str) -> dict[str, str]:
        """Of a browser in which somebody is signed in."""
        client = quick(self.app).sign_in(self.users[who])
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": client.get_cookie(name).value}

    def addresses(self, most: int) -> list[tuple[str, str]]:
        """Endpoint and address of every page: of records, imports, goals and kinds at most so many."""
        many = {"kind_code", "batch_id", "code"}
        found = []
        for rule in rules(self.app, "GET"):
            depth = most if rule.endpoint == "records.show" or many & rule.arguments else 1
            # Of records some apart, so that they are of other kinds; of imports the last ones.
            for at in range(0, depth * 7, 7) if rule.endpoint == "records.show" else range(depth):
                values = values_of(rule, self.marked.own, self.marked, at)
                if "batch_id" in values:
                    values["batch_id"] = self.marked.own["batch_id"][-1 - at % 4]
                found.append((rule.endpoint, address(self.app, rule, values)))
        return list(dict.fromkeys(found))

    def let_in(self, endpoint: str) -> list[str]:
        """Who may open it: none if only who is not signed in."""
        return [who for who, called in PEOPLE.items() if called in ALLOWED[endpoint]]
