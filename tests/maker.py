"""Makes rows for tests: a default for every argument, so that a test names only what it is about."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from tests.maker_files import MakesFiles
from tests.remembered import remembered
from tracker.db import db
from tracker.models import (
    Batch,
    BatchSort,
    BatchState,
    Campaign,
    CoOrganiser,
    Exemption,
    Grant,
    Kind,
    Member,
    Membership,
    OwnerType,
    Participation,
    Record,
    Role,
    Status,
    Story,
    Unit,
    UnitCategory,
    UnitLevel,
    User,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.pinyin import pinyin_key
from tracker.rules.stories import story_key
from tracker.services.campaigns import load_campaign
from tracker.services.tallies import recount_all, recount_records

NOW = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)
DAY = dt.date(2021, 3, 5)
SHIPPED = Path(__file__).parent.parent / "tracker" / "campaigns" / "qigeyibai-2021.toml"


@remembered
def _shipped(self: Any, make: Maker) -> None:
    self.campaign = make.campaign(SHIPPED.read_text(encoding="utf-8"))


class Maker(MakesFiles):
    """One for each test. What it makes is flushed, never committed."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self._office: User | None = None
        self._committee: Unit | None = None
        self._counts_later = False

    @property
    def state(self) -> dict[str, Any]:
        """What a later maker needs to go on where this one stands."""
        return {"numbers": self.numbers, "_office": self._office, "_committee": self._committee}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def _add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.flush()
        return row

    def user(
        self,
        role: Role | None = Role.OFFICE,
        unit: Unit | None = None,
        login: str | None = None,
        password_hash: str = "",
        member: Member | None = None,
    ) -> User:
        n = next(self.numbers)
        user = User(
            login=login or f"user{n}", name=f"用户{n}", password_hash=password_hash,
            member_id=member.id if member else None,
        )  # fmt: skip
        if role:
            user.grants.append(Grant(role=role, unit=unit))
        if member and role is not Role.MEMBER:
            user.grants.append(Grant(role=Role.MEMBER))
        return self._add(user)

    @property
    def office(self) -> User:
        """The one who enters and verifies where a test does not care."""
        if self._office is None or self._office not in db.session:
            self._office = self.user()
        return self._office

    def committee(self, name: str = "市民政局机关党委") -> Unit:
        if self._committee is None:
            self._committee = self._add(Unit(level=UnitLevel.COMMITTEE, name=name, pinyin=pinyin_key(name)))
        return self._committee

    def branch(
        self, name: str | None = None, category: UnitCategory = UnitCategory.SERVING, **kw: Any
    ) -> Unit:
        n = next(self.numbers)
        name = name or f"第{n}党支部"
        return self._add(
            Unit(
                level=UnitLevel.BRANCH,
                name=name,
                pinyin=pinyin_key(name),
                category=category,
                parent=self.committee(),
                position=n,
                **kw,
            )
        )

    def group(self, branch: Unit | None = None, name: str | None = None) -> Unit:
        n = next(self.numbers)
        parent = branch or self.branch()
        return self._add(Unit(level=UnitLevel.GROUP, name=name or f"第{n}党小组", parent=parent, position=n))

    def section(self, name: str | None = None) -> Unit:
        n = next(self.numbers)
        return self._add(Unit(level=UnitLevel.SECTION, name=name or f"第{n}科", position=n))

    def member(
        self,
        branch: Unit | None = None,
        group: Unit | None = None,
        section: Unit | None = None,
        name: str | None = None,
        number: str | None = None,
        category: str = "在职",
        starts_on: dt.date | None = None,
        ends_on: dt.date | None = None,
    ) -> Member:
        n = next(self.numbers)
        name = name or f"张{chr(0x4E00 + n)}"
        member = self._add(Member(number=number or f"T{n:04}", name=name, pinyin=pinyin_key(name)))
        if branch is None:
            branch = db.session.get(Unit, group.parent_id) if group else self.branch()
        self.membership(member, branch, group, section, category, starts_on, ends_on)
        return member

    def membership(
        self,
        member: Member,
        branch: Unit | None = None,
        group: Unit | None = None,
        section: Unit | None = None,
        category: str = "在职",
        starts_on: dt.date | None = None,
        ends_on: dt.date | None = None,
    ) -> Membership:
        return self._add(
            Membership(
                member_id=member.id,
                branch_id=(branch or self.branch()).id,
                group_id=group.id if group else None,
                section_id=section.id if section else None,
                category=category,
                standing="正式党员",
                starts_on=starts_on,
                ends_on=ends_on,
            )
        )

    def exemption(
        self,
        member: Member,
        reason: str = "长期卧病",
        starts_on: dt.date | None = None,
        ends_on: dt.date | None = None,
    ) -> Exemption:
        return self._add(Exemption(member_id=member.id, reason=reason, starts_on=starts_on, ends_on=ends_on))

    def campaign(self, text: str | None = None) -> Campaign:
        """The shipped campaign, or that of `text`."""
        if text:
            return load_campaign(text, by=None, at=NOW, as_of=NOW.date()).campaign
        found = SimpleNamespace()
        _shipped(found, self)
        return found.campaign

    def batch(self, campaign: Campaign | None = None, state: BatchState = BatchState.COMMITTED) -> Batch:
        n = next(self.numbers)
        return self._add(
            Batch(
                sort=BatchSort.LEDGER,
                campaign_id=campaign.id if campaign else None,
                filename=f"台账{n}.xlsx",
                digest=f"{n:064x}",
                state=state,
                report={},
                uploaded_by_id=self.office.id,
                uploaded_at=NOW,
            )
        )

    def record(
        self,
        campaign: Campaign,
        kind: str = "study",
        member: Member | None = None,
        people: Sequence[Member] = (),
        owner: Unit | None = None,
        happened_on: dt.date = DAY,
        minutes: int | None = None,
        status: Status = Status.VERIFIED,
        co_organisers: Sequence[Unit] = (),
        batch: Batch | None = None,
        stories: Sequence[str] = (),
        **fields: Any,
    ) -> Record:
        """One record with its participations, counted. Without member and owner it is the bureau's."""
        row = db.session.scalars(select(Kind).where(Kind.campaign_id == campaign.id, Kind.code == kind)).one()
        spec = spec_of(campaign).kind(kind)
        fields.setdefault("stage", spec.default_stage)
        record = Record(
            campaign_id=campaign.id,
            kind_id=row.id,
            happened_on=happened_on,
            minutes=minutes,
            status=status,
            owner_type=OwnerType.BUREAU,
            entered_by_id=self.office.id,
            entered_at=NOW,
            batch_id=(batch or self.batch(campaign)).id,
            **fields,
        )
        if status is Status.VERIFIED:
            record.verified_by_id, record.verified_at = self.office.id, NOW
        if member:
            place = self.place_of(member, happened_on)
            record.owner_type, record.member_id = OwnerType.MEMBER, member.id
            record.branch_id, record.group_id, record.section_id = place
            people = [member]
        elif owner:
            record.owner_type = (
                OwnerType(str(owner.level)) if owner.level != "committee" else OwnerType.BUREAU
            )
            match owner.level:
                case UnitLevel.BRANCH:
                    record.branch_id = owner.id
                case UnitLevel.GROUP:
                    record.branch_id, record.group_id = owner.parent_id, owner.id
                case UnitLevel.SECTION:
                    record.section_id = owner.id
        for person in people:
            branch, group, section = self.place_of(person, happened_on)
            record.participations.append(
                Participation(
                    member_id=person.id, minutes=minutes, branch_id=branch, group_id=group, section_id=section
                )
            )
        record.co_organisers += [CoOrganiser(unit_id=unit.id) for unit in co_organisers]
        record.stories_told += [
            Story(ordinal=n, title=title, key=story_key(title)) for n, title in enumerate(stories, 1)
        ]
        self._add(record)
        if not self._counts_later:
            recount_records(campaign, [record.id])
        return record

    @contextmanager
    def counted_once(self, campaign: Campaign) -> Iterator[None]:
        """Makes many records and counts them together: each count by itself takes some 20 ms."""
        self._counts_later = True
        yield
        self._counts_later = False
        recount_all(campaign)

    def place_of(self, member: Member, day: dt.date) -> tuple[int | None, int | None, int | None]:
        """Branch, group and section of a member on a day."""
        for row in db.session.scalars(
            select(Membership).where(Membership.member_id == member.id).order_by(Membership.id)
        ):
            if (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or row.ends_on > day):
                return row.branch_id, row.group_id, row.section_id
        return None, None, None
