"""One row of everything that an address can name, for walks over every endpoint."""

from __future__ import annotations

from datetime import date, timedelta

from flask import url_for

from tests.assignments import an_assignment, minutes
from tests.bulletins import begin
from tests.canary_closes import a_close
from tests.canary_factor_resets import a_reset
from tests.canary_jobs import a_pack_job
from tests.canary_own_figures import an_own_figure
from tests.pairings import put_sealed, put_visit
from tests.plans import a_plan, a_series
from tests.quoted import a_quoted
from tests.reminders import a_reminder
from tests.samples import a_sample, rows_of
from tests.screens import SCREEN_TOKEN, a_screen
from tracker.clock import now, today
from tracker.db import db
from tracker.models import (
    BatchState,
    DaySort,
    Draft,
    Layout,
    Mapping,
    Resolution,
    Role,
    SavedFilter,
    UserSession,
)
from tracker.queries.campaigns import spec_of
from tracker.rules.layouts import default_layout
from tracker.rules.mappings import MappingSpec
from tracker.rules.tokens import digest_of
from tracker.services.certificates import issue_certificate
from tracker.services.holidays import save_day
from tracker.services.papers import print_paper

PLATFORM = MappingSpec(
    "学习平台", "study", {"member_name": "用户姓名", "happened_on": "完成时间", "minutes": "用时"},
    {"source": "学习强国"}, "minutes", ("用户姓名", "完成时间", "用时"),
)  # fmt: skip


class World:
    """Rows of one branch, and `values`: what each argument of an address stands for."""

    def __init__(self, make, campaign=None):
        campaign = campaign or make.campaign()
        self.branch, self.other = make.branch("南湖党支部"), make.branch("北山党支部")
        self.group, self.section = make.group(self.branch), make.section()
        self.member = make.member(self.branch, self.group, self.section, name="张三")
        self.record = make.record(campaign, member=self.member, minutes=60, source="学习强国", title="自学")
        self.pairing = make.record(campaign, "pairing", member=self.member, subject="KN001", community="北园")
        session = make.record(
            campaign, "activity", owner=self.branch, people=[self.member], type="现场教学", title="参观"
        )
        self.work = make.record(campaign, "work", member=self.member, type="绘画", title="长卷")
        self.evidence = make.evidence(self.work)
        self.share = make.share(self.work, self.group)
        somebody = make.user(Role.MEMBER, member=make.member(self.branch))
        theirs = UserSession(digest="0" * 64, user_id=somebody.id, started_at=now(), seen_at=now())
        begun = Draft(
            user_id=somebody.id, kind_id=self.record.kind_id, fields={"text": "没写完"}, saved_at=now()
        )
        put_sealed(self.pairing, make.office)
        noted = put_visit(self.pairing, make.office)
        resolved = Resolution(
            record_id=session.id, text="修路灯", unit_id=self.branch.id, due_on=session.happened_on,
            noted_by_id=make.office.id, noted_at=now(),
        )  # fmt: skip
        kept = SavedFilter(user_id=somebody.id, page="records", name="常用", query="q=x", saved_at=now())
        db.session.add_all([resolved, theirs, begun, kept])
        db.session.flush()
        day = self.record.happened_on
        paper = print_paper(
            self.record.kind, self.group, [self.member.id], starts_on=day - timedelta(days=day.weekday()),
            by=make.office, at=self.record.entered_at,
        )  # fmt: skip
        mapping = Mapping(
            campaign_id=campaign.id, name="学习平台", content=PLATFORM.as_json(), saved_by_id=make.office.id,
            saved_at=now(),
        )  # fmt: skip
        layout = Layout(
            campaign_id=campaign.id, kind="study", unit_id=self.branch.id, name="上报表", saved_at=now(),
            content=default_layout(spec_of(campaign).kind("study")).as_json(), saved_by_id=make.office.id,
        )  # fmt: skip
        db.session.add_all([layout, mapping])
        db.session.flush()
        plan = a_plan(make, campaign, self.branch)
        a_plan(make, campaign, self.branch, happens_on=today(), code_digest=digest_of("a-code"))
        holiday = save_day(date(2021, 10, 1), DaySort.HOLIDAY, "国庆节", by=make.office, at=now())
        sample = a_sample(make, campaign, self.branch, seed="world", day=day)
        self.values = {
            "sample_id": sample.id,
            "sample_row_id": rows_of(sample)[0].id,
            "plan_id": plan.id,
            "token": "a-code",
            "quoted_id": a_quoted(campaign, make.office).id,
            "link_id": a_screen(campaign, make.office, SCREEN_TOKEN).id,
            "screen_token": SCREEN_TOKEN,
            "reminder_id": a_reminder(campaign, somebody).id,
            "assignment_id": an_assignment(make, campaign, self.branch).id,
            "meeting_id": minutes(make, campaign).id,
            "month": "2021-03",
            "series_id": a_series(make, campaign, self.branch).id,
            "holiday_id": holiday.id,
            "certificate_id": self._certificate(make, campaign).id,
            "unit_id": self.branch.id,
            "group_id": self.group.id,
            "section_id": self.section.id,
            "record_id": self.record.id,
            "resolution_id": resolved.id,
            "session_record_id": session.id,
            "participation_id": session.participations[0].id,
            "member_id": self.member.id,
            "bulletin_id": begin(campaign, make.office).id,
            "room": "records",
            "batch_id": make.batch(campaign, BatchState.REFUSED).id,
            "figure_id": "study.total_minutes",
            "own_id": an_own_figure(campaign, make.office).figure,
            "close_id": a_close(campaign, self.branch, make.office).id,
            "campaign_code": campaign.code,
            "code": spec_of(campaign).goals[0].code,
            "reset_id": a_reset(somebody, make.office).id,
            "user_id": somebody.id,
            "grant_id": somebody.grants[0].id,
            "session_id": theirs.id,
            "draft_id": begun.id,
            "kind_code": self.record.kind.code,
            "paper_id": paper.id,
            "layout_id": layout.id,
            "job_id": a_pack_job(campaign, somebody).id,
            "mapping_id": mapping.id,
            "pairing_id": self.pairing.id,
            "note_id": noted.id,
            "evidence_id": self.evidence.id,
            "share_id": self.share.id,
            "saved_filter_id": kept.id,
        }

    def _certificate(self, make, campaign):
        """One of the member's own, over an hour of service."""
        make.record(campaign, "service", owner=self.group, people=[self.member], minutes=60, community="北园")
        return issue_certificate(
            campaign, self.member, campaign.starts_on, self.record.happened_on, by=make.office, at=now(),
            today=campaign.ends_on,
        )  # fmt: skip


def rules(app):
    """Every rule of the application but that of the files in static/."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address_of(app, rule, values):
    """The address of a rule for these values."""
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
