"""What the address of the audit asks for, and its events as the reader may be told them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, may
from tracker.forms.audit import begin_of, end_of, read_choice, read_since
from tracker.forms.records import read_id, read_page, read_text
from tracker.models import AuditEvent, Member, User
from tracker.queries.access import member_for, record_for
from tracker.queries.audit import EventFilter, accounts_called, actor_for, members_called
from tracker.queries.audit_subjects import Thing, hiding_kinds, things_of, unit_names
from tracker.views import audit_words as words

PAGES = {  # table of a thing → permission to open its page, endpoint, name of its argument
    "record": (Permission.RECORD_OPEN, "records.show", "record_id"),
    "member": (Permission.ROSTER_SEE, "members.show", "member_id"),
    "plan": (Permission.PLAN_SEE, "plans.show", "plan_id"),
    "series": (Permission.PLAN_SEE, "series.show", "series_id"),
    "sample": (Permission.SAMPLE_SEE, "samples.show", "sample_id"),
    "batch": (Permission.BATCH_SEE, "batches.show", "batch_id"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    people, accounts: whom a name that was typed may mean; the reader says which. One alone is chosen already.
    about, by:        what was typed.
    """

    chosen: EventFilter
    about: str = ""
    by: str = ""
    people: Sequence[Member] = ()
    accounts: Sequence[User] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is not said yet, or cannot be said, who is meant."""
        return bool((self.about and not self.chosen.member) or (self.by and not self.chosen.actor))


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the reader sees it. who: None where the name would tell whose hours a record holds."""

    event: AuditEvent
    who: str | None
    roles: str
    what: str
    sort: words.Sort
    about: str
    url: str | None
    detail: str


def read_asked() -> Asked:
    """Read the address. What makes no sense is as if it had not been chosen; an unknown id is 404."""
    args = request.args
    record_id = read_id(args.get("record"))
    member = actor = None
    about, by = read_text(args.get("about")), read_text(args.get("by"))
    if record_id and _hides(record_id):
        about = by = ""  # together they would tell whose record it is
    else:
        if asked := read_id(args.get("member")):
            member, about = member_for(current_user, asked) or abort(404), ""
        if asked := read_id(args.get("actor")):
            actor, by = actor_for(current_user, asked) or abort(404), ""
    people = members_called(about) if about else []
    accounts = accounts_called(by) if by else []
    since, until = read_since(args.get("since")), read_since(args.get("until"))
    chosen = EventFilter(
        actor=actor or (accounts[0] if len(accounts) == 1 else None),
        member=member or (people[0] if len(people) == 1 else None),
        record_id=record_id,
        batch_id=read_id(args.get("batch")),
        actions=words.actions_of(
            read_choice(args, "what", words.Room), read_choice(args, "only", words.Sort)
        ),
        since=begin_of(since) if since else None,
        until=end_of(until) if until else None,
        page=read_page(args.get("page")),
    )
    return Asked(chosen, about, by, people, accounts)


def _hides(record_id: int) -> bool:
    record = record_for(current_user, record_id)
    return record is not None and record.kind.code in hiding_kinds(current_user)


def as_args(asked: Asked) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page."""
    args, chosen = request.args, asked.chosen
    found = {
        "about": asked.about if not chosen.member else None,
        "member": chosen.member.id if chosen.member else None,
        "by": asked.by if not chosen.actor else None,
        "actor": chosen.actor.id if chosen.actor else None,
        "record": chosen.record_id,
        "batch": chosen.batch_id,
        "what": read_choice(args, "what", words.Room),
        "only": read_choice(args, "only", words.Sort),
        "since": read_since(args.get("since")),
        "until": read_since(args.get("until")),
    }
    return {key: str(value) for key, value in found.items() if value}


def told(events: Sequence[AuditEvent], chosen: EventFilter, hidden: frozenset[str]) -> Iterator[Line]:
    """Events in words. Rows of kinds that hide names are told without what would join a name to hours."""
    things = things_of(events)
    units = unit_names(unit for event in events for unit in words.unit_ids(event))
    for event in events:
        thing = things.get((event.subject_type, event.subject_id or 0))
        is_hidden = thing is not None and thing.kind in hidden
        is_own = (
            is_hidden and thing is not None and event.actor is not None and thing.of == event.actor.member_id
        )
        is_closed = is_hidden and chosen.record_id is None and (chosen.member is not None or is_own)
        is_nameless = is_own and chosen.record_id is not None
        who = None if is_nameless else event.actor.name if event.actor else gettext("the command line")
        yield Line(
            event=event,
            who=who,
            roles="" if is_nameless or event.actor is None else words.roles_words(event.actor),
            what=words.act_words(event.action),
            sort=words.sort_of(event.action),
            about=words.thing_words(thing, is_closed) if thing else "",
            url=None if thing is None or is_closed else _page_of(thing),
            detail=words.detail_words(event, units),
        )


def _page_of(thing: Thing) -> str | None:
    if thing.sort not in PAGES:
        return None
    permission, endpoint, key = PAGES[thing.sort]
    values: dict[str, Any] = {key: thing.id}
    return url_for(endpoint, **values) if may(permission) else None
