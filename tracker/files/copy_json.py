"""A person's copy for machines: one JSON file in UTF-8. Its fields are told in docs/personal-data.md."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.rules.copies import Named, PersonCopy, Who
from tracker.rules.personal_data import Catalogue

SCHEMA, VERSION = "campaign-tracker/personal-data", 1  # the version goes up when a field changes its meaning
UNITS = {
    "days": "ISO 8601, YYYY-MM-DD, an end marked （不含） is the first day after",
    "moments": "ISO 8601 in UTC, ending in Z",
    "minutes": "whole minutes",
    "size": "bytes",
    "sha256": "hexadecimal digest of the file",
}


def copy_json(
    copy: PersonCopy,
    catalogue: Catalogue,
    files: Sequence[Mapping[str, Any]],
    *,
    bureau: str,
    made_at: dt.datetime,
) -> bytes:
    """The file. files: {"evidence_id", "path", …} of what lies beside it; path None where it is lost."""
    found = {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "made_at": made_at,
        "made_by": copy.made_by,
        "bureau": bureau,
        "person": {"number": copy.number, "name": copy.name},
        "units": UNITS,
        "tables": {
            one.table: {"title": one.title, "fields": dict(one.columns), "rows": list(one.rows)}
            for one in copy.sections
        },
        "deeds": [
            {"table": one.table, "column": one.column, "id": one.id, "at": one.at} for one in copy.deeds
        ],
        "files": list(files),
        "withheld": catalogue.withheld,
        "withheld_where_others_are_in_the_row": {
            one.table: sorted(one.alone) for one in catalogue.copies.values() if one.alone
        },
    }
    return json.dumps(found, ensure_ascii=False, indent=1, default=_said).encode("utf-8", "replace")


def _said(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case Who(is_self=True):
            return {"who": "self"}
        case Who(roles=roles):
            return {"who": "other", "roles": [{"role": role, "unit": unit} for role, unit in roles]}
        case Named(id=id_, name=name, code=None):
            return {"id": id_, "name": name}
        case Named(id=id_, name=name, code=code):
            return {"id": id_, "code": code, "name": name}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
