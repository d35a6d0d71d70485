"""The catalogue of personal data agrees with the tables, both ways, and nothing in it is empty."""

from __future__ import annotations

import pytest

from tests import html
from tracker.db import Model
from tracker.models import Role
from tracker.rules.personal_data import read_catalogue
from tracker.views.help import CATALOGUE, catalogue

COLUMNS = {
    f"{table.name}.{column.name}" for table in Model.metadata.sorted_tables for column in table.columns
}
PEOPLE = {"member", "user_account"}


def in_catalogue():
    return {column for entry in catalogue().entries for column in entry.columns}


def test_every_column_is_in_the_catalogue_and_the_catalogue_has_no_other():
    listed = in_catalogue() | set(catalogue().other)
    assert sorted(COLUMNS - listed) == []
    assert sorted(listed - COLUMNS) == []


def test_every_column_that_points_to_a_person_is_personal():
    pointing = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name in PEOPLE for key in column.foreign_keys)
    }
    assert sorted(pointing - in_catalogue()) == []


def test_every_column_of_free_text_by_a_person_is_personal():
    text = {"comment.text", "work.text", "draft.fields", "suggestion.text", "record.returned_why"}
    text |= {"plan.note", "plan.cancelled_why"}
    text |= {"record.reversed_why", "participation.reversed_why", "exemption.reason", "audit_event.detail"}
    text |= {"pairing_note.text"}
    assert sorted(text - in_catalogue()) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('what = "心得的正文"', 'what = " "'),
        ('columns = ["member.phone"]', "columns = []"),
        ('columns = ["member.phone"]', 'columns = ["work.text", "member.name"]'),
        ('basis = "own_wish"', 'basis = "nobody knows"'),
        ("level = 3", "level = 4"),
        ('"work.id" = "键"', '"work.id" = ""'),
    ],
)
def test_an_empty_an_unknown_and_a_doubled_word_are_refused(before, after):
    text = CATALOGUE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(ValueError, match=r"\w"):
        read_catalogue(text.replace(before, after, 1))


def test_everybody_who_is_signed_in_reads_it(client, make):
    client.sign_in(make.user(Role.MEMBER, member=make.member()))
    said = html.text_of(client.page("/help/data"))
    for entry in catalogue().entries:
        assert entry.what in said
        assert entry.kept in said


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client):
    assert client.get("/help/data").status_code == 302
