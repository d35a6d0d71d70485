"""The figures are those of all processes of a server together, whichever of them is asked."""

from __future__ import annotations

import http.client
import json
import os
import runpy
import signal
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.proof.server import ROOT, serving

pytestmark = pytest.mark.slow  # it starts a server
TOKEN = "a-token-of-the-tests-" * 2
SEEN = "tracker_request_duration_seconds_count"


def asked(server, path, **headers):
    """One answer over a connection of its own, so that any process may give it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def counted(server):
    status, said = asked(server, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    return {
        one.labels["endpoint"]: one.value
        for family in text_string_to_metric_families(said)
        for one in family.samples
        if one.name == SEEN
    }


def children(server):
    path = Path(f"/proc/{server.running.pid}/task/{server.running.pid}/children")
    return [int(pid) for pid in path.read_text(encoding="ascii").split()]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_processes_are_counted_together_and_what_a_dead_one_had_counted_stays(fresh_app, tmp_path):
    config, shared = fresh_app.config["TRACKER"], tmp_path / "counted"
    shared.mkdir()
    (shared / "counter_1.db").write_bytes(b"of an earlier start")
    settings = {"TRACKER_METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(shared)}
    with serving(config, tmp_path, workers=2, threads=2, **settings) as server:
        assert not (shared / "counter_1.db").exists()
        assert json.loads(asked(server, "/readyz")[1])["ready"]
        assert {asked(server, "/healthz") for _ in range(30)} == {(200, "ok\n")}
        assert [counted(server)["watch.healthz"] for _ in range(6)] == [30] * 6
        before = children(server)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        until = time.monotonic() + 30
        while time.monotonic() < until and (before[0] in children(server) or len(children(server)) < 2):
            time.sleep(0.1)
        for _ in range(10):
            asked(server, "/healthz")
        assert counted(server)["watch.healthz"] == 40
        assert asked(server, "/metrics")[0] == 404


def test_the_folder_that_a_server_makes_for_it_goes_with_the_server(monkeypatch):
    monkeypatch.setenv("TRACKER_METRICS_TOKEN", TOKEN)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # so that it is put back at the end
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    told = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    assert folder.stat().st_mode & 0o777 == 0o700
    again = runpy.run_path(str(ROOT / "gunicorn.conf.py"))  # a reload keeps it
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(folder)
    again["on_exit"](None)
    assert folder.exists(), "only whoever made it takes it away"
    told["on_exit"](None)
    assert not folder.exists()


def test_a_server_that_nobody_watches_makes_none(monkeypatch):
    for name in ("TRACKER_METRICS_TOKEN", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.delenv(name, raising=False)
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["on_starting"](None)
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
