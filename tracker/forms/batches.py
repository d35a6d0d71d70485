"""The shape of an upload, and of what is done with an import."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired

from tracker.forms.base import TrackerForm, VersionField
from tracker.models import BatchSort

KNOWN_COLUMNS, NEW_COLUMNS = "known", "new"


class UploadForm(TrackerForm):
    """A workbook and what it holds. `columns` also offers the saved mappings, by their ids."""

    file = FileField(
        _("Workbook (.xlsx)"),
        [FileRequired(_("Choose a file.")), FileAllowed(["xlsx"], _("Only .xlsx workbooks can be read."))],
    )
    sort = SelectField(
        _("What it holds"),
        [InputRequired()],
        choices=[
            SelectChoice(str(BatchSort.LEDGER), _("Ledger")),
            SelectChoice(str(BatchSort.ROSTER), _("Roster")),
        ],
        default=str(BatchSort.LEDGER),
    )
    columns = SelectField(
        _("Its headings"),
        choices=[
            SelectChoice(KNOWN_COLUMNS, _("of the ledger, or of a saved layout")),
            SelectChoice(NEW_COLUMNS, _("of another program: choose the columns next")),
        ],
        default=KNOWN_COLUMNS,
    )
    as_verified = BooleanField(_("Enter the rows as verified by the office"), default=True)


class BatchActForm(TrackerForm):
    """A button of an import; `version` is the one that was seen."""

    version = VersionField()
