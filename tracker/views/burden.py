"""What a campaign asks of a branch, and what its file is warned of: for the office to read."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, abort, render_template

from tracker.access import Permission, requires
from tracker.clock import today
from tracker.queries.burden import entered_so_far, sizes_as_of
from tracker.queries.campaigns import campaign_by_code, spec_of
from tracker.rules.burden import burden_of, rounded_up
from tracker.rules.lint import findings_in
from tracker.rules.numbers import number

bp = Blueprint("burden", __name__)


@bp.get("/campaigns/<campaign_code>/burden")
@requires(Permission.BUREAU_SEE)
def show(campaign_code: str) -> str:
    """Fields and minutes asked of a branch in a week at most, with all assumptions; and the linter's word."""
    campaign = campaign_by_code(campaign_code) or abort(404)
    spec = spec_of(campaign)
    day = min(max(today(), campaign.starts_on), campaign.ends_on)
    sizes = sizes_as_of(day)
    return render_template(
        "burden/show.html",
        campaign=campaign,
        spec=spec,
        day=day,
        sizes=sizes,
        burden=burden_of(spec, sizes),
        entered=entered_so_far(campaign, sizes, day),
        findings=findings_in(campaign.definition["text"]),
        up=_up,
    )


def _up(value: Fraction | None) -> str:
    return "—" if value is None else number(rounded_up(value))
