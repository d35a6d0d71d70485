"""The catalogue of personal data agrees with the tables, both ways, and nothing in it is empty."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Enum

from tests import html
from tracker.db import Model
from tracker.files.personal_catalogue import CATALOGUE, catalogue
from tracker.models import Role
from tracker.queries.copies import columns_of_deeds, moment_beside
from tracker.rules.personal_data import read_catalogue

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
        ('number = "工号", name', 'number = "", name'),
        ('alone = ["returned_why"', 'alone = ["nothing_there", "returned_why"'),
        ('"certificate.code"]\nwhy = "', '"certificate.code"]\nwhy = ""#'),
        ('"certificate.code"]', '"certificate.code", "member.name"]'),
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


def test_of_every_column_it_is_decided_whether_a_copy_has_it():
    """A new column belongs in `copies` or, with its reason, in `withheld`; who acted and when is a deed."""
    deeds = {name for one in columns_of_deeds() for name in (one, moment_beside(one)) if name is not None}
    decided = (
        catalogue().copied | set(catalogue().withheld) | {f"{one.table.name}.{one.name}" for one in deeds}
    )
    assert sorted(in_catalogue() - decided) == []
    assert sorted((catalogue().copied | set(catalogue().withheld)) - COLUMNS) == []


def test_nothing_that_sounds_like_a_secret_is_in_a_copy():
    sounds = re.compile(
        "hash|digest|secret|totp|token|key(?!ed)|code|nonce|sealed|recover|stored_as|claim|path"
    )
    assert sorted(one for one in catalogue().copied if sounds.search(one.partition(".")[2])) == []


def test_every_choice_in_a_copy_has_its_word():
    lacking = [
        f"{name}: {value}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if (name := f"{table.name}.{column.name}") in catalogue().copied and isinstance(column.type, Enum)
        for value in column.type.enums
        if value not in catalogue().words.get(name, {})
    ]
    assert lacking == []
