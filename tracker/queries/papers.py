"""Printed tally sheets: whose they are, and what was keyed in from them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Paper, Record, Unit, UnitLevel, User
from tracker.queries.access import papers_within
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.rules.reach import Reach


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One sheet of the list, and how many records came from it."""

    paper: Paper
    records: int


def papers_page(user: User, text: str, page: int) -> Page[PaperLine]:
    """Sheets of the user's units, those not keyed in first, then the newest. text: how a code begins."""
    where = [papers_within(user)]
    if squeezed := "".join(text.split()).upper():
        plain = func.replace(Paper.code, "-", "")
        where.append(plain.startswith(squeezed.replace("-", ""), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(Paper).where(*where)) or 0
    page = page_within(page, total)
    papers = db.session.scalars(
        select(Paper)
        .where(*where)
        .order_by(Paper.keyed_at.is_not(None), Paper.printed_at.desc(), Paper.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(*(joinedload(one) for one in (Paper.kind, Paper.unit, Paper.printed_by, Paper.keyed_by)))
    ).all()
    counted = select(Record.paper_id, func.count()).where(Record.paper_id.in_([one.id for one in papers]))
    counts = {row[0]: row[1] for row in db.session.execute(counted.group_by(Record.paper_id))}
    return Page([PaperLine(paper, counts.get(paper.id, 0)) for paper in papers], page, total)


def records_of_paper(paper: Paper) -> list[Record]:
    """What was keyed in from a sheet, by member as printed and by day."""
    rows = db.session.scalars(
        select(Record).where(Record.paper_id == paper.id).options(joinedload(Record.member))
    )
    order = {member_id: n for n, member_id in enumerate(paper.member_ids)}
    return sorted(rows, key=lambda row: (order.get(row.member_id or 0, len(order)), row.happened_on, row.id))


def units_to_print_for(reach: Reach) -> list[Unit]:
    """The branches and groups for whose members somebody may enter, each branch before its groups."""
    statement = select(Unit).where(Unit.level.in_([UnitLevel.BRANCH, UnitLevel.GROUP]))
    if not reach.bureau:
        statement = statement.where(
            Unit.id.in_(reach.branches | reach.groups) | Unit.parent_id.in_(reach.branches)
        )
    units = db.session.scalars(statement.options(joinedload(Unit.parent))).all()

    def place(unit: Unit) -> tuple[int, int, bool, int, int]:
        is_group = unit.level is UnitLevel.GROUP and unit.parent is not None
        branch = unit.parent if is_group and unit.parent else unit
        return branch.position, branch.id, is_group, unit.position, unit.id

    return sorted(units, key=place)
