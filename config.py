"""Settings: read once from TRACKER_* at start, into a frozen dataclass, with every fault named at once."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ENVIRONMENTS = ("development", "testing", "production")
JOB_MODES = ("inline", "worker", "manual")
SEAL_SUITES = ("aes-256-gcm", "sm4-gcm")
PASSWORD_PROFILES = ("default", "dengbao")
# Who must use the second step unless TRACKER_SECOND_FACTOR_ROLES says otherwise: GB/T 22239-2019 8.1.4.1 d
# asks for two ways of proving who one is, and these two can do the most.
SECOND_FACTOR = {"dengbao": frozenset({"office", "administrator"})}
ROLES = (
    "office", "auditor", "secretary", "deputy", "group_leader", "section_head", "member", "administrator",
)  # fmt: skip
SHORTEST_KEY = 32
LEAST_AUDIT_DAYS = 184  # no six calendar months are longer: 网络安全法 第二十三条第三项
BACKED_UP = {"production": 15}  # minutes between two backups, unless set
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class ConfigError(Exception):
    """The settings cannot be used. `faults` holds one sentence for each of them."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between two installations. Development needs none of it set."""

    environment: str
    database_url: str
    secret_key: str
    data_dir: Path
    database_connections: int = 30  # that one process opens at once; of PostgreSQL only
    seal_keys: Path | None = None  # the file of keys for what is sealed; None: in the data folder
    seal_suite: str = "aes-256-gcm"  # how a new key of it seals
    today: dt.date | None = None  # a demo lives on a day of its own; moments in the audit stay real
    jobs: str = "inline"  # inline: a thread of the web process; worker: `flask worker`; manual: nobody
    plain_http: bool = False  # production without TLS, said aloud
    trusted_proxies: int = 0
    says_proxies: bool = False  # whether that was said, and not only left out
    debug: bool = False
    accepted: frozenset[str] = frozenset()  # ids of the doctor's checks that the operator takes upon himself
    profile: str = "default"  # what is asked of passwords (tracker/rules/passwords.py)
    second_factor_roles: frozenset[str] = frozenset()  # who must use the second step
    idle_minutes: int = 30  # a session that rests so long has ended
    session_hours: int = 12  # and so has one that is so old
    upload_bytes: int = 10 * 2**20
    import_rows: int = 60_000
    import_memory_mib: int = 512
    import_seconds: int = 60
    evidence_bytes: int = 10 * 2**20  # of one file that is added to a record
    evidence_files: int = 10  # that one record takes
    searches_an_hour: int = 1_200  # of one person: what is typed into a box asks a few times
    exports_an_hour: int = 120  # files that one person has made
    uploads_an_hour: int = 300  # forms with files that one person sends
    audit_days: int = 400  # how long events of the audit are kept
    audit_heads: Path | None = None  # the list of the audit's seals; None: in the data folder
    erasures: Path | None = None  # the list of persons who were erased; None: in the data folder
    no_app: bool = False  # browsers keep nothing for times without a network, and drop what they kept
    backups: Path | None = None  # the folder of archives; None: in the data folder
    backup_key: Path | None = None  # the file of the keys that open them; None: in the data folder
    backup_minutes: int = 0  # how often one is made where something was done; 0: none by itself
    backup_keep: int = 8  # of the newest that stay
    backup_days: int = 14  # of the newest days of which the last one stays too
    metrics_token: str = ""  # whoever has it reads /metrics; "": nobody
    slow_sql_ms: int = 200  # a statement that takes as long is a line of the log
    scanner: tuple[str, ...] = ()  # a virus scanner and its arguments; a file's path comes last
    former_secret_keys: tuple[str, ...] = ()  # no longer set; they open what they sealed and sign nothing
    chromium: str = ""  # the program that draws pictures of charts; "" where there is none

    @property
    def keys(self) -> tuple[str, ...]:
        """The key that signs and seals, then those that may still open what they sealed."""
        return (self.secret_key, *self.former_secret_keys)

    @property
    def seal_keys_path(self) -> Path:
        return self.seal_keys or self.data_dir / "seal_keys"

    @property
    def audit_heads_path(self) -> Path:
        return self.audit_heads or self.data_dir / "audit_heads"

    @property
    def erasures_path(self) -> Path:
        return self.erasures or self.data_dir / "erasures"

    @property
    def backups_path(self) -> Path:
        return self.backups or self.data_dir / "backups"

    @property
    def backup_key_path(self) -> Path:
        return self.backup_key or self.data_dir / "backup_key"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


def _development_key(data_dir: Path) -> str:
    """The key of a development installation: drawn once, kept in a file that only its owner can read."""
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


class _Reader:
    """Reads one variable after the other and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.faults.append(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
            return default
        return value

    def names(
        self, name: str, known: tuple[str, ...], default: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """Names from a list, parted by commas or blanks; unset: `default`; set to nothing: none."""
        if name not in self.environ:
            return default
        values = frozenset(self.text(name).replace(",", " ").split())
        if unknown := sorted(values - set(known)):
            self.faults.append(f"{name} names {', '.join(unknown)}; known are {', '.join(known)}.")
        return values & set(known)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.faults.append(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
            return default
        return int(value)

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return Path(value).absolute() if value else None

    def program(self, name: str, sought: tuple[str, ...]) -> str:
        """A program by its path; unset: the first of `sought` that is there; set to nothing: none."""
        if name not in self.environ:
            return next((path for one in sought if (path := shutil.which(one))), "")
        value = self.text(name)
        if value and shutil.which(value) is None:
            self.faults.append(f"{name} is {value!r}; there is no such program.")
        return shutil.which(value) or "" if value else ""

    def command(self, name: str) -> tuple[str, ...]:
        """A program that is there, with its arguments, as a shell would part them; unset: ()."""
        value = self.text(name)
        try:
            words = shlex.split(value)
        except ValueError:
            words = []
        if value and (not words or shutil.which(words[0]) is None):
            self.faults.append(f"{name} is {value!r}; there is no such program.")
        return tuple(words)

    def day(self, name: str) -> dt.date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.faults.append(f"{name} is {value!r}; it must be a day such as 2021-07-31.")
            return None

    def flag(self, name: str) -> bool:
        value = self.text(name, "0").lower()
        if value not in ("0", "1", "true", "false", "yes", "no"):
            self.faults.append(f"{name} is {value!r}; it must be 1 or 0.")
        return value in ("1", "true", "yes")


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read TRACKER_* variables.

    environ: the variables, os.environ if None.
    Raises   ConfigError naming every fault, so that an installation is mended in one go.
    """
    read = _Reader(os.environ if environ is None else environ)
    environment = read.choice("TRACKER_ENVIRONMENT", ENVIRONMENTS, "development")
    data_dir = Path(read.text("TRACKER_DATA_DIR", str(Path(__file__).resolve().parent / "data"))).absolute()
    profile = read.choice("TRACKER_PASSWORD_PROFILE", PASSWORD_PROFILES, PASSWORD_PROFILES[0])
    config = Config(
        environment=environment,
        database_url=read.text("TRACKER_DATABASE_URL", f"sqlite:///{data_dir / 'tracker.sqlite3'}"),
        database_connections=read.number("TRACKER_DATABASE_CONNECTIONS", 30, 2, 500),
        secret_key=read.text("TRACKER_SECRET_KEY"),
        former_secret_keys=tuple(read.text("TRACKER_FORMER_SECRET_KEYS").split()),
        data_dir=data_dir,
        seal_keys=read.path("TRACKER_SEAL_KEYS"),
        seal_suite=read.choice("TRACKER_SEAL_SUITE", SEAL_SUITES, SEAL_SUITES[0]),
        today=read.day("TRACKER_TODAY"),
        jobs=read.choice("TRACKER_JOBS", JOB_MODES, "inline"),
        plain_http=read.flag("TRACKER_PLAIN_HTTP"),
        trusted_proxies=read.number("TRACKER_TRUSTED_PROXIES", 0, 0, 5),
        says_proxies=bool(read.text("TRACKER_TRUSTED_PROXIES")),
        debug=read.flag("FLASK_DEBUG") or read.flag("TRACKER_DEBUG"),
        accepted=frozenset(read.text("TRACKER_ACCEPT").replace(",", " ").split()),
        profile=profile,
        second_factor_roles=read.names(
            "TRACKER_SECOND_FACTOR_ROLES", ROLES, SECOND_FACTOR.get(profile, frozenset())
        ),
        idle_minutes=read.number("TRACKER_IDLE_MINUTES", 30, 5, 720),
        session_hours=read.number("TRACKER_SESSION_HOURS", 12, 1, 72),
        upload_bytes=read.number("TRACKER_UPLOAD_MIB", 10, 1, 100) * 2**20,
        import_rows=read.number("TRACKER_IMPORT_ROWS", 60_000, 1, 5_000_000),
        import_memory_mib=read.number("TRACKER_IMPORT_MEMORY_MIB", 512, 128, 65_536),
        import_seconds=read.number("TRACKER_IMPORT_SECONDS", 60, 5, 3_600),
        evidence_bytes=read.number("TRACKER_EVIDENCE_MIB", 10, 1, 50) * 2**20,
        evidence_files=read.number("TRACKER_EVIDENCE_FILES", 10, 1, 100),
        searches_an_hour=read.number("TRACKER_SEARCHES_AN_HOUR", 1_200, 1, 1_000_000),
        exports_an_hour=read.number("TRACKER_EXPORTS_AN_HOUR", 120, 1, 1_000_000),
        uploads_an_hour=read.number("TRACKER_UPLOADS_AN_HOUR", 300, 1, 1_000_000),
        audit_days=read.number("TRACKER_AUDIT_DAYS", 400, LEAST_AUDIT_DAYS, 3_650),
        audit_heads=read.path("TRACKER_AUDIT_HEADS"),
        erasures=read.path("TRACKER_ERASURES"),
        no_app=read.flag("TRACKER_NO_APP"),
        backups=read.path("TRACKER_BACKUPS"),
        backup_key=read.path("TRACKER_BACKUP_KEY"),
        backup_minutes=read.number("TRACKER_BACKUP_MINUTES", BACKED_UP.get(environment, 0), 0, 1440),
        backup_keep=read.number("TRACKER_BACKUP_KEEP", 8, 1, 1000),
        backup_days=read.number("TRACKER_BACKUP_DAYS", 14, 0, 400),
        metrics_token=read.text("TRACKER_METRICS_TOKEN"),
        slow_sql_ms=read.number("TRACKER_SLOW_SQL_MS", 200, 1, 600_000),
        scanner=read.command("TRACKER_SCANNER"),
        chromium=read.program("TRACKER_CHROMIUM", BROWSERS),
    )
    read.faults += _faults(config)
    if read.faults:
        raise ConfigError(read.faults)
    if not config.secret_key and not config.is_production:
        config = replace(config, secret_key=_development_key(data_dir))
    return config


def _faults(config: Config) -> list[str]:
    """What no installation can start with. What is unsafe in production, the doctor refuses
    (tracker/doctor.py)."""
    faults = []
    if not config.database_url.startswith(("sqlite:", "postgresql+psycopg:")):
        faults.append("TRACKER_DATABASE_URL must begin with sqlite: or postgresql+psycopg:.")
    if config.secret_key and len(config.secret_key) < SHORTEST_KEY:
        faults.append(f"TRACKER_SECRET_KEY is shorter than {SHORTEST_KEY} characters.")
    if any(len(key) < SHORTEST_KEY for key in config.former_secret_keys):
        faults.append(f"A key of TRACKER_FORMER_SECRET_KEYS is shorter than {SHORTEST_KEY} characters.")
    if config.secret_key in config.former_secret_keys:
        faults.append("TRACKER_FORMER_SECRET_KEYS names the key of TRACKER_SECRET_KEY, which is in use.")
    if config.metrics_token and len(config.metrics_token) < SHORTEST_KEY:
        faults.append(f"TRACKER_METRICS_TOKEN is shorter than {SHORTEST_KEY} characters.")
    return faults
