"""The doctor's checks of what was set: nothing but variables is looked at (security.md § 6)."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from config import SECOND_FACTOR
from tracker.rules.doctor import Check, Fault, State
from tracker.rules.doctor_facts import Installation
from tracker.rules.passwords import PROFILES
from tracker.rules.refusal import N_

# What manuals and images ship. A password equal to its account's name is one of them too.
DEFAULT_PASSWORDS = {
    "", "123456", "12345678", "admin", "changeme", "change-me", "example", "letmein", "passw0rd", "password",
    "pgpass", "postgres", "postgresql", "root", "secret", "test", "tracker",
}  # fmt: skip
# In whose own words a key was not drawn but written down.
WRITTEN_WORDS = ("changeme", "change-me", "change_me", "example", "only-for-tests", "password", "secret")
FEWEST_LETTERS = 8  # different ones in a key; a drawn one of 32 hexadecimal digits has some 14
MOST_PROXIES = 2
HERE = ("", "localhost", "127.0.0.1", "::1")
WRITING = ("read-write", "primary")  # what of PostgreSQL's library looks for the host that writes


def _is_development(here: Installation) -> Fault:
    return None if here.config.is_production else {"environment": here.config.environment}


def _is_debugging(here: Installation) -> Fault:
    return {} if here.config.debug else None


def _lives_elsewhen(here: Installation) -> Fault:
    return None if here.config.today is None else {"day": here.config.today}


def _key_is_missing(here: Installation) -> Fault:
    return None if here.config.secret_key else {}


def _key_is_written(here: Installation) -> Fault:
    key = here.config.secret_key.lower()
    few = len(set(key)) < FEWEST_LETTERS
    return {} if key and (few or any(word in key for word in WRITTEN_WORDS)) else None


def _is_in_memory(here: Installation) -> Fault:
    return {} if here.is_sqlite and here.sqlite_path is None else None


def _weakens_sqlite(here: Installation) -> Fault:
    query = here.config.database_url.partition("?")[2].lower()
    weak = [word for word in ("synchronous", "journal_mode", "nolock", "immutable") if word in query]
    return {"words": ", ".join(weak)} if weak and here.is_sqlite else None


def _postgres(here: Installation) -> tuple[str, str, str, str] | None:
    """Hosts, account, password and sslmode with which PostgreSQL's library would connect; None for SQLite."""
    if here.is_sqlite:
        return None
    parts, environ = urlsplit(here.config.database_url), here.environ
    query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
    host = query.get("host") or parts.hostname or environ.get("PGHOST", "")
    user = query.get("user") or unquote(parts.username or "") or environ.get("PGUSER", "")
    password = query.get("password") or unquote(parts.password or "") or environ.get("PGPASSWORD", "")
    return host, user, password, query.get("sslmode") or environ.get("PGSSLMODE", "prefer")


def _is_here(host: str) -> bool:
    return all(one in HERE or one.startswith("/") for one in map(_without_port, host.split(",")))


def _without_port(host: str) -> str:
    """A host of an address that names several may have its port behind it."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and ":" not in name else host


def _may_read_only(here: Installation) -> Fault:
    """Several hosts, of which the first that answers is taken, though it may be a standby."""
    server = _postgres(here)
    if server is None or "," not in server[0]:
        return None
    query = parse_qs(urlsplit(here.config.database_url).query)
    said = query.get("target_session_attrs") or [here.environ.get("PGTARGETSESSIONATTRS", "any")]
    cure = "target_session_attrs=read-write"
    return None if said[-1] in WRITING else {"hosts": server[0], "target": said[-1], "cure": cure}


def _is_unencrypted(here: Installation) -> Fault:
    server = _postgres(here)
    if server is None or _is_here(server[0]) or server[3] == "verify-full":
        return None
    return {"host": server[0], "mode": server[3]}


def _has_default_password(here: Installation) -> Fault:
    server = _postgres(here)
    if server is None:
        return None
    host, user, password, _mode = server
    files = {"PGPASSFILE", "PGSERVICE", "PGSERVICEFILE"} & set(here.environ)
    if not password and (_is_socket(host) or files):
        return None  # the machine itself says who asks, or a file of libpq's holds the password
    known = password.lower() in DEFAULT_PASSWORDS or password == user
    return {"account": user or "?"} if known else None


def _is_socket(host: str) -> bool:
    return not host or host.startswith("/")


def _proxies_are_unsaid(here: Installation) -> Fault:
    return None if here.config.says_proxies else {}


def _believes_many(here: Installation) -> Fault:
    count = here.config.trusted_proxies
    return {"count": count, "most": MOST_PROXIES} if count > MOST_PROXIES else None


def _is_plain(here: Installation) -> Fault:
    return {} if here.config.plain_http else None


def _is_plain_in_dengbao(here: Installation) -> Fault:
    return {} if here.config.plain_http and here.config.profile == "dengbao" else None


def _rests_too_long(here: Installation) -> Fault:
    least, most = PROFILES[here.config.profile].idle
    minutes = here.config.idle_minutes
    return None if least <= minutes <= most else {"minutes": minutes, "least": least, "most": most}


def _steps_once(here: Installation) -> Fault:
    lacking = SECOND_FACTOR.get(here.config.profile, frozenset()) - here.config.second_factor_roles
    return {"roles": ", ".join(sorted(lacking))} if lacking else None


def _nobody_works(here: Installation) -> Fault:
    return {} if here.config.jobs == "manual" else None


def _scans_nothing(here: Installation) -> Fault:
    return None if here.config.scanner else {}


REFUSED, WARNED = State.REFUSED, State.WARNED
SETTINGS: tuple[Check[Installation], ...] = (
    Check(
        "environment", N_("Whether this is production"), WARNED,
        N_("TRACKER_ENVIRONMENT is %(environment)s: nothing unsafe is refused. For real work, set "
           "it to production."),
        _is_development,
    ),
    Check(
        "debug", N_("Debugging"), REFUSED,
        N_("Debugging is switched on and would show the inside to strangers. Take FLASK_DEBUG and "
           "TRACKER_DEBUG out."),
        _is_debugging,
    ),
    Check(
        "today", N_("The day on which it lives"), REFUSED,
        N_("TRACKER_TODAY is %(day)s; only a demo may live on another day. Take it out."), _lives_elsewhen,
    ),
    Check(
        "secret-key", N_("The secret key"), REFUSED,
        N_("TRACKER_SECRET_KEY is missing. Draw one, for example with openssl rand -base64 48."),
        _key_is_missing,
    ),
    Check(
        "written-key", N_("Whether the secret key was drawn"), REFUSED,
        N_("TRACKER_SECRET_KEY can be guessed: it holds a word of manuals, or too few different letters. "
           "Draw one, for example with openssl rand -base64 48."),
        _key_is_written,
    ),
    Check(
        "memory", N_("Whether the ledger is on a disk"), REFUSED,
        N_("TRACKER_DATABASE_URL keeps the ledger in memory; it would be lost at the next stop. Name "
           "a file."),
        _is_in_memory,
    ),
    Check(
        "sqlite-address", N_("What the address says of SQLite"), REFUSED,
        N_("TRACKER_DATABASE_URL weakens SQLite (%(words)s). Take that out."), _weakens_sqlite,
    ),
    Check(
        "postgres-tls", N_("The way to PostgreSQL"), REFUSED,
        N_("PostgreSQL is on another host (%(host)s) and sslmode is “%(mode)s”. Add sslmode=verify-full and "
           "sslrootcert=… to TRACKER_DATABASE_URL."),
        _is_unencrypted,
    ),
    Check(
        "several-hosts", N_("Which of several PostgreSQL hosts is taken"), WARNED,
        N_("TRACKER_DATABASE_URL names several hosts (%(hosts)s) and asks for “%(target)s” of them: one that "
           "only reads may be taken. Add %(cure)s."),
        _may_read_only,
    ),
    Check(
        "database-password", N_("The password of the database"), REFUSED,
        N_("The database's account “%(account)s” has a password that everybody knows, or none. Give it one "
           "of its own (ALTER ROLE)."),
        _has_default_password,
    ),
    Check(
        "proxies", N_("Whether it was said how many proxies stand before it"), REFUSED,
        N_("TRACKER_TRUSTED_PROXIES is not set. Say how many proxies stand before the tracker: 1 for one "
           "nginx, 0 if browsers reach it directly."),
        _proxies_are_unsaid,
    ),
    Check(
        "many-proxies", N_("How many proxies are believed"), WARNED,
        N_("TRACKER_TRUSTED_PROXIES is %(count)s. With more than %(most)s, somebody outside may say himself "
           "where he comes from. Count again."),
        _believes_many,
    ),
    Check(
        "plain-http", N_("Whether pages travel encrypted"), WARNED,
        N_("TRACKER_PLAIN_HTTP is set: passwords and names can be read on the way. Put TLS before the "
           "tracker and take it out."),
        _is_plain,
    ),
    Check(
        "plain-dengbao",
        N_("Whether the profile allows pages to travel in the clear"),
        REFUSED,
        N_("The profile “dengbao” does not go with TRACKER_PLAIN_HTTP. Put TLS before the tracker and take "
           "it out."),
        _is_plain_in_dengbao,
    ),
    Check(
        "second-step", N_("Who must use the second step"), WARNED,
        N_("The profile asks these roles for the second step, and TRACKER_SECOND_FACTOR_ROLES leaves them "
           "out: %(roles)s. Add them, or take the setting out."),
        _steps_once,
    ),
    Check(
        "idle", N_("After how much rest a session ends"), REFUSED,
        N_("TRACKER_IDLE_MINUTES is %(minutes)s; the profile asks for %(least)s to %(most)s. Change it."),
        _rests_too_long,
    ),
    Check(
        "scanner", N_("Whether files are looked at for viruses"), WARNED,
        N_("TRACKER_SCANNER is not set: files that people send are not looked at for viruses. Name a "
           "scanner, for example clamdscan --fdpass --no-summary."),
        _scans_nothing,
    ),
    Check(
        "jobs", N_("Who works off the queue"), WARNED,
        N_("TRACKER_JOBS is manual: imports and reminders wait for ever. Set it to inline, or to worker and "
           "run flask worker."),
        _nobody_works,
    ),
)  # fmt: skip
