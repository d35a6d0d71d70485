"""PostgreSQL that does not answer is noticed within seconds: nobody waits for a page that never comes.

A server that was stopped or killed closes its connections, which is told at once. One that is frozen, or
whose host is gone, says nothing: the kernel still takes what is sent, and libpq would wait for ever. So who
waits longer than PATIENCE tries a second connection; if that is not answered either, the first one is given
up, and for REST seconds nobody else tries. What takes long because it is much work goes on.

An address may name several hosts (`?host=a:5432&host=b:5432&target_session_attrs=read-write`). They are asked
one after the other, and the one that takes writing connections is the ledger's; a host that did not answer is
asked last for AVOIDED seconds, so that a dead first one costs CONNECT seconds once, not with each connection.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from typing import Any

import psycopg
from psycopg.waiting import Ready
from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine

PATIENCE = 1.5  # seconds without a word before the server is asked whether it still answers
CONNECT = 2  # seconds in which a connection is made; less, libpq does not know
REST = 3.0  # seconds for which a server that did not answer is not asked again
AVOIDED = 60.0  # seconds for which, of several, it is asked last
SETTINGS = {
    "connect_timeout": CONNECT,
    # A host that was switched off: half a minute until an idle connection to it is given up, and five seconds
    # for one that was sent something.
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
    # As long as SQLite waits for its one lock; and ten minutes for a statement: nobody waits for it any more.
    "options": "-c lock_timeout=15s -c statement_timeout=600s",
}
KEPT = 10  # connections that stay open; a server has as many threads or fewer
POOL_PATIENCE = 4  # seconds for which a thread waits for one of them
_silent: dict[str, float] = {}  # server → when it was last found not to answer


def settings_for(url: str) -> dict[str, Any]:
    """What each connection is opened with. What the operator says in the address stands."""
    said = make_url(url).query
    return {name: value for name, value in SETTINGS.items() if name not in said}


def pool_of(most: int) -> dict[str, Any]:
    """How a process keeps its connections. most: that it opens at once."""
    kept = min(KEPT, most)
    return {
        "pool_size": kept,
        "max_overflow": most - kept,
        "pool_timeout": POOL_PATIENCE,
        "pool_pre_ping": True,  # a connection that broke while it lay in the pool is made anew unseen
    }


def watch_engine(engine: Engine) -> None:
    """Let the engine's connections notice that their server does not answer."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Any, params: dict[str, Any]) -> Any:
        return _connect(params)

    @event.listens_for(engine, "handle_error")
    def leave_a_reader(context: Any) -> None:
        """A server that came to read only while we were connected: the next connection looks for another."""
        if isinstance(context.original_exception, psycopg.errors.ReadOnlySqlTransaction):
            context.is_disconnect = True


def _connect(params: Mapping[str, Any]) -> Watched:
    """A connection to the first server of an address that takes it.

    Raises psycopg.OperationalError with what each of them said.
    """
    said = []
    for one in sorted(_servers(params), key=lambda one: _was_silent(one, AVOIDED)):
        if _was_silent(one, REST):
            said.append(f"{_server(one)} did not answer a moment ago")
            continue
        try:
            connection = Watched.connect(**one)
        except psycopg.OperationalError as error:
            if isinstance(error, psycopg.errors.ConnectionTimeout):
                _silent[_server(one)] = time.monotonic()
            said.append(f"{_server(one)}: {error}")
            continue
        connection.params = one
        return connection
    raise psycopg.OperationalError("; ".join(said))


def _servers(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What each server of an address is connected with, in its order; of one server, what was given.

    Raises psycopg.OperationalError if hosts and ports do not match.
    """
    hosts = str(params.get("host", "")).split(",")
    if len(hosts) == 1:
        return [params]
    ports = str(params.get("port", "")).split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    if len(ports) != len(hosts):
        raise psycopg.OperationalError(f"the address names {len(hosts)} hosts and {len(ports)} ports")
    return [{**params, "host": host, "port": port} for host, port in zip(hosts, ports, strict=True)]


def _was_silent(params: Mapping[str, Any], seconds: float) -> bool:
    found = _silent.get(_server(params))
    return found is not None and time.monotonic() - found < seconds


def keep_rows_out_of_errors(engine: Engine) -> None:
    """An error says what was wrong, not with which row: errors are logged, and PostgreSQL quotes rows
    and, of a value that it cannot read, the value.

    `diag` keeps all of it for whoever catches the error.
    """

    @event.listens_for(engine, "handle_error")
    def shorten(context: Any) -> None:
        error, told = context.original_exception, context.sqlalchemy_exception
        if isinstance(error, psycopg.Error) and (said := error.diag.message_primary):
            said = type(error).__name__ if isinstance(error, psycopg.DataError) else said
            error.args = (said,)
            if told is not None:
                told.args = (f"({type(error).__module__}.{type(error).__qualname__}) {said}",)


def _server(params: Mapping[str, Any]) -> str:
    return f"{params.get('host', '')}:{params.get('port', '')}"


class Watched(psycopg.Connection[Any]):
    """A connection that gives up when its server answers nobody."""

    params: Mapping[str, Any] | None = None  # of its one server, with which it was opened

    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        """Wait for the server as psycopg does, and look after it meanwhile."""
        return super().wait(self._looking_after(gen), *args, **options)

    def _looking_after(self, gen: Any) -> Generator[Any, Any, Any]:
        """The same steps; psycopg comes by ten times a second while there is nothing to read."""
        since = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready != Ready.NONE:
                    since = time.monotonic()
                elif self.params is not None and time.monotonic() - since > PATIENCE:
                    self._ask_whether_it_lives(self.params)
                    since = time.monotonic() + PATIENCE  # it does: the next question may wait longer
                wanted = gen.send(ready)
        except StopIteration as stop:
            return stop.value

    def _ask_whether_it_lives(self, params: Mapping[str, Any]) -> None:
        """Close this connection and raise OperationalError if the server takes no other one.

        Any other answer is one, a refusal too: whoever refuses has not frozen.
        """
        try:
            psycopg.connect(**{**params, "connect_timeout": CONNECT}).close()
        except psycopg.errors.ConnectionTimeout as error:
            _silent[_server(params)] = time.monotonic()
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from error
        except psycopg.Error:
            return
