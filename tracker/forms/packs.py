"""The form that asks for a summary pack."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from tracker.forms.base import TrackerForm
from tracker.forms.entries import Asked, DayField
from tracker.rules.packs import Part


class PackForm(TrackerForm):
    """As of which day, and what else than the workbook."""

    day = DayField(_("As of"), [Asked()], id="pack-day")
    charts = BooleanField(
        _("Every chart: numbers (CSV, JSON); pictures (PNG, SVG) where they can be drawn"),
        default=True,
    )
    ledger = BooleanField(_("Ledger of verified records, a workbook a kind"), default=True)
    bulletins = BooleanField(_("Issued bulletins (DOCX)"), default=True)

    def parts(self) -> list[str]:
        """What was ticked, in a fixed order."""
        return [str(part) for part in Part if self[str(part)].data]
