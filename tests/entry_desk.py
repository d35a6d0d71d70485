"""Enters rows into the small bureau's ledger, as its secretary, a leader or a member."""

from __future__ import annotations

from typing import Any

from tests.ledger_rows import Bureau
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.models import Record, Role, User
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.ledgers import LedgerPlan
from tracker.services.entries import Row, check_entries, correct_record, enter_records

STUDY = {"happened_on": "2021-03-05", "minutes": "1.5", "source": "学习强国", "title": "简史"}


def study(number: str = "M0001", **cells: Any) -> dict[str, Any]:
    """A row of an hour and a half."""
    return {**STUDY, "member_number": number, **cells}


class Desk:
    """The first branch's secretary, its group's leader, a member of the group; and what they type."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, self.make, self.campaign = bureau, bureau.make, bureau.campaign
        self.secretary = self.make.user(Role.SECRETARY, bureau.first)
        self.leader = self.make.user(Role.GROUP_LEADER, bureau.group)
        self.member = self.make.user(Role.MEMBER, member=bureau.zhang)

    def kind(self, code: str) -> Kind:
        return spec_of(self.campaign).kind(code)

    def check(
        self, by: User, *rows: dict[str, Any], kind: str = "study", correcting: Record | None = None
    ) -> LedgerPlan:
        typed = [Row(n, cells) for n, cells in enumerate(rows, start=1)]
        return check_entries(
            self.campaign, self.kind(kind), typed, by=by, today=TODAY, at=NOW, correcting=correcting
        )

    def said(self, by: User, *rows: dict[str, Any], kind: str = "study") -> list[str]:
        """What is wrong with the rows."""
        return [problem.message for problem in self.check(by, *rows, kind=kind).problems]

    def enter(self, by: User, *rows: dict[str, Any], kind: str = "study", **more: Any) -> list[Record]:
        plan = self.check(by, *rows, kind=kind)
        return enter_records(plan, self.kind(kind), self.campaign, by=by, at=NOW, **more)

    def correct(self, by: User, record: Record, text: str | None = None, **cells: Any) -> None:
        plan = self.check(by, cells, kind=record.kind.code, correcting=record)
        kind, version = self.kind(record.kind.code), record.version
        correct_record(record, plan, kind, version=version, by=by, at=NOW, text=text)
