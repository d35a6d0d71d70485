"""The part of the maker that puts files beside records, and shares them."""

from __future__ import annotations

import itertools
from typing import Any

from flask import current_app

from tracker.files.store import EVIDENCE
from tracker.models import Evidence, Record, Share, Unit


class MakesFiles:
    """Mixed into `tests.maker.Maker`."""

    numbers: itertools.count[int]

    def _add(self, row: Any) -> Any:
        raise NotImplementedError

    def evidence(self, record: Record, content: bytes = b"%PDF-1.4 %%EOF", **fields: Any) -> Evidence:
        """One file of a record, added by whoever entered it, with its bytes on the disk."""
        name = f"{next(self.numbers):032x}"
        folder = current_app.config["TRACKER"].data_dir / EVIDENCE
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        given = {
            "name": "通知.pdf", "media_type": "application/pdf", "added_by_id": record.entered_by_id,
            "added_at": record.entered_at, **fields,
        }  # fmt: skip
        return self._add(
            Evidence(
                record_id=record.id, stored_as=name, size=len(content), **{"sha256": f"{0:064x}", **given}
            )
        )

    def share(self, record: Record, unit: Unit) -> Share:
        """A work that a unit reads, shared by whoever entered it."""
        given = {"shared_by_id": record.entered_by_id, "shared_at": record.entered_at}
        return self._add(Share(record_id=record.id, unit_id=unit.id, **given))
