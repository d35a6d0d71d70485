"""Figures for Prometheus: what the processes count of their requests, and what the database says just now.

Nothing here names a person, a record or an address: labels are endpoints, methods, classes of status, states.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tracker.clock import now
from tracker.logs import method_of
from tracker.models import Beat
from tracker.queries.watch import Load
from tracker.sql_times import sql_times

__all__ = ["CONTENT_TYPE", "exposition", "init_app"]

KEY = "metrics"  # in app.extensions
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where processes share what they count (gunicorn.conf.py)
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)  # bounds of the histogram


@dataclass(frozen=True)
class Counted:
    """What each process counts of its requests."""

    registry: CollectorRegistry
    requests: Histogram
    slow: Counter


def init_app(app: Flask) -> None:
    """Count from now on: where a token lets somebody read it."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    app.extensions[KEY] = Counted(
        registry,
        Histogram(
            "tracker_request_duration_seconds", "Requests and how long they took.",
            ("endpoint", "method", "status"), buckets=SECONDS, registry=registry,
        ),
        Counter(
            "tracker_slow_statements", "SQL statements of requests that took as long as the log calls slow.",
            ("endpoint",), registry=registry,
        ),
    )  # fmt: skip
    app.after_request(_count)


def _count(response: Response) -> Response:
    """After each request, the static files too: one more, and how long it took."""
    if "began" in g:
        counted: Counted = current_app.extensions[KEY]
        endpoint = request.endpoint or "none"
        status = f"{response.status_code // 100}xx"
        counted.requests.labels(endpoint, method_of(request), status).observe(time.perf_counter() - g.began)
        if slow := sql_times().slow:
            counted.slow.labels(endpoint).inc(slow)
    return response


def exposition(load: Load | None) -> bytes:
    """Everything in Prometheus' text format.

    load: what the database says; None if it did not answer.
    """
    counted: Counted = current_app.extensions[KEY]
    registry = counted.registry
    if os.environ.get(SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    here = CollectorRegistry()
    here.register(_Gauges(load))
    return generate_latest(registry) + generate_latest(here)


@dataclass(frozen=True, eq=False)
class _Gauges(Collector):
    """What the database says, as it is asked for."""

    load: Load | None

    def collect(self) -> Iterator[Metric]:
        load = self.load
        yield _gauge("tracker_database_answers", "Whether the database answered just now.", load is not None)
        if load is None:
            return
        jobs = GaugeMetricFamily("tracker_jobs", "Pieces of long work in each state.", labels=("state",))
        for state, count in load.jobs.items():
            jobs.add_metric((str(state),), count)
        yield jobs
        waits = (now() - load.waiting_from).total_seconds() if load.waiting_from else 0
        yield _gauge(
            "tracker_oldest_waiting_job_seconds", "How long the oldest work waits to be begun.", max(0, waits)
        )
        last = GaugeMetricFamily(
            "tracker_worker_round_timestamp_seconds", "When the worker last came round; 0: never.",
            labels=("round",),
        )  # fmt: skip
        well = GaugeMetricFamily(
            "tracker_worker_round_clean", "Whether nothing broke off in that round.", labels=("round",)
        )
        for beat in (Beat.MINUTE, Beat.HOUR):
            came = load.beats.get(beat)
            last.add_metric((str(beat),), _moment(came.at if came else None))
            if came:
                well.add_metric((str(beat),), came.is_well)
        yield from (last, well)
        totals = load.beats.get(Beat.TOTALS)
        yield _gauge(
            "tracker_totals_check_timestamp_seconds", "When flask data check last ran to its end; 0: never.",
            _moment(totals.at if totals else None),
        )  # fmt: skip
        if totals:
            yield _gauge(
                "tracker_totals_check_clean", "Whether it found nothing that differs.", totals.is_well
            )
        yield _gauge(
            "tracker_last_backup_timestamp_seconds", "When the last backup was begun that gave an archive; "
            "0: never.", _moment(load.backup_at),
        )  # fmt: skip
        yield _gauge("tracker_unsealed_events", "Events of the audit that no seal covers yet.", load.unsealed)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)


def _moment(at: dt.datetime | None) -> float:
    """Seconds since 1970, as Prometheus has moments; 0 for what never was."""
    return at.timestamp() if at else 0
