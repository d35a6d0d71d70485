"""What a search found, as pages show it: groups of hits, each with its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import today
from tracker.filters import day as day_in_table
from tracker.models import Campaign, Membership, Plan, Share, Unit
from tracker.queries import search
from tracker.queries.access import sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.records import LedgerRow
from tracker.queries.search import Found
from tracker.rules.own_figures import is_own
from tracker.rules.pinyin import answers_to
from tracker.rules.refusal import N_
from tracker.views import record_words
from tracker.views.search_pages import pages

UNIT_PAGES = {
    "branch": ("branches.show", "unit_id", "sitemap"),
    "group": ("groups.show", "group_id", "users"),
    "section": ("sections.show", "section_id", "building"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name, what tells it from others, its page."""

    title: str
    note: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one sort. label: an English msgid. all_url: the list of all of them, if these are not all."""

    key: str
    label: str
    hits: Sequence[Hit]
    total: int
    is_more: bool
    all_url: str | None


def groups_found(campaign: Campaign | None, text: str, most: int, only: str | None = None) -> list[Group]:
    """What was found, `most` of each sort; of the sort `only` if it is given. Nothing in it is left out."""
    asked: list[tuple[str, str, Callable[[], tuple[Found[Any], Callable[[Any], Hit]]]]] = [
        ("pages", N_("Pages of the tracker"), lambda: (_pages(text, most), _page_hit)),
    ]
    if may(Permission.ROSTER_SEE):
        asked.append(
            ("members", N_("Members"),
             lambda: (search.members_found(current_user, text, today(), most), _member_hit)),
        )  # fmt: skip
    asked.append(
        ("units", N_("Organisations"), lambda: (search.units_found(current_user, text, most), _unit_hit))
    )
    if campaign is not None and may(Permission.RECORD_OPEN):
        key = str(current_app.config["TRACKER"].secret_key)
        asked += [
            ("goals", N_("Goals, kinds and figures"), lambda: (_goals(campaign, text, most), _page_hit)),
            ("plans", N_("Planned activities"),
             lambda: (search.plans_found(campaign, current_user, text, today(), most), _plan_hit)),
            ("communities", N_("Communities"),
             lambda: (search.communities_found(campaign, current_user, text, most), _community_hit)),
            ("works", N_("Shared works"),
             lambda: (search.works_found(current_user, text, today(), most), _work_hit)),
            ("records", N_("Records"),
             lambda: (search.records_found(campaign, current_user, text, key, most), _record_hit)),
        ]  # fmt: skip
    found = []
    for name, label, ask in asked:
        if only in (None, name):
            things, hit = ask()
            if things.items:
                hits = [hit(one) for one in things.items]
                rest = things.total > len(hits) and only is None
                url = _list_url(name, text) if rest else None
                found.append(Group(name, label, hits, things.total, things.is_more, url))
    return found


def _list_url(name: str, text: str) -> str:
    """The list that is filtered the same way; the search itself where there is none."""
    if name == "members":
        return url_for("members.index", q=text)
    if name == "records" and may(Permission.RECORD_SEE):
        return url_for("records.index", q=text)
    if name == "works":
        return url_for("shares.index", q=text)
    return url_for("search.show", q=text, only=name)


def _pages(text: str, most: int) -> Found[Hit]:
    hits = [Hit(name, "", url, icon) for name, url, icon in pages() if answers_to(name, text)]
    return Found(hits[:most], len(hits))


def _goals(campaign: Campaign, text: str, most: int) -> Found[Hit]:
    """Goals, kinds and figures by name. Who reads no ledger gets to the rules of counting."""
    spec, found = spec_of(campaign), []
    for goal in spec.goals:
        if answers_to(goal.name, text) and may(Permission.BUREAU_SEE):
            found.append(Hit(goal.name, gettext("Goal"), url_for("goals.show", code=goal.code), "flag-3"))
    for kind in spec.kinds:
        if answers_to(kind.name, text) and may(Permission.RECORD_SEE):
            url = url_for("records.index", kind=kind.code)
            found.append(Hit(kind.name, gettext("Kind of record"), url, "table"))
    for figure in spec.figures:
        if answers_to(figure.title, text) and (sees_bureau(current_user) or not is_own(figure)):
            url = (
                url_for("figures.show", figure_id=figure.id)
                if may(Permission.RECORD_SEE)
                else url_for("figures.index")
            )
            found.append(Hit(figure.title, gettext("Figure"), url, "list-check"))
    return Found(found[:most], len(found))


def _page_hit(hit: Hit) -> Hit:
    return hit


def _member_hit(row: Membership) -> Hit:
    place = row.branch.name + (f" · {row.group.name}" if row.group else "")
    url = url_for("members.show", member_id=row.member_id)
    return Hit(row.member.name, f"{row.member.number} · {place}", url, "user")


def _unit_hit(unit: Unit) -> Hit:
    endpoint, argument, icon = UNIT_PAGES[unit.level]
    above = unit.parent.name if unit.level == "group" and unit.parent else ""
    values: dict[str, Any] = {argument: unit.id}
    return Hit(unit.name, above, url_for(endpoint, **values), icon)


def _plan_hit(plan: Plan) -> Hit:
    said = [day_in_table(plan.happens_on), plan.kind.name, gettext("Cancelled") if plan.cancelled_at else ""]
    return Hit(
        plan.title, " · ".join(one for one in said if one), url_for("plans.show", plan_id=plan.id), "calendar"
    )


def _community_hit(name: str) -> Hit:
    return Hit(name, "", _list_url("records", name), "building")


def _work_hit(share: Share) -> Hit:
    record = share.record
    said = [record.member.name if record.member else "", share.unit.name]
    title = record.title or gettext("Record %(id)s", id=record.id)
    url = url_for("shares.show", share_id=share.id)
    return Hit(title, " · ".join(one for one in said if one), url, "book-2")


def _record_hit(row: LedgerRow) -> Hit:
    record = row.record
    title = record.title or record.category or record.type or record.subject or record.ref
    said = [
        f"#{record.id}",
        day_in_table(record.happened_on) if record.is_dated else "",
        record.kind.name,
        record_words.owner_words(row),
        record.community or "",
        gettext(record_words.STATUSES[record.status][0]),
    ]
    return Hit(
        title or gettext("Record %(id)s", id=record.id),
        " · ".join(one for one in said if one),
        url_for("records.show", record_id=record.id),
        "table",
    )
