"""The copy of everything about one person: all of theirs by the catalogue, and nothing of anybody else."""

from __future__ import annotations

import pytest

from tests.copied_rows import COLUMNS, MINE, TABLES, THEIRS, Planted, a_copy, is_text, mark_of
from tracker.files.personal_catalogue import catalogue
from tracker.queries.copied_rows import Person
from tracker.rules.copies import OFFICE

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def planted(app_context):
    return Planted()


def texts(columns):
    """Of these columns those that hold words."""
    return [
        column for column in COLUMNS if is_text(column) and f"{column.table.name}.{column.name}" in columns
    ]


def test_every_text_about_a_person_is_in_their_copy_for_machines_and_for_readers(planted, tmp_path):
    copy = a_copy(planted.person(), tmp_path)
    wanted = [
        f"{one.table.name}.{one.name}"
        for one in texts(catalogue().copied - planted.fixed)
        for place in (str(copy.data), copy.book)
        if mark_of(MINE, one) not in place
    ]
    assert wanted == []
    assert {table for table in catalogue().copies if not copy.rows(table)} == set()


def test_no_text_about_anybody_else_is_in_it(planted, tmp_path):
    copy = a_copy(planted.person(), tmp_path)
    found = [f"{one.table.name}.{one.name}" for one in COLUMNS if mark_of(THEIRS, one) in copy.everything]
    assert found == ["unit.name"], "of which unit somebody who acted is the secretary"


def test_what_is_withheld_and_what_is_no_column_of_a_copy_is_not_in_it(planted, tmp_path):
    copy = a_copy(planted.person(), tmp_path)
    named = {"unit.name", "kind.name", "kind.code", "campaign.name", "campaign.code", "sealed_person.subject"}
    found = [
        name
        for one in COLUMNS
        if (name := f"{one.table.name}.{one.name}") not in catalogue().copied | named
        if mark_of(MINE, one) in copy.everything
    ]
    assert found == []


def test_whoever_acted_is_a_role_and_never_a_name(planted, tmp_path):
    row = a_copy(planted.person(), tmp_path).rows("record")[0]
    role = planted_role(THEIRS)
    assert row["verified_by"] == {"who": "other", "roles": [role]}
    assert a_copy(planted.person(), tmp_path).rows("comment")[0]["by"] == {"who": "self"}


def planted_role(side):
    return {"role": TABLES["user_grant"].c.role.type.enums[0], "unit": mark_of(side, TABLES["unit"].c.name)}


def test_what_the_person_did_to_others_is_told_by_table_number_and_moment_alone(planted, tmp_path):
    deeds = a_copy(planted.person(), tmp_path).data["deeds"]
    theirs = planted.ids[THEIRS]
    wanted = {
        "table": "record", "column": "verified_by_id", "id": theirs["record"], "at": "2021-06-26T08:00:00Z",
    }  # fmt: skip
    assert wanted in deeds
    assert {tuple(one) for one in deeds} == {("table", "column", "id", "at")}
    own = {(table, row_id) for table, row_id in planted.ids[MINE].items()}
    assert [
        one for one in deeds if (one["table"], one["id"]) in own and one["table"] in catalogue().copies
    ] == []


def test_what_only_the_person_sees_is_not_in_the_copy_that_the_office_makes(planted, tmp_path):
    copy = a_copy(planted.person(), tmp_path, made_by=OFFICE)
    own = {one.table for one in catalogue().copies.values() if one.is_own}
    assert {"draft", "result", "saved_filter"} <= own
    assert own & set(copy.data["tables"]) == set()
    hidden = {f"{table}.{column}" for table in own for column in catalogue().copies[table].columns}
    assert [one.name for one in texts(hidden) if mark_of(MINE, one) in copy.everything] == []
    assert [one for one in copy.data["deeds"] if one["table"] in own] == []


def test_a_member_without_an_account_and_an_account_without_a_member_have_copies(planted, tmp_path):
    whole = planted.person()
    member = a_copy(Person(whole.member, None), tmp_path)
    assert member.rows("record") and not member.rows("user_account") and member.rows("audit_event")
    account = a_copy(Person(None, whole.user), tmp_path)
    assert account.rows("user_account") and not account.rows("member") and not account.rows("record")
