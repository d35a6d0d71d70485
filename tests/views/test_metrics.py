"""The figures for Prometheus: true, without a name, and for nobody but whoever has the token."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from tests import scans
from tests.canary_walk import shown
from tests.maker import Maker
from tests.views.test_watch import break_connections
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Backup, Beat, Job, Role
from tracker.services import jobs
from tracker.services.heartbeats import note_beat

TOKEN = "a-token-of-the-tests-" * 2
# Left out of `make check`, which fits into a minute: each has an application of its own.
pytestmark = [pytest.mark.slow, pytest.mark.settings(metrics_token=TOKEN, slow_sql_ms=0)]
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LABELS = {"endpoint", "method", "status", "le", "state", "round"}
PAGE = (scans.ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
# What a rule of the page may be: how old a moment is, or a figure itself, against a number.
RULE = re.compile(r"(time\(\) - )?(\w+)(?:\{(\w+)=\"(\w+)\"\})? (>|==) (\d+)")


def scraped(app):
    """What Prometheus reads: (name, labels) → value."""
    answer = app.test_client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def value(found, name, **labels):
    return found[name, tuple(sorted(labels.items()))]


def aged(found, name, **labels):
    return now().timestamp() - value(found, name, **labels)


def test_a_wrong_or_missing_token_finds_nothing_there(fresh_app):
    client = fresh_app.test_client()
    nowhere = shown(client.get("/nowhere"))
    assert client.get("/metrics").status_code == 404
    for sent in (TOKEN, f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer é"):
        answer = client.get("/metrics", headers={"Authorization": sent})
        assert (answer.status_code, shown(answer)) == (404, nowhere), sent


def test_requests_are_counted_by_endpoint_method_and_class_with_their_durations(fresh_app):
    client = fresh_app.test_client()
    for address in ("/help", "/help?q=欧阳澹台", "/records", "/nowhere", "/healthz"):
        client.get(address)
    client.open("/help", method="BREW")
    found = scraped(fresh_app)
    count = "tracker_request_duration_seconds_count"
    assert value(found, count, endpoint="help.show", method="GET", status="2xx") == 2
    assert value(found, count, endpoint="records.index", method="GET", status="3xx") == 1
    assert value(found, count, endpoint="none", method="GET", status="4xx") == 1
    assert value(found, count, endpoint="none", method="other", status="4xx") == 1
    assert value(found, count, endpoint="watch.healthz", method="GET", status="2xx") == 1
    within = {"endpoint": "help.show", "method": "GET", "status": "2xx"}
    assert value(found, "tracker_request_duration_seconds_bucket", **within, le="+Inf") == 2
    assert 0 < value(found, "tracker_request_duration_seconds_sum", **within) < 60
    assert value(found, "tracker_slow_statements_total", endpoint="help.show") > 0


def test_no_label_is_a_name_an_id_or_an_address(fresh_app):
    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        db.session.commit()
        client = fresh_app.test_client().sign_in(user)
    for address in ("/records/7", "/records?q=欧阳澹台", "/screen/abcdefgh"):
        client.get(address)
    labels = [dict(labels) for _, labels in scraped(fresh_app)]
    assert set().union(*labels) == LABELS
    endpoints = {rule.endpoint for rule in fresh_app.url_map.iter_rules()} | {"none"}
    assert {one["endpoint"] for one in labels if "endpoint" in one} <= endpoints
    assert {one["status"] for one in labels if "status" in one} <= {"2xx", "3xx", "4xx", "5xx"}


def test_what_never_was_is_0_and_nothing_is_said_of_how_it_went(fresh_app):
    found = scraped(fresh_app)
    assert value(found, "tracker_database_answers") == 1
    assert value(found, "tracker_worker_round_timestamp_seconds", round="minute") == 0
    assert value(found, "tracker_last_backup_timestamp_seconds") == 0
    assert value(found, "tracker_totals_check_timestamp_seconds") == 0
    assert value(found, "tracker_oldest_waiting_job_seconds") == 0
    assert not {name for name, _ in found if name.endswith("_clean")}


def test_jobs_rounds_backups_checks_and_unsealed_events_are_those_of_the_rows(fresh_app):
    minute = dt.timedelta(minutes=1)
    with fresh_app.app_context():
        user, at = Maker().user(Role.OFFICE), now()
        jobs.queue_task("load_demo", {}, campaign=None, by=user, at=at)
        db.session.execute(update(Job).values(asked_at=at - 3 * minute))
        note_beat(Beat.MINUTE, at - minute, is_well=True)
        note_beat(Beat.HOUR, at - 5 * minute, is_well=False)
        for age, name in ((9, "tracker-a.backup"), (2, None)):
            then, error = at - age * minute, None if name else {"msgid": "no", "params": {}}
            db.session.add(Backup(started_at=then, finished_at=then, name=name, last_event_id=0, error=error))
        db.session.commit()
        events = db.session.query(AuditEvent).count()
    assert events > 0
    result = fresh_app.test_cli_runner().invoke(args=["data", "check"])
    assert result.exit_code == 0, result.output
    found = scraped(fresh_app)
    assert value(found, "tracker_jobs", state="queued") == 1
    assert value(found, "tracker_jobs", state="failed") == 0
    assert 180 <= value(found, "tracker_oldest_waiting_job_seconds") < 300
    assert 60 <= aged(found, "tracker_worker_round_timestamp_seconds", round="minute") < 180
    assert value(found, "tracker_worker_round_clean", round="minute") == 1
    assert value(found, "tracker_worker_round_clean", round="hour") == 0
    assert 540 <= aged(found, "tracker_last_backup_timestamp_seconds") < 660, "the failed try is none"
    assert aged(found, "tracker_totals_check_timestamp_seconds") < 120
    assert value(found, "tracker_totals_check_clean") == 1
    assert value(found, "tracker_unsealed_events") == events


def test_where_the_database_is_away_the_requests_are_told_all_the_same(fresh_app):
    break_connections(fresh_app)
    found = scraped(fresh_app)
    assert value(found, "tracker_database_answers") == 0
    assert "tracker_jobs" not in {name for name, _ in found}


# --- the alert rules of docs/operating.md ---


def rules_of_the_page():
    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if "groups:" in block]
    (block,) = blocks
    (group,) = yaml.safe_load(block)["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def firing(found, at):
    """The rules of the page that hold for what was scraped at a moment, as Prometheus would work them out."""
    names = set()
    for alert, expr in rules_of_the_page().items():
        match = RULE.fullmatch(expr)
        assert match, expr
        age, name, label, wanted, sign, limit = match.groups()
        assert name in {one for one, _ in found} or name.endswith("_clean"), name
        values = [
            at.timestamp() - one if age else one
            for (called, labels), one in found.items()
            if called == name and (label is None or (label, wanted) in labels)
        ]
        if any(one > int(limit) if sign == ">" else one == int(limit) for one in values):
            names.add(alert)
    return names


def test_the_alert_rules_of_the_page_are_silent_where_all_is_well_and_speak_where_it_is_not(fresh_app):
    assert len(rules_of_the_page()) >= 3
    with fresh_app.app_context():
        user, at = Maker().user(Role.OFFICE), now()
        db.session.add(Backup(started_at=at, finished_at=at, name="tracker-a.backup", last_event_id=0))
        for beat in Beat:
            note_beat(beat, at, is_well=True)
        db.session.commit()
        well = scraped(fresh_app)
        assert firing(well, at) == set()
        assert firing(well, at + dt.timedelta(days=30)) == {
            "TrackerWorkerSilent", "TrackerBackupOld", "TrackerTotalsUnchecked",
        }  # fmt: skip
        jobs.queue_task("load_demo", {}, campaign=None, by=user, at=at - dt.timedelta(hours=1))
        for beat in Beat:
            note_beat(beat, at, is_well=False)
        db.session.commit()
    assert firing(scraped(fresh_app), at) == {
        "TrackerRoundBroke", "TrackerTotalsDiffer", "TrackerWorkWaits",
    }  # fmt: skip
    break_connections(fresh_app)
    assert firing(scraped(fresh_app) | {key: 0 for key in well if key not in scraped(fresh_app)}, at) >= {
        "TrackerDatabaseAway"
    }
