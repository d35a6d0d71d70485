"""The shape of an upload, and of what is done with an import."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired, MultipleFileField  # type: ignore[attr-defined]  # newer than its types
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, ValidationError

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.records import read_id, read_text
from tracker.models import BatchSort, BatchState
from tracker.queries.batches import BatchFilter
from tracker.rules.import_reports import MOST_FILES
from tracker.rules.refusal import N_

KNOWN_COLUMNS, NEW_COLUMNS = "known", "new"
TOLD = "told"
FILTERS = ("q", "held", "state", "by")
TOO_MANY = N_("Choose at most %(most)s files at once.")


class UploadForm(TrackerForm):
    """Workbooks and what they hold. `columns` also offers the saved mappings, by their ids."""

    file = MultipleFileField(_("Workbooks (.xlsx)"), [FileRequired(_("Choose a file."))])
    sort = SelectField(
        _("What it holds"),
        [InputRequired()],
        choices=[
            SelectChoice(TOLD, _("its headings tell")),
            SelectChoice(str(BatchSort.LEDGER), _("Ledger")),
            SelectChoice(str(BatchSort.ROSTER), _("Roster")),
        ],
        default=TOLD,
    )
    columns = SelectField(
        _("Its headings"),
        choices=[
            SelectChoice(KNOWN_COLUMNS, _("of the ledger, or of a saved layout")),
            SelectChoice(NEW_COLUMNS, _("of another program: choose the columns next")),
        ],
        default=KNOWN_COLUMNS,
    )

    @property
    def sort_said(self) -> BatchSort | None:
        """What the files hold, None if their headings shall tell."""
        return None if self.sort.data == TOLD else BatchSort(self.sort.data)

    def validate_file(self, field: MultipleFileField) -> None:
        """No more files than are taken at once."""
        if len(field.data) > MOST_FILES:
            raise ValidationError(_(TOO_MANY, most=MOST_FILES))

    as_verified = BooleanField(_("Enter the rows as verified by the office"), default=True)


class BatchActForm(TrackerForm):
    """A button of an import; `version` is the one that was seen."""

    version = VersionField()


def read_filter(args: Mapping[str, str]) -> BatchFilter:
    """What the reader of the history chose; whatever makes no sense counts as not chosen."""
    state, held = args.get("state", ""), args.get("held", "")
    return BatchFilter(
        text=read_text(args.get("q")),
        sort=BatchSort(held) if held in set(BatchSort) else None,
        state=BatchState(state) if state in set(BatchState) else None,
        by_id=read_id(args.get("by")),
    )
