"""What everything about one member says of the texts and files of their records."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from tracker.files.own_record import Part
from tracker.filters import file_size, moment
from tracker.models import Evidence, Record, SampleRow, Share, User
from tracker.queries.own_data import OwnData
from tracker.views.sample_words import verdict_words

Who = Callable[[User | None, Record], str]  # says somebody without a name


def work_parts(data: OwnData, who: Who) -> list[Part]:
    """Texts, files, with whom works were shared, what samples found.

    who: says somebody towards a record, without a name.
    """
    return [
        Part(
            gettext("Texts"),
            (gettext("No."), gettext("Title"), gettext("Text")),
            tuple(
                (row.record.id, row.record.title, row.record.work.text)
                for row in data.records
                if row.record.work and row.record.member_id == data.member.id
            ),
            gettext("None."),
            is_text=True,
        ),
        Part(
            gettext("Files of my records, and files that I added"),
            (
                gettext("No."),
                gettext("Name"),
                gettext("Size"),
                gettext("When"),
                gettext("Who"),
                gettext("Removed, and why"),
            ),
            tuple(_evidence(one, who) for one in data.evidence),
            gettext("None."),
        ),
        Part(
            gettext("With whom my works were shared"),
            (
                gettext("No."),
                gettext("Title"),
                gettext("With whom"),
                gettext("When"),
                gettext("Who"),
                gettext("Until"),
            ),
            tuple(_share(one, who) for one in data.shares),
            gettext("None."),
        ),
        Part(
            gettext("What samples found of my records"),
            (gettext("No."), gettext("Verdict"), gettext("What was found"), gettext("When"), gettext("Who")),
            tuple(_check(one, who) for one in data.checks),
            gettext("None."),
        ),
    ]


def _evidence(one: Evidence, who: Who) -> tuple[str | int | None, ...]:
    gone = f"{moment(one.removed_at)} {one.removed_why}" if one.removed_at else None
    added = who(one.added_by, one.record)
    return one.record_id, one.name, file_size(one.size), moment(one.added_at), added, gone


def _share(one: Share, who: Who) -> tuple[str | int | None, ...]:
    ended = moment(one.ended_at) if one.ended_at else None
    shared = who(one.shared_by, one.record)
    return one.record_id, one.record.title, one.unit.name, moment(one.shared_at), shared, ended


def _check(one: SampleRow, who: Who) -> tuple[str | int | None, ...]:
    checked = who(one.checked_by, one.record)
    return one.record_id, verdict_words(one), one.note, moment(one.checked_at), checked
