"""The version of a figure's rule: the same as long as the same rows come to the same value."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tracker.rules.campaigns import CampaignSpec, Figure

# Raised by whoever changes what a measure or a reduction comes to (rules.figures, queries.contributions).
COUNTING = 1


def definition_of(figure: Figure, spec: CampaignSpec) -> dict[str, Any]:
    """Everything of a figure that its value depends on, but for the rows: plain enough for JSON.

    The stages of its kind belong to it, since they say when a record enters and leaves what is asked for.
    """
    kind = spec.kind(figure.kind) if figure.kind else None
    return {
        "kind": figure.kind,
        "stages": [[stage.name, stage.before] for stage in kind.stages] if kind else [],
        "where": figure.where.as_json(),
        "where_not": figure.where_not.as_json(),
        "measure": str(figure.measure),
        "scope": str(figure.scope),
        "over": {
            "eligible": figure.over.eligible,
            "category": list(figure.over.category),
            "standing": list(figure.over.standing),
            "level": figure.over.level,
        },
        "reduce": str(figure.reduce),
        "divide_by": figure.divide_by,
        "target": figure.target,
        "starts_on": figure.starts_on.isoformat() if figure.starts_on else None,
        "campaign_starts_on": spec.starts_on.isoformat(),
        "unit": figure.unit,
    }


def rule_version(figure: Figure, spec: CampaignSpec) -> str:
    """Twelve hexadecimal digits: of SHA-256 over the definition and the version of the counting itself."""
    plain = {"counting": COUNTING, **definition_of(figure, spec)}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
