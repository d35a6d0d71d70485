"""Sharing as the page of a record shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user

from tracker.access import Permission, may
from tracker.forms.base import ActForm
from tracker.forms.shares import ShareForm, share_form
from tracker.models import Record, Share, Status
from tracker.queries.shares import audiences_of, open_share_of
from tracker.rules.campaigns import Kind
from tracker.services.shares import may_share


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom a record is shared now, and the forms that change it."""

    share: Share | None
    form: ShareForm
    end_form: ActForm


def sharing_of(record: Record, kind: Kind, form: ShareForm | None = None) -> Sharing | None:
    """None where the kind is not for sharing, the record does not count, or it is not the reader's to share.

    form: one that came back with an error.
    """
    if not kind.allows_sharing or record.status is not Status.VERIFIED:
        return None
    if not may(Permission.RECORD_WRITE) or not may_share(record, current_user):
        return None
    share = open_share_of(record)
    if form is None:
        form = share_form(audiences_of(record), share.unit if share else None, posted=False)
    return Sharing(share, form, ActForm(formdata=None))
