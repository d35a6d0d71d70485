"""What a campaign file says, once it has been checked. Its keys are explained in docs/campaign-file.md."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.rules.bulletin_templates import Template
from tracker.rules.durations import Unit


class Measure(enum.StrEnum):
    """What is counted. The only part of counting that is code."""

    RECORDS = "records"
    MINUTES = "minutes"
    PERSON_MINUTES = "person_minutes"  # minutes of each person in it, added up
    QUANTITY = "quantity"
    PEOPLE_SERVED = "people_served"
    PARTICIPATIONS = "participations"  # 人次
    PERSONS = "persons"  # 人数, each once
    SUBJECTS = "subjects"
    CATEGORIES = "categories"
    COMMUNITIES = "communities"
    BRANCHES = "branches"
    STORIES = "stories"  # told at a session, the same one once
    MEMBERS = "members"  # over the roster
    UNITS = "units"  # over the party tree


ROSTER_MEASURES = (Measure.MEMBERS, Measure.UNITS)
DISTINCT_MEASURES = (
    Measure.PERSONS,
    Measure.SUBJECTS,
    Measure.CATEGORIES,
    Measure.COMMUNITIES,
    Measure.BRANCHES,
    Measure.STORIES,
)


class Scope(enum.StrEnum):
    """Over whom the measure is taken one by one."""

    MEMBER = "member"
    GROUP = "group"
    BRANCH = "branch"
    SECTION = "section"
    BUREAU = "bureau"


class Reduce(enum.StrEnum):
    """How the values of a scope become one."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    COUNT_REACHED = "count_reached"
    SHARE_REACHED = "share_reached"
    FORECAST_DATE = "forecast_date"


# Owners whose rows a branch answers for. A section's and the bureau's own are nobody's to state.
OF_BRANCH = frozenset(("member", "group", "branch"))
ASKED = ("before_note", "after_note", "confirmation")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list, with the other words that spreadsheets use for it."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage(Choice):
    """One step of a record. With `before`, the record is there only from its `ended_on`; it counts as
    `before` until that day. With `bureau_only` it is a distinction that only the bureau's office gives.
    `asks`: what whoever takes a record to it is asked for, of `ASKED`."""

    before: str | None = None
    bureau_only: bool = False
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a kind asks for. `field` is one of rules.sheets.STANDARD_ALIASES."""

    field: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    note: str = ""
    example: str = ""
    spread: Mapping[str, str] | None = None  # the cell becomes a record of its own with these values


@dataclass(frozen=True, slots=True)
class ResultRule:
    """Results of tests and contests, one for each person.

    types:      of the sessions that have them; () for all.
    most, unit: what the best comes to, in which unit.
    shown_from: so many results make an average that tells on nobody.
    """

    most: int
    unit: str
    types: tuple[str, ...] = ()
    shown_from: int = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of record."""

    code: str
    name: str
    sheet: str
    owners: tuple[str, ...]
    columns: tuple[Column, ...]
    types: tuple[Choice, ...] = ()
    sources: tuple[Choice, ...] = ()
    sources_open: bool = False
    stages: tuple[Stage, ...] = ()
    default_stage: str | None = None
    ended_stage: str | None = None  # where there is no stage column: the stage of a row with an end day
    confirmers: tuple[str, ...] = ()  # offices of a community that may confirm a stage
    identity: tuple[str, ...] = ()
    most_minutes: int = 1440
    most_minutes_per_day: int = 1440
    minutes_in: Unit = "hours"
    class_hour: int | None = None  # minutes of one 学时; None: 学时 are not understood
    allows_headcount: bool = False
    hides_names: bool = False  # a code in place of the name for those above the branch
    compares_titles: bool = False  # a section's and its members' branch's may be one fact: it is pointed out
    hours_apart: bool = False  # its records are events: hours of events, members and groups are told apart
    certifies_hours: bool = False  # a member may have a certificate of their own
    has_text: bool = False  # its records carry a text: an essay
    results: ResultRule | None = None  # sessions whose people have results
    overlaps_with: tuple[str, ...] = ()  # kinds whose sessions may be the same time as this one's hours
    sealed_subject: bool = False  # the person behind the code of a record may be kept sealed
    sealed_keep_days: int = 180  # how long after the campaign's end at most
    visit_every_days: int | None = None  # how often the person is to be visited
    has_agenda: bool = False  # its records have an agenda, and resolutions that somebody takes care of
    absence_reasons: tuple[str, ...] = ()  # why somebody was not there; without any, nobody is expected
    make_up_ways: tuple[str, ...] = ()  # how what was missed is made up
    allows_sharing: bool = False  # a verified one may be shared with its group or branch
    is_planned: bool = False  # its records may be planned beforehand, and stand in the calendar
    stated: bool = True  # branches say each month whether they have handed in, or have nothing to report

    @property
    def counts_in(self) -> int | None:
        """Minutes of one 学时 where the kind's durations are told in them, else None."""
        return self.class_hour if self.minutes_in == "class_hours" else None

    def column(self, name: str) -> Column | None:
        """The column of that field, None if the kind has none."""
        return next((column for column in self.columns if column.field == name), None)

    def stage(self, name: str | None) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records: each key names a column, any of its values will do. An empty filter takes all."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, list[str]]:
        return {key: sorted(values) for key, values in sorted(self.values.items())}


@dataclass(frozen=True, slots=True)
class Over:
    """Which members, or units having such members, are in the denominator."""

    eligible: bool = False
    category: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    level: str | None = None  # for `units`: branch, group, section


@dataclass(frozen=True, slots=True)
class Figure:
    """A named count: kind + filter, measure, scope, reduction, unit."""

    id: str
    title: str
    unit: str
    measure: Measure
    kind: str | None = None
    where: Filter = field(default_factory=Filter)
    where_not: Filter = field(default_factory=Filter)
    scope: Scope = Scope.BUREAU
    over: Over = field(default_factory=Over)
    reduce: Reduce = Reduce.SUM
    by: Scope | None = None
    divide_by: int = 1
    target: int | None = None  # in the goal's unit: of count_reached, share_reached and forecast_date
    starts_on: dt.date | None = None
    sentence: str = ""
    words: tuple[str, ...] = ()  # what texts call it beside its title
    compares_with: str | None = None  # "campaign:figure": its counterpart in an earlier campaign


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the hundreds: a figure held against a target. Not comparable where the units differ."""

    code: str
    name: str
    short_name: str
    icon: str
    figure: str
    target: int
    unit: str
    starts_on: dt.date
    due_on: dt.date
    is_due_stated: bool
    scope_note: str = ""
    show: tuple[str, ...] = ()
    reached: str | None = None  # figure id: how many of the scope reached the target
    until_reported: str | None = None  # figure id, in another unit: shown while the goal's own figure is 0
    not_for: tuple[str, ...] = ()  # categories of branches that this goal does not ask


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the campaign with its topics and set books."""

    code: str
    name: str
    starts_on: dt.date
    ends_on: dt.date
    topics: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    topics_figure: str | None = None  # which figure counts a member's topics, and which the books
    books_figure: str | None = None
    ticks: bool = False  # members tick them one by one


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Gentle reminders in the tracker.

    weekday:  on which day the schedule sends, 1 (Monday) to 7; None for no schedule.
    has_pace: whether the schedule tells members, and nobody else, that an own goal is below an even pace.
    is_off:   no reminders at all.
    """

    weekday: int | None = None
    has_pace: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class BurdenRule:
    """How long filling in takes, for the estimate of a branch's burden: a field, and what a record of time
    holds on average."""

    seconds_per_field: int = 8
    minutes_per_record: int = 60


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """The whole file."""

    code: str
    name: str
    starts_on: dt.date
    ends_on: dt.date
    kinds: tuple[Kind, ...]
    figures: tuple[Figure, ...]
    goals: tuple[Goal, ...]
    phases: tuple[Phase, ...] = ()
    description: str = ""
    close_grace_days: int = 0  # proposed when a period is closed
    reminders: ReminderRule = ReminderRule()
    burden: BurdenRule = BurdenRule()
    quotations: tuple[str, ...] = ()  # official wording that no text is near to another by
    bulletins: tuple[Template, ...] = ()  # as the file writes them: see rules.campaign_bulletins.templates_of

    def kind(self, code: str) -> Kind:
        return next(kind for kind in self.kinds if kind.code == code)

    def figure(self, figure_id: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.id == figure_id), None)

    def goal(self, code: str) -> Goal | None:
        return next((goal for goal in self.goals if goal.code == code), None)
