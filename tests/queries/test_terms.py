"""What is searched for is looked for once in a statement, whatever the planner knows of the tables."""

from __future__ import annotations

import pytest
from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql

from tracker.models import Record
from tracker.queries.record_filters import SAID, says
from tracker.queries.terms import once, terms_like


def in_postgresql(statement: Select[int]) -> str:
    return str(statement.compile(dialect=postgresql.dialect()))


@pytest.mark.parametrize("text", ["北园", "byshequ", "#12"])
def test_the_terms_are_read_once_for_all_columns_of_a_record(text):
    statement = in_postgresql(select(Record.id).where(says(text)))
    assert statement.count("FROM term") == 1
    assert statement.count("AS MATERIALIZED") == 1
    assert statement.count(" IN (SELECT") > len(SAID)


def test_two_searches_in_one_statement_are_two():
    both = select(Record.id).where(says("北园"), says("走访"))
    assert in_postgresql(both).count("FROM term") == 2


def test_what_is_found_once_is_kept():
    found = once(select(Record.id).where(Record.title.in_(terms_like("北园"))))
    statement = in_postgresql(select(Record.id).where(Record.id.in_(select(found.c.id))))
    assert statement.count("AS MATERIALIZED") == 2
