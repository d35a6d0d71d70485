"""Loads campaign files: shows what would change, and writes kinds and tallies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from tracker.db import db
from tracker.models import Campaign, Kind, Record, Statement, Tally, TallyCell, User
from tracker.queries.campaigns import campaign_by_code, spec_of
from tracker.queries.figures import figures_json
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.lint import as_fault, refusals_of
from tracker.rules.own_figures import misfits, with_own
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.tallies import sync_tallies


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the file's effect. what: campaign, kind, figure or goal; how: added, changed or removed."""

    what: str
    code: str
    how: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure before and after; None where it is not there."""

    figure: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did, or would do."""

    campaign: Campaign
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]


def load_campaign(text: str, *, by: User | None, at: dt.datetime, as_of: dt.date) -> Loaded:
    """Create or update the campaign that the file describes. The caller commits, or rolls back a dry run.

    text:   the campaign file.
    as_of:  the day for which the effect on each figure is shown.
    Raises  CampaignFileError if the file has faults or asks for what rules.lint refuses; Refused if rows of
            the ledger stand in the way.
    """
    spec = read_campaign(text)
    campaign = campaign_by_code(spec.code)
    if campaign:  # nobody saves a figure of the office's own meanwhile
        db.session.refresh(campaign, with_for_update={"key_share": True})
    old = spec_of(campaign) if campaign else None
    if campaign and campaign.definition["text"] == text:
        return Loaded(campaign, (), ())
    if refusals := refusals_of(spec):
        raise CampaignFileError([as_fault(one, text) for one in refusals])
    if campaign:
        spec = _with_own(spec, campaign)
    before = figures_json(campaign, as_of)["figures"] if campaign else {}
    changes = compare(old, spec)
    if campaign is None:
        campaign = Campaign(code=spec.code, is_current=_is_first())
        db.session.add(campaign)
    else:
        _check_rows(campaign, spec)
    campaign.name = spec.name
    campaign.starts_on, campaign.ends_on = spec.starts_on, spec.ends_on
    campaign.definition = {"text": text}
    campaign.loaded_at = at
    _sync_kinds(campaign, spec)
    db.session.flush()  # tallies need the ids of kinds
    sync_tallies(campaign, spec, recount=_read_otherwise(old, spec))
    record_event(by, "campaign:load", campaign, at, changes=len(changes))
    after = figures_json(campaign, as_of)["figures"]
    effects = tuple(
        Effect(figure, before.get(figure), after.get(figure))
        for figure in dict.fromkeys([*before, *after])
        if before.get(figure) != after.get(figure)
    )
    return Loaded(campaign, changes, effects)


def _with_own(spec: CampaignSpec, campaign: Campaign) -> CampaignSpec:
    """The file's campaign with the figures that the office made. Raises Refused if one would not fit it."""
    if wrong := misfits(spec, campaign.own_figures):
        raise Refused(
            N_("The office's own figures %(figures)s would not fit this file: it leaves out their kind, or a "
               "type or stage of theirs. Change or withdraw them first."),
            "figures", figures=", ".join(wrong),
        )  # fmt: skip
    return with_own(spec, campaign.own_figures)


def _read_otherwise(old: CampaignSpec | None, new: CampaignSpec) -> set[str]:
    """The kinds whose rows a figure may read otherwise now than before, though it asks the same."""
    known = {kind.code: kind for kind in old.kinds} if old else {}
    return {kind.code for kind in new.kinds if known.get(kind.code) != kind}


def open_campaign(campaign: Campaign, *, by: User | None, at: dt.datetime) -> None:
    """Make this the campaign that pages show unasked."""
    db.session.execute(update(Campaign).values(is_current=False))
    campaign.is_current = True
    record_event(by, "campaign:open", campaign, at)


def _is_first() -> bool:
    return not db.session.scalar(select(func.count()).select_from(Campaign))


def compare(old: CampaignSpec | None, new: CampaignSpec) -> tuple[Change, ...]:
    """What differs between two versions of a campaign, in the order of the file."""
    changes = [Change("campaign", new.code, "added")] if old is None else []
    if old and (old.name, old.starts_on, old.ends_on, old.phases) != (
        new.name, new.starts_on, new.ends_on, new.phases,
    ):  # fmt: skip
        changes.append(Change("campaign", new.code, "changed"))
    changes += _differences(
        "kind", {k.code: k for k in old.kinds} if old else {}, {k.code: k for k in new.kinds}
    )
    changes += _differences(
        "figure", {f.id: f for f in old.figures} if old else {}, {f.id: f for f in new.figures}
    )
    changes += _differences(
        "goal", {g.code: g for g in old.goals} if old else {}, {g.code: g for g in new.goals}
    )
    return tuple(changes)


def _differences(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[Change]:
    return [
        Change(what, code, "added" if code not in old else "changed")
        for code, item in new.items()
        if old.get(code) != item
    ] + [Change(what, code, "removed") for code in old if code not in new]


def _check_rows(campaign: Campaign, spec: CampaignSpec) -> None:
    """Rows of the ledger must still have their kind and lie in the campaign, and statements their kind."""
    counts = db.session.execute(
        select(Kind.code, func.count(), func.min(Record.happened_on), func.max(Record.happened_on))
        .join(Record, Record.kind_id == Kind.id)
        .where(Kind.campaign_id == campaign.id)
        .group_by(Kind.code)
    ).all()
    codes = {kind.code for kind in spec.kinds}
    for code, rows, first, last in counts:
        if code not in codes:
            raise Refused(
                N_("The file leaves out the kind %(code)s, which has %(rows)s rows. Keep it."),
                "kinds", code=code, rows=rows,
            )  # fmt: skip
        if first < spec.starts_on or last > spec.ends_on:
            raise Refused(
                N_("Rows of %(code)s lie between %(first)s and %(last)s, outside the campaign's new dates."),
                "starts_on", code=code, first=first, last=last,
            )  # fmt: skip
    stated = (
        select(Kind.code)
        .join(Statement, Statement.kind_id == Kind.id)
        .where(Kind.campaign_id == campaign.id, Kind.code.not_in(codes))
    )
    if (kept := db.session.scalar(stated.order_by(Kind.code).limit(1))) is not None:
        raise Refused(
            N_("Branches have stated months of the kind %(code)s, which the file leaves out. Keep it."),
            "kinds", code=kept,
        )  # fmt: skip


def _sync_kinds(campaign: Campaign, spec: CampaignSpec) -> None:
    have = {kind.code: kind for kind in campaign.kinds}
    for position, kind in enumerate(spec.kinds):
        row = have.pop(kind.code, None) or Kind(code=kind.code)
        row.name, row.position = kind.name, position
        if row not in campaign.kinds:
            campaign.kinds.append(row)
    _drop(campaign, list(have.values()))


def _drop(campaign: Campaign, kinds: Sequence[Kind]) -> None:
    """Kinds without rows go, and the tallies over them first."""
    for kind in kinds:
        tallies = select(Tally.id).where(Tally.kind_id == kind.id)
        db.session.execute(delete(TallyCell).where(TallyCell.tally_id.in_(tallies)))
        db.session.execute(delete(Tally).where(Tally.kind_id == kind.id))
        campaign.kinds.remove(kind)
