"""Making a sheet, and marking it as keyed in."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.maker import NOW
from tracker.models import Kind
from tracker.queries.papers import records_of_paper, units_to_print_for
from tracker.rules.reach import Reach
from tracker.rules.refusal import Refused
from tracker.services.papers import MOST_MEMBERS, claim_paper, print_paper
from tracker.services.records import CHANGED

MONDAY = dt.date(2021, 3, 8)


def sheet(session, make, members, **more):
    kind = session.query(Kind).filter_by(code="study").one()
    return print_paper(kind, make.branch(), members, starts_on=MONDAY, by=make.office, at=NOW, **more)


def test_every_sheet_has_a_code_of_its_own_without_letters_that_look_alike(session, make):
    make.campaign()
    codes = {sheet(session, make, [make.member().id]).code for _ in range(5)}
    assert len(codes) == 5
    assert not set("".join(codes)) & set("IO01L")


def test_nobody_and_too_many_are_refused(session, make):
    make.campaign()
    for members in ([], list(range(MOST_MEMBERS + 1))):
        with pytest.raises(Refused):
            sheet(session, make, members)


def test_whoever_comes_second_is_refused(session, make):
    make.campaign()
    paper = sheet(session, make, [make.member().id])
    claim_paper(paper, by=make.office, at=NOW)
    assert (paper.keyed_by_id, paper.keyed_at) == (make.office.id, NOW)
    with pytest.raises(Refused) as refused:
        claim_paper(paper, by=make.user(), at=NOW)
    assert refused.value.msgid == CHANGED
    assert records_of_paper(paper) == []


def test_units_stand_with_their_branch_before_its_groups(session, make):
    one, two = make.branch("甲支部"), make.branch("乙支部")
    first, second = make.group(two), make.group(one)
    make.section()
    names = [unit.id for unit in units_to_print_for(Reach(bureau=True))]
    assert names == [one.id, second.id, two.id, first.id]
    assert units_to_print_for(Reach(groups=frozenset([first.id]))) == [first]
    assert units_to_print_for(Reach(sections=frozenset([1]), member_id=1)) == []
