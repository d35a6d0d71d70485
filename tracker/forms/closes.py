"""Forms that close a period and open it again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField


class CloseForm(TrackerForm):
    """Which period of which place, and the last day on which entries still go in."""

    period = HiddenField()
    unit = HiddenField()
    grace_until = DayField(_("Entries go in as usual until"), id="grace_until")


class ReopenForm(TrackerForm):
    """Why a closed period takes entries again."""

    version = VersionField()
    why = StringField(_("Reason"), [Asked()], id="reopen-why")


class LateBatchForm(TrackerForm):
    """Why an import's rows of closed periods come late."""

    version = VersionField()
    why = StringField(_("Why they come late"), id="late-why")
