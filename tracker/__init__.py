"""The tracker: a ledger of a party-history study campaign, counted truthfully."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from tracker import (
    access,
    cli,
    columns,
    errors,
    filters,
    headers,
    hygiene,
    kept,
    language,
    limits,
    logs,
    looks,
    models,
    postgresql,
    scanned,
    sql_times,
    static_files,
    transactions,
    views,
    worker,
)  # fmt: skip
from tracker.db import db, prepare_engine, sqlite_module
from tracker.extensions import babel, csrf, login_manager, migrate


def create_app(config: Config) -> Flask:
    """Build the application: the whole wiring, in order."""
    app = Flask("tracker", root_path=str(_root()), static_folder="static", template_folder="templates")
    app.config.update(
        TRACKER=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config),
        MAX_CONTENT_LENGTH=config.upload_bytes + 2**16,
        MAX_FORM_MEMORY_SIZE=2**20,
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(_root() / "tracker" / "translations"),
        SESSION_COOKIE_NAME="__Host-session" if _is_secure(config) else "session",
        SESSION_COOKIE_SECURE=_is_secure(config),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=config.environment == "testing",
    )
    # Files of a database are as open as the process makes them; their folder is its owner's alone.
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        sql_times.watch_engine(db.engine)
        if db.engine.dialect.name == "postgresql":
            postgresql.watch_engine(db.engine)
            postgresql.keep_rows_out_of_errors(db.engine)
    migrate.init_app(app, db, directory=str(_root() / "migrations"))
    babel.init_app(app, locale_selector=language.choose_language)
    language.init_app(app)
    login_manager.init_app(app)
    login_manager.user_loader(access.load_user)

    logs.init_app(app)  # before all else
    app.before_request(sql_times.begin)
    if config.metrics_token:  # a process that nobody watches loads no library for it
        from tracker import metrics

        metrics.init_app(app)
    app.before_request(transactions.begin_reading)  # before the account is read: that opens the connection
    kept.init_app(app)  # behind the beginning, before whoever asks for the account
    app.before_request(hygiene.widen_for_files)  # before anybody reads a form
    app.before_request(access.hold_to_marks)  # nothing runs for those it is not for
    app.before_request(hygiene.take_files_in)  # before anybody else reads a form
    app.after_request(access.note_seen_now)  # hooked before `transactions`, so it runs after their commit
    csrf.init_app(app)
    hygiene.init_app(app)
    transactions.init_app(app)
    limits.init_app(app)  # behind `transactions`: a form that was taken already takes no turn
    scanned.init_app(app)
    headers.init_app(app)
    looks.init_app(app)
    columns.init_app(app)
    static_files.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    views.init_app(app)
    cli.init_app(app)
    if config.jobs == "inline":
        worker.start_inline(app)
    return app


def _root() -> Path:
    """The project's folder: templates, static files and migrations lie beside the package."""
    return Path(__file__).resolve().parent.parent


def _is_secure(config: Config) -> bool:
    return config.is_production and not config.plain_http


def _engine_options(config: Config) -> dict[str, Any]:
    if config.database_url.startswith("sqlite"):
        own: dict[str, Any] = {"module": sqlite_module(), "connect_args": {"check_same_thread": False}}
    else:
        own = {
            **postgresql.pool_of(config.database_connections),
            "connect_args": postgresql.settings_for(config.database_url),
        }
    return {**own, "hide_parameters": True}  # an error in the log holds no name that somebody typed


__all__ = ["create_app", "models"]
